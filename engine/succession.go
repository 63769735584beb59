package engine

import "slices"

// Succession says which department took over what another one did that a
// reorganisation dissolved. Where a department was split there are several of
// the same From, in order: the first that fits takes it over, and the last one
// has no condition. A dissolved department never comes back, and its code is
// given to no other: so what a definition calls it means one thing for ever.
type Succession struct {
	From string `yaml:"from" json:"from" validate:"required,max=64"`
	To   string `yaml:"to" json:"to" validate:"required,max=64"`
	// Roles and Procedures it takes over; empty: all of them.
	Roles      []string `yaml:"roles" json:"roles,omitempty" validate:"max=50,dive,required,max=64"`
	Procedures []string `yaml:"procedures" json:"procedures,omitempty" validate:"max=500,dive,required,max=64"`
}

// fits says whether the successor takes over a role in a procedure.
func (s Succession) fits(procedure, role string) bool {
	return (len(s.Roles) == 0 || slices.Contains(s.Roles, role)) && (len(s.Procedures) == 0 || slices.Contains(s.Procedures, procedure))
}

// rest says whether it takes over whatever is left.
func (s Succession) rest() bool { return len(s.Roles) == 0 && len(s.Procedures) == 0 }

// Present is a role in the department that has its work of a procedure now: of
// one that was dissolved, in its successor.
func (d *Directory) Present(procedure string, r RoleIn) RoleIn {
	line := d.line(procedure, r)
	r.Department = line[len(line)-1]
	return r
}

// line is a department and, one after the other, those that took the role over
// from it. The successions make no circle, because no dissolved department
// takes over anything.
func (d *Directory) line(procedure string, r RoleIn) []string {
	out := []string{r.Department}
	if d == nil {
		return out
	}
	for at := r.Department; ; {
		i := slices.IndexFunc(d.heirs[at], func(s Succession) bool { return s.fits(procedure, r.Role) })
		if i < 0 || slices.Contains(out, d.heirs[at][i].To) {
			return out
		}
		at = d.heirs[at][i].To
		out = append(out, at)
	}
}

// formerly lists the dissolved departments whose work came, through however
// many hands, to the departments an actor works in.
func (d *Directory) formerly(a Actor) []string {
	var out []string
	now := a.Departments()
	for next := 0; next < len(now); next++ {
		for _, s := range d.org.Successions {
			if s.To == now[next] && !slices.Contains(now, s.From) {
				now, out = append(now, s.From), append(out, s.From)
			}
		}
	}
	return out
}

// Read is a machine as the agency reads it now: where its definition names a
// department that was dissolved, its successor stands. It is the machine itself
// where nothing it names was.
func (d *Directory) Read(m *Machine) *Machine {
	if d == nil || len(d.heirs) == 0 {
		return m
	}
	if known, ok := d.read.Load(m); ok {
		return known.(*Machine) //nolint:forcetypeassert // only machines are kept
	}
	out := m
	if slices.ContainsFunc(m.Actors(), func(r RoleIn) bool { return d.Present(m.Code, r) != r }) {
		out = d.translated(m)
	}
	d.read.Store(m, out)
	return out
}

// translated copies a machine with every role in a department as it is now.
// Where several were asked or act together and are one department now, it is
// asked once.
func (d *Directory) translated(m *Machine) *Machine {
	out := *m
	out.written = m.asWritten()
	out.States = slices.Clone(m.States)
	for i, s := range out.States {
		if s.Department != "" {
			s.Department = d.Present(m.Code, RoleIn{s.Department, s.Role}).Department
		}
		s.Actors = slices.DeleteFunc(d.presentAll(m.Code, s.Actors), func(r RoleIn) bool { return r == RoleIn{s.Department, s.Role} })
		s.On = slices.Clone(s.On)
		for j := range s.On {
			s.On[j].Approval = d.presentOf(m.Code, s.On[j].Approval)
		}
		out.States[i] = s
	}
	out.Consultations = slices.Clone(m.Consultations)
	for i, c := range out.Consultations {
		out.Consultations[i].Lead = d.lead(m.Code, c)
		out.Consultations[i].Ask = oncePerDepartment(d.presentAll(m.Code, c.Ask))
	}
	if m.Override != nil {
		override := *m.Override
		override.Approval = d.presentOf(m.Code, override.Approval)
		out.Override = &override
	}
	return &out
}

func (d *Directory) presentOf(procedure string, r *RoleIn) *RoleIn {
	if r == nil {
		return nil
	}
	now := d.Present(procedure, *r)
	return &now
}

// presentAll are roles as they are now, each once.
func (d *Directory) presentAll(procedure string, roles []RoleIn) []RoleIn {
	var out []RoleIn
	for _, r := range roles {
		out = union(out, []RoleIn{d.Present(procedure, r)})
	}
	return out
}

// lead is the department that leads a consultation now.
func (d *Directory) lead(procedure string, c Consultation) string {
	i := slices.IndexFunc(c.Ask, func(r RoleIn) bool { return r.Department == c.Lead })
	if i < 0 {
		return c.Lead
	}
	return d.Present(procedure, c.Ask[i]).Department
}

// oncePerDepartment keeps of several roles in one department the first.
func oncePerDepartment(roles []RoleIn) []RoleIn {
	var out []RoleIn
	for _, r := range roles {
		if !slices.ContainsFunc(out, func(o RoleIn) bool { return o.Department == r.Department }) {
			out = append(out, r)
		}
	}
	return out
}

// asWritten is the machine of the definition's own words.
func (m *Machine) asWritten() *Machine {
	if m.written != nil {
		return m.written
	}
	return m
}
