package postgres

import (
	"context"
	"time"

	"motcua/engine"
)

// outageOrder is what the act of an outage asks of each dossier.
type outageOrder struct {
	Outage    string    `json:"outage"`
	Procedure string    `json:"procedure,omitempty"`
	Reason    string    `json:"reason"`
	Basis     string    `json:"basis,omitempty"`
	From      time.Time `json:"from"`
	Until     time.Time `json:"until,omitzero"`
}

func orderOf(o engine.Outage) outageOrder {
	return outageOrder{Outage: o.ID, Procedure: o.Procedure, Reason: o.Reason, Basis: o.Basis, From: o.From, Until: o.Until}
}

// outageDeed stops the clocks of the dossiers an outage concerns, or lets them
// run again.
type outageDeed struct {
	outageOrder
	act
	l *Ledger
}

func (o outageDeed) concerned() (string, []any) {
	return `
		SELECT code, true AS known FROM dossiers
		WHERE agency = $1 AND ($2 = '' OR procedure_code = $2) AND closed_at IS NULL`, []any{o.agency, o.Procedure}
}

// decide stops the clocks, or lets them run. Both are given the whole stretch,
// so that a dossier which knew nothing of the outage loses no time either.
func (o outageDeed) decide(ctx context.Context, db queryer, c concerned) (verdict, error) {
	rules, err := o.l.rules(ctx, db, c.kase, c.revision)
	if err != nil {
		return verdict{}, err
	}
	event := engine.EventSuspend
	if o.kind == engine.ActOutageEnd {
		event = engine.EventResume
	}
	cmd := c.command(o.id, event, o.Reason, o.actor)
	cmd.Halt = &engine.HaltOrder{Outage: o.Outage, Basis: o.Basis, From: o.From, Until: o.Until}
	d, err := engine.Decide(rules, c.kase, cmd, c.now)
	return verdictOf(rules, c, d, nil, err)
}
