package engine

import (
	"fmt"
	"slices"

	"motcua/engine/calendar"
)

// suspensions checks that a stopped clock is bounded and has a way out.
func (l *linter) suspensions() {
	for i, s := range l.States {
		if !s.AwaitsApplicant() || s.Expires != nil {
			continue
		}
		path := fmt.Sprintf("/states/%d", i)
		if l.Suspension == nil {
			l.warnf(path+"/clock", "unbounded-suspension", "state %q suspends the clock without a bound: declare suspension or expires", "bước %q tạm dừng thời hạn không giới hạn: hãy khai báo suspension hoặc expires", s.ID)
			continue
		}
		e, _ := l.expiry(s)
		l.answersExpiry(path, s, path+"/on", e)
		l.leavesSuspension(path, s)
	}
	if l.Suspension == nil {
		return
	}
	l.takesTime("/suspension/max", l.Suspension.Max)
	if !l.anyState(State.AwaitsApplicant) {
		l.warnf("/suspension", "suspension-unused", "no state suspends the clock for the applicant", "không bước nào tạm dừng thời hạn để chờ người nộp hồ sơ")
	}
}

func (l *linter) leavesSuspension(path string, s State) {
	for j, t := range s.On {
		if to, ok := l.State(t.To); ok && t.Event == l.Suspension.OnExpiry && to.Suspended() && to.ID != s.ID {
			l.errorf(fmt.Sprintf("%s/on/%d/to", path, j), "expiry-suspended", "an expired suspension must leave the suspension, not enter %q", "hết thời gian tạm dừng phải thoát khỏi tạm dừng, không thể vào %q", to.ID)
		}
	}
}

// limits checks when the clocks of the dossier start, before and after
// acceptance, and what a day of the step table is.
func (l *linter) limits() {
	if c := l.Limits.Cutoff; c != nil {
		l.cutoff("/limits/cutoff", *c)
	}
	l.startsOn()
	if n := l.Limits.Intake; n != nil {
		l.intake(*n)
	}
	switch d := l.Limits.WorkingDay; {
	case d.IsZero():
	case d.Unit != calendar.WorkingHour && d.Unit != calendar.WorkingMinute, d.Amount() <= 0:
		l.errorf("/limits/working_day", "working-day", "a working day is a number of working hours or minutes, such as 8wh, not %s", "một ngày làm việc tính bằng giờ hoặc phút làm việc, ví dụ 8wh, không phải %s", d)
	}
}

// cutoff checks that a cut-off says one moment of the day.
func (l *linter) cutoff(path string, c Cutoff) {
	switch d := c.BeforeClose; {
	case (c.At > 0) == !d.IsZero():
		l.errorf(path, "cutoff", "a cut-off needs exactly one of at, a time of day after 00:00, and before_close", "giờ chốt cần đúng một trong at (giờ trong ngày, sau 00:00) và before_close")
	case c.At >= calendar.EndOfDay:
		l.errorf(path+"/at", "cutoff", "a cut-off needs a time of day before 24:00", "giờ chốt phải trước 24:00")
	case !d.IsZero() && (d.Unit != calendar.Minute && d.Unit != calendar.Hour || d.Amount() >= l.workingDay()):
		l.errorf(path+"/before_close", "cutoff", "before_close is a number of minutes or hours, such as 1h, shorter than a working day, not %s",
			"before_close tính bằng phút hoặc giờ, ví dụ 1h, và ngắn hơn một ngày làm việc, không phải %s", d)
	}
}

// workingDay is how long a working day is, in milliseconds.
func (m *Machine) workingDay() int64 {
	if d := m.Limits.WorkingDay.Amount(); d > 0 {
		return d
	}
	return calendar.Duration{Value: 8, Unit: calendar.Hour}.Amount()
}

// startsOn checks that a limit that starts on receipt can be received.
func (l *linter) startsOn() {
	if l.Limits.StartsOn != StartsOnReceipt {
		return
	}
	if s, ok := l.State(l.Limits.Starts); !ok || s.Handoff == nil || s.ID == l.Initial().ID {
		l.errorf("/limits/starts_on", "starts-on", "the limit starts when state %q is received, and nothing is handed over to it: it needs a handoff, and cannot be the first state",
			"thời hạn tính từ khi bên nhận tiếp nhận ở bước %q, nhưng bước này không có bàn giao: cần khai báo handoff và không thể là bước đầu tiên", l.Limits.Starts)
	}
}

// intake checks the clock before acceptance: that it has an end, and comes
// before it.
func (l *linter) intake(n Intake) {
	const path = "/limits/intake"
	l.takesTime(path+"/within", n.Within)
	switch l.Limits.Starts {
	case "":
		l.errorf(path, "intake", "the intake ends with acceptance: limits.starts must name the state", "hạn tiếp nhận kết thúc khi hồ sơ được tiếp nhận: limits.starts phải nêu bước đó")
	case l.Initial().ID:
		l.errorf(path, "intake", "a dossier is accepted the moment it starts, in state %q, so its intake never runs", "hồ sơ được tiếp nhận ngay khi bắt đầu ở bước %q nên hạn tiếp nhận không bao giờ chạy", l.Limits.Starts)
	}
	for i, c := range n.Channels {
		if slices.Contains(n.Channels[:i], c) {
			l.errorf(fmt.Sprintf("%s/channels/%d", path, i), "channel-twice", "channel %q is named twice", "kênh %q được nêu hai lần", c)
		}
	}
}

// override checks who must endorse an override.
func (l *linter) override() {
	if o := l.Override; o != nil && o.Approval != nil {
		l.role("/override/approval", *o.Approval)
	}
}
