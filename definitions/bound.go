package definitions

import (
	"fmt"
	"slices"
	"strings"

	"motcua/engine"
)

// ReadFor is [Read] where it is known which agencies there are: it also warns
// of a procedure that none of them can run. A warning, because a procedure may
// be there before the department that will do it.
func ReadFor(file string, data []byte, organisations []engine.Organisation) (*engine.Machine, engine.Findings) {
	return read(file, data, func(m *engine.Machine) engine.Findings { return unbound(m, organisations) })
}

// unbound says what is missing at the agencies that could run the procedure:
// somebody for what it asks, partners for its linked dossiers.
func unbound(m *engine.Machine, organisations []engine.Organisation) engine.Findings {
	return append(unmanned(m, organisations), unpartnered(m, organisations)...)
}

// unmanned says what the agency lacks that lacks least. Agencies of another
// level than the procedure's do not count; for an internal one all do.
func unmanned(m *engine.Machine, organisations []engine.Organisation) engine.Findings {
	var nearest *engine.Organisation
	var missing []engine.RoleIn
	for i, o := range organisations {
		if o.Agency.Level != m.Level && m.Level != "internal" {
			continue
		}
		lacks := Unbound(m, o)
		if len(lacks) == 0 {
			return nil
		}
		if nearest == nil || len(lacks) < len(missing) {
			nearest, missing = &organisations[i], lacks
		}
	}
	f := finding("/level", "unbound", "no agency of level %s is known, so nobody can run the procedure", "chưa có cơ quan cấp %s nên chưa ai thực hiện được thủ tục", levelWord(m.Level))
	if nearest != nil {
		f = finding(needed(m, missing), "unbound", "no agency can run the procedure: %[1]s, which lacks least, has nobody as %[2]s",
			"chưa cơ quan nào thực hiện được thủ tục: %[1]s là nơi thiếu ít nhất, chưa có %[2]s", nearest.Agency.Code, several(missing))
	}
	f.Severity = engine.SeverityWarning
	return engine.Findings{f}
}

// unpartnered warns of linked dossiers that no agency has a partner for.
func unpartnered(m *engine.Machine, organisations []engine.Organisation) engine.Findings {
	var out engine.Findings
	for i, k := range m.Links {
		known := slices.ContainsFunc(organisations, func(o engine.Organisation) bool {
			return (o.Agency.Level == m.Level || m.Level == "internal") &&
				slices.ContainsFunc(o.Agency.Partners, func(p engine.Partner) bool { return p.As == k.Partner })
		})
		if k.Partner == "" || known {
			continue
		}
		f := finding(fmt.Sprintf("/links/%d/partner", i), "unbound", "no agency has a partner %[1]s, so nobody can carry out linked dossier %[2]s",
			"chưa cơ quan nào có cơ quan phối hợp %[1]s nên chưa ai thực hiện được hồ sơ liên thông %[2]s", k.Partner, k.ID)
		f.Severity = engine.SeverityWarning
		out = append(out, f)
	}
	return out
}

// levelWord is a level of agencies.
func levelWord(level string) engine.Text {
	return engine.Text{VI: map[string]string{"commune": "xã", "province": "tỉnh", "ministry": "bộ"}[level], EN: level}
}

// needed is where the text first asks for something that is missing.
func needed(m *engine.Machine, missing []engine.RoleIn) string {
	for i, s := range m.States {
		if slices.Contains(missing, engine.RoleIn{Department: s.Department, Role: s.Role}) {
			return fmt.Sprintf("/states/%d/department", i)
		}
	}
	for i, s := range m.States {
		for j, t := range s.On {
			if t.Approval != nil && slices.Contains(missing, *t.Approval) {
				return fmt.Sprintf("/states/%d/on/%d/approval", i, j)
			}
		}
	}
	if o := m.Override; o != nil && o.Approval != nil && slices.Contains(missing, *o.Approval) {
		return "/override/approval"
	}
	return "/level"
}

// several names a handful of roles and counts the rest.
func several(roles []engine.RoleIn) string {
	const shown = 5
	words := make([]string, 0, shown)
	for _, r := range roles[:min(len(roles), shown)] {
		words = append(words, r.Department+"/"+r.Role)
	}
	if over := len(roles) - shown; over > 0 {
		words = append(words, fmt.Sprintf("+%d", over))
	}
	return strings.Join(words, ", ")
}
