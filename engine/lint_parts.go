package engine

import (
	"fmt"
	"slices"
	"strings"

	"motcua/engine/calendar"
)

// fields checks the types of fields, and what bounds them.
func (l *linter) fields() {
	for i, f := range l.Fields {
		path := fmt.Sprintf("/fields/%d", i)
		if slices.Contains(reserved(), f.ID) {
			l.errorf(path+"/id", "reserved-field", "field %q has the name of something conditions know: %s", "trường %q trùng tên với đại lượng có sẵn trong điều kiện: %s", f.ID, strings.Join(reserved(), ", "))
		}
		if (f.Type == TypeChoice) != (len(f.Choices) > 0) {
			l.errorf(path, "choices", "field %q: a choice has choices, and nothing else has", "trường %q: kiểu choice phải có choices, kiểu khác thì không", f.ID)
		}
		l.unique(noun{key: "choice", vi: "lựa chọn", list: fmt.Sprintf("fields/%d/choices", i)}, ids(f.Choices, func(c Choice) string { return c.ID }))
		bounded := f.Type == TypeString || f.Type == TypeInteger || f.Type == TypeNumber
		if (f.Min != nil || f.Max != nil) && !bounded || f.Min != nil && f.Max != nil && *f.Min > *f.Max {
			l.errorf(path, "bounds", "field %q: min and max bound a string, an integer or a number, and min is not above max",
				"trường %q: min và max chỉ dùng cho string, integer, number và min không lớn hơn max", f.ID)
		}
		l.pattern(path+"/pattern", f)
	}
}

func (l *linter) pattern(path string, f Field) {
	if f.Pattern == "" {
		return
	}
	if _, err := wholly(f.Pattern); err != nil || f.Type != TypeString {
		l.errorf(path, "pattern", "field %q: pattern is a regular expression (RE2) of a string", "trường %q: pattern là biểu thức chính quy (RE2) của kiểu string", f.ID)
	}
}

// conditions compiles every expression of the definition.
func (l *linter) conditions() {
	env, err := environment(l.Fields)
	if err != nil { // two fields of one name, which names found
		return
	}
	for _, c := range l.said() {
		if err := l.guards.add(env, c.condition); err != nil {
			l.errorf(c.path, "condition", "the condition cannot be understood: %[1]s", "không hiểu được điều kiện: %[2]s", err.en, err.vi)
			continue
		}
		for _, name := range l.guards.expressions[c.condition].names {
			if name == varVariant && strings.HasPrefix(c.path, "/variants/") {
				l.errorf(c.path, "condition-circular", "the condition of a variant rests on which variant it is", "điều kiện của trường hợp lại dựa vào chính trường hợp đang xét")
			}
			if f := l.guards.fields[name]; f.Personal {
				l.errorf(c.path, "condition-personal", "the condition rests on field %q, which is personal: its value would go on record",
					"điều kiện dựa vào trường %q là dữ liệu cá nhân: giá trị sẽ bị ghi vào nhật ký hồ sơ", name)
			}
		}
	}
}

// placed is a condition and where it stands.
type placed struct {
	path      string
	condition Condition
}

// said lists every condition of the definition, in the order of the text.
func (l *linter) said() []placed {
	var out []placed
	say := func(c Condition, format string, args ...any) {
		if c.Expression() {
			out = append(out, placed{fmt.Sprintf(format, args...), c})
		}
	}
	for i, v := range l.Variants {
		say(v.When, "/variants/%d/when", i)
	}
	for i, f := range l.Fees {
		say(f.When, "/fees/%d/when", i)
	}
	for i, c := range l.Components {
		say(c.Required, "/components/%d/required", i)
	}
	for i, f := range l.Fields {
		say(f.Required, "/fields/%d/required", i)
	}
	for i, s := range l.States {
		for j, t := range s.On {
			say(t.When, "/states/%d/on/%d/when", i, j)
		}
	}
	return out
}

// parts checks cells, stages and consultations, and that each is used.
func (l *linter) parts() {
	for i, c := range l.Cells {
		path := fmt.Sprintf("/cells/%d", i)
		l.takesTime(path+"/within", c.Within)
		if !l.anyState(func(s State) bool { return s.Cell == c.ID }) {
			l.warnf(path, "unused", "no state shares cell %q", "không bước nào dùng ô thời gian %q", c.ID)
		}
	}
	for i, s := range l.Stages {
		if !l.anyState(func(x State) bool { return x.Stage == s.ID }) {
			l.warnf(fmt.Sprintf("/stages/%d", i), "unused", "no state belongs to stage %q", "không bước nào thuộc giai đoạn %q", s.ID)
		}
	}
	for i, c := range l.Consultations {
		l.consulted(fmt.Sprintf("/consultations/%d", i), c)
	}
}

