package scenario

import (
	"cmp"
	"time"

	"motcua/engine"
)

// Record is what a run leaves behind, whoever ran it: the facts of the dossier
// and the refusals, which are no facts.
type Record struct {
	Facts    []engine.Fact
	Refusals []Refusal
	// Parts are the linked dossiers, as they were opened.
	Parts []Part
}

// Part is the record of a linked dossier. Title is what steps call it by.
type Part struct {
	Title string
	On    Setting
	Record
}

// Refusal is a command that changed nothing.
type Refusal struct {
	After int // how many facts there were
	At    time.Time
	Actor engine.Actor
	State string
	Event string
	Error engine.Error
}

// follows says whether time caused the fact at the moment of the refusal or
// before. A refusal changes nothing, also not what time had to do by then; that
// is recorded a moment later and told first.
func (r Refusal) follows(f engine.Fact) bool {
	return f.ActorKind == engine.ActorClock && !f.At.After(r.At)
}

// KindRefused is the kind of a line that is no fact but a refusal.
const KindRefused = "refused"

// Timeline is what happened to a dossier, in order, as people read it.
type Timeline struct {
	Name      engine.Text         `json:"name"`
	Procedure engine.ProcedureRef `json:"procedure"`
	Calendar  engine.CalendarRef  `json:"calendar"`
	Lines     []Line              `json:"lines"`
}

// Line is one fact, or one refusal. Which of the optional parts are set
// follows from the kind.
type Line struct {
	At    time.Time        `json:"at"`
	Kind  string           `json:"kind"` // of the fact, or "refused"
	Actor engine.ActorKind `json:"actor_kind"`
	By    string           `json:"actor"`
	// Part is the linked dossier it is of; empty: the dossier itself.
	Part string `json:"part,omitempty"`
	// Who, What and Detail are the columns of the text.
	Who    engine.Text `json:"who"`
	What   engine.Text `json:"what"`
	Detail engine.Text `json:"detail,omitzero"`
	// Notes are the rules a due moment rests on, and what was remarked.
	Notes []engine.Text `json:"notes,omitempty"`

	Event   string         `json:"event,omitempty"`
	State   string         `json:"state,omitempty"` // entered, or refused in
	Form    string         `json:"form,omitempty"`
	Clock   string         `json:"clock,omitempty"` // its kind
	Due     time.Time      `json:"due,omitzero"`
	Verdict engine.Verdict `json:"verdict,omitempty"`
	Rung    string         `json:"rung,omitempty"`
	Raise   string         `json:"raise,omitempty"`
	Told    []Told         `json:"told,omitempty"`
	Refused engine.Code    `json:"refused,omitempty"`

	shape string // what stays when the moments are taken away; empty: nothing
}

// Told is whom a rung told: a role, and the officers found in it.
type Told = engine.Told

// Shape is what of the timeline does not depend on time: states, events,
// forms, handoffs, the variant, opinions and refusals. The same commands give
// the same shape whenever they are played, as long as time causes nothing
// between them.
func (t Timeline) Shape() []string {
	var out []string
	for _, l := range t.Lines {
		if l.shape != "" {
			out = append(out, l.shape)
		}
	}
	return out
}

// Tell makes the timeline of a record. The lines of linked dossiers are told
// among the others by their moments; at one moment, in the order in which the
// dossiers were opened.
func Tell(on Setting, name engine.Text, r Record) Timeline {
	out := Timeline{
		Name: name, Procedure: on.Ref(),
		Calendar: engine.CalendarRef{Code: on.Cal.Code(), Version: on.Cal.Version()},
		Lines:    lines(on, r),
	}
	if len(r.Parts) == 0 {
		return out
	}
	all := [][]Line{out.Lines}
	for _, p := range r.Parts {
		all = append(all, p.lines())
	}
	out.Lines = merge(all)
	return out
}

// lines tells one dossier.
func lines(on Setting, r Record) []Line {
	t := &teller{Setting: on}
	var out []Line
	refusals := r.Refusals
	for i, f := range r.Facts {
		for len(refusals) > 0 && refusals[0].After <= i && !refusals[0].follows(f) {
			out, refusals = append(out, t.refused(refusals[0])), refusals[1:]
		}
		out = append(out, t.fact(f))
		t.c = engine.Evolve(t.c, f)
	}
	for _, f := range refusals {
		out = append(out, t.refused(f))
	}
	return out
}

// lines tells a linked dossier, and says of each line that it is of it.
func (p Part) lines() []Line {
	out := lines(p.On, p.Record)
	for i := range out {
		l := &out[i]
		l.Part = p.Title
		l.Who = engine.Text{VI: "[" + p.Title + "] " + l.Who.VI, EN: "[" + p.Title + "] " + cmp.Or(l.Who.EN, l.Who.VI)}
		if l.shape != "" {
			l.shape = "[" + p.Title + "] " + l.shape
		}
	}
	return out
}

// merge makes one timeline of several, each of which keeps its order.
func merge(all [][]Line) []Line {
	var out []Line
	for {
		first := -1
		for i, rest := range all {
			if len(rest) > 0 && (first < 0 || rest[0].At.Before(all[first][0].At)) {
				first = i
			}
		}
		if first < 0 {
			return out
		}
		out, all[first] = append(out, all[first][0]), all[first][1:]
	}
}
