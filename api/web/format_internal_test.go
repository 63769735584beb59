package web

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/api/caller"
	"motcua/engine"
	"motcua/engine/calendar"
)

func office(t *testing.T) *calendar.Calendar {
	t.Helper()
	day := []calendar.Shift{{From: calendar.Clock(8, 0), To: calendar.Clock(12, 0)}, {From: calendar.Clock(13, 0), To: calendar.Clock(17, 0)}}
	cal, err := calendar.New(calendar.Spec{Code: "office", Version: 1, Week: calendar.Week{Monday: day, Tuesday: day, Wednesday: day, Thursday: day, Friday: day}})
	require.NoError(t, err)
	return cal
}

func TestStanding(t *testing.T) {
	cal := office(t)
	now := time.Date(2026, 11, 17, 8, 0, 0, 0, calendar.Zone()) // a Tuesday
	s := &Site{Options: Options{Now: func() time.Time { return now }}}
	for name, c := range map[string]struct {
		due     time.Time
		overdue bool
		cal     *calendar.Calendar
		class   string
		vi, en  string
	}{
		"no due date":            {class: "none", vi: "không có hạn", en: "no due date"},
		"breached and suspended": {overdue: true, class: "overdue", vi: "đã quá hạn", en: "was overdue"},
		"now":                    {due: now, cal: cal, class: "soon", vi: "đến hạn lúc này", en: "due now"},
		"in seconds":             {due: now.Add(5 * time.Second), cal: cal, class: "soon", vi: "sắp đến hạn, còn 5 giây", en: "due soon, left: 5 seconds"},
		"soon":                   {due: now.Add(61 * time.Minute), cal: cal, class: "soon", vi: "sắp đến hạn, còn 1 giờ 1 phút làm việc", en: "due soon, left: 1 hour 1 minute of working time"},
		"in days":                {due: now.AddDate(0, 0, 6), cal: cal, class: "intime", vi: "trong hạn, còn 4 ngày làm việc", en: "in time, left: 4 working days"},
		"without a calendar":     {due: now.AddDate(0, 0, 6).Add(time.Hour), class: "intime", vi: "trong hạn, còn 6 ngày 1 giờ", en: "in time, left: 6 days 1 hour"},
		"late":                   {due: now.Add(-time.Hour), class: "overdue", vi: "quá hạn 1 giờ", en: "late by 1 hour"},
		"late over night":        {due: now.Add(-16 * time.Hour), cal: cal, class: "overdue", vi: "quá hạn 1 giờ làm việc", en: "late by 1 hour of working time"},
		"breached, running on":   {due: now.Add(time.Hour), overdue: true, cal: cal, class: "overdue", vi: "đã từng quá hạn, còn 1 giờ làm việc", en: "was overdue, left: 1 hour of working time"},
	} {
		t.Run(name, func(t *testing.T) {
			got := s.standing(caller.VI, c.due, c.overdue, c.cal)
			require.Equal(t, c.class, got.Class)
			require.Equal(t, c.vi, got.Text)
			require.NotEmpty(t, got.Sign, "colour never says it alone")
			require.Equal(t, c.en, s.standing(caller.EN, c.due, c.overdue, c.cal).Text)
		})
	}
}

func TestRungWord(t *testing.T) {
	for said, want := range map[string][2]string{
		"75% of step":        {"đã dùng 75% thời hạn của bước", "75% of the step limit"},
		"100% of dossier":    {"hết thời hạn cam kết", "100% of the committed limit"},
		"1wd before dossier": {"1 ngày làm việc trước khi hết thời hạn cam kết", "1 working day before the end of the committed limit"},
		"4wh after step":     {"4 giờ làm việc sau khi hết thời hạn của bước", "4 working hours after the end of the step limit"},
		"something else":     {"something else", "something else"},
		"x after step":       {"x after step", "x after step"},
	} {
		require.Equal(t, want[0], rungWord(caller.VI, said))
		require.Equal(t, want[1], rungWord(caller.EN, said))
	}
}

// TestEveryFactHasWords keeps a new kind of fact from reaching people as an id.
func TestEveryFactHasWords(t *testing.T) {
	for _, lang := range []caller.Lang{caller.VI, caller.EN} {
		tell := teller{names: names{lang: lang}, machine: &engine.Machine{}}
		for _, kind := range engine.FactKinds() {
			bare := engine.Fact{Kind: kind, To: "b", From: "a", Officer: "lan", Event: "accept"}
			full := bare
			full.Clock = &engine.Clock{Kind: engine.ClockStep, Due: time.Now(), Verdict: engine.VerdictMet}
			full.Rung = &engine.RungFiring{Rung: "100% of step", Late: true, Notify: []string{"head"}, Raise: "overdue"}
			full.Start = &engine.Start{Channel: "online"}
			full.Consulted = &engine.Consulted{Consultation: "police", Opinions: []engine.Opinion{{Department: "police", Silent: true, Says: "agree"}}}
			require.NotEqual(t, string(kind), tell.what(full), kind)
			require.NotEmpty(t, tell.what(bare), "a fact that lacks a part is still told")
		}
	}
}

func TestLocal(t *testing.T) {
	require.Equal(t, "/dossiers/X?done=a", local("/dossiers/X?done=a"))
	for _, next := range []string{"", "x", "//x", `/\x`, "http://x", "/a\r\nb"} {
		require.Equal(t, "/", local(next), next)
	}
}
