package scenario

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"motcua/engine"
	"motcua/engine/calendar"
)

// Move is one step of a scenario, ready to be played: on the engine, through a
// workflow or over HTTP.
type Move struct {
	At      time.Time
	Step    int // index into Steps; -1 is the start
	Command engine.Command
	// Passes says that only time passes: there is no command.
	Passes bool
	// Of names the linked dossier it is of; whoever plays it puts that one's
	// code into the command. Empty: the dossier itself.
	Of string
}

// Plan is the moves of a scenario under rules, at an organisation, in the
// order they are played. Its error is [engine.Findings]: an officer who is not
// what the scenario says, a moment before the one before.
func (s *Scenario) Plan(r engine.Rules, org engine.Organisation) ([]Move, error) {
	p := &planner{Scenario: s, on: Setting{Rules: r, Organisation: org}}
	p.moves = append(p.moves, p.opening())
	for i, step := range s.Steps {
		p.step(i, step)
	}
	if len(p.findings) > 0 {
		return nil, s.place(p.findings)
	}
	return p.moves, nil
}

type planner struct {
	*Scenario
	checker
	on    Setting
	moves []Move
}

// dossier is the code the dossier of the scenario has on the engine.
func (s *Scenario) dossier(agency string) string {
	return agency + "-" + s.Start.At.Format("060102") + "-0001"
}

func (p *planner) opening() Move {
	by := p.Start.By
	if by.IsZero() {
		by = By{Kind: applicant}
	}
	agency := p.on.Organisation.Agency.Code
	return Move{At: p.Start.At.Time, Step: -1, Command: engine.Command{
		ID: engine.EventStart, Dossier: p.dossier(agency), Event: engine.EventStart, Actor: p.actor("/start/by", by, p.on.Organisation, p.Start.At.Time),
		Comment: p.Start.Comment, Components: p.Start.Components, Fields: inputs(p.on.Machine, p.Start.Fields),
		Start: &engine.Start{
			Agency: agency, Channel: p.Start.Channel, Procedure: p.on.Ref(),
			Calendar: engine.CalendarRef{Code: p.on.Cal.Code(), Version: p.on.Cal.Version()},
		},
	}}
}

func (p *planner) step(i int, s Step) {
	path, before := fmt.Sprintf("/steps/%d", i), p.moves[len(p.moves)-1].At
	m := Move{Step: i, Passes: !s.Until.IsZero(), Of: s.Of}
	switch {
	case m.Passes:
		m.At = s.Until.Time
	case !s.After.IsZero():
		m.At = p.on.Cal.Add(before, s.After)
	default:
		m.At = s.At.Time
	}
	switch {
	case m.At.Before(before):
		p.errorf(path, "order", "%s lies before the step before, %s", "%s sớm hơn bước trước đó, %s", written(m.At), written(before))
	case m.At.Year() > lastYear:
		p.errorf(path, "value", "the step lies after the year %d", "bước này nằm sau năm %d", lastYear)
	}
	if on, known := p.of(path, s, m.At); known && !m.Passes {
		m.Command = p.command(path, i, s, on, m.At)
	}
	p.moves = append(p.moves, m)
}

// of is what the dossier runs on that a step names.
func (p *planner) of(path string, s Step, at time.Time) (Setting, bool) {
	if s.Of == "" {
		return p.on, true
	}
	on, known, err := p.find(p.on, s.Of, at, 0)
	switch {
	case err != nil:
		p.errorf(path+"/of", "link", "linked dossier %s cannot be played: %s", "không chạy được hồ sơ liên thông %s: %s", s.Of, err)
	case !known:
		p.errorf(path+"/of", "unknown-link", "the procedure links no dossier %q", "thủ tục không có hồ sơ liên thông %q", s.Of)
	}
	return on, known && err == nil
}

func (p *planner) command(path string, i int, s Step, on Setting, at time.Time) engine.Command {
	cmd := engine.Command{
		ID: "step-" + strconv.Itoa(i+1), Event: s.Fire, Actor: p.actor(path+"/by", s.By, on.Organisation, at),
		Comment: s.Comment, Components: s.Components, Fields: inputs(on.Machine, s.Fields),
	}
	if s.Of == "" {
		cmd.Dossier = p.dossier(on.Organisation.Agency.Code)
	}
	cmd.Answer, cmd.Halt, cmd.Overrides = s.opinion(), s.Halt.order(), s.Overrides.order()
	cmd.Officer, cmd.Target, cmd.Extend = s.Officer, s.Target, s.Extend
	return cmd
}

// actor is who By means. An officer the organisation knows has all the roles
// held there, those of whom they stand in for that day, and the departments
// below theirs; one it does not know has the role the scenario gives.
func (p *planner) actor(path string, by By, org engine.Organisation, at time.Time) engine.Actor {
	a := engine.Actor{Kind: engine.ActorSystem, ID: by.Kind, Agency: org.Agency.Code}
	if by.Kind != "" {
		return a
	}
	a.Kind, a.ID, a.Roles = engine.ActorOfficer, by.id(), []engine.RoleIn{by.Role}
	known, ok := engine.NewDirectory(org).Actor(by.Officer, calendar.DateOf(at))
	if !ok {
		return a
	}
	if a = known; !a.Has(by.Role.Department, by.Role.Role) {
		p.errorf(path, "unknown-role", "officer %s does not hold role %s in department %s",
			"cán bộ %s không giữ vai trò %s ở đơn vị %s", by.Officer, by.Role.Role, by.Role.Department)
	}
	return a
}

// inputs are field values as JSON would bring them, by the types of the
// fields. What does not fit stays text, for the engine to refuse.
func inputs(m *engine.Machine, given []Input) map[string]any {
	if len(given) == 0 {
		return nil
	}
	values := make(map[string]any, len(given))
	for _, in := range given {
		values[in.ID] = typed(m, in)
	}
	return values
}

func typed(m *engine.Machine, in Input) any {
	text := string(in.Value)
	i := slices.IndexFunc(m.Fields, func(f engine.Field) bool { return f.ID == in.ID })
	if i < 0 {
		return text
	}
	switch m.Fields[i].Type {
	case engine.TypeBool:
		if text == "true" || text == "false" {
			return text == "true"
		}
	case engine.TypeInteger, engine.TypeNumber:
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			return n
		}
	}
	return text
}

// zone is where all moments are shown.
var zone = calendar.Zone()
