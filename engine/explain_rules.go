package engine

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"motcua/engine/calendar"
)

// The words of [Clock.Rule], joined by commas in the order in which they came
// to hold. Some carry what they were about behind the word.
const (
	ruleCutoff      = "cutoff-"       // and the time of day
	ruleBeforeClose = "before-close-" // and how long before the office closes
	ruleCalendar    = "calendar-"     // and the code and version of the calendar
	ruleReceipt     = "receipt"
	ruleOverride    = "override"
	ruleExtension   = "extension"
	ruleRestart     = "restart"
	ruleRenew       = "renew"
	ruleMigration   = "migration"
)

// ruleOf is the first word of a rule that has one of the prefixes.
func ruleOf(rule string, prefixes ...string) string {
	for _, word := range strings.Split(rule, ",") {
		if slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(word, p) }) {
			return word
		}
	}
	return ""
}

// teller puts into words what decided a due moment.
type teller struct {
	r     Rules
	cal   *calendar.Calendar // the clock's
	k     Clock
	now   time.Time
	texts []Text
}

// say adds a sentence; the arguments are [Text]s, given to both languages, or
// what is the same in both.
func (t *teller) say(vi, en string, args ...any) {
	inVI, inEN := make([]any, len(args)), make([]any, len(args))
	for i, arg := range args {
		inVI[i], inEN[i] = arg, arg
		if text, ok := arg.(Text); ok {
			inVI[i], inEN[i] = text.VI, text.EN
		}
	}
	t.texts = append(t.texts, Text{VI: fmt.Sprintf(vi, inVI...), EN: fmt.Sprintf(en, inEN...)})
}

// rules names, in words, what decided the due moment.
func (r Rules) rules(k Clock, now time.Time) []Text {
	t := &teller{r: r, cal: r.calOf(k), k: k, now: now}
	t.say("Thời hạn %s, theo lịch %s phiên bản %d", "limit %s by calendar %s version %d", k.Budget, t.cal.Code(), t.cal.Version())
	if !k.Extended.IsZero() {
		t.say("Trong đó đã gia hạn thêm %s", "of which %s by extension", k.Extended)
	}
	t.start()
	for _, word := range strings.Split(k.Rule, ",") {
		t.word(word)
	}
	if k.Succeeds != "" {
		t.say("Thay cho thời hạn %s, vẫn được lưu để đối chiếu", "takes over from clock %s, which stays on record", k.Succeeds)
	}
	t.standstills()
	t.daysOff()
	t.lastDay()
	t.provisional()
	return t.texts
}

// start says from when it counts.
func (t *teller) start() {
	switch unit := t.k.Budget.Unit; {
	case unit == calendar.WorkingDay && t.k.Budget.Value == 0:
		t.say("Giải quyết ngay trong ngày làm việc: hết hạn khi hết giờ làm việc", "the same working day: due at its close")
	case unit.Daily():
		t.say("Ngày đầu tiên không tính (Bộ luật Dân sự Điều 147)", "the first day is not counted (Civil Code art. 147)")
	default:
		t.say("Tính từ thời điểm bắt đầu (Bộ luật Dân sự Điều 147)", "counted from the moment it starts (Civil Code art. 147)")
	}
	if t.k.Budget.Unit == calendar.Month {
		t.say("Một tháng tính là 30 ngày (Bộ luật Dân sự Điều 146)", "a month is thirty days (Civil Code art. 146)")
	}
}

// word says one word of the clock's rule.
func (t *teller) word(word string) {
	switch {
	case word == "" || word == ruleExtension && !t.k.Extended.IsZero():
	case strings.HasPrefix(word, ruleCutoff), strings.HasPrefix(word, ruleBeforeClose):
		t.cutoff(word)
	case strings.HasPrefix(word, ruleCalendar):
		code, version := cutLast(strings.TrimPrefix(word, ruleCalendar))
		t.say("Đã tính lại theo lịch %s phiên bản %s", "computed anew by calendar %s version %s", code, version)
	case word == ruleReceipt:
		t.say("Tính từ khi cơ quan có thẩm quyền nhận được hồ sơ, %s (Nghị định 309/2026 Điều 8.3)",
			"counts from when the competent agency received the dossier, %s (Nghị định 309/2026 art. 8.3)", MomentText(t.k.StartedAt))
	default:
		said := ruleWords[word]
		if said.VI == "" {
			said = Text{VI: word, EN: word}
		}
		t.texts = append(t.texts, said)
	}
}

