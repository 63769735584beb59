package engine

import (
	"fmt"
	"regexp"
	"slices"
)

// linter gathers the findings of the rules that look at a definition as a
// whole: names, the graph, and time.
type linter struct {
	*Machine
	findings Findings
}

// lint runs the rules whose premises hold: the graph is looked at once every
// name is known, the sums once the graph is sound.
func lint(m *Machine) Findings {
	l := &linter{Machine: m}
	l.names()
	l.effective()
	l.states()
	l.ladder()
	l.cutoff()
	l.suspensions()
	if l.findings.Err() == nil {
		l.graph()
	}
	if l.findings.Err() == nil {
		l.sums()
	}
	return l.findings
}

func (l *linter) errorf(path, code, format string, args ...any) {
	l.findings = append(l.findings, Finding{Path: path, Code: code, Message: fmt.Sprintf(format, args...), Severity: SeverityError})
}

func (l *linter) warnf(path, code, format string, args ...any) {
	l.findings = append(l.findings, Finding{Path: path, Code: code, Message: fmt.Sprintf(format, args...), Severity: SeverityWarning})
}

var (
	kebab  = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	dotted = regexp.MustCompile(`^[a-z][a-z0-9]*([._-][a-z0-9]+)*$`)
	code   = regexp.MustCompile(`^[A-Za-z0-9]+([.-][A-Za-z0-9]+)*$`) // national d.dddddd, or an agency's own sign
)

// forms says in words how an id must be written.
var forms = map[*regexp.Regexp]string{
	kebab:  "kebab-case",
	dotted: "lower-case words joined by dots, hyphens or underscores",
}

// names checks that every id is well formed and said once.
func (l *linter) names() {
	if !code.MatchString(l.Code) {
		l.errorf("/code", "name", "code %q may hold letters, digits, dots and hyphens only", l.Code)
	}
	var seen []string
	for i, s := range l.States {
		path := fmt.Sprintf("/states/%d/id", i)
		if !kebab.MatchString(s.ID) {
			l.errorf(path, "name", "state %q must be kebab-case", s.ID)
		}
		if slices.Contains(seen, s.ID) {
			l.errorf(path, "duplicate-state", "state %q is declared twice", s.ID)
		}
		seen = append(seen, s.ID)
	}
	l.unique("components", "component", kebab, ids(l.Components, func(c Component) string { return c.ID }))
	l.unique("fields", "field", dotted, ids(l.Fields, func(f Field) string { return f.ID }))
}

// effective checks that the version comes into effect, and ends after that.
func (l *linter) effective() {
	switch e := l.Effective; {
	case e.From.IsZero():
		l.errorf("/effective/from", "effective", "effective.from is required: the first day on which dossiers start under this version")
	case !e.To.IsZero() && !e.From.Before(e.To):
		l.errorf("/effective/to", "effective", "effective.to %s must come after effective.from %s", e.To, e.From)
	}
}

func ids[T any](list []T, id func(T) string) []string {
	out := make([]string, len(list))
	for i, x := range list {
		out[i] = id(x)
	}
	return out
}

func (l *linter) unique(list, noun string, form *regexp.Regexp, ids []string) {
	for i, id := range ids {
		path := fmt.Sprintf("/%s/%d/id", list, i)
		if !form.MatchString(id) {
			l.errorf(path, "name", "%s %q must be %s", noun, id, forms[form])
		}
		if slices.Contains(ids[:i], id) {
			l.errorf(path, "duplicate-"+noun, "%s %q is declared twice", noun, id)
		}
	}
}

// states checks each state by itself.
func (l *linter) states() {
	for i, s := range l.States {
		path := fmt.Sprintf("/states/%d", i)
		switch {
		case s.Final && len(s.On) > 0:
			l.errorf(path+"/on", "final-with-events", "final state %q answers to events", s.ID)
		case s.Final && s.Outcome == "":
			l.errorf(path, "final-without-outcome", "final state %q has no outcome", s.ID)
		case !s.Final && len(s.On) == 0:
			l.errorf(path, "dead-end", "state %q answers to no event and is not final", s.ID)
		}
		if l.needsOfficer(s) && (s.Department == "" || s.Role == "") {
			l.errorf(path, "nobody", "state %q needs a department and a role: its events are fired by officers", s.ID)
		}
		if s.Suspended() && !s.Within.IsZero() {
			l.errorf(path+"/within", "suspended-with-limit", "state %q suspends the clock, so its limit can never pass; bound it by suspension.max", s.ID)
		}
		if s.Suspended() && s.Handoff != nil {
			l.errorf(path+"/handoff", "suspended-with-handoff", "state %q suspends the clock, so nobody has to accept it", s.ID)
		}
		if i == 0 && (s.Final || s.Suspended()) {
			l.errorf(path, "initial", "a dossier starts in the first state, so %q may neither be final nor suspend the clock", s.ID)
		}
		l.places(path, s)
		l.transitions(path, s)
		l.references(path, s)
	}
}

// places checks how the department and the role of a state are written.
func (l *linter) places(path string, s State) {
	if s.Department != "" && !kebab.MatchString(s.Department) {
		l.errorf(path+"/department", "name", "department %q must be kebab-case", s.Department)
	}
	if s.Role != "" && !kebab.MatchString(s.Role) {
		l.errorf(path+"/role", "name", "role %q must be kebab-case", s.Role)
	}
}

func (l *linter) needsOfficer(s State) bool {
	return slices.ContainsFunc(s.On, func(t Transition) bool { return t.By == "" || t.By == ByOfficer })
}

func (l *linter) transitions(path string, s State) {
	var seen []string
	for i, t := range s.On {
		here := fmt.Sprintf("%s/on/%d", path, i)
		switch {
		case !kebab.MatchString(t.Event):
			l.errorf(here+"/event", "name", "event %q must be kebab-case", t.Event)
		case slices.Contains(ReservedEvents(), t.Event):
			l.errorf(here+"/event", "reserved-event", "event %q belongs to every procedure and cannot be declared", t.Event)
		case slices.Contains(seen, t.Event):
			l.errorf(here+"/event", "duplicate-event", "state %q answers to event %q twice", s.ID, t.Event)
		}
		seen = append(seen, t.Event)
		to, ok := l.State(t.To)
		if !ok {
			l.errorf(here+"/to", "unknown-state", "event %q leads to state %q, which is not declared", t.Event, t.To)
		}
		if t.By == ByClock && !(s.Suspended() && l.Suspension != nil && l.Suspension.OnExpiry == t.Event) {
			l.errorf(here+"/by", "clock-never", "time alone never fires event %q in state %q: only suspension.on_expiry does, in a suspended state", t.Event, s.ID)
		}
		if t.Resume != "" && (!s.Suspended() || ok && to.Suspended()) {
			l.errorf(here+"/resume", "resume-unsuspended", "event %q does not leave a suspension", t.Event)
		}
	}
}

func (l *linter) references(path string, s State) {
	for i, other := range s.NotSameOfficerAs {
		if _, ok := l.State(other); !ok {
			l.errorf(fmt.Sprintf("%s/not_same_officer_as/%d", path, i), "unknown-state", "state %q is not declared", other)
		}
	}
}
