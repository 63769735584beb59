// Package caller says who makes a request, in which language, and under which
// trace id. The server fills a [Call] on the way in; handlers, pages, problems
// and the request log read it.
package caller

import (
	"context"

	"motcua/engine"
)

// Call is what is known of one request. It is filled by the server before a
// handler runs and belongs to that request alone.
type Call struct {
	Trace string
	Lang  Lang
	// Route is the pattern of the route, never the path: paths hold dossier codes.
	Route string
	// Dossier is the code of the dossier that the request is about, if it is
	// about one.
	Dossier string
	// Actor is nobody (its Kind is empty) on a public route.
	Actor engine.Actor
	// Scope is how far the actor may do what the route does.
	Scope engine.Scope
	// Officer is set when the actor is a person.
	Officer engine.Officer
	// Failure is the error behind an internal problem: it is logged, not shown.
	Failure error
}

// Known says whether somebody is signed in.
func (c *Call) Known() bool { return c.Actor.Kind != "" }

type key struct{}

// With puts the call of a request into its context.
func With(ctx context.Context, c *Call) context.Context {
	return context.WithValue(ctx, key{}, c)
}

// From finds the call of a request. Outside of one it is empty, never nil.
func From(ctx context.Context) *Call {
	if c, ok := ctx.Value(key{}).(*Call); ok {
		return c
	}
	return &Call{}
}
