package scenario

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"motcua/definitions"
	"motcua/engine"
	"motcua/engine/calendar"
)

// Part is what a linked dossier of a setting runs on: the version of its
// procedure in effect on the day, which the scenario brings or which ships; the
// partner agency, or the same agency where it knows none by that name; the same
// calendar. Errors: CodeProcedureUnknown.
func (s *Scenario) Part(on Setting, l engine.Linked) (Setting, error) {
	m, err := s.machine(l.Procedure, l.AskedAt)
	if err != nil {
		return Setting{}, err
	}
	org, err := s.partner(on.Organisation, l.Partner)
	return s.setting(m, on.Cal, org), err
}

func (s *Scenario) machine(code string, at time.Time) (*engine.Machine, error) {
	if m, brought := s.Machines[code]; brought {
		return m, nil
	}
	shipped, err := definitions.Shipped()
	if err != nil {
		return nil, err
	}
	day := calendar.DateOf(at)
	for _, source := range slices.Backward(shipped) {
		if source.Machine.Code == code && source.Machine.Effective.Covers(day) {
			return source.Machine, nil
		}
	}
	return nil, engine.Errorf(engine.CodeProcedureUnknown, "no version of procedure %q is in effect on %s: bring it as section definition-%s.yaml", code, day, code)
}

func (s *Scenario) partner(org engine.Organisation, as string) (engine.Organisation, error) {
	if brought, ok := s.Partners[as]; ok {
		return brought, nil
	}
	agency, known := engine.NewDirectory(org).Partner(as)
	if !known {
		return org, nil
	}
	for _, brought := range s.Partners { // one agency, by whichever name it came: the order does not show
		if brought.Agency.Code == agency {
			return brought, nil
		}
	}
	examples, err := definitions.ExampleOrganisations()
	for _, o := range examples {
		if o.Agency.Code == agency {
			return o, nil
		}
	}
	return engine.Organisation{Agency: engine.Agency{Code: agency}}, err
}

// find is what the linked dossier runs on that a step names: by its link in the
// definition or, for one a rung opens, by its procedure; also one that a linked
// dossier links.
func (s *Scenario) find(on Setting, of string, at time.Time, depth int) (Setting, bool, error) {
	var asked []engine.Linked
	for _, k := range on.Links {
		asked = append(asked, engine.Linked{Link: k.ID, Procedure: k.Procedure, Partner: k.Partner, AskedAt: at})
	}
	for _, g := range on.Ladder {
		if g.Open != "" {
			asked = append(asked, engine.Linked{Procedure: g.Open, AskedAt: at})
		}
	}
	for _, l := range asked {
		if l.Title() == of {
			part, err := s.Part(on, l)
			return part, err == nil, err
		}
	}
	for _, l := range asked {
		if depth >= maxDepth {
			break
		}
		part, err := s.Part(on, l)
		if err != nil {
			continue // only what the step names has to be there
		}
		if found, ok, err := s.find(part, of, at, depth+1); ok || err != nil {
			return found, ok, err
		}
	}
	return Setting{}, false, nil
}

// maxDepth is how far links of links are followed.
const maxDepth = 4

// played is one dossier on the stage.
type played struct {
	linked engine.Linked // what it is to the one that asked for it; empty for the first
	on     Setting
	c      engine.Case
	fields map[string]any
	record Record
}

// named finds a linked dossier by its link or its procedure: the latest, where
// the same was opened more than once. No name is that of the dossier itself.
func (r *runner) named(of string) *played {
	for _, p := range slices.Backward(r.parts) {
		if p.linked.Title() == of {
			return p
		}
	}
	return nil
}

func (r *runner) holds(dossier string) *played {
	i := slices.IndexFunc(r.parts, func(p *played) bool { return p.c.Dossier == dossier })
	if i < 0 {
		return nil
	}
	return r.parts[i]
}

// settle opens, at once, what any dossier asked for and is not open.
func (r *runner) settle(path string, at time.Time) bool {
	for i := 0; i < len(r.parts); i++ { // it grows
		p := r.parts[i]
		for _, id := range (engine.Decision{Case: p.c}).Outcome(engine.Command{}).Opens {
			if p.c.Closed() {
				break
			}
			if r.work += tickWork; r.work > maxWork {
				return r.tooMany(path, at)
			}
			if err := r.open(p, id, at); err != nil {
				r.errorf(path, "link", "linked dossier %s cannot be opened: %s", "không mở được hồ sơ liên thông %s: %s", id, err)
				return false
			}
			i = -1 // look at all of them again
		}
	}
	return true
}

func (r *runner) open(p *played, id string, at time.Time) error {
	linked, _ := p.c.Part(id)
	on, err := r.Part(p.on, linked)
	if err != nil {
		return err
	}
	agency := on.Organisation.Agency.Code
	start := p.on.StartLinked(p.c, linked, on.Rules, agency, r.number(agency, at), p.fields)
	child := &played{linked: linked, on: on}
	r.parts = append(r.parts, child)
	if err := r.decide(child, start, at); err != nil {
		r.parts = r.parts[:len(r.parts)-1]
		return err
	}
	return r.decide(p, engine.LinkOpened(p.c, linked, start.Dossier), at)
}

// number is the code of the next dossier of an agency on a day.
func (r *runner) number(agency string, at time.Time) string {
	head, n := agency+"-"+at.In(zone).Format("060102")+"-", 1
	for _, p := range r.parts {
		if strings.HasPrefix(p.c.Dossier, head) {
			n++
		}
	}
	return fmt.Sprintf("%s%04d", head, n)
}
