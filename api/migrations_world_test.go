package api_test

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"motcua/engine"
)

// migrations moves the dossiers of a world by the engine's own rules, to a
// version 2 that gives reception under another name.
type migrations struct {
	w       *world
	asked   map[string]engine.MigrationRecord
	actors  map[string]engine.Actor
	results map[string][]engine.MigrationOutcome
	hold    chan struct{} // when set, a run waits for it
	runs    atomic.Int32
}

func newMigrations(w *world) *migrations {
	return &migrations{w: w, asked: map[string]engine.MigrationRecord{}, actors: map[string]engine.Actor{}, results: map[string][]engine.MigrationOutcome{}}
}

func (g *migrations) successor() engine.Rules {
	def := definition()
	def.Version = 2
	def.States = slices.Clone(def.States)
	def.States[0].ID = "at-reception"
	for i := range def.States {
		def.States[i].On = slices.Clone(def.States[i].On)
		for j := range def.States[i].On {
			if def.States[i].On[j].To == "received" {
				def.States[i].On[j].To = "at-reception"
			}
		}
	}
	m, findings := engine.Compile(def, "beef")
	if err := findings.Err(); err != nil {
		panic(err)
	}
	return engine.Rules{Machine: m, Cal: g.w.rules.Cal}
}

// decide goes through the dossiers; done may keep what is decided.
func (g *migrations) decide(a engine.Actor, m engine.Migration, done func(engine.Decision)) ([]engine.MigrationOutcome, error) {
	if err := engine.MayControl(a, engine.ActionMigrate); err != nil {
		return nil, err
	}
	to := g.successor()
	if err := engine.CheckMigration(g.w.rules.Machine, to.Machine, m); err != nil {
		return nil, err
	}
	var codes []string
	for code, c := range g.w.cases {
		if len(m.Dossiers) == 0 && c.Procedure.Version == m.From && !c.Closed() || slices.Contains(m.Dossiers, code) {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	out := []engine.MigrationOutcome{}
	for _, code := range codes {
		d, err := engine.Migrate(g.w.rules, to, g.w.cases[code], m, engine.Command{ID: "migration", Actor: a}, g.w.now)
		o, err := engine.MigrationOutcomeOf(g.w.cases[code], d, err)
		if err != nil {
			return nil, err
		}
		if o.Result == engine.MigrationMigrated {
			done(d)
		}
		out = append(out, o)
	}
	return out, nil
}

func page(all []engine.MigrationOutcome, cursor string, limit int) engine.MigrationPage {
	p := engine.MigrationPage{Outcomes: []engine.MigrationOutcome{}}
	if cursor == "" {
		p.Counts = &engine.MigrationCounts{}
	}
	for _, o := range all {
		if p.Counts != nil {
			p.Counts.Add(o.Result, 1)
		}
		switch {
		case o.Dossier <= cursor:
		case limit == 0 || len(p.Outcomes) < limit:
			p.Outcomes = append(p.Outcomes, o)
		case p.Next == "":
			p.Next = p.Outcomes[limit-1].Dossier
		}
	}
	return p
}

func (g *migrations) PreviewMigration(_ context.Context, a engine.Actor, m engine.Migration, cursor string, limit int) (engine.MigrationPage, error) {
	g.w.mu.Lock()
	defer g.w.mu.Unlock()
	all, err := g.decide(a, m, func(engine.Decision) {})
	return page(all, cursor, limit), err
}

func (g *migrations) StartMigration(_ context.Context, id string, a engine.Actor, m engine.Migration) (engine.MigrationRecord, error) {
	g.w.mu.Lock()
	defer g.w.mu.Unlock()
	all, err := g.decide(a, m, func(engine.Decision) {})
	if err != nil {
		return engine.MigrationRecord{}, err
	}
	if r, known := g.asked[id]; known {
		if r.Reason != m.Reason {
			return r, engine.Errorf(engine.CodeIdempotencyConflict, "the key was used for another request")
		}
		return r, nil
	}
	r := engine.MigrationRecord{ID: id, Migration: m, Agency: a.Agency, Actor: a.ID, CreatedAt: g.w.now, State: engine.MigrationRunning}
	r.Counts.Add(engine.MigrationPending, len(all))
	g.asked[id], g.actors[id] = r, a
	return r, nil
}

func (g *migrations) RunMigration(_ context.Context, _, _, id string) error {
	g.runs.Add(1)
	if g.hold != nil {
		<-g.hold
	}
	g.w.mu.Lock()
	defer g.w.mu.Unlock()
	r := g.asked[id]
	all, err := g.decide(g.actors[id], r.Migration, func(d engine.Decision) { g.w.cases[d.Case.Dossier] = d.Case })
	if err != nil {
		return err
	}
	r.State, r.FinishedAt, r.Counts = engine.MigrationDone, g.w.now.Add(time.Second), *page(all, "", 0).Counts
	g.asked[id], g.results[id] = r, all
	return nil
}

func (g *migrations) Migration(_ context.Context, agency, code, id string) (engine.MigrationRecord, error) {
	g.w.mu.Lock()
	defer g.w.mu.Unlock()
	if r, ok := g.asked[id]; ok && r.Agency == agency && r.Code == code {
		return r, nil
	}
	return engine.MigrationRecord{}, engine.Errorf(engine.CodeNotFound, "no migration %s", id)
}

func (g *migrations) MigrationResults(ctx context.Context, agency, code, id, cursor string, limit int) (engine.MigrationPage, error) {
	if _, err := g.Migration(ctx, agency, code, id); err != nil {
		return engine.MigrationPage{}, err
	}
	g.w.mu.Lock()
	defer g.w.mu.Unlock()
	return page(g.results[id], cursor, limit), nil
}

func (g *migrations) Impact(_ context.Context, agency, code string) (engine.Impact, error) {
	g.w.mu.Lock()
	defer g.w.mu.Unlock()
	if code != g.w.rules.Code {
		return engine.Impact{}, engine.Errorf(engine.CodeNotFound, "no procedure %s", code)
	}
	v := engine.VersionImpact{Version: 1, State: engine.VersionPublished, States: []engine.StateImpact{}}
	for _, c := range g.w.cases { // counted only
		if c.Agency == agency && !c.Closed() {
			v.Dossiers++
		}
	}
	return engine.Impact{Code: code, InEffect: 1, Versions: []engine.VersionImpact{v}}, nil
}
