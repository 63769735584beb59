package engine

import (
	"strconv"
	"strings"
	"time"

	"motcua/engine/calendar"
)

// In is the text in a language; Vietnamese unless it is "en" and there is English.
func (t Text) In(lang string) string {
	if lang == "en" && t.EN != "" {
		return t.EN
	}
	return t.VI
}

var weekdaysVI = [...]string{"CN", "T2", "T3", "T4", "T5", "T6", "T7"}

// WeekdayText is a day of the week, in short.
func WeekdayText(day time.Weekday) Text {
	return Text{VI: weekdaysVI[day], EN: day.String()[:3]}
}

// MomentText is a moment as people read it, with seconds only where there are any.
func MomentText(m time.Time) Text {
	m = m.In(calendar.Zone())
	clock := clockOf(m)
	return Text{
		VI: weekdaysVI[m.Weekday()] + " " + m.Format("02/01/2006 ") + clock,
		EN: m.Format("Mon 2006-01-02 ") + clock,
	}
}

func clockOf(m time.Time) string {
	switch {
	case m.Nanosecond() != 0:
		return m.Format("15:04:05.000")
	case m.Second() != 0:
		return m.Format("15:04:05")
	}
	return m.Format("15:04")
}

// datesText is a day, or the first and the last of several.
func datesText(first, last calendar.Date) Text {
	out := dateText(first)
	if last != first {
		end := dateText(last)
		out = Text{VI: out.VI + " – " + end.VI, EN: out.EN + " – " + end.EN}
	}
	return out
}

func dateText(d calendar.Date) Text {
	m := d.Midnight()
	return Text{VI: weekdaysVI[m.Weekday()] + " " + m.Format("02/01/2006"), EN: m.Format("Mon 2006-01-02")}
}

// unitWords are the words behind a number of units.
var unitWords = map[calendar.Unit]Text{
	calendar.Second:        {VI: "giây", EN: "seconds"},
	calendar.Minute:        {VI: "phút", EN: "minutes"},
	calendar.Hour:          {VI: "giờ", EN: "hours"},
	calendar.Day:           {VI: "ngày", EN: "days"},
	calendar.Month:         {VI: "tháng", EN: "months"},
	calendar.WorkingMinute: {VI: "phút làm việc", EN: "working minutes"},
	calendar.WorkingHour:   {VI: "giờ làm việc", EN: "working hours"},
	calendar.WorkingDay:    {VI: "ngày làm việc", EN: "working days"},
}

func durationText(d calendar.Duration) Text { return CountText(d.Value, d.Unit) }

// CountText is a number of units of time; English has another word for one.
func CountText(n int64, unit calendar.Unit) Text { return countText(n, unitWords[unit]) }

func countText(n int64, word Text) Text {
	number := strconv.FormatInt(n, 10)
	if n == 1 {
		word.EN = strings.TrimSuffix(word.EN, "s")
	}
	return Text{VI: number + " " + word.VI, EN: number + " " + word.EN}
}

// amountText is an amount in the base of a unit.
func amountText(n int64, unit calendar.Unit) Text {
	switch {
	case unit == calendar.WorkingDay:
		return CountText(n, unit)
	case unit.Daily():
		return CountText(n, calendar.Day)
	}
	out := lengthText(time.Duration(n) * time.Millisecond)
	if unit.Working() {
		out = Text{VI: out.VI + " làm việc", EN: out.EN + " of working time"}
	}
	return out
}

// lengthText is a length of time in days, hours and minutes; below a minute in
// seconds.
func lengthText(d time.Duration) Text {
	const day = 24 * time.Hour
	var vi, en []string
	for _, part := range []struct {
		n    int64
		unit calendar.Unit
	}{
		{int64(d / day), calendar.Day},
		{int64(d % day / time.Hour), calendar.Hour},
		{int64(d % time.Hour / time.Minute), calendar.Minute},
	} {
		if part.n > 0 {
			said := CountText(part.n, part.unit)
			vi, en = append(vi, said.VI), append(en, said.EN)
		}
	}
	if len(vi) == 0 {
		return CountText(int64(d/time.Second), calendar.Second)
	}
	return Text{VI: strings.Join(vi, " "), EN: strings.Join(en, " ")}
}

