// Package schema says the form of a procedure definition as a JSON Schema
// (draft 2020-12), for editors: they complete keys, show help and mark what
// the decoder would refuse. What only the compiler knows, such as whether a
// state that is named exists, is beyond a schema; lint says it.
package schema

import (
	_ "embed"
	"slices"
)

//go:generate go test -run ^TestCommitted$ . -update

//go:embed schema.json
var text []byte

// JSON is the schema as it is published. The copy is the caller's.
func JSON() []byte { return slices.Clone(text) }
