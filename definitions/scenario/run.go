package scenario

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"motcua/definitions"
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

// Setting is what a scenario runs on.
type Setting struct {
	engine.Rules
	Organisation engine.Organisation
}

// Setting completes what the scenario brings of its own: by a machine (nil
// where it brings one), the shipped calendar it names, and an example agency
// that can work on the procedure. Errors: [engine.Findings], CodeInvalid.
func (s *Scenario) Setting(m *engine.Machine) (Setting, error) {
	if s.Machine != nil {
		m = s.Machine
	}
	if m == nil {
		return Setting{}, engine.Errorf(engine.CodeInvalid, "%s brings no definition.yaml: name the procedure it is played on", s.File)
	}
	cal, err := s.calendar()
	if err != nil {
		return Setting{}, err
	}
	org, err := s.organisation(m)
	return Setting{Rules: engine.Rules{Machine: m, Cal: cal}, Organisation: org}, err
}

func (s *Scenario) calendar() (*calendar.Calendar, error) {
	if s.Cal != nil {
		return s.Cal, nil
	}
	if s.Calendar == "" {
		return definitions.NationalCalendar()
	}
	shipped, err := definitions.Calendars()
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(shipped, func(spec calendar.Spec) bool { return spec.Code == s.Calendar })
	if i < 0 {
		c := &checker{}
		c.errorf("/calendar", "unknown-calendar", "no calendar %q ships", "không có lịch %q", s.Calendar)
		return nil, s.place(c.findings)
	}
	return calendar.New(shipped[i])
}

// organisation is an example agency of the procedure's level (an internal one
// runs at any): the first that has somebody for every role, else the first.
func (s *Scenario) organisation(m *engine.Machine) (engine.Organisation, error) {
	if s.Organisation != nil {
		return *s.Organisation, nil
	}
	examples, err := definitions.ExampleOrganisations()
	if err != nil {
		return engine.Organisation{}, err
	}
	examples = slices.DeleteFunc(examples, func(o engine.Organisation) bool { return o.Agency.Level != m.Level && m.Level != "internal" })
	for _, o := range examples {
		if len(definitions.Unbound(m, o)) == 0 {
			return o, nil
		}
	}
	if len(examples) > 0 {
		return examples[0], nil
	}
	return engine.Organisation{Agency: engine.Agency{Code: "H00", Level: m.Level}}, nil
}

// Play runs the scenario on what it brings, and on m where it brings no
// definition. Errors: as [Scenario.Setting] and [Run].
func (s *Scenario) Play(m *engine.Machine) (Timeline, error) {
	setting, err := s.Setting(m)
	if err != nil {
		return Timeline{}, err
	}
	return run(setting, s)
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
	return run(Setting{Rules: engine.Rules{Machine: m, Cal: cal}, Organisation: org}, &s)
}

func run(setting Setting, s *Scenario) (Timeline, error) {
	moves, err := s.Plan(setting.Rules, setting.Organisation)
	if err != nil {
		return Timeline{}, err
	}
	r := &runner{Scenario: s, on: setting}
	for _, m := range moves {
		if !r.move(m) {
			break
		}
	}
	timeline := Tell(setting, s.Name, r.record)
	if len(r.findings) > 0 {
		return timeline, s.place(r.findings)
	}
	return timeline, r.err
}

// runner plays moves on one case.
type runner struct {
	*Scenario
	checker
	on     Setting
	c      engine.Case
	record Record
	work   int
	err    error
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
	var refusal *engine.Error
	if !m.Passes {
		if refusal = r.fire(m); r.err != nil {
			return false
		}
	}
	return r.compare(path, expected, refusal)
}

// pass lets time act at every due moment up to another moment.
func (r *runner) pass(path string, until time.Time) bool {
	for r.c.Started() {
		next := r.on.Next(r.c)
		if next.IsZero() || next.After(until) {
			break
		}
		if r.work += tickWork + len(r.c.Clocks)*len(r.on.Ladder); r.work > maxWork {
			r.errorf(path, "too-many", "too many due moments before %s: the scenario takes too long", "quá nhiều mốc thời gian trước %s: kịch bản kéo dài quá mức", written(until))
			return false
		}
		if err := r.decide(engine.Tick(r.c.Dossier), next); err != nil {
			r.err = err
			return false
		}
	}
	return true
}

func (r *runner) fire(m Move) *engine.Error {
	err := r.decide(m.Command, m.At)
	var refusal *engine.Error
	if err != nil && !errors.As(err, &refusal) {
		r.err = err
		return nil
	}
	if refusal != nil {
		r.record.Refusals = append(r.record.Refusals, Refusal{
			After: len(r.record.Facts), At: m.At, Actor: m.Command.Actor, State: r.c.State, Event: m.Command.Event, Error: *refusal,
		})
	}
	return refusal
}

func (r *runner) decide(cmd engine.Command, at time.Time) error {
	d, err := engine.Decide(r.on.Rules, r.c, cmd, at)
	if err != nil {
		return err
	}
	r.c, r.record.Facts = d.Case, append(r.record.Facts, d.Facts...)
	return nil
}
