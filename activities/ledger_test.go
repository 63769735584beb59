package activities_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"motcua/activities"
	"motcua/engine"
	"motcua/workflows/contract"
)

// refusing is a ledger that fails with one code.
type refusing engine.Code

func (r refusing) fail() (engine.Outcome, error) {
	return engine.Outcome{}, engine.Errorf(engine.Code(r), "Nguyễn Bí Mật")
}

func (r refusing) Fire(context.Context, string, string) (engine.Outcome, error) { return r.fail() }
func (r refusing) Tick(context.Context, string) (engine.Outcome, error)         { return r.fail() }
func (r refusing) Open(context.Context, string, string) (engine.Outcome, error) { return r.fail() }

// TestFailuresAreLogged: the words that histories do not keep go to the log,
// with what they are about.
func TestFailuresAreLogged(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	a := &activities.Activities{Ledger: refusing(engine.CodeUnavailable), Logger: slog.New(slog.NewTextHandler(&log, nil))}
	_, _ = a.Fire(t.Context(), contract.FireInput{Dossier: "H01.1-260101-0001", Command: "c1"})
	_, _ = a.Tick(t.Context(), contract.TickInput{Dossier: "H01.1-260101-0001"})
	_, _ = a.Open(t.Context(), contract.OpenInput{Dossier: "H01.1-260101-0001", Linked: "tax"})
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	require.Len(t, lines, 3)
	for i, activity := range []string{"fire", "tick", "open"} {
		require.Contains(t, lines[i], "activity="+activity+" dossier=H01.1-260101-0001 workflow_id=dossier/H01.1-260101-0001 code=unavailable")
	}
	require.Contains(t, lines[0], "command=c1")
}

// TestRetryClass says of each code whether repeating can help. What keeps a
// linked dossier from opening can be cured while it is tried again; no command
// that is wrong becomes right. Words stay out: they would be kept in histories.
func TestRetryClass(t *testing.T) {
	t.Parallel()
	for code, final := range map[engine.Code]struct{ command, open bool }{
		engine.CodeUnavailable:      {false, false},
		engine.CodeInternal:         {false, false},
		engine.CodeNotFound:         {true, true},
		engine.CodeInvalid:          {true, false},
		engine.CodeProcedureUnknown: {true, false},
		engine.CodeAgencyUnknown:    {false, false},
		engine.CodeAgencyNotBound:   {false, false},
		engine.CodeForbidden:        {false, false},
	} {
		t.Run(string(code), func(t *testing.T) {
			t.Parallel()
			a := &activities.Activities{Ledger: refusing(code)}
			_, fire := a.Fire(t.Context(), contract.FireInput{})
			_, tick := a.Tick(t.Context(), contract.TickInput{})
			_, open := a.Open(t.Context(), contract.OpenInput{})
			for _, c := range []struct {
				err   error
				final bool
			}{{fire, final.command}, {tick, final.command}, {open, final.open}} {
				var app *temporal.ApplicationError
				require.ErrorAs(t, c.err, &app)
				require.Equal(t, string(code), app.Type())
				require.Equal(t, c.final, app.NonRetryable())
				require.NotContains(t, c.err.Error(), "Bí Mật")
			}
		})
	}
}