// kindWords say what a stretch was.
var kindWords = map[string]Text{
	string(calendar.Working):       {VI: "giờ làm việc", EN: "working time"},
	string(calendar.MakeUpWorking): {VI: "làm bù", EN: "make-up working day"},
	string(calendar.Closed):        {VI: "ngoài giờ làm việc", EN: "outside office hours"},
	string(calendar.WeeklyRest):    {VI: "nghỉ hằng tuần", EN: "weekly rest"},
	string(calendar.PublicHoliday): {VI: "nghỉ lễ, tết", EN: "public holiday"},
	string(calendar.Compensatory):  {VI: "nghỉ bù", EN: "compensatory rest"},
	string(calendar.SwappedOff):    {VI: "nghỉ hoán đổi", EN: "swapped day off"},
	string(calendar.Truncated):     {VI: "phần còn lại không liệt kê", EN: "the rest is not listed"},
	StretchSuspended:               {VI: "tạm dừng tính thời hạn", EN: "suspended"},
	StretchNotYet:                  {VI: "chưa bắt đầu tính", EN: "not yet counting"},
	StretchOverdue:                 {VI: "quá hạn", EN: "overdue"},
	RuleFirstDay:                   {VI: "ngày đầu tiên không tính", EN: "the first day is not counted"},
	RuleUsedUp:                     {VI: "đã dùng hết thời hạn, đến giờ đóng cửa", EN: "the limit was used up, up to closing time"},
	RuleLastDay:                    {VI: "ngày cuối dời sang ngày làm việc tiếp theo", EN: "the last day moved to the next working day"},
}

// StretchText says what a stretch of a clock's life was, or a day of a calendar.
func StretchText(kind string) Text {
	if said, ok := kindWords[kind]; ok {
		return said
	}
	return Text{VI: kind, EN: kind}
}

// nameText is what a day is called and the document that decided it.
func nameText(name, basis string) Text {
	out := basisText(basis)
	if name != "" {
		out = Text{VI: ": " + name + out.VI, EN: ": " + name + out.EN}
	}
	return out
}

func basisText(basis string) Text {
	if basis == "" {
		return Text{}
	}
	return Text{VI: " (" + basis + ")", EN: " (" + basis + ")"}
}

// limitWords name the clocks.
var limitWords = map[ClockKind]Text{
	ClockStatutory:    {VI: "Thời hạn theo quy định", EN: "Statutory limit"},
	ClockCommitted:    {VI: "Thời hạn cam kết", EN: "Committed limit"},
	ClockStep:         {VI: "Thời hạn của bước", EN: "Step limit"},
	ClockHandoff:      {VI: "Thời hạn nhận bàn giao", EN: "Handoff limit"},
	ClockStage:        {VI: "Thời hạn của giai đoạn", EN: "Stage limit"},
	ClockSuspension:   {VI: "Thời hạn tạm dừng", EN: "Suspension limit"},
	ClockStandstill:   {VI: "Tổng thời gian tạm dừng", EN: "Limit of all suspensions"},
	ClockWait:         {VI: "Thời gian chờ", EN: "Waiting period"},
	ClockConsultation: {VI: "Thời hạn cho ý kiến", EN: "Consultation limit"},
	ClockIntake:       {VI: "Thời hạn tiếp nhận", EN: "Intake limit"},
	ClockLink:         {VI: "Thời hạn của hồ sơ liên thông", EN: "Linked dossier limit"},
	ClockReceipt:      {VI: "Thời hạn xác nhận đã nhận", EN: "Receipt limit"},
	ClockAlarm:        {VI: "Thời hạn xác nhận cảnh báo", EN: "Acknowledgement limit"},
}
