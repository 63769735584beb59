package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/engine"
)

const firstVersion = `motcua: 1
code: "T.1"
version: 1
name: {vi: Thử, en: Trial}
level: internal
effective: {from: 2026-01-01}
states:
  - id: received
    name: {vi: Tiếp nhận, en: Received}
    department: desk
    role: clerk
    within: 8wh
    on:
      - {event: close, to: closed, name: {vi: Đóng, en: Close}}
  - {id: closed, name: {vi: Xong, en: Done}, final: true, outcome: resolved}
`

// twoVersions writes the version above and one with replacements to files.
func twoVersions(t *testing.T, replace ...string) (before, after string) {
	t.Helper()
	dir := t.TempDir()
	before, after = filepath.Join(dir, "v1.yaml"), filepath.Join(dir, "v2.yaml")
	require.NoError(t, os.WriteFile(before, []byte(firstVersion), 0o600))
	second := strings.NewReplacer(replace...).Replace(firstVersion)
	require.NotEqual(t, firstVersion, second)
	require.NoError(t, os.WriteFile(after, []byte(second), 0o600))
	return before, after
}

func TestProcedureDiff(t *testing.T) {
	before, after := twoVersions(t, "version: 1", "version: 2", "8wh", "4wh", "vi: Xong", "vi: Đã xong")

	r := command(t, "procedure", "diff", before, after)
	require.Equal(t, result{out: "substance\n" +
		"  ~ step \"Received\": 8wh → 4wh\n" +
		"wording\n" +
		"  ~ version: 1 → 2\n" +
		"  ~ step \"Done\": name \"Xong\" → \"Đã xong\"\n"}, r)

	r = command(t, "procedure", "diff", before, after, "--lang", "vi")
	require.Equal(t, result{out: "nội dung\n" +
		"  ~ bước \"Tiếp nhận\": 8wh → 4wh\n" +
		"câu chữ\n" +
		"  ~ phiên bản: 1 → 2\n" +
		"  ~ bước \"Đã xong\": tên \"Xong\" → \"Đã xong\"\n"}, r)

	t.Run("in the language of the environment", func(t *testing.T) {
		t.Setenv("MOTCUA_LANG", "vi")
		require.Equal(t, r, command(t, "procedure", "diff", before, after))
		require.Equal(t, exitUsage, command(t, "procedure", "diff", before, after, "--lang", "fr").code)
	})
	t.Run("nothing for other layout", func(t *testing.T) {
		same, other := twoVersions(t, "8wh", "8wh # as before")
		require.Equal(t, result{out: "no change\n"}, command(t, "procedure", "diff", same, other, "--exit-code"))
		require.Equal(t, result{out: "không có thay đổi\n"}, command(t, "procedure", "diff", same, same, "--lang", "vi"))
	})
	t.Run("as data", func(t *testing.T) {
		r := command(t, "procedure", "diff", before, after, "-o", "json")
		require.Equal(t, exitOK, r.code)
		var got struct {
			From, To comparedVersion
			Changes  []definitions.Change
		}
		require.NoError(t, json.Unmarshal([]byte(r.out), &got))
		require.Equal(t, []int{1, 2}, []int{got.From.Version, got.To.Version})
		require.Len(t, got.Changes, 3)
		require.Equal(t, definitions.Change{
			Path: "/states/0/within", Kind: definitions.Changed, Weight: definitions.Substance,
			Text: engine.Text{VI: `bước "Tiếp nhận": 8wh → 4wh`, EN: `step "Received": 8wh → 4wh`},
		}, got.Changes[1])
	})
}

func TestProcedureDiffExitCodes(t *testing.T) {
	before, after := twoVersions(t, "8wh", "4wh")
	r := command(t, "procedure", "diff", before, after, "--exit-code")
	require.Equal(t, exitFailed, r.code)
	require.Equal(t, "motcua: the definitions differ\n", r.err)
	require.Contains(t, r.out, "8wh → 4wh")

	require.Equal(t, exitUsage, command(t, "procedure", "diff", before).code)
	require.Equal(t, exitUsage, command(t, "procedure", "diff", before, "testdata/nosuch.yaml").code)
	require.Equal(t, exitUsage, command(t, "procedure", "diff", "-", "-").code)

	_, broken := twoVersions(t, "to: closed", "to: done")
	r = command(t, "procedure", "diff", before, broken, "--lang", "vi")
	require.Equal(t, exitInvalid, r.code)
	require.Empty(t, r.out)
	require.Contains(t, r.err, "v2.yaml:14:28: unknown-state: sự kiện ")
}

func TestProcedureLintInVietnamese(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.yaml")
	require.NoError(t, os.WriteFile(file, []byte("motcua: 1\nlevl: commune\n"), 0o600))
	r := command(t, "procedure", "lint", file, "--lang", "vi")
	require.Equal(t, exitInvalid, r.code)
	require.Equal(t, file+`:2:1: unknown-key: khóa "levl" không có trong ngôn ngữ; có phải là "level"?`+"\n1 tệp: 1 lỗi, 0 cảnh báo\n", r.out)
	t.Setenv("MOTCUA_LANG", "vi")
	require.Equal(t, r, command(t, "procedure", "lint", file))
	require.Equal(t, exitUsage, command(t, "procedure", "lint", file, "--lang", "fr").code)

	r = command(t, "procedure", "lint", file, "-o", "json")
	require.Contains(t, r.out, `"message": "unknown key \"levl\"; did you mean level?"`)
	require.Contains(t, r.out, `"message_vi": "khóa \"levl\" không có trong ngôn ngữ; có phải là \"level\"?"`)
}

func TestProcedureLintForAnAgency(t *testing.T) {
	const birth, ward, province = "../../definitions/procedures/1.001193.yaml", "../../definitions/organisations/h00.101.yaml", "../../definitions/organisations/h00.11.yaml"
	r := command(t, "procedure", "lint", birth, "--organisation", ward)
	require.Equal(t, "1 file: 0 errors, 0 warnings\n", r.out)
	r = command(t, "procedure", "lint", birth, "--organisation", province)
	require.Equal(t, exitOK, r.code)
	require.Contains(t, r.out, "warning: unbound: no agency of level commune is known")
	require.Equal(t, exitInvalid, command(t, "procedure", "lint", birth, "--organisation", birth).code, "a definition is no organisation")
	require.Equal(t, exitUsage, command(t, "procedure", "lint", birth, "--organisation", "nosuch.yaml").code)
}
