package digit_test

import (
	"go.yaml.in/yaml/v4"

	"motcua/engine"
)

// definitionOf reads a draft without judging it: definitions.Read gives no
// machine of one with faults.
func definitionOf(text []byte) (engine.Definition, error) {
	var def engine.Definition
	err := yaml.Unmarshal(text, &def)
	return def, err
}
