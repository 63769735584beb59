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
	name := t.clockName(k)
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
		l.Detail.VI += ", đến hạn " + engine.MomentText(k.Due).VI
		l.Detail.EN += ", due " + engine.MomentText(k.Due).EN
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
// bind, those of linked dossiers by the part.
func (t *teller) clockName(k engine.Clock) engine.Text {
	name, which := word(clockWords, string(k.Kind)), engine.Text{}
	switch k.Kind {
	case engine.ClockConsultation:
		which = both(k.Department)
	case engine.ClockLink, engine.ClockReceipt:
		which = t.part(engine.Linked{Link: k.Subject})
	}
	if which.VI == "" {
		return name
	}
	return engine.Text{VI: name.VI + " (" + which.VI + ")", EN: name.EN + " (" + which.EN + ")"}
}

// stopped tells a clock that ended.
func (t *teller) stopped(f engine.Fact, l *Line) {
	l.Clock, l.Due, l.Verdict = string(f.Clock.Kind), f.Clock.Due, f.Clock.Verdict
	l.What = engine.Text{VI: "dừng tính hạn", EN: "clock stopped"}
	name, verdict := t.clockName(*f.Clock), word(verdicts, string(f.Clock.Verdict))
	l.Detail = engine.Text{VI: name.VI + ": " + verdict.VI, EN: name.EN + ": " + verdict.EN}
}

// rung tells a rung that fired, and whom it told.
func (t *teller) rung(f engine.Fact, l *Line) {
	r := f.Rung
	l.Rung, l.Raise = r.Rung, r.Raise
	l.What = engine.Text{VI: "cảnh báo", EN: "warning"}
	said := rungWords(r.Rung)
	vi, en := said.VI, said.EN
	switch raise := word(raiseWords, r.Raise); {
	case r.Nobody:
		vi, en = vi+": không tìm thấy ai để báo, kể cả cấp trên", en+": nobody found to tell, nor anybody above"
	case r.Raise != "":
		vi, en = vi+": "+raise.VI, en+": "+raise.EN
	}
	if r.Late {
		vi, en = vi+" (ghi nhận muộn)", en+" (noticed late)"
	}
	var toldVI, toldEN []string
	l.Told = t.recipients(f)
	for _, told := range l.Told {
		said := t.addressed(told)
		toldVI, toldEN = append(toldVI, said.VI), append(toldEN, said.EN)
	}
	if len(toldVI) > 0 && !r.Nobody {
		vi, en = vi+"; báo cho "+strings.Join(toldVI, "; "), en+"; told "+strings.Join(toldEN, "; ")
	}
	if r.Event != "" {
		name := t.event(r.Event, t.c.State, "")
		vi, en = vi+"; kích hoạt "+name.VI+" ("+r.Event+")", en+"; fires "+name.EN+" ("+r.Event+")"
	}
	if r.Open != "" {
		vi, en = vi+"; mở hồ sơ của thủ tục "+r.Open, en+"; opens a dossier of "+r.Open
	}
	l.Detail = engine.Text{VI: vi, EN: en}
}
