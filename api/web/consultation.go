package web

import (
	"strings"

	"motcua/engine"
)

// consulted tells what happened to a consultation.
func (t teller) consulted(f engine.Fact) string {
	l := t.lang
	if f.Consulted == nil {
		return l.T("Lấy ý kiến", "Consultation")
	}
	name := quoted(t.consultation(f.Consulted.Consultation))
	switch f.Kind {
	case engine.FactConsultationStarted:
		return l.T("Gửi lấy ý kiến ", "Consultation started: ") + name + l.T(", hỏi: ", ", asked: ") + t.asked(f.Consulted.Opinions)
	case engine.FactConsultationConcluded:
		return l.T("Kết thúc lấy ý kiến ", "Consultation concluded: ") + name + ": " + resultWord(l, f.Consulted.Result)
	}
	return name + ": " + t.opinion(f)
}

// opinion tells what a department answered, or its silence.
func (t teller) opinion(f engine.Fact) string {
	l := t.lang
	for _, o := range f.Consulted.Opinions {
		switch {
		case o.Department != f.Department:
		case o.Withdrawn:
			return t.department(o.Department) + l.T(" không phải trả lời nữa (rút yêu cầu)", " need not answer any more (request withdrawn)")
		case o.Late != "":
			return t.department(o.Department) + " " + answerWord(l, o.Late) + l.T(" (muộn, không tính)", " (late, not counted)")
		case o.Silent:
			return t.department(o.Department) + l.T(" không trả lời, coi như ", " did not answer, counted as ") + answerWord(l, o.Says)
		default:
			return t.department(o.Department) + " " + answerWord(l, o.Says)
		}
	}
	return t.department(f.Department)
}

func (t teller) asked(opinions []engine.Opinion) string {
	names := make([]string, len(opinions))
	for i, o := range opinions {
		names[i] = t.department(o.Department)
	}
	return strings.Join(names, ", ")
}

// consultation is the name of a consultation.
func (t teller) consultation(id string) string {
	for _, c := range t.machine.Consultations {
		if c.ID == id {
			return t.lang.Text(c.Name)
		}
	}
	return id
}

// variant is the name of a case of the procedure.
func (t teller) variant(id string) string {
	for _, v := range t.machine.Variants {
		if v.ID == id {
			return t.lang.Text(v.Name)
		}
	}
	return t.lang.T("thông thường", "the ordinary one")
}

// fields names the fields that were given, never their values.
func (t teller) fields(ids []string) string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = id
		for _, f := range t.machine.Fields {
			if f.ID == id {
				names[i] = t.lang.Text(f.Name)
			}
		}
	}
	return strings.Join(names, ", ")
}