func (l *linter) consulted(path string, c Consultation) {
	l.takesTime(path+"/within", c.Within)
	for i, r := range c.Ask {
		l.role(fmt.Sprintf("%s/ask/%d", path, i), r)
		if slices.ContainsFunc(c.Ask[:i], func(o RoleIn) bool { return o.Department == r.Department }) {
			l.errorf(fmt.Sprintf("%s/ask/%d", path, i), "asked-twice", "department %q is asked twice", "đơn vị %q được hỏi hai lần", r.Department)
		}
	}
	if n := c.Join.Of(len(c.Ask)); n > len(c.Ask) {
		l.errorf(path+"/join", "join", "%d answers are more than the departments asked (%d)", "%d ý kiến là nhiều hơn số đơn vị được hỏi (%d)", n, len(c.Ask))
	}
	if c.Lead != "" && !slices.ContainsFunc(c.Ask, func(r RoleIn) bool { return r.Department == c.Lead }) {
		l.errorf(path+"/lead", "lead", "department %q leads the consultation and is not asked", "đơn vị %q chủ trì việc lấy ý kiến nhưng không được hỏi", c.Lead)
	}
	if !l.starts(c.ID) {
		l.warnf(path, "unused", "no event starts consultation %q", "không sự kiện nào bắt đầu việc lấy ý kiến %q", c.ID)
	}
}

func (l *linter) takesTime(path string, d calendar.Duration) {
	if d.Amount() <= 0 {
		l.errorf(path, "no-time", "a limit must be some time, not %s", "thời hạn phải lớn hơn không, không thể là %s", d)
	}
}

func (l *linter) anyState(is func(State) bool) bool { return slices.ContainsFunc(l.States, is) }

func (l *linter) anyTransition(is func(Transition) bool) bool {
	return l.anyState(func(s State) bool { return slices.ContainsFunc(s.On, is) })
}

// starts says whether an event starts the consultation.
func (l *linter) starts(consultation string) bool {
	return l.anyTransition(func(t Transition) bool { return slices.Contains(t.Start, consultation) })
}

// variants checks that each variant can be told from the others and changes
// limits that exist.
func (l *linter) variants() {
	for i, v := range l.Variants {
		path := fmt.Sprintf("/variants/%d", i)
		switch {
		case v.When == Never:
			l.errorf(path+"/when", "never", "the condition of variant %q never holds", "điều kiện của trường hợp %q không bao giờ đúng", v.ID)
		case i > 0 && l.Variants[i-1].When == Always:
			l.errorf(path, "never", "the variant before it holds always, so this one never does", "trường hợp đứng trước luôn đúng nên trường hợp này không bao giờ được xét")
		}
		if v.Statutory.IsZero() && v.Committed.IsZero() && len(v.Steps) == 0 {
			l.warnf(path, "variant-same", "variant %q changes no limit", "trường hợp %q không thay đổi thời hạn nào", v.ID)
		}
		for j, s := range v.Steps {
			l.stepLimit(fmt.Sprintf("%s/steps/%d", path, j), s)
		}
	}
}

func (l *linter) stepLimit(path string, s StepLimit) {
	named := 0
	for _, x := range []struct {
		id    string
		what  noun
		known bool
	}{
		{s.State, stateNoun, l.anyState(func(x State) bool { return x.ID == s.State })},
		{s.Cell, cellNoun, l.knowsCell(s.Cell)},
		{s.Stage, stageNoun, l.knowsStage(s.Stage)},
		{s.Consultation, consultationNoun, l.knowsConsultation(s.Consultation)},
	} {
		if x.id == "" {
			continue
		}
		named++
		if !x.known {
			l.unknown(path+"/"+x.what.key, x.what, x.id)
		}
	}
	if named != 1 {
		l.errorf(path, "step-limit", "it names exactly one of state, cell, stage and consultation", "phải nêu đúng một trong state, cell, stage, consultation")
	}
}

// unknown complains of a name that nothing has.
func (l *linter) unknown(path string, n noun, id string) {
	l.errorf(path, "unknown-"+n.key, "%[1]s %[3]q is not declared", "%[2]s %[3]q chưa được khai báo", n.key, n.vi, id)
}

func (l *linter) knowsCell(id string) bool {
	return slices.ContainsFunc(l.Cells, func(c Cell) bool { return c.ID == id })
}

func (l *linter) knowsStage(id string) bool {
	return slices.ContainsFunc(l.Stages, func(s Stage) bool { return s.ID == id })
}

func (l *linter) knowsConsultation(id string) bool {
	_, ok := l.consultation(id)
	return ok
}