// ruleWords say the rules that need nothing more.
var ruleWords = map[string]Text{
	ruleOverride:  {VI: "Người giám sát đã đặt lại thời hạn, vượt quy trình", EN: "a supervisor set the limit anew, past what the procedure allows"},
	ruleExtension: {VI: "Đã gia hạn", EN: "it was extended"},
	ruleRestart:   {VI: "Tính lại từ đầu sau khi nhận đủ hồ sơ bổ sung", EN: "counted from the beginning again once the supplement was complete"},
	ruleRenew:     {VI: "Thời hạn mới sau khi nhận đủ hồ sơ bổ sung", EN: "a new limit once the supplement was complete"},
	ruleMigration: {VI: "Chuyển sang phiên bản khác của thủ tục; thời gian đã dùng được giữ nguyên", EN: "moved to another version of the procedure; what was used stays used"},
}

// cutoff says which late hour moved the start of counting, and to when.
func (t *teller) cutoff(word string) {
	if !t.k.CountsFrom.After(t.k.StartedAt) {
		return
	}
	if limit, ok := strings.CutPrefix(word, ruleCutoff); ok {
		t.say("Tiếp nhận lúc %s, sau giờ chốt %s: tính từ ngày làm việc tiếp theo, %s",
			"accepted %s, after the cut-off %s: counts from the next working day, %s", MomentText(t.k.StartedAt), limit, MomentText(t.k.CountsFrom))
		return
	}
	before, err := calendar.ParseDuration(strings.TrimPrefix(word, ruleBeforeClose))
	if err != nil || before.Value == 0 {
		t.say("Tiếp nhận lúc %s, sau giờ đóng cửa: tính từ ngày làm việc tiếp theo, %s",
			"accepted %s, after closing: counts from the next working day, %s", MomentText(t.k.StartedAt), MomentText(t.k.CountsFrom))
		return
	}
	t.say("Tiếp nhận lúc %s, trong %s cuối trước giờ đóng cửa: tính từ ngày làm việc tiếp theo, %s",
		"accepted %s, within the last %s before closing: counts from the next working day, %s",
		MomentText(t.k.StartedAt), durationText(before), MomentText(t.k.CountsFrom))
}

// standstills says each suspension, why and how long, and what is left.
func (t *teller) standstills() {
	times := 0
	for _, s := range t.k.Spans {
		if !s.Suspended {
			continue
		}
		times++
		t.say("Tạm dừng lần %d, không tính: %s – %s (%s)%s", "suspension %d, not counted: %s – %s (%s)%s",
			times, MomentText(s.From), MomentText(s.To), lengthText(s.To.Sub(s.From)), t.reason(s))
	}
	if k := t.k; k.Open() && !k.Running() && k.Due.IsZero() && len(k.Spans) > 0 {
		since := k.Spans[len(k.Spans)-1].To
		t.say("Đang tạm dừng từ %s (%s): đã dùng %s, còn lại %s", "suspended since %s (%s): %s used, %s left",
			MomentText(since), lengthText(t.now.Sub(since)),
			amountText(k.Consumed, k.Budget.Unit), amountText(k.Budget.Amount()-k.Consumed, k.Budget.Unit))
	}
}

// reason is the state that suspended the clock, by its name, or why it was
// halted and by which rule.
func (t *teller) reason(s Span) Text {
	if s.Reason == "" {
		return basisText(s.Basis)
	}
	name := Text{VI: s.Reason, EN: s.Reason}
	if t.r.Machine != nil {
		if state, ok := t.r.State(s.Reason); ok {
			name = state.Name
		}
	}
	basis := basisText(s.Basis)
	return Text{VI: ": " + name.VI + basis.VI, EN: ": " + name.In("en") + basis.EN}
}

// cutLast divides what ends in a hyphen and a number.
func cutLast(s string) (head, tail string) {
	i := strings.LastIndexByte(s, '-')
	if i < 0 {
		return s, ""
	}
	return s[:i], s[i+1:]
}
