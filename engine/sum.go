package engine

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"motcua/engine/calendar"
)

// Sum is the account of the step times of one case of a procedure, against its
// limit. In every provincial step table read they are equal.
type Sum struct {
	Variant string            `json:"variant,omitempty"`
	Limit   calendar.Duration `json:"limit"` // committed, else statutory
	// Steps are those of the normal path, from the start of the legal clock
	// until the result is decided.
	Steps []StepTime `json:"steps"`
	// Comparable says that limit and steps are of one kind of time.
	Comparable bool `json:"comparable"`
	// Total and Wanted are milliseconds of working or of plain time, or days.
	Total  int64 `json:"total"`
	Wanted int64 `json:"wanted"`

	kind kindOfTime
}

// StepTime is what one step adds.
type StepTime struct {
	State  string            `json:"state"`
	Within calendar.Duration `json:"within,omitzero"`
	Stage  string            `json:"stage,omitempty"`
	// By says whose time it is where it is not the step's own: "cell <id>",
	// "consultation <id>", "link <id>", "expires".
	By string `json:"by,omitempty"`
	// Counted before: a further step of a cell.
	Shared bool `json:"shared,omitempty"`
	// Zero says that the step takes no counted time, on purpose.
	Zero bool `json:"zero,omitempty"`

	span span
}

// Holds says whether the steps add up to the limit.
func (s Sum) Holds() bool { return s.Comparable && s.Total == s.Wanted }

// ZeroTime lists the steps that take no counted time.
func (s Sum) ZeroTime() []string {
	var out []string
	for _, t := range s.Steps {
		if t.Zero {
			out = append(out, t.State)
		}
	}
	return out
}

// Sums accounts for the procedure as such and for each variant. It is empty
// for a procedure without limit.
func (m *Machine) Sums() []Sum {
	var out []Sum
	start, ok := m.index[m.Limits.Starts]
	if !ok {
		return nil
	}
	for _, v := range m.variantIDs() {
		limits := m.LimitsOf(v)
		limit := limits.Statutory
		if !limits.Committed.IsZero() {
			limit = limits.Committed
		}
		if !limit.IsZero() {
			out = append(out, m.account(v, limit, m.normalPath(v, start)))
		}
	}
	return out
}

func (m *Machine) account(variant string, limit calendar.Duration, steps []StepTime) Sum {
	wanted := m.spanOf(limit)
	s := Sum{Variant: variant, Limit: limit, Steps: steps, Comparable: wanted.kind != "", Wanted: wanted.n, kind: wanted.kind}
	for _, t := range steps {
		s.Comparable = s.Comparable && t.span.same(wanted)
		s.Total += t.span.n
	}
	return s
}

// normalPath lists the steps of the longest path of transitions that lead
// forward in the order of declaration, until the legal clock stops. Loops back
// are not normal, nor is what a condition on the variant rules out.
func (m *Machine) normalPath(variant string, start int) []StepTime {
	n := len(m.States)
	rest, next, by := make([]int64, n), make([]int, n), make([]Transition, n)
	for i := n - 1; i >= start; i-- {
		next[i] = -1
		if m.States[i].Outcome != "" {
			continue
		}
		for k, t := range m.States[i].On {
			j, ok := m.index[t.To]
			if !ok || j <= i || !m.possible(t.When, variant) || m.forestalled(m.States[i].On[:k], t.Event, variant) {
				continue
			}
			if r := m.stepTime(variant, &m.States[i], t, m.States[j]).span.n + rest[j]; next[i] < 0 || r > rest[i] {
				rest[i], next[i], by[i] = r, j, t
			}
		}
	}
	var steps []StepTime
	var from *State
	via := Transition{}
	for i := start; i >= 0 && m.States[i].Outcome == ""; i = next[i] {
		steps = append(steps, m.stepTime(variant, from, via, m.States[i]))
		from, via = &m.States[i], by[i]
	}
	return steps
}

// possible says whether a condition may hold in a variant: only one that rests
// on nothing else is judged.
func (m *Machine) possible(c Condition, variant string) bool {
	if e, ok := m.guards.expressions[c]; ok && slices.Equal(e.names, []string{varVariant}) {
		return m.Holds(c, Case{Variant: variant})
	}
	return c != Never
}

// forestalled says whether another transition of the event surely happens
// first.
func (m *Machine) forestalled(before []Transition, event, variant string) bool {
	return slices.ContainsFunc(before, func(t Transition) bool {
		e, judged := m.guards.expressions[t.When]
		return t.Event == event && judged && slices.Equal(e.names, []string{varVariant}) && m.possible(t.When, variant)
	})
}

