package engine

import (
	"fmt"
	"regexp"
	"slices"
)

// linter gathers the findings of the rules that look at a definition as a
// whole: names, conditions, the graph, and time.
type linter struct {
	*Machine
	consulting map[string]bool   // states in which a consultation may have been started
	linking    map[string]bool   // states in which a linked dossier may have been started
	reached    map[string][]bool // what can be reached from a state, once asked; looked up only
	findings   Findings
}

// lint runs the rules whose premises hold: the graph is looked at once every
// name is known, the sums once the graph is sound.
func lint(m *Machine) Findings {
	l := &linter{
		Machine:    m,
		consulting: m.startsBefore(func(t Transition) bool { return len(t.Start) > 0 }),
		linking:    m.startsBefore(func(t Transition) bool { return len(t.Link) > 0 }),
		reached:    map[string][]bool{},
	}
	l.names()
	l.effective()
	l.fields()
	l.conditions()
	l.parts()
	l.variants()
	l.states()
	l.links()
	l.ladder()
	l.limits()
	l.suspensions()
	l.extensions()
	l.override()
	if l.findings.Err() == nil {
		l.graph()
	}
	if l.findings.Err() == nil {
		l.sums()
	}
	return l.findings
}

// errorf adds an error in English and Vietnamese; both texts take the same
// arguments.
func (l *linter) errorf(path, code, en, vi string, args ...any) {
	l.add(SeverityError, path, code, en, vi, args)
}

// warnf is errorf for what an admin should know and may leave.
func (l *linter) warnf(path, code, en, vi string, args ...any) {
	l.add(SeverityWarning, path, code, en, vi, args)
}

func (l *linter) add(s Severity, path, code, en, vi string, args []any) {
	l.findings = append(l.findings, Finding{
		Path: path, Code: code, Message: fmt.Sprintf(en, args...), MessageVI: fmt.Sprintf(vi, args...), Severity: s,
	})
}

var (
	kebab  = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	dotted = regexp.MustCompile(`^[a-z][a-z0-9]*([._-][a-z0-9]+)*$`)
	code   = regexp.MustCompile(`^[A-Za-z0-9]+([.-][A-Za-z0-9]+)*$`) // national d.dddddd, or an agency's own sign
)

// A noun is what the text of a definition calls a thing, in both languages.
type noun struct {
	key    string // as in the code duplicate-…
	vi     string
	list   string // where it is declared
	dotted bool
}

// names checks that every id is well formed and said once.
func (l *linter) names() {
	l.code("/code", l.Code)
	l.unique(stateNoun, ids(l.States, func(s State) string { return s.ID }))
	l.unique(componentNoun, ids(l.Components, func(c Component) string { return c.ID }))
	l.unique(fieldNoun, ids(l.Fields, func(f Field) string { return f.ID }))
	l.unique(variantNoun, ids(l.Variants, func(v Variant) string { return v.ID }))
	l.unique(cellNoun, ids(l.Cells, func(c Cell) string { return c.ID }))
	l.unique(stageNoun, ids(l.Stages, func(s Stage) string { return s.ID }))
	l.unique(consultationNoun, ids(l.Consultations, func(c Consultation) string { return c.ID }))
	l.unique(linkNoun, ids(l.Links, func(k LinkRule) string { return k.ID }))
}

// code checks how the code of a procedure is written.
func (l *linter) code(path, id string) {
	if !code.MatchString(id) {
		l.errorf(path, "name", "code %q may hold letters, digits, dots and hyphens only", "mã %q chỉ được gồm chữ cái, chữ số, dấu chấm và gạch nối", id)
	}
}

func ids[T any](list []T, id func(T) string) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = id(x)
	}
	return out
}

func (l *linter) unique(n noun, ids []string) {
	for i, id := range ids {
		path := fmt.Sprintf("/%s/%d/id", n.list, i)
		switch {
		case n.dotted && !dotted.MatchString(id):
			l.dotted(path, n, id)
		case !n.dotted && !kebab.MatchString(id):
			l.kebab(path, n, id)
		}
		if slices.Contains(ids[:i], id) {
			l.errorf(path, "duplicate-"+n.key, "%[1]s %[3]q is declared twice", "%[2]s %[3]q được khai báo hai lần", n.key, n.vi, id)
		}
	}
}

// dotted complains of an id that is not words joined as those of fields are.
func (l *linter) dotted(path string, n noun, id string) {
	l.errorf(path, "name", "%[1]s %[3]q must be lower-case words joined by dots, hyphens or underscores",
		"%[2]s %[3]q phải gồm các từ viết thường nối bằng dấu chấm, gạch nối hoặc gạch dưới", n.key, n.vi, id)
}

// kebab complains of an id that is not kebab-case.
func (l *linter) kebab(path string, n noun, id string) {
	l.errorf(path, "name", "%[1]s %[3]q must be kebab-case", "%[2]s %[3]q phải viết dạng kebab-case (chữ thường, nối bằng gạch nối)", n.key, n.vi, id)
}

var (
	stateNoun        = noun{key: "state", vi: "bước", list: "states"}
	componentNoun    = noun{key: "component", vi: "thành phần hồ sơ", list: "components"}
	fieldNoun        = noun{key: "field", vi: "trường thông tin", list: "fields", dotted: true}
	variantNoun      = noun{key: "variant", vi: "trường hợp", list: "variants"}
	cellNoun         = noun{key: "cell", vi: "ô thời gian", list: "cells"}
	stageNoun        = noun{key: "stage", vi: "giai đoạn", list: "stages"}
	consultationNoun = noun{key: "consultation", vi: "việc lấy ý kiến", list: "consultations"}
	linkNoun         = noun{key: "link", vi: "hồ sơ liên thông", list: "links"}

	departmentNoun = noun{key: "department", vi: "đơn vị"}
	roleNoun       = noun{key: "role", vi: "vai trò"}
	eventNoun      = noun{key: "event", vi: "sự kiện"}
	partnerNoun    = noun{key: "partner", vi: "cơ quan phối hợp"}
)

// role checks how a department and a role are written.
func (l *linter) role(path string, r RoleIn) {
	if r.Department != "" && !kebab.MatchString(r.Department) {
		l.kebab(path+"/department", departmentNoun, r.Department)
	}
	if r.Role != "" && !kebab.MatchString(r.Role) {
		l.kebab(path+"/role", roleNoun, r.Role)
	}
}

// effective checks that the version comes into effect, and ends after that.
func (l *linter) effective() {
	switch e := l.Effective; {
	case e.From.IsZero():
		l.errorf("/effective/from", "effective", "effective.from is required: the first day on which dossiers start under this version",
			"cần có effective.from: ngày đầu tiên hồ sơ được tiếp nhận theo phiên bản này")
	case !e.To.IsZero() && !e.From.Before(e.To):
		l.errorf("/effective/to", "effective", "effective.to %[1]s must come after effective.from %[2]s", "effective.to %[1]s phải sau effective.from %[2]s", e.To, e.From)
	}
}
