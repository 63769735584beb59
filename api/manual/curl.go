package manual

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// Curl is an example as a command line, with the address of the server in $S
// and the key of whoever asks in $KEY.
func (e Example) Curl(op *huma.Operation) string {
	address := op.Path
	for name, v := range e.Places {
		address = strings.ReplaceAll(address, "{"+name+"}", url.PathEscape(v))
	}
	if len(e.Query) > 0 {
		values := url.Values{}
		for name, v := range e.Query {
			values.Set(name, v)
		}
		address += "?" + values.Encode()
	}
	parts := []string{`curl -s "$S` + address + `"`}
	if len(op.Security) > 0 {
		parts = append(parts, `-H "Authorization: Bearer $KEY"`)
	}
	for _, name := range slices.Sorted(maps.Keys(e.Headers)) {
		parts = append(parts, "-H "+quoted(name+": "+e.Headers[name]))
	}
	switch {
	case e.File != "":
		parts = append(parts, "--data-binary @bundle.zip")
	case e.Text != "":
		parts = append(parts, "--data-binary "+quoted(e.Text))
	case e.Body != nil:
		text, err := json.Marshal(e.Body)
		if err != nil {
			return "" // it was read from YAML, so it can be written
		}
		parts = append(parts, "-H 'Content-Type: application/json'", "-d "+quoted(string(text)))
	}
	bodied := e.File != "" || e.Text != "" || e.Body != nil
	if op.Method != http.MethodGet && (op.Method != http.MethodPost || !bodied) { // what curl would not guess
		parts = append(parts, "-X "+op.Method)
	}
	return strings.Join(parts, " \\\n  ")
}

// quoted is a word for a shell.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
