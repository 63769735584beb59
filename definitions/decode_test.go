package definitions_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/engine"
)

func shippedText(t *testing.T, code string) string {
	t.Helper()
	data, err := os.ReadFile("procedures/" + code + ".yaml")
	require.NoError(t, err)
	return string(data)
}

func TestRead(t *testing.T) {
	text := shippedText(t, "2.000908")

	t.Run("digests the very bytes", func(t *testing.T) {
		for _, data := range []string{text, "\ufeff" + text, strings.ReplaceAll(text, "\n", "\r\n"), text + "\n"} {
			m, findings := definitions.Read("a.yaml", []byte(data))
			require.Empty(t, findings)
			sum := sha256.Sum256([]byte(data))
			require.Equal(t, hex.EncodeToString(sum[:]), m.SHA256)
			require.Equal(t, engine.ProcedureRef{Code: "2.000908", Version: 1, SHA256: m.SHA256}, m.Ref())
		}
	})

	t.Run("takes a date quoted or not", func(t *testing.T) {
		quoted := strings.Replace(text, "{from: 2026-05-13}", `{from: "2026-05-13", to: '2027-05-13'}`, 1)
		m, findings := definitions.Read("a.yaml", []byte(quoted))
		require.Empty(t, findings)
		require.Equal(t, "2026-05-13", m.Effective.From.String())
		require.Equal(t, "2027-05-13", m.Effective.To.String())
	})

	t.Run("takes the same definition as JSON", func(t *testing.T) {
		m, findings := definitions.Read("a.json", []byte(`{"motcua": 1, "code": "J", "version": 1, "name": {"vi": "Thử"}, "level": "internal",
			"effective": {"from": "2026-01-01"}, "states": [{"id": "open", "name": {"vi": "Mở"}, "department": "desk", "role": "clerk",
			"on": [{"event": "close", "to": "closed", "name": {"vi": "Đóng"}}]}, {"id": "closed", "name": {"vi": "Đóng"}, "final": true, "outcome": "resolved"}]}`))
		require.Empty(t, findings)
		require.Equal(t, "open", m.Initial().ID)
	})

	t.Run("counts columns in characters and passes over the byte order mark", func(t *testing.T) {
		_, findings := definitions.Read("a.yaml", []byte("\ufeffname: {vi: Đăng ký khai sinh, nope: 1}\n"))
		require.Equal(t, `a.yaml:1:31: unknown-key: unknown key "nope"; the keys here are vi, en`, findings[0].String())
		require.Equal(t, "/name/nope", findings[0].Path)
	})

	t.Run("refuses what is too large unread", func(t *testing.T) {
		_, findings := definitions.Read("a.yaml", []byte(strings.Repeat("#\n", 1<<19)+"#"))
		require.Equal(t, "a.yaml:1:1: too-large: 1048577 bytes are more than 1048576", findings.Error())
	})

	t.Run("stops listing faults after a hundred", func(t *testing.T) {
		_, findings := definitions.Read("a.yaml", []byte("states:\n"+strings.Repeat("  - 1\n", 250)))
		require.Len(t, findings, 101)
		require.Equal(t, "a.yaml:101:5: too-many: and 150 more", findings[100].String())
		require.Equal(t, 2, findings[0].Line)
	})

	t.Run("accepts a text with more than a hundred warnings", func(t *testing.T) {
		m, findings := definitions.Read("a.yaml", []byte(manySteps(150)))
		require.NotNil(t, m)
		require.NoError(t, findings.Err())
		require.Len(t, findings, 101)
		require.Equal(t, "a.yaml:108:3: warning: too-many: and 51 more", findings[100].String())
	})

	t.Run("refuses more items than any definition has", func(t *testing.T) {
		_, findings := definitions.Read("a.yaml", []byte("states: ["+strings.Repeat("{}, ", 1<<17)+"]"))
		require.Equal(t, "a.yaml:1:9: too-large: the lists hold more than 50000 items", findings.Error())
	})

	t.Run("lists faults in the order of the text", func(t *testing.T) {
		for _, file := range brokenFiles(t) {
			data, err := os.ReadFile(file)
			require.NoError(t, err)
			findings, _ := read(file, data)
			for i := 1; i < len(findings); i++ {
				a, b := findings[i-1], findings[i]
				require.False(t, b.Line < a.Line || b.Line == a.Line && b.Column < a.Column, "%s: %s after %s", file, b, a)
			}
		}
	})
}

// manySteps is a procedure of steps that say nothing of their time.
func manySteps(n int) string {
	var b strings.Builder
	b.WriteString("motcua: 1\ncode: T\nversion: 1\nname: {vi: Thử}\nlevel: internal\nlegal_basis: [{ref: 1/QĐ}]\n" +
		"effective: {from: 2026-01-01}\nlimits: {statutory: 1wd, starts: s0, working_day: 8wh}\nstates:\n")
	for i := range n {
		fmt.Fprintf(&b, "- {id: s%d, name: {vi: A}, department: desk, role: clerk, on: [{event: go, to: s%d, name: {vi: B}}]}\n", i, i+1)
	}
	fmt.Fprintf(&b, "- {id: s%d, name: {vi: Xong}, final: true, outcome: resolved}\n", n)
	return b.String()
}

func TestCompile(t *testing.T) {
	m, err := definitions.Compile([]byte(shippedText(t, "1.001193")))
	require.NoError(t, err)
	require.Equal(t, "1.001193", m.Code)

	m, err = definitions.Compile([]byte("motcua: 2\n"))
	require.Nil(t, m)
	var findings engine.Findings
	require.ErrorAs(t, err, &findings)
	require.ErrorContains(t, err, "definition:1:9: structure: motcua must be 1")
}
