package engine

import (
	"errors"
	"slices"
	"strings"
	"time"

	"motcua/engine/calendar"
)

// Preview is what a command would do if it were given now: nothing of it is
// written, and nothing keeps the dossier as it is until the command comes.
type Preview struct {
	Dossier string `json:"dossier"`
	Event   string `json:"event"`
	Name    Text   `json:"name,omitzero"`
	// Refusal is why the command would change nothing; then the rest is as the
	// dossier stands.
	Refusal *Error `json:"refusal,omitempty"`

	From     string `json:"from"`
	FromName Text   `json:"from_name,omitzero"`
	To       string `json:"to"` // the state it would stand in
	ToName   Text   `json:"to_name,omitzero"`
	Closed   bool   `json:"closed,omitempty"`
	Outcome  string `json:"outcome,omitempty"`
	Holder   Person `json:"holder,omitzero"`
	// Override says that it goes past what the definition allows, and is put on
	// record as that.
	Override bool `json:"override,omitempty"`
	// Endorsed is who must agree before it happens, where it would only be proposed.
	Endorsed *RoleIn `json:"to_be_endorsed_by,omitempty"`

	Moves []Move       `json:"moves"` // due moments, old and new
	Told  []ToldPeople `json:"told"`  // who is told at once
	Rungs []RungDue    `json:"rungs"` // what time will cause then, soonest first
	Facts []FactKind   `json:"facts"` // what would be written, in order
}

// Person is an officer by id and name.
type Person struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

// ToldPeople is whom a role means.
type ToldPeople struct {
	Role     string   `json:"role"`
	Officers []Person `json:"officers"`
}

// RungDue is a rung that is to come, and whom it would tell as people are
// there today.
type RungDue struct {
	At      time.Time    `json:"at"`
	Clock   ClockKind    `json:"clock"`
	Subject string       `json:"subject,omitempty"`
	Rung    string       `json:"rung"`
	Raise   string       `json:"raise,omitempty"`
	Tells   []ToldPeople `json:"tells"`
}

// foreseenRungs bounds the rungs a preview lists.
const foreseenRungs = 20

// Foresee decides a command and says what would come of it. It is [Decide]
// without what follows: the preview and the deed cannot differ but by the time
// between them. The decision is empty where the command would be refused. An
// error is one that [Decide] has no word for.
func Foresee(r Rules, c Case, cmd Command, now time.Time) (Preview, Decision, error) {
	d, err := Decide(r, c, cmd, now)
	p := Preview{Dossier: c.Dossier, Event: cmd.Event, Name: r.EventName(cmd.Event, c.State, ""), From: c.State, To: c.State,
		Moves: []Move{}, Told: []ToldPeople{}, Rungs: []RungDue{}, Facts: []FactKind{}}
	if err != nil && !errors.As(err, &p.Refusal) {
		return Preview{}, Decision{}, err
	}
	after := c
	if err == nil {
		after = d.Case
		p.foresee(r, c, d)
	}
	from, _ := r.State(c.State)
	to, _ := r.State(after.State)
	p.FromName, p.To, p.ToName = from.Name, to.ID, to.Name
	p.Closed, p.Outcome, p.Holder = after.Closed(), after.Outcome, r.person(after.Holder)
	p.Rungs = append(p.Rungs, r.rungsDue(after, now)...)
	return p, d, nil
}

func (p *Preview) foresee(r Rules, before Case, d Decision) {
	p.Moves = append(p.Moves, Moves(before, d)...)
	for _, f := range d.Facts {
		p.Facts = append(p.Facts, f.Kind)
		p.Override = p.Override || f.Kind == FactOverridden
		if f.Kind == FactEventProposed {
			p.Endorsed, p.Override = &f.Proposal.Approval, f.Proposal.Overrides != nil
		}
		for _, t := range f.told() {
			p.Told = append(p.Told, r.people(t))
		}
	}
}

