package definitions

import "motcua/engine"

// Inspect is [ReadFor] for a text that may be stored though it has errors: the
// definition then holds what could be read.
func Inspect(data []byte, organisations []engine.Organisation) (engine.Definition, engine.Findings) {
	machine, findings := ReadFor("", data, organisations)
	if machine != nil {
		return machine.Definition, findings
	}
	var def engine.Definition
	decode("", data, &def) // what is wrong with it is known by now
	return def, findings
}
