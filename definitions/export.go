package definitions

import (
	"bytes"
	"encoding/json"
	"fmt"

	"motcua/engine"
)

// Exported is a definition for machines: its JSON and the digest of the text
// it was read from, in one object.
type Exported struct {
	engine.Definition
	SHA256 string `json:"sha256"`
}

// JSON writes the definition with the keys of the language, in the order of
// the language, and the SHA-256 of the text it was read from (in hexadecimal).
// The same machine is always the same bytes. Decoded into [engine.Definition],
// which passes over the digest, it compiles to the same machine.
func JSON(m *engine.Machine) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(Exported{m.Definition, m.SHA256}); err != nil {
		return nil, fmt.Errorf("write procedure %s as JSON: %w", m.Code, err)
	}
	return out.Bytes(), nil
}
