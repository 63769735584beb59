package problem

import (
	"context"

	"motcua/engine"
)

// OfFindings makes the problem of a definition that was not accepted. A
// definition is a public text: its findings may quote it.
func OfFindings(ctx context.Context, findings engine.Findings) *Problem {
	p := New(ctx, engine.CodeInvalid)
	p.Detail, p.Findings = "the definition is not valid", findings
	return p
}