// told is whom a fact says was told.
func (f Fact) told() []Told {
	switch {
	case f.Rung != nil:
		return f.Rung.Told
	case f.Escalation != nil:
		return f.Escalation.Told
	}
	return nil
}

// rungsDue lists what time will cause in a case that stays as it is.
func (r Rules) rungsDue(c Case, now time.Time) []RungDue {
	if c.Closed() {
		return nil
	}
	var out []RungDue
	for _, m := range r.pending(c) {
		if len(out) == foreseenRungs || m.rung < 0 {
			continue
		}
		g := r.Ladder[m.rung]
		due := RungDue{At: m.at, Clock: m.clock.Kind, Subject: m.clock.Subject, Rung: g.String(), Raise: g.Raise, Tells: []ToldPeople{}}
		at := (&decider{Rules: r, c: c}).place(m.clock)
		for _, role := range g.Notify {
			told := Told{Role: role}
			if r.Org != nil {
				told = r.Org.Find(role, at, calendar.DateOf(later(now, m.at)))
			}
			due.Tells = append(due.Tells, r.people(told))
		}
		out = append(out, due)
	}
	return out
}

func (r Rules) people(t Told) ToldPeople {
	out := ToldPeople{Role: t.Role, Officers: make([]Person, len(t.Officers))}
	for i, id := range t.Officers {
		out.Officers[i] = r.person(id)
	}
	return out
}

// person names an officer; who is not of the agency has an id only.
func (r Rules) person(id string) Person {
	if r.Org != nil {
		if o, ok := r.Org.Officer(id); ok {
			return Person{ID: id, Name: o.Name}
		}
	}
	return Person{ID: id}
}

// Moves lists the due moments that a decision moved, those it ended and those
// it set: of every clock but the ones that wait for somebody to acknowledge.
func Moves(before Case, d Decision) []Move {
	var out []Move
	kept := map[string]bool{}
	for _, k := range before.Clocks {
		if k.Kind == ClockAlarm {
			continue
		}
		now, open := d.heir(k)
		kept[now.ID] = true
		if !open {
			now.Due, now.Provisional = time.Time{}, false
		}
		if !now.Due.Equal(k.Due) {
			out = append(out, Move{Kind: k.Kind, Subject: k.Subject, Old: k.Due, New: now.Due, Provisional: now.Provisional, Rule: whyMoved(k, now, open)})
		}
	}
	for _, k := range d.Case.Clocks {
		if k.Kind != ClockAlarm && !kept[k.ID] && !k.Due.IsZero() {
			out = append(out, Move{Kind: k.Kind, Subject: k.Subject, New: k.Due, Provisional: k.Provisional, Rule: Text{VI: "bắt đầu tính", EN: "it starts"}})
		}
	}
	return out
}

// heir is what became of a clock: itself, or the last of those that took over
// from it; open says whether it goes on.
func (d Decision) heir(k Clock) (Clock, bool) {
	for _, f := range d.Facts {
		if f.Kind == FactClockStarted && f.Clock.Succeeds == k.ID {
			k = *f.Clock
		}
	}
	i := slices.IndexFunc(d.Case.Clocks, func(o Clock) bool { return o.ID == k.ID })
	if i < 0 {
		return k, false
	}
	return d.Case.Clocks[i], true
}

func whyMoved(before, after Clock, open bool) Text {
	last := after.Rule[strings.LastIndex(after.Rule, ",")+1:]
	switch said := ruleWords[last]; {
	case !open:
		return Text{VI: "ngừng tính", EN: "it ends"}
	case after.Due.IsZero():
		return Text{VI: "tạm dừng tính thời hạn", EN: "it stands still"}
	case before.Due.IsZero():
		return Text{VI: "tính tiếp thời hạn", EN: "it runs on"}
	case said.VI != "" && after.Rule != before.Rule:
		return said
	case !after.Extended.IsZero() && after.Extended != before.Extended:
		return ruleWords[ruleExtension]
	}
	return Text{VI: "tính lại", EN: "it is counted anew"}
}