// stepTime is what a state adds when it is entered from another: nothing where
// the legal clock stands still or a cell goes on, else the longest of its
// limit, its expiry, and the consultations and linked dossiers it waits for.
func (m *Machine) stepTime(variant string, from *State, via Transition, s State) StepTime {
	t := StepTime{State: s.ID, Stage: s.Stage, Zero: s.ZeroTime}
	if s.Outcome != "" || s.Suspended() || s.ZeroTime {
		return t
	}
	t.Within = m.WithinOf(variant, s)
	switch {
	case s.Cell != "" && from != nil && from.Cell == s.Cell:
		t.By, t.Shared, t.Within = "cell "+s.Cell, true, calendar.Duration{}
		return t
	case s.Cell != "":
		t.By = "cell " + s.Cell
	case s.Expires != nil && t.Within.IsZero():
		t.By, t.Within = "expires", s.Expires.After
	}
	t.span = m.spanOf(t.Within)
	for _, id := range m.joins(via, s) {
		c, _ := m.consultation(id)
		if within := m.consultWithin(variant, c); m.spanOf(within).n > t.span.n {
			t.By, t.Within, t.span = "consultation "+id, within, m.spanOf(within)
		}
	}
	for _, id := range via.Link {
		if l, _ := m.linkRule(id); s.awaitsLinks() && m.spanOf(l.Within).n > t.span.n {
			t.By, t.Within, t.span = "link "+id, l.Within, m.spanOf(l.Within)
		}
	}
	return t
}

// awaitsLinks says whether the state waits for linked dossiers.
func (s State) awaitsLinks() bool {
	return slices.ContainsFunc(s.On, func(t Transition) bool { return t.By == ByLinks })
}

// joins lists the consultations that run while the dossier stands in a state
// that waits for their conclusion: those started on entering it, or in it.
func (m *Machine) joins(via Transition, s State) []string {
	if !slices.ContainsFunc(s.On, func(t Transition) bool {
		return t.By == ByConsultation || slices.Contains(t.Needs, NeedConsultations)
	}) {
		return nil
	}
	out := slices.Clone(via.Start)
	for _, t := range s.On {
		if t.Stays() {
			out = append(out, t.Start...)
		}
	}
	return out
}

// kindOfTime tells amounts of time apart that cannot be compared.
type kindOfTime string

const (
	workingTime kindOfTime = "working" // milliseconds
	plainTime   kindOfTime = "plain"   // milliseconds
	civilDays   kindOfTime = "days"
	workingDays kindOfTime = "working days"
)

// span is an amount of time, only to compare sums with, never to compute a due
// date.
type span struct {
	kind kindOfTime
	n    int64
}

// same says whether two spans can be compared; no time can, with any.
func (s span) same(as span) bool { return s.n == 0 || s.kind == as.kind }

// spanOf is a limit as a step table counts it: where the definition says how
// many working hours the table takes for a day, a day of either kind is so
// many (provincial tables write a limit of 30 ngày as 240 giờ). The same
// working day, "0wd", is at most one.
func (m *Machine) spanOf(d calendar.Duration) span {
	day := m.Limits.WorkingDay.Amount()
	switch d.Unit {
	case calendar.WorkingHour, calendar.WorkingMinute:
		return span{workingTime, d.Amount()}
	case calendar.Second, calendar.Minute, calendar.Hour:
		return span{plainTime, d.Amount()}
	case calendar.WorkingDay, calendar.Day, calendar.Month:
		days := max(d.Amount(), 1)
		switch {
		case day > 0:
			return span{workingTime, days * day}
		case d.Unit == calendar.WorkingDay:
			return span{workingDays, days}
		}
		return span{civilDays, days}
	}
	return span{}
}

// words says the amount.
func (s span) words() (en, vi string) {
	const hour = 3_600_000
	switch s.kind {
	case workingTime:
		number := strconv.FormatFloat(math.Round(float64(s.n)/hour*100)/100, 'f', -1, 64)
		return number + " working hours", strings.Replace(number, ".", ",", 1) + " giờ làm việc"
	case plainTime:
		plain := (time.Duration(s.n) * time.Millisecond).String()
		return plain, plain
	case workingDays:
		return fmt.Sprintf("%d working days", s.n), fmt.Sprintf("%d ngày làm việc", s.n)
	}
	return fmt.Sprintf("%d days", s.n), fmt.Sprintf("%d ngày", s.n)
}
