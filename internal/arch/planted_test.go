package arch_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestLawGoesRed plants breaches in small trees and expects the judge to name each one, and nothing else. A law that
// cannot fail protects nothing.
func TestLawGoesRed(t *testing.T) {
	const clean = "package p\n"
	tests := map[string]struct {
		files map[string]string
		want  []string // the first line of each breach, in order; empty for a lawful tree
	}{
		"a lawful tree is silent": {
			files: map[string]string{
				"engine/machine.go":              imports(looplab, "time"),
				"engine/calendar/calendar.go":    imports("motcua/engine/date", "time"),
				"engine/date/date.go":            imports(validator + "/v10"),
				"activities/ports.go":            imports("motcua/engine"),
				"workflows/dossier.go":           imports("motcua/activities", "motcua/engine/date", "go.temporal.io/sdk/workflow"),
				"internal/notify/mail/mail.go":   imports("motcua/internal/notify", "motcua/internal/config", "net/smtp"),
				"internal/notify/notify.go":      imports("motcua/engine"),
				"internal/config/config.go":      clean,
				"internal/temporalclient/run.go": imports("motcua/workflows/contract", "go.temporal.io/sdk/client"),
				"workflows/contract/names.go":    clean,
				"cmd/motcua/main.go":             imports("motcua/internal/notify", "motcua/workflows", "github.com/jackc/pgx/v5"),
			},
		},
		"a direct breach": {
			files: map[string]string{"api/server.go": imports("motcua/engine", "github.com/jackc/pgx/v5/pgxpool")},
			want:  []string{"api must not reach github.com/jackc/pgx/v5/pgxpool: api -> github.com/jackc/pgx/v5/pgxpool (api/server.go:5)"},
		},
		"a room that may not be known": {
			files: map[string]string{
				"internal/postgres/store.go": imports("motcua/internal/mail"),
				"internal/mail/mail.go":      clean,
			},
			want: []string{"internal/postgres must not reach internal/mail: internal/postgres -> internal/mail (internal/postgres/store.go:4)"},
		},
		"a breach through a second package": {
			files: map[string]string{
				"workflows/dossier.go":     imports("motcua/activities"),
				"activities/activities.go": imports("motcua/activities/slips"),
				"activities/slips/slip.go": imports("text/template"),
			},
			want: []string{"workflows must not reach text/template: workflows -> activities -> activities/slips -> text/template (activities/slips/slip.go:4)"},
		},
		"a breach deep in a chain is blamed once, where it is": {
			files: map[string]string{
				"api/server.go":               imports("motcua/definitions"),
				"definitions/decode.go":       imports("motcua/engine"),
				"engine/case.go":              imports("motcua/engine/calendar"),
				"engine/calendar/calendar.go": imports("os"),
			},
			want: []string{"engine must not reach os: engine/calendar -> os (engine/calendar/calendar.go:4)"},
		},
		"an excuse covers the excused room only": {
			files: map[string]string{
				"engine/machine.go":      imports(validator + "/v10"),
				"activities/activity.go": imports("motcua/engine", validator+"/v10"),
				"workflows/dossier.go":   imports("motcua/engine", "motcua/activities"),
			},
			want: []string{"workflows must not reach " + validator + "/v10: workflows -> activities -> " + validator + "/v10 (activities/activity.go:5)"},
		},
		"a module the engine does not name": {
			files: map[string]string{"engine/id.go": imports("github.com/google/uuid")},
			want:  []string{"engine must not reach github.com/google/uuid: engine -> github.com/google/uuid (engine/id.go:4)"},
		},
		"the clock in the engine": {
			files: map[string]string{"engine/case.go": imports("time") + "var now = time.Now\n"},
			want:  []string{"engine must not use the machine's clock: time.Now (engine/case.go:6)"},
		},
		"the clock in a workflow under another name": {
			files: map[string]string{"workflows/dossier.go": "package p\n\nimport clock \"time\"\n\nfunc wait() { clock.Sleep(clock.Second) }\n"},
			want:  []string{"workflows must not use the machine's clock: time.Sleep (workflows/dossier.go:5)"},
		},
		"a variable called time is not the clock": {
			files: map[string]string{"engine/case.go": imports("time") + "func f(time interface{ Now() int }) int { return time.Now() }\n\nvar _ time.Time\n"},
		},
		"looplab outside machine.go": {
			files: map[string]string{"engine/machine.go": imports(looplab), "engine/compile.go": imports(looplab)},
			want:  []string{"only engine/machine.go may import " + looplab + ": engine -> " + looplab + " (engine/compile.go:4)"},
		},
		"Go files in no room": {
			files: map[string]string{"util/strings.go": clean, "main_test.go": clean},
			want:  []string{". is in no room", "util is in no room"},
		},
		"nested modules, fixtures and tests are not judged": {
			files: map[string]string{
				"tools/go.mod":               "module tools\n",
				"tools/tool.go":              imports("motcua/api"),
				"engine/testdata/bad.go":     imports("os"),
				"engine/machine_test.go":     imports("os"),
				"docker/temporal/go.mod":     "module temporal\n",
				"docker/temporal/main.go":    imports("os"),
				".cache/generated/anyone.go": clean,
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			for file, source := range test.files {
				plant(t, filepath.Join(root, file), source)
			}
			planted, err := read(root)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, breach := range judge(planted) {
				first, reason, _ := strings.Cut(breach, "\n")
				if reason == "" {
					t.Errorf("no reason given: %s", first)
				}
				got = append(got, first)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}

// imports writes a source whose first import stands on line 4.
func imports(paths ...string) string {
	var source strings.Builder
	source.WriteString("package p\n\nimport (\n")
	for _, path := range paths {
		source.WriteString("\t_ \"" + path + "\"\n")
	}
	source.WriteString(")\n")
	// The blank name is dropped for time, whose name the clock check needs.
	return strings.ReplaceAll(source.String(), `_ "time"`, `"time"`)
}

func plant(t *testing.T, file, source string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
}
