package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
)

func TestLateText(t *testing.T) {
	t.Parallel()
	day := []calendar.Shift{{From: 8 * 60, To: 12 * 60}, {From: 13 * 60, To: 17 * 60}}
	cal, err := calendar.New(calendar.Spec{
		Code: "office", Version: 1, KnownUntil: calendar.NewDate(2030, time.December, 31),
		Week: calendar.Week{Monday: day, Tuesday: day, Wednesday: day, Thursday: day, Friday: day},
	})
	require.NoError(t, err)
	due := time.Date(2026, time.November, 20, 16, 30, 0, 0, calendar.Zone()) // a Friday
	for passed, want := range map[time.Duration]engine.Text{
		-time.Hour:                 {},
		0:                          {},
		30 * time.Second:           {VI: "vừa quá hạn", EN: "just late"},
		10 * time.Minute:           {VI: "quá hạn 10 phút làm việc", EN: "late by 10 working minutes"},
		48 * time.Hour:             {VI: "quá hạn 30 phút làm việc", EN: "late by 30 working minutes"}, // over the weekend
		72*time.Hour - time.Minute: {VI: "quá hạn 7 giờ làm việc", EN: "late by 7 working hours"},
		7 * 24 * time.Hour:         {VI: "quá hạn 5 ngày làm việc", EN: "late by 5 working days"},
	} {
		require.Equal(t, want, engine.LateText(cal, due, due.Add(passed)), passed)
	}
	require.Equal(t, engine.Text{}, engine.LateText(cal, time.Time{}, due), "what has no due moment is not late")
}
