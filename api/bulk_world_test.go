package api_test

import (
	"context"
	"slices"

	"motcua/engine"
)

// bulkAct is an act on many dossiers as the bureau keeps it.
type bulkAct struct {
	asked    engine.Bulk
	actor    engine.Actor
	codes    []string
	outcomes []engine.ActOutcome
}

// chosen are the dossiers an act is on now.
func (b *bureau) chosen(k engine.Bulk) []string {
	var out []string
	switch {
	case k.Retry != "":
		for _, o := range b.bulks[k.Retry].outcomes {
			if o.Result == engine.ResultRejected {
				out = append(out, o.Dossier)
			}
		}
	case k.Filter != nil:
		for code, c := range b.w.cases {
			if k.Filter.Department == "" || c.Department == k.Filter.Department {
				out = append(out, code)
			}
		}
	default:
		out = slices.Clone(k.Dossiers)
	}
	slices.Sort(out)
	return out
}

// on decides a verb for one dossier, by the real engine.
func (b *bureau) on(k engine.Bulk, id, code string, a engine.Actor) (engine.Decision, engine.ActOutcome) {
	c, known := b.w.cases[code]
	if !known {
		return engine.Decision{}, engine.ActOutcome{Dossier: code, Result: engine.ResultRejected, Code: engine.CodeNotFound}
	}
	r := b.w.rules
	r.Org = engine.NewDirectory(b.w.org)
	d, err := engine.Decide(r, c, k.Command(id, code, a), b.w.now)
	o, _ := engine.ActOutcomeOf(c, d, engine.Moves(c, d), err)
	return d, o
}

func counted(list []engine.ActOutcome) (c engine.ActCounts) {
	for _, o := range list {
		c.Add(o.Result, 1)
		c.Because(o.Result, o.Code, 1)
	}
	return c
}

func (b *bureau) StartBulk(_ context.Context, a engine.Actor, key string, k engine.Bulk) (engine.ActRecord, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	if err := engine.CheckBulk(a, k); err != nil {
		return engine.ActRecord{}, err
	}
	if r := b.act(a.Agency, key); r != nil {
		return *r, nil
	}
	act := &bulkAct{asked: k, actor: a, codes: b.chosen(k)}
	for _, code := range act.codes {
		act.outcomes = append(act.outcomes, engine.ActOutcome{Dossier: code, Result: engine.ResultPending})
	}
	b.bulks[key] = act
	record, err := k.Record(a)
	if err != nil {
		return engine.ActRecord{}, err
	}
	r := engine.ActRecord{
		ID: key, Kind: engine.ActBulk, Agency: a.Agency, Subject: k.Event, Reason: k.Reason, Actor: a.ID, CreatedAt: b.w.now,
		State: engine.MigrationRunning, Counts: counted(act.outcomes), Bulk: record,
	}
	b.acts = append(b.acts, r)
	return r, nil
}

func (b *bureau) PreviewBulk(_ context.Context, a engine.Actor, k engine.Bulk, _ string, _ int) (engine.ActPage, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	if err := engine.CheckBulk(a, k); err != nil {
		return engine.ActPage{}, err
	}
	var page engine.ActPage
	for _, code := range b.chosen(k) {
		_, o := b.on(k, "preview", code, a)
		page.Outcomes = append(page.Outcomes, o)
	}
	counts := counted(page.Outcomes)
	page.Counts = &counts
	return page, nil
}

// carry does what is pending of an act on many dossiers.
func (b *bureau) carry(r *engine.ActRecord) {
	act := b.bulks[r.ID]
	for i, code := range act.codes {
		d, o := b.on(act.asked, r.ID, code, act.actor)
		for _, f := range d.Facts {
			b.w.facts[code] = append(b.w.facts[code], engine.StoredFact{Fact: f, Digest: "d1"})
		}
		if len(d.Facts) > 0 {
			b.w.cases[code] = d.Case
		}
		act.outcomes[i] = o
	}
	r.State, r.FinishedAt, r.Counts = engine.MigrationDone, b.w.now, counted(act.outcomes)
}

func (b *bureau) RetryBulk(_ context.Context, _ engine.Actor, id, reason string) (engine.Bulk, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	act, ok := b.bulks[id]
	if !ok {
		return engine.Bulk{}, engine.Errorf(engine.CodeNotFound, "no act %s", id)
	}
	k := act.asked
	k.Dossiers, k.Filter, k.Retry = nil, nil, id
	if reason != "" {
		k.Reason = reason
	}
	return k, nil
}

func (b *bureau) CancelAct(_ context.Context, a engine.Actor, id string) (engine.ActRecord, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	r := b.act(a.Agency, id)
	if r == nil {
		return engine.ActRecord{}, engine.Errorf(engine.CodeNotFound, "no act %s", id)
	}
	if r.State != engine.MigrationRunning {
		return *r, nil
	}
	r.State, r.Cancelled, r.FinishedAt = engine.ActCancelled, a.ID, b.w.now
	for i, o := range b.bulks[id].outcomes {
		if o.Result == engine.ResultPending {
			b.bulks[id].outcomes[i].Result = engine.ResultCancelled
		}
	}
	r.Counts = counted(b.bulks[id].outcomes)
	return *r, nil
}

func (b *bureau) Watch(_ context.Context, a engine.Actor, dossier string, on bool) error {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	if _, ok := b.w.cases[dossier]; !ok {
		return engine.Errorf(engine.CodeNotFound, "no dossier %s", dossier)
	}
	b.watched = slices.DeleteFunc(b.watched, func(w [2]string) bool { return w == [2]string{a.ID, dossier} })
	if on {
		b.watched = append(b.watched, [2]string{a.ID, dossier})
	}
	return nil
}

func (b *bureau) Watches(_ context.Context, a engine.Actor, dossier string) (bool, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	return slices.Contains(b.watched, [2]string{a.ID, dossier}), nil
}

func (b *bureau) Watched(_ context.Context, a engine.Actor, _ int) (out []engine.Watched, err error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	for _, w := range b.watched {
		if w[0] == a.ID {
			out = append(out, engine.Watched{Dossier: w[1], State: b.w.cases[w[1]].State})
		}
	}
	return out, nil
}
