package main

import (
	"context"

	"motcua/engine"
	"motcua/internal/temporalclient"
	"motcua/workflows/contract"
)

// viaDriver is the whole without its HTTP API: ledger and workflow, called from
// within the process by somebody who is known already and reads nothing back.
type viaDriver struct {
	viaLedger
	driver *temporalclient.Driver
}

func newViaDriver(s *stack) *viaDriver {
	return &viaDriver{viaLedger{s.ledger}, temporalclient.NewDriver(s.temporal)}
}

func (v *viaDriver) name() string { return "no-api" }

func (v *viaDriver) workflow(id string) string { return contract.WorkflowID(id) }

func (v *viaDriver) step(ctx context.Context, id string, i int) (bool, error) {
	command, err := v.submit(ctx, id, i)
	if err != nil {
		return false, err
	}
	out, err := v.driver.Fire(ctx, id, command)
	if engine.CodeOf(err) == engine.CodeUnavailable { // as the API does
		return closed(v.ledger.FireAway(ctx, id, command))
	}
	return closed(out, err)
}
