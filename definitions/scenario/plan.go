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
}

// Plan is the moves of a scenario under rules, at an organisation, in the
// order they are played. Its error is [engine.Findings]: an officer who is not
// what the scenario says, a moment before the one before.
func (s *Scenario) Plan(r engine.Rules, org engine.Organisation) ([]Move, error) {
	p := &planner{Scenario: s, rules: r, org: org}
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
	rules engine.Rules
	org   engine.Organisation
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
	return Move{At: p.Start.At.Time, Step: -1, Command: engine.Command{
		ID: engine.EventStart, Dossier: p.dossier(p.org.Agency.Code), Event: engine.EventStart, Actor: p.actor("/start/by", by),
		Comment: p.Start.Comment, Components: p.Start.Components, Fields: inputs(p.rules.Machine, p.Start.Fields),
		Start: &engine.Start{
			Agency: p.org.Agency.Code, Channel: p.Start.Channel, Procedure: p.rules.Ref(),
			Calendar: engine.CalendarRef{Code: p.rules.Cal.Code(), Version: p.rules.Cal.Version()},
		},
	}}
}

func (p *planner) step(i int, s Step) {
	path, before := fmt.Sprintf("/steps/%d", i), p.moves[len(p.moves)-1].At
	m := Move{Step: i, Passes: !s.Until.IsZero()}
	switch {
	case m.Passes:
		m.At = s.Until.Time
	case !s.After.IsZero():
		m.At = p.rules.Cal.Add(before, s.After)
	default:
		m.At = s.At.Time
	}
	switch {
	case m.At.Before(before):
		p.errorf(path, "order", "%s lies before the step before, %s", "%s sớm hơn bước trước đó, %s", written(m.At), written(before))
	case m.At.Year() > lastYear:
		p.errorf(path, "value", "the step lies after the year %d", "bước này nằm sau năm %d", lastYear)
	}
	if !m.Passes {
		m.Command = p.command(path, i, s)
	}
	p.moves = append(p.moves, m)
}

func (p *planner) command(path string, i int, s Step) engine.Command {
	cmd := engine.Command{
		ID: "step-" + strconv.Itoa(i+1), Dossier: p.dossier(p.org.Agency.Code), Event: s.Fire, Actor: p.actor(path+"/by", s.By),
		Comment: s.Comment, Components: s.Components, Fields: inputs(p.rules.Machine, s.Fields),
	}
	if s.Answer != nil {
		cmd.Answer = &engine.Answer{Consultation: s.Answer.Consultation, Department: s.By.Role.Department, Says: s.Answer.Says}
	}
	return cmd
}

// actor is who By means. An officer the organisation knows has all the roles
// held there; one it does not know has the role the scenario gives.
func (p *planner) actor(path string, by By) engine.Actor {
	a := engine.Actor{Kind: engine.ActorSystem, ID: by.Kind, Agency: p.org.Agency.Code}
	if by.Kind != "" {
		return a
	}
	a.Kind, a.ID, a.Roles = engine.ActorOfficer, by.Officer, []engine.RoleIn{by.Role}
	if by.Officer == "" {
		a.ID = by.Role.Department + "/" + by.Role.Role
	}
	i := slices.IndexFunc(p.org.Officers, func(o engine.Officer) bool { return o.ID == by.Officer })
	if i < 0 {
		return a
	}
	if a.Roles = p.org.Officers[i].Roles; !slices.Contains(a.Roles, by.Role) {
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
