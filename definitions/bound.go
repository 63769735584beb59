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

// unbound says what the agency lacks that lacks least. Agencies of another
// level than the procedure's do not count; for an internal one all do.
func unbound(m *engine.Machine, organisations []engine.Organisation) engine.Findings {
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
