package engine

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Condition is true, false, or an expression in CEL (Common Expression
// Language, cel.dev) over what is known of the dossier. The zero value is not
// said.
type Condition string

// The conditions that need no evaluation.
const (
	Always Condition = "true"
	Never  Condition = "false"
)

// IsZero says whether nothing was said.
func (c Condition) IsZero() bool { return c == "" }

// Expression says whether the condition depends on the dossier.
func (c Condition) Expression() bool { return c != "" && c != Always && c != Never }

// UnmarshalText reads a condition of a definition.
func (c *Condition) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		return errors.New("a condition is true, false or an expression")
	}
	*c = Condition(text)
	return nil
}

// MarshalJSON writes true and false as booleans, an expression as text.
func (c Condition) MarshalJSON() ([]byte, error) {
	if c == Always || c == Never {
		return []byte(c), nil
	}
	return json.Marshal(string(c))
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (c *Condition) UnmarshalJSON(data []byte) error {
	if text := string(data); text == "true" || text == "false" {
		*c = Condition(text)
		return nil
	}
	var s string
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("a condition is true, false or an expression: %w", err)
	}
	*c = Condition(s)
	return nil
}
