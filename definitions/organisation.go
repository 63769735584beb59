package definitions

import (
	"fmt"
	"regexp"
	"slices"

	"motcua/engine"
)

// ReadOrganisation decodes the text of one agency with its departments and
// officers as strictly as [Read] decodes a procedure. The organisation is nil
// when one of the findings is an error.
func ReadOrganisation(file string, data []byte) (*engine.Organisation, engine.Findings) {
	var o engine.Organisation
	t := decode(file, data, &o)
	if len(t.findings) > 0 {
		return nil, t.report()
	}
	findings := engine.ValidateOrganisation(o)
	if len(findings) == 0 {
		findings = lintOrganisation(o)
	}
	t.place(findings)
	if found := t.report(); found.Err() != nil {
		return nil, found
	}
	return &o, t.findings
}

var (
	// agencyCode follows Quyết định 20/2020/QĐ-TTg art. 4: groups of capitals
	// and digits, joined by dots.
	agencyCode = regexp.MustCompile(`^[A-Z0-9]+(\.[A-Z0-9]+)*$`)
	kebab      = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	officerID  = regexp.MustCompile(`^[a-z][a-z0-9]*([.-][a-z0-9]+)*$`)
)

// chart gathers what is wrong with an organisation.
type chart struct {
	engine.Organisation
	parents  map[string]string
	known    map[string]bool // officers
	findings engine.Findings
}

func lintOrganisation(o engine.Organisation) engine.Findings {
	c := &chart{Organisation: o, parents: make(map[string]string, len(o.Departments))}
	if !agencyCode.MatchString(o.Agency.Code) {
		c.errorf("/agency/code", "name", "agency code %q may hold capitals, digits and dots only",
			"mã cơ quan %q chỉ được gồm chữ in hoa, chữ số và dấu chấm", o.Agency.Code)
	}
	c.kebab("/agency/calendar", engine.Text{EN: "calendar", VI: "mã lịch làm việc"}, o.Agency.Calendar)
	c.partners()
	c.departments()
	c.officers()
	c.absences()
	c.successions()
	return c.findings
}

func (c *chart) errorf(path, code, en, vi string, args ...any) {
	c.findings = append(c.findings, finding(path, code, en, vi, args...))
}

// kebab refuses an id that is not in kebab-case; noun says whose it is.
func (c *chart) kebab(path string, noun engine.Text, id string) {
	if !kebab.MatchString(id) {
		c.errorf(path, "name", "%s %q must be kebab-case",
			"%s %q phải viết dạng kebab-case (chữ thường, nối bằng gạch nối)", noun, id)
	}
}

// partners are other agencies, which texts of their own declare: whether there
// is one of that code is not known here.
func (c *chart) partners() {
	for i, p := range c.Agency.Partners {
		path := fmt.Sprintf("/agency/partners/%d", i)
		c.kebab(path+"/as", engine.Text{EN: "partner", VI: "tên cơ quan phối hợp"}, p.As)
		if !agencyCode.MatchString(p.Agency) {
			c.errorf(path+"/agency", "name", "agency code %q may hold capitals, digits and dots only",
				"mã cơ quan %q chỉ được gồm chữ in hoa, chữ số và dấu chấm", p.Agency)
		}
		if p.Agency == c.Agency.Code {
			c.errorf(path+"/agency", "partner-self", "agency %q is a partner of itself", "cơ quan %q lại là cơ quan phối hợp của chính mình", p.Agency)
		}
		if slices.ContainsFunc(c.Agency.Partners[:i], func(q engine.Partner) bool { return q.As == p.As }) {
			c.errorf(path+"/as", "duplicate-partner", "partner %q is declared twice", "cơ quan phối hợp %q được khai báo hai lần", p.As)
		}
	}
}

func (c *chart) departments() {
	for i, d := range c.Departments {
		path := fmt.Sprintf("/departments/%d/code", i)
		c.kebab(path, engine.Text{EN: "department", VI: "mã đơn vị"}, d.Code)
		if _, twice := c.parents[d.Code]; twice {
			c.errorf(path, "duplicate-department", "department %q is declared twice", "đơn vị %q được khai báo hai lần", d.Code)
			continue
		}
		c.parents[d.Code] = d.Parent
	}
	for i, d := range c.Departments {
		path := fmt.Sprintf("/departments/%d/parent", i)
		if _, known := c.parents[d.Parent]; d.Parent != "" && !known {
			c.errorf(path, "unknown-department", "department %q is not declared", "đơn vị %q chưa được khai báo", d.Parent)
		} else if slices.Contains(c.above(d.Code), d.Code) {
			c.errorf(path, "department-cycle", "department %q stands above itself", "đơn vị %q lại là đơn vị cấp trên của chính mình", d.Code)
		}
	}
}

