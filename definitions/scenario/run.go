package scenario

import (
	"errors"
	"fmt"
	"maps"
	"time"

	"motcua/engine"
	"motcua/engine/calendar"
)

// maxWork bounds a run. A due moment costs tickWork, and one more for each
// clock and rung that had to be looked at: some 2,000 due moments of a
// procedure as they are. The longest cause some hundred in a year; what causes
// more goes round in circles.
const (
	maxWork  = 200_000
	tickWork = 100
)

// Play runs the scenario on what it brings, and on m where it brings no
// definition. Errors: as [Scenario.Setting] and [Run].
func (s *Scenario) Play(m *engine.Machine) (Timeline, error) {
	on, err := s.Setting(m)
	if err != nil {
		return Timeline{}, err
	}
	return run(on, s)
}

// Run plays a scenario on a machine and a calendar: a virtual clock stops at
// every due moment, as a timer would, and at every step. The error, if it is
// [engine.Findings], says which expectations do not hold; the timeline is what
// happened all the same. After an event that was refused against expectation
// nothing more is played.
func Run(m *engine.Machine, cal *calendar.Calendar, s Scenario) (Timeline, error) {
	org, err := s.organisation(m)
	if err != nil {
		return Timeline{}, err
	}
	return run(s.setting(m, cal, org), &s)
}

func run(on Setting, s *Scenario) (Timeline, error) {
	moves, err := s.Plan(on.Rules, on.Organisation)
	if err != nil {
		return Timeline{}, err
	}
	r := &runner{Scenario: s, parts: []*played{{on: on}}}
	for _, m := range moves {
		if !r.move(m) {
			break
		}
	}
	timeline := Tell(on, s.Name, r.record())
	if len(r.findings) > 0 {
		return timeline, s.place(r.findings)
	}
	return timeline, r.err
}

// runner plays moves on a dossier and those linked with it.
type runner struct {
	*Scenario
	checker
	parts []*played // the dossier itself, then those linked, as they were opened
	work  int
	err   error
}

func (r *runner) record() Record {
	record := r.parts[0].record
	for _, p := range r.parts[1:] {
		record.Parts = append(record.Parts, Part{Title: p.linked.Title(), On: p.on, Record: p.record})
	}
	return record
}

// move plays one move and says whether to go on.
func (r *runner) move(m Move) bool {
	path, expected := "/start", r.Start.Expect
	if m.Step >= 0 {
		path, expected = fmt.Sprintf("/steps/%d", m.Step), r.Steps[m.Step].Expect
	}
	if !r.pass(path, m.At) {
		return false
	}
	p := r.named(m.Of)
	if p == nil {
		r.errorf(path+"/of", "not-open", "no linked dossier %s is open at %s", "hồ sơ liên thông %s chưa được mở lúc %s", m.Of, written(m.At))
		return false
	}
	var refusal *engine.Error
	if !m.Passes {
		if refusal = r.fire(p, m); r.err != nil || !r.settle(path, m.At) {
			return false
		}
	}
	return r.compare(path, p.c, expected, refusal)
}

// pass lets time act at every due moment up to another moment, whichever
// dossier it is of.
func (r *runner) pass(path string, until time.Time) bool {
	for {
		p, next := r.next()
		if next.IsZero() || next.After(until) {
			return true
		}
		if r.work += tickWork + len(p.c.Clocks)*len(p.on.Ladder); r.work > maxWork {
			return r.tooMany(path, until)
		}
		if err := r.decide(p, engine.Tick(p.c.Dossier), next); err != nil {
			r.err = err
			return false
		}
		if !r.settle(path, next) {
			return false
		}
	}
}

// next is the dossier that time changes next, the first of those that it
// changes at one moment, and when; never, if it changes none.
func (r *runner) next() (*played, time.Time) {
	var first *played
	var at time.Time
	for _, p := range r.parts {
		if !p.c.Started() {
			continue
		}
		if next := p.on.Next(p.c); !next.IsZero() && (first == nil || next.Before(at)) {
			first, at = p, next
		}
	}
	return first, at
}

func (r *runner) tooMany(path string, until time.Time) bool {
	r.errorf(path, "too-many", "too many due moments before %s: the scenario takes too long", "quá nhiều mốc thời gian trước %s: kịch bản kéo dài quá mức", written(until))
	return false
}

func (r *runner) fire(p *played, m Move) *engine.Error {
	if m.Of != "" {
		m.Command.Dossier = p.c.Dossier
	}
	err := r.decide(p, m.Command, m.At)
	var refusal *engine.Error
	if err != nil && !errors.As(err, &refusal) {
		r.err = err
		return nil
	}
	if refusal != nil {
		p.record.Refusals = append(p.record.Refusals, Refusal{
			After: len(p.record.Facts), At: m.At, Actor: m.Command.Actor, State: p.c.State, Event: m.Command.Event, Error: *refusal,
		})
	}
	return refusal
}

// decide lets a dossier decide and tells others, at once, what it has to tell
// them. A refusal of theirs is heard, too.
func (r *runner) decide(p *played, cmd engine.Command, at time.Time) error {
	d, err := engine.Decide(p.on.Rules, p.c, cmd, at)
	if err != nil {
		return err
	}
	p.c, p.record.Facts = d.Case, append(p.record.Facts, d.Facts...)
	if p.fields == nil {
		p.fields = map[string]any{}
	}
	maps.Copy(p.fields, cmd.Fields)
	for _, t := range d.Tells {
		other := r.holds(t.Dossier)
		if other == nil {
			continue
		}
		err := r.decide(other, t.Command(p.c.Dossier, other.c.Agency), at)
		if refusal := (*engine.Error)(nil); err != nil && !errors.As(err, &refusal) {
			return err
		}
	}
	return nil
}
