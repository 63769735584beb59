package scenario

import (
	"strings"
	"time"

	"motcua/engine"
)

// clock tells a clock that starts, stands still or runs on.
func (t *teller) clock(f engine.Fact, l *Line) {
	k := *f.Clock
	l.Clock, l.Due = string(k.Kind), k.Due
	name := clockName(k)
	switch f.Kind {
	case engine.FactClockSuspended:
		l.What = engine.Text{VI: "tạm dừng tính hạn", EN: "clock suspended"}
		l.Detail = name
		return
	case engine.FactClockResumed:
		l.What = engine.Text{VI: "tính tiếp", EN: "clock resumed"}
	default:
		l.What = engine.Text{VI: "bắt đầu tính hạn", EN: "clock started"}
	}
	l.Detail = engine.Text{VI: name.VI + " " + k.Budget.String(), EN: name.EN + " " + k.Budget.String()}
	if k.Running() { // an extension may replace a clock that stands still
		l.Detail.VI += ", đến hạn " + momentVI(k.Due)
		l.Detail.EN += ", due " + momentEN(k.Due)
	}
	l.Notes = append(l.Notes, t.rules(k)...)
}

// rules are those the due moment rests on, but for the first: it repeats budget
// and calendar, which are said already. The stretches of the clock's life are
// not asked for; a limit of years has thousands.
func (t *teller) rules(k engine.Clock) []engine.Text {
	k.Spans, k.RunningSince = nil, time.Time{}
	return t.Explain(k, k.StartedAt).Rules[1:]
}

// clockName names a clock; those of a consultation are told apart by whom they
// bind.
func clockName(k engine.Clock) engine.Text {
	name := word(clockWords, string(k.Kind))
	if k.Kind == engine.ClockConsultation {
		name.VI, name.EN = name.VI+" ("+k.Department+")", name.EN+" ("+k.Department+")"
	}
	return name
}

// stopped tells a clock that ended.
func (t *teller) stopped(f engine.Fact, l *Line) {
	l.Clock, l.Due, l.Verdict = string(f.Clock.Kind), f.Clock.Due, f.Clock.Verdict
	l.What = engine.Text{VI: "dừng tính hạn", EN: "clock stopped"}
	name, verdict := clockName(*f.Clock), word(verdicts, string(f.Clock.Verdict))
	l.Detail = engine.Text{VI: name.VI + ": " + verdict.VI, EN: name.EN + ": " + verdict.EN}
}

// rung tells a rung that fired, and whom it told.
func (t *teller) rung(f engine.Fact, l *Line) {
	r := f.Rung
	l.Rung, l.Raise = r.Rung, r.Raise
	l.What = engine.Text{VI: "cảnh báo", EN: "warning"}
	said := rungWords(r.Rung)
	vi, en := said.VI, said.EN
	if r.Raise != "" {
		raise := word(raiseWords, r.Raise)
		vi, en = vi+": "+raise.VI, en+": "+raise.EN
	}
	if r.Late {
		vi, en = vi+" (ghi nhận muộn)", en+" (noticed late)"
	}
	var toldVI, toldEN []string
	for _, role := range r.Notify {
		told := Told{Role: role, Officers: t.recipients(role, t.desk(f.Rung.Clock))}
		l.Told = append(l.Told, told)
		names, who := t.names(told.Officers), word(roleWords, role)
		toldVI, toldEN = append(toldVI, who.VI+names), append(toldEN, who.EN+names)
	}
	if len(toldVI) > 0 {
		vi, en = vi+"; báo cho "+strings.Join(toldVI, "; "), en+"; told "+strings.Join(toldEN, "; ")
	}
	l.Detail = engine.Text{VI: vi, EN: en}
}

func momentVI(m time.Time) string {
	m = m.In(zone)
	days := [...]string{"CN", "T2", "T3", "T4", "T5", "T6", "T7"}
	return days[m.Weekday()] + " " + m.Format("02/01/2006 "+clockFormat(m))
}

func momentEN(m time.Time) string {
	m = m.In(zone)
	return m.Format("Mon 2006-01-02 " + clockFormat(m))
}

// clockFormat shows seconds only where there are any.
func clockFormat(m time.Time) string {
	switch {
	case m.Nanosecond() != 0:
		return "15:04:05.000"
	case m.Second() != 0:
		return "15:04:05"
	}
	return "15:04"
}