// above lists the departments over one, the nearest first; in a cycle it stops
// where the cycle closes.
func (c *chart) above(code string) []string {
	var out []string
	for at := c.parents[code]; at != "" && !slices.Contains(out, at); at = c.parents[at] {
		out = append(out, at)
	}
	return out
}

func (c *chart) officers() {
	c.known = make(map[string]bool, len(c.Officers))
	for i, o := range c.Officers {
		path := fmt.Sprintf("/officers/%d", i)
		if !officerID.MatchString(o.ID) {
			c.errorf(path+"/id", "name", "officer %q must be lower-case words joined by dots or hyphens",
				"mã cán bộ %q phải gồm các từ viết thường nối bằng dấu chấm hoặc gạch nối", o.ID)
		}
		if c.known[o.ID] {
			c.errorf(path+"/id", "duplicate-officer", "officer %q is declared twice", "cán bộ %q được khai báo hai lần", o.ID)
		}
		c.known[o.ID] = true
		c.roles(path, o)
	}
}

func (c *chart) roles(path string, o engine.Officer) {
	for i, r := range o.Roles {
		here := fmt.Sprintf("%s/roles/%d", path, i)
		if _, known := c.parents[r.Department]; !known {
			c.errorf(here+"/department", "unknown-department", "department %q is not declared", "đơn vị %q chưa được khai báo", r.Department)
		}
		c.kebab(here+"/role", engine.Text{EN: "role", VI: "vai trò"}, r.Role)
		if slices.Contains(o.Roles[:i], r) {
			c.errorf(here, "duplicate-role", "officer %q holds role %q in department %q twice",
				"cán bộ %q được giao vai trò %q tại đơn vị %q hai lần", o.ID, r.Role, r.Department)
		}
	}
}

func (c *chart) absences() {
	d := engine.NewDirectory(c.Organisation)
	for i, a := range c.Absences {
		path := fmt.Sprintf("/absences/%d", i)
		c.officer(path+"/officer", a.Officer)
		c.days(path, a)
		if a.Substitute == "" {
			continue
		}
		c.officer(path+"/substitute", a.Substitute)
		switch {
		case a.Substitute == a.Officer:
			c.errorf(path+"/substitute", "absence-self", "officer %q cannot stand in for themself", "cán bộ %q không thể tự thay thế chính mình", a.Officer)
		case d.Circular(a, a.From): // found at the absence that closes the circle
			c.errorf(path+"/substitute", "absence-cycle", "on %[2]s those away stand in for each other in a circle that comes back to officer %[1]q",
				"ngày %[2]s, những người vắng mặt thay thế nhau vòng tròn, quay lại cán bộ %[1]q", a.Officer, a.From)
		}
	}
}

func (c *chart) officer(path, id string) {
	if !c.known[id] {
		c.errorf(path, "unknown-officer", "officer %q is not declared", "cán bộ %q chưa được khai báo", id)
	}
}

// days checks that an absence begins and ends, in this order.
func (c *chart) days(path string, a engine.Absence) {
	switch {
	case a.From.IsZero() || a.To.IsZero():
		c.errorf(path, "absence-days", "an absence needs its first and its last day", "vắng mặt phải có ngày đầu (from) và ngày cuối (to)")
	case a.To.Before(a.From):
		c.errorf(path+"/to", "absence-order", "the last day %s is before the first, %s", "ngày cuối %s trước ngày đầu %s", a.To, a.From)
	}
}

// Unbound lists the roles a procedure needs and nobody at the agency holds: of
// its steps and consultations, each in its own department, and of its ladder,
// where head and leader may also be those of a department above.
func Unbound(m *engine.Machine, o engine.Organisation) []engine.RoleIn {
	m = engine.NewDirectory(o).Read(m)
	c := &chart{Organisation: o, parents: make(map[string]string, len(o.Departments))}
	for _, d := range o.Departments {
		c.parents[d.Code] = d.Parent
	}
	var missing []engine.RoleIn
	need := func(department, role string, held bool) {
		if r := (engine.RoleIn{Department: department, Role: role}); !held && !slices.Contains(missing, r) {
			missing = append(missing, r)
		}
	}
	for _, r := range m.Actors() {
		need(r.Department, r.Role, c.held(r.Role, r.Department))
	}
	for _, s := range m.States {
		if s.Department == "" {
			continue
		}
		for _, g := range m.Ladder {
			for _, role := range g.Notify {
				if role == engine.RoleHead || role == engine.RoleLeader {
					need(s.Department, role, c.held(role, append([]string{s.Department}, c.above(s.Department)...)...))
				}
			}
		}
	}
	return missing
}

func (c *chart) held(role string, departments ...string) bool {
	return slices.ContainsFunc(c.Officers, func(o engine.Officer) bool {
		return slices.ContainsFunc(o.Roles, func(r engine.RoleIn) bool {
			return r.Role == role && slices.Contains(departments, r.Department)
		})
	})
}
