package api_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"motcua/engine"
	"motcua/engine/calendar"
)

// began is a Tuesday morning in office hours.
var began = time.Date(2026, time.November, 17, 8, 0, 0, 0, time.FixedZone("ICT", 7*3600))

// world answers every port from memory. It decides by the real engine, so
// what the API says of it is what it would say of the ledger.
type world struct {
	mu       sync.Mutex
	now      time.Time
	rules    engine.Rules
	org      engine.Organisation
	cases    map[string]engine.Case
	facts    map[string][]engine.StoredFact
	stopped  map[string][]engine.Clock
	keys     map[string]engine.StartRequest
	codes    map[string]string
	commands map[string]engine.Command
	outcomes map[string]engine.Outcome

	fired, away int                                // decided by the driver, by the ledger alone
	driver      func(context.Context) error        // what the driver answers before it decides
	broken      error                              // what every read answers
	refuse      error                              // what every start answers
	unready     error                              // what Ready answers
	told        []engine.Notification              // notifications of everybody
	hook        func()                             // runs within every read
	applicant   func(code string) engine.Applicant // who asked
	read        []engine.Reading                   // what was read in full
	erased      []engine.Erasure

	library *library // the versions
	records *records // what is sealed of it
	news    []engine.Change
}

func newWorld(r engine.Rules) *world {
	w := &world{
		now: began, rules: r, org: agency(), cases: map[string]engine.Case{}, facts: map[string][]engine.StoredFact{},
		stopped: map[string][]engine.Clock{}, keys: map[string]engine.StartRequest{}, codes: map[string]string{},
		commands: map[string]engine.Command{}, outcomes: map[string]engine.Outcome{},
		applicant: func(string) engine.Applicant { return engine.Applicant{Name: "Trần Văn An"} },
	}
	w.library = newLibrary(w)
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
	for code := range w.cases {
		w.decide(engine.Tick(code))
	}
}

// decide is the ledger's transaction.
func (w *world) decide(cmd engine.Command) engine.Outcome {
	c, r := w.cases[cmd.Dossier], w.rules
	r.Org = engine.NewDirectory(w.org)
	d, err := engine.Decide(r, c, cmd, w.now)
	out := engine.Outcome{Dossier: cmd.Dossier, Command: cmd.ID, Seq: c.Seq, State: c.State, Closed: c.Closed()}
	if err != nil {
		errors.As(err, &out.Refusal)
		return out
	}
	for _, f := range d.Facts {
		w.facts[cmd.Dossier] = append(w.facts[cmd.Dossier], engine.StoredFact{Fact: f, Digest: "d1"})
	}
	if n := len(d.Facts); n > 0 {
		w.news = append(w.news, change(d, engine.Position{Xact: 1, ID: int64(len(w.news) + 1)}))
	}
	w.cases[cmd.Dossier] = d.Case
	w.stopped[cmd.Dossier] = append(w.stopped[cmd.Dossier], d.Stopped...)
	out.Seq, out.State, out.Closed, out.NextAt = d.Case.Seq, d.Case.State, d.Case.Closed(), d.Next
	return out
}

func change(d engine.Decision, at engine.Position) engine.Change {
	c := engine.Change{
		Position: at, Agency: d.Case.Agency, Dossier: d.Case.Dossier, FromSeq: d.Facts[0].Seq, Seq: d.Case.Seq, At: d.Facts[0].At,
		State: d.Case.State, Status: d.Case.Status(), Department: d.Case.Department, Holder: d.Case.Holder,
	}
	for _, f := range d.Facts {
		c.Facts, c.Touched = append(c.Facts, f.Kind), append(c.Touched, f.Department, f.From, f.To)
	}
	return c
}

func (w *world) Start(_ context.Context, r engine.StartRequest) (engine.Started, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.refuse != nil {
		return engine.Started{}, w.refuse
	}
	key := r.Actor.ID + "/" + r.Key
	if first, ok := w.keys[key]; ok {
		if first.Digest != r.Digest {
			return engine.Started{}, engine.Errorf(engine.CodeIdempotencyConflict, "the key was used for another request")
		}
		return engine.Started{Outcome: w.outcomes[w.codes[key]], Code: w.codes[key], Repeated: true}, nil
	}
	switch {
	case r.Procedure != w.rules.Code:
		return engine.Started{}, engine.Errorf(engine.CodeProcedureUnknown, "procedure %s has no version in effect", r.Procedure)
	case r.Agency != w.org.Agency.Code:
		return engine.Started{}, engine.Errorf(engine.CodeAgencyUnknown, "no agency %s", r.Agency)
	}
	code := fmt.Sprintf("%s-%s-%04d", r.Agency, w.now.Format("060102"), len(w.cases)+1)
	out := w.decide(engine.Command{
		ID: "start", Dossier: code, Event: engine.EventStart, Actor: r.Actor, Components: r.Components, Fields: r.Fields, Comment: r.Comment,
		Start: &engine.Start{Agency: r.Agency, Channel: r.Channel, Procedure: w.rules.Ref(), Calendar: engine.CalendarRef{Code: "office", Version: 1}},
	})
	if out.Refusal != nil {
		return engine.Started{}, out.Refusal
	}
	w.keys[key], w.codes[key], w.outcomes[code] = r, code, out
	return engine.Started{Outcome: out, Code: code}, nil
}

func (w *world) Submit(_ context.Context, cmd engine.Command) (*engine.Outcome, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c, ok := w.cases[cmd.Dossier]; !ok || c.Agency != cmd.Actor.Agency {
		return nil, engine.Errorf(engine.CodeNotFound, "no dossier %s", cmd.Dossier)
	}
	if out, ok := w.outcomes[cmd.ID]; ok {
		if before := w.commands[cmd.ID]; before.Event != cmd.Event || before.Comment != cmd.Comment {
			return nil, engine.Errorf(engine.CodeIdempotencyConflict, "the key was used for another command")
		}
		return &out, nil
	}
	w.commands[cmd.ID] = cmd
	return nil, nil
}

