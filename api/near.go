package api

import (
	"context"

	"motcua/api/caller"
	"motcua/engine"
)

// near keeps officers to the dossiers that are theirs to see. It stands before
// every route about one dossier, so that no handler can forget it.
type near struct {
	Reaches
	Dossiers
}

// check refuses a dossier beyond the caller's scope as one that is not there.
// Whoever may do something with it, a member of a council, one who is to
// endorse what was proposed, may see it: the engine knows, and is asked last.
func (n *near) check(ctx context.Context, dossier string) error {
	call := caller.From(ctx)
	if call.Actor.Kind == "" || call.Scope >= engine.ScopeAgency {
		return nil
	}
	within, err := n.Within(ctx, engine.ReachOf(call.Actor, call.Scope), dossier)
	if err != nil || within {
		return err
	}
	_, c, err := n.Get(ctx, call.Actor.Agency, dossier)
	if err != nil {
		return err
	}
	r, err := n.Rules(ctx, c)
	if err == nil && len(r.Permitted(c, call.Actor)) == 0 {
		err = engine.Errorf(engine.CodeNotFound, "no dossier %s", dossier)
	}
	return err
}
