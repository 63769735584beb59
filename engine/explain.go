package engine

import (
	"fmt"
	"time"

	"motcua/engine/calendar"
)

// Stretch is one interval of the life of a clock and what it was: counted or
// not, and by which rule or day off.
type Stretch struct {
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Kind   string    `json:"kind"` // a calendar.DayKind, "closed", "suspended" or "not-yet-counting"
	Counts bool      `json:"counts"`
	Name   string    `json:"name,omitempty"`
	Basis  string    `json:"basis,omitempty"`
}

// Explanation says how the due moment of a clock came about.
type Explanation struct {
	Budget   calendar.Duration `json:"budget"`
	Consumed int64             `json:"consumed"` // base amount, up to the last suspension
	Due      time.Time         `json:"due,omitzero"`
	Rules    []Text            `json:"rules"`
	Timeline []Stretch         `json:"timeline"`
}

// Explain lists every stretch that makes up a clock's due moment: until the
// due moment for a running clock, until now for a suspended one.
func (r Rules) Explain(k Clock, now time.Time) Explanation {
	e := Explanation{Budget: k.Budget, Consumed: k.Consumed, Due: k.Due, Rules: r.rules(k)}
	if k.CountsFrom.After(k.StartedAt) {
		e.Timeline = append(e.Timeline, Stretch{From: k.StartedAt, To: k.CountsFrom, Kind: "not-yet-counting", Name: k.Rule})
	}
	for _, s := range k.Spans {
		e.Timeline = append(e.Timeline, r.stretch(s, k.Budget.Unit)...)
	}
	if k.Running() {
		e.Timeline = append(e.Timeline, r.stretch(Span{From: k.RunningSince, To: k.Due}, k.Budget.Unit)...)
	} else if k.Open() {
		e.Timeline = append(e.Timeline, Stretch{From: r.standstill(k), To: now, Kind: "suspended"})
	}
	return e
}

func (r Rules) stretch(s Span, unit calendar.Unit) []Stretch {
	if s.Suspended {
		return []Stretch{{From: s.From, To: s.To, Kind: "suspended", Name: s.Reason}}
	}
	var out []Stretch
	for _, i := range r.Cal.Intervals(s.From, s.To) {
		out = append(out, Stretch{From: i.From, To: i.To, Kind: string(i.Kind), Counts: i.Working || !unit.Working(), Name: i.Name, Basis: i.Basis})
	}
	return out
}

// rules names, in words, what decided the due moment.
func (r Rules) rules(k Clock) []Text {
	var out []Text
	say := func(vi, en string, args ...any) {
		out = append(out, Text{VI: fmt.Sprintf(vi, args...), EN: fmt.Sprintf(en, args...)})
	}
	say("Thời hạn %s, theo lịch %s phiên bản %d", "limit %s by calendar %s version %d", k.Budget, r.Cal.Code(), r.Cal.Version())
	if !k.Extended.IsZero() {
		say("Trong đó đã gia hạn thêm %s", "of which %s by extension", k.Extended)
	}
	switch {
	case k.Budget.Unit == calendar.WorkingDay && k.Budget.Value == 0:
		say("Giải quyết ngay trong ngày làm việc: hết hạn khi hết giờ làm việc", "the same working day: due at its close")
	case k.Budget.Unit.Daily():
		say("Ngày đầu tiên không tính (Bộ luật Dân sự Điều 147)", "the first day is not counted (Civil Code art. 147)")
	default:
		say("Tính từ thời điểm bắt đầu (Bộ luật Dân sự Điều 147)", "counted from the moment it starts (Civil Code art. 147)")
	}
	if k.CountsFrom.After(k.StartedAt) {
		say("Tiếp nhận sau giờ chốt (%s): tính từ ngày làm việc tiếp theo", "accepted after the cut-off (%s): counts from the next working day", k.Rule)
	}
	if k.Provisional {
		say("Tạm tính: lịch nghỉ chỉ được công bố đến %s", "provisional: days off are announced until %s only", r.Cal.Spec().KnownUntil)
	}
	return out
}
