package engine

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine/calendar"
)

// TestEightWeeks: of a limit of eight weeks 19 days are used when the clock is
// suspended, for 14 days at most; whatever the suspension takes, eight weeks
// minus 19 days are left.
func TestEightWeeks(t *testing.T) {
	t.Parallel()
	r := year(t)
	suspended := on("2026-05-04 09:00").AddDate(0, 0, 19)
	for name, answered := range map[string]time.Time{
		"answered on day 6":              suspended.AddDate(0, 0, 6),
		"answered at once":               suspended,
		"its maximum of 14 days is over": suspended.AddDate(0, 0, 14),
		"answered 6 days after that":     suspended.AddDate(0, 0, 20),
	} {
		t.Run(name, func(t *testing.T) {
			k := r.suspend(r.start(of("56d"), on("2026-05-04 09:00"), nil), suspended)
			require.Equal(t, int64(19), k.Consumed)
			require.True(t, k.Due.IsZero())
			k = r.resume(k, answered, Span{Reason: "awaiting-supplement"})
			require.Equal(t, int64(37), k.Budget.Amount()-k.Consumed, "eight weeks minus 19 days")
			last := calendar.DateOf(answered).AddDays(37)
			for !r.Cal.IsWorkingDay(last) {
				last = last.AddDays(1)
			}
			closing, _ := r.Cal.Closing(last)
			require.Equal(t, closing, k.Due)
			require.False(t, k.Breached, "a pause that takes too long costs nothing")
		})
	}
}

func TestExplainNamesTheRules(t *testing.T) {
	t.Parallel()
	r := year(t)
	said := func(rule string) []Text {
		k := r.start(of("3wd"), on("2026-10-05 16:45"), &Cutoff{At: calendar.Clock(15, 0)})
		k.Rule = rule
		return r.Explain(k, on("2026-10-06 08:00")).Rules
	}
	for rule, want := range map[string]Text{
		"before-close-1h":     {VI: "Tiếp nhận lúc T2 05/10/2026 16:45, trong 1 giờ cuối trước giờ đóng cửa: tính từ ngày làm việc tiếp theo, T3 06/10/2026 07:30", EN: "accepted Mon 2026-10-05 16:45, within the last 1 hour before closing: counts from the next working day, Tue 2026-10-06 07:30"},
		"before-close-0m":     {VI: "Tiếp nhận lúc T2 05/10/2026 16:45, sau giờ đóng cửa: tính từ ngày làm việc tiếp theo, T3 06/10/2026 07:30", EN: "accepted Mon 2026-10-05 16:45, after closing: counts from the next working day, Tue 2026-10-06 07:30"},
		"calendar-vn-south-7": {VI: "Đã tính lại theo lịch vn-south phiên bản 7", EN: "computed anew by calendar vn-south version 7"},
		"override":            ruleWords[ruleOverride],
		"extension":           ruleWords[ruleExtension],
		"restart":             ruleWords[ruleRestart],
		"renew":               ruleWords[ruleRenew],
		"migration":           ruleWords[ruleMigration],
		"something-else":      {VI: "something-else", EN: "something-else"},
	} {
		t.Run(rule, func(t *testing.T) {
			require.Equal(t, want, said(rule)[2])
			require.Equal(t, want, said(rule + ",restart")[2], "in the order in which they came")
			require.Equal(t, ruleWords[ruleRestart], said(rule + ",restart")[3])
		})
	}
}

func TestExplainNamesAHalt(t *testing.T) {
	t.Parallel()
	r := year(t)
	k := r.suspend(r.start(of("3wd"), on("2026-10-05 09:00"), nil), on("2026-10-06 09:00"))
	k = r.resume(k, on("2026-10-06 10:30"), Span{Reason: "VNeID ngừng hoạt động", Basis: "Nghị định 301/2026 Điều 3.4"})
	e := r.Explain(k, on("2026-10-06 11:00"))
	require.Contains(t, e.Rules, Text{
		VI: "Tạm dừng lần 1, không tính: T3 06/10/2026 09:00 – T3 06/10/2026 10:30 (1 giờ 30 phút): VNeID ngừng hoạt động (Nghị định 301/2026 Điều 3.4)",
		EN: "suspension 1, not counted: Tue 2026-10-06 09:00 – Tue 2026-10-06 10:30 (1 hour 30 minutes): VNeID ngừng hoạt động (Nghị định 301/2026 Điều 3.4)",
	})
}

func TestExplainNamesWhatIsNotAnnounced(t *testing.T) {
	t.Parallel()
	spec := year(t).Cal.Spec()
	spec.KnownUntil = calendar.NewDate(2027, time.December, 31)
	spec.Unannounced = []calendar.Period{{
		From: calendar.NewDate(2027, time.February, 4), To: calendar.NewDate(2027, time.February, 12), Name: "Tết Nguyên đán Đinh Mùi", Basis: "BLLĐ 2019 Điều 112",
	}}
	cal, err := calendar.New(spec)
	require.NoError(t, err)
	r := Rules{Cal: cal}
	k := r.start(of("10wd"), on("2027-02-01 09:00"), nil)
	require.True(t, k.Provisional)
	rules := r.Explain(k, on("2027-02-01 10:00")).Rules
	require.Equal(t, Text{
		VI: "Tạm tính: chưa công bố ngày nghỉ Tết Nguyên đán Đinh Mùi, T5 04/02/2027 – T6 12/02/2027 (BLLĐ 2019 Điều 112)",
		EN: "provisional: the days off of Tết Nguyên đán Đinh Mùi are not announced yet, Thu 2027-02-04 – Fri 2027-02-12 (BLLĐ 2019 Điều 112)",
	}, rules[len(rules)-1])
}
