package definitions

import (
	"fmt"
	"slices"

	"motcua/engine"
)

// successions checks what became of dissolved departments: each of them is
// succeeded, the last line of each takes the rest, nobody works in one, and no
// line leads back.
func (c *chart) successions() {
	gone := map[string]bool{}
	for i, d := range c.Departments {
		path := fmt.Sprintf("/departments/%d", i)
		gone[d.Code] = d.Dissolved
		if !d.Dissolved {
			continue
		}
		last := c.lastOf(d.Code)
		if last < 0 {
			c.errorf(path+"/dissolved", "unsucceeded", "department %q was dissolved, and no succession says who took its work over",
				"đơn vị %q đã giải thể nhưng chưa có dòng kế thừa (successions) nào", d.Code)
		} else if s := c.Successions[last]; len(s.Roles)+len(s.Procedures) > 0 {
			c.errorf(fmt.Sprintf("/successions/%d", last), "succession-rest", "the last succession of department %q takes the rest: it names no roles and no procedures",
				"dòng kế thừa cuối của đơn vị %q nhận phần còn lại nên không ghi roles và procedures", d.Code)
		}
		if d.Parent != "" {
			c.errorf(path+"/parent", "dissolved", "department %q was dissolved and has no place in the tree", "đơn vị %q đã giải thể, không còn vị trí trong sơ đồ", d.Code)
		}
	}
	for i, s := range c.Successions {
		c.succession(fmt.Sprintf("/successions/%d", i), s, gone)
	}
	for i, o := range c.Officers {
		for j, r := range o.Roles {
			if gone[r.Department] {
				c.errorf(fmt.Sprintf("/officers/%d/roles/%d/department", i, j), "dissolved", "department %q was dissolved: nobody works there",
					"đơn vị %q đã giải thể, không còn ai công tác ở đó", r.Department)
			}
		}
	}
}

func (c *chart) lastOf(code string) int {
	last := -1
	for i, s := range c.Successions {
		if s.From == code {
			last = i
		}
	}
	return last
}

func (c *chart) succession(path string, s engine.Succession, gone map[string]bool) {
	if _, known := c.parents[s.To]; !known {
		c.errorf(path+"/to", "unknown-department", "department %q is not declared", "đơn vị %q chưa được khai báo", s.To)
	}
	if !gone[s.From] {
		c.errorf(path+"/from", "succession-living", "department %q is not dissolved: nothing succeeds it", "đơn vị %q chưa giải thể nên không có đơn vị kế thừa", s.From)
	}
	for at, seen := s.To, []string{s.From}; ; {
		if slices.Contains(seen, at) {
			c.errorf(path+"/to", "succession-cycle", "the successions of department %q lead back to it", "các dòng kế thừa của đơn vị %q quay lại chính nó", s.From)
			return
		}
		last := c.lastOf(at)
		if last < 0 {
			return
		}
		seen, at = append(seen, at), c.Successions[last].To
	}
}

// PlaceInOrganisation is an error of an organisation as a finding, at the line
// and column of the text that its path means.
func PlaceInOrganisation(file string, data []byte, e *engine.Error) engine.Findings {
	var o engine.Organisation
	t := decode(file, data, &o)
	t.place(engine.Findings{{Path: e.Path, Code: string(e.Code), Message: e.Message, MessageVI: e.Message, Severity: engine.SeverityError}})
	return t.report()
}

// ReadReorganisation decodes the text of a reorganisation as strictly as
// [ReadOrganisation] does: what changes, and why. Whether it fits the agency is
// not known here. It is nil when one of the findings is an error.
func ReadReorganisation(file string, data []byte) (*engine.Reorganisation, engine.Findings) {
	var r engine.Reorganisation
	t := decode(file, data, &r)
	if len(t.findings) > 0 {
		return nil, t.report()
	}
	t.place(engine.ValidateReorganisation(r))
	if found := t.report(); found.Err() != nil {
		return nil, found
	}
	return &r, t.findings
}