func (w *world) FireAway(_ context.Context, _, command string) (engine.Outcome, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.away++
	return w.once(command), nil
}

func (w *world) Fire(ctx context.Context, _, command string) (engine.Outcome, error) {
	if w.driver != nil {
		if err := w.driver(ctx); err != nil {
			return engine.Outcome{}, err
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.fired++
	return w.once(command), nil
}

func (w *world) once(command string) engine.Outcome {
	if out, ok := w.outcomes[command]; ok {
		return out
	}
	w.outcomes[command] = w.decide(w.commands[command])
	return w.outcomes[command]
}

func (w *world) Get(_ context.Context, agency, dossier string) (engine.Record, engine.Case, error) {
	if w.hook != nil {
		w.hook()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broken != nil {
		return engine.Record{}, engine.Case{}, w.broken
	}
	c, ok := w.cases[dossier]
	if !ok || c.Agency != agency {
		return engine.Record{}, engine.Case{}, engine.Errorf(engine.CodeNotFound, "no such dossier")
	}
	return w.record(c), c, nil
}

func (w *world) record(c engine.Case) engine.Record {
	s, _ := w.rules.State(c.State)
	r := engine.Record{
		Code: c.Dossier, Agency: c.Agency, Procedure: c.Procedure.Code, Version: c.Procedure.Version, ProcedureName: w.rules.Name,
		Channel: c.Channel, Applicant: w.applicant(c.Dossier).Masked(), Status: c.Status(), State: c.State, StateName: s.Name, PortalStatus: s.PortalStatus,
		Department: c.Department, Role: c.Role, Holder: c.Holder, HandoffPending: c.Handoff != nil,
		StartedAt: c.StartedAt, AcceptedAt: c.AcceptedAt, EnteredAt: c.EnteredAt, ClosedAt: c.ClosedAt, Outcome: c.Outcome, Seq: c.Seq,
	}
	if k, ok := c.Appointment(); ok {
		r.DueAt, r.Overdue = k.Due, k.Overdue(w.now)
	}
	for _, k := range c.Clocks {
		if k.Kind == engine.ClockStep || k.Kind == engine.ClockHandoff {
			r.StepDueAt, r.StepOverdue = k.Due, k.Overdue(w.now)
		}
		if k.Raised != "" {
			r.Raised = k.Raised
		}
	}
	return r
}

func (w *world) Facts(_ context.Context, agency, dossier string) ([]engine.StoredFact, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cases[dossier].Agency != agency {
		return nil, engine.Errorf(engine.CodeNotFound, "no such dossier")
	}
	return slices.Clone(w.facts[dossier]), w.broken
}

func (w *world) Clocks(_ context.Context, _, dossier string) ([]engine.Clock, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append(slices.Clone(w.stopped[dossier]), w.cases[dossier].Clocks...), w.broken
}

func (w *world) Rules(context.Context, engine.Case) (engine.Rules, error) { return w.rules, nil }

func (w *world) version() engine.Version {
	return engine.Version{
		Code: w.rules.Code, Version: 1, Name: w.rules.Name, Level: w.rules.Level, SHA256: w.rules.SHA256,
		Effective: w.rules.Effective, Text: []byte(text),
	}
}

func (w *world) Versions(context.Context) ([]engine.Version, error) {
	return []engine.Version{w.version()}, nil
}

func (w *world) Version(_ context.Context, code string, version int) (engine.Version, error) {
	if code != w.rules.Code || version != 1 {
		return engine.Version{}, engine.Errorf(engine.CodeNotFound, "no version %d of procedure %s", version, code)
	}
	return w.version(), nil
}

func (w *world) ByKey(_ context.Context, id, secret string) (engine.Actor, error) {
	if secret != "s3cret_with_underscore" {
		return engine.Actor{}, engine.Errorf(engine.CodeUnauthenticated, "no such key")
	}
	switch id {
	case "portal":
		return engine.Actor{Kind: engine.ActorSystem, ID: "portal", Agency: "H00.101"}, nil
	case "elsewhere":
		return engine.Actor{Kind: engine.ActorSystem, ID: "elsewhere", Agency: "H99"}, nil
	}
	return engine.Actor{}, engine.Errorf(engine.CodeUnauthenticated, "no such key")
}

func (w *world) Officer(_ context.Context, id string) (engine.Officer, engine.Actor, error) {
	everybody := engine.NewDirectory(w.org)
	if a, ok := everybody.Actor(id, calendar.DateOf(began)); ok {
		o, _ := everybody.Officer(id)
		return o, a, nil
	}
	return engine.Officer{}, engine.Actor{}, engine.Errorf(engine.CodeUnauthenticated, "no such officer")
}

func (w *world) Officers(context.Context) ([]engine.Organisation, error) {
	return []engine.Organisation{w.org}, nil
}

func (w *world) Notifications(context.Context, string, int) ([]engine.Notification, error) {
	return w.told, nil
}

func (w *world) Ready(context.Context) error { return w.unready }

func (w *world) Within(_ context.Context, r engine.Reach, dossier string) (bool, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, ok := w.cases[dossier]
	if !ok || c.Agency != r.Agency {
		return false, nil
	}
	return r.Everything || c.Holder == r.Officer || slices.ContainsFunc(w.facts[dossier], func(f engine.StoredFact) bool {
		return f.Actor == r.Officer || f.Kind == engine.FactStateEntered && slices.Contains(r.Departments, f.Department)
	}), nil
}
