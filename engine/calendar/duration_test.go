package calendar_test

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine/calendar"
)

var units = []calendar.Unit{
	calendar.Second, calendar.Minute, calendar.Hour, calendar.Day, calendar.Month,
	calendar.WorkingMinute, calendar.WorkingHour, calendar.WorkingDay,
}

func TestParseDuration(t *testing.T) {
	t.Parallel()
	amounts := map[string]int64{
		"45s": 45_000, "30m": 1_800_000, "2h": 7_200_000, "15d": 15, "2mo": 60,
		"30wm": 1_800_000, "8wh": 28_800_000, "3wd": 3, "0wd": 0, "1000000wd": 1_000_000,
	}
	for text, amount := range amounts {
		d, err := calendar.ParseDuration(text)
		require.NoError(t, err, text)
		require.Equal(t, text, d.String())
		require.Equal(t, amount, d.Amount(), text)
		require.False(t, d.IsZero(), text)
	}
	faults := map[string]string{
		"":                       "must start with a whole number",
		"wd":                     "must start with a whole number",
		"-3wd":                   "must start with a whole number",
		" 3wd":                   "must start with a whole number",
		"３wd":                    "must start with a whole number",
		"12":                     "the unit is missing; units are s, m, h, d, mo",
		"12 days":                `unknown unit " days"; units are s, m, h, d, mo`,
		"1.5h":                   `unknown unit ".5h"`,
		"3WD":                    `unknown unit "WD"`,
		"1000001wd":              "larger than 1000000",
		"99999999999999999999wd": "larger than 1000000",
	}
	for text, fault := range faults {
		_, err := calendar.ParseDuration(text)
		require.ErrorContains(t, err, fault, text)
	}
}

func TestUnits(t *testing.T) {
	t.Parallel()
	for _, u := range units {
		require.True(t, u.Known())
		require.Equal(t, u == "wm" || u == "wh" || u == "wd", u.Working(), u)
		require.Equal(t, u == "d" || u == "mo" || u == "wd", u.Daily(), u)
	}
	require.False(t, calendar.Unit("").Known())
	require.Equal(t, int64(math.MaxInt64), calendar.Duration{Value: math.MaxInt64, Unit: calendar.Hour}.Amount())
	require.Zero(t, calendar.Duration{Value: -1, Unit: calendar.Hour}.Amount())
}

func TestTextRoundTrip(t *testing.T) {
	t.Parallel()
	type texts struct {
		Limit calendar.Duration  `json:"limit"`
		None  calendar.Duration  `json:"none"`
		Day   calendar.Date      `json:"day"`
		NoDay calendar.Date      `json:"no_day"`
		Time  calendar.TimeOfDay `json:"time"`
	}
	in := texts{Limit: duration(t, "3wd"), Day: date(t, "2026-02-17"), Time: calendar.EndOfDay}
	data, err := json.Marshal(in)
	require.NoError(t, err)
	require.JSONEq(t, `{"limit":"3wd","none":"","day":"2026-02-17","no_day":"","time":"24:00"}`, string(data))
	var out texts
	require.NoError(t, json.Unmarshal(data, &out))
	require.Equal(t, in, out)

	for _, bad := range []string{`{"limit":"x"}`, `{"limit":3}`, `{"day":"2026-02-30"}`, `{"day":"0000-01-01"}`, `{"time":"7:30"}`, `{"time":"24:01"}`} {
		require.Error(t, json.Unmarshal([]byte(bad), &out), bad)
	}
	for _, bad := range []any{calendar.Duration{Value: -1, Unit: "wd"}, calendar.Duration{Unit: "x"}, calendar.TimeOfDay(-1), calendar.TimeOfDay(1441)} {
		_, err := json.Marshal(bad)
		require.Error(t, err)
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	day := date(t, "2024-02-28")
	require.Equal(t, date(t, "2024-02-29"), day.AddDays(1))
	require.Equal(t, date(t, "2024-03-01"), day.AddDays(2))
	require.Equal(t, date(t, "2023-12-31"), day.AddDays(-59))
	require.Equal(t, time.Wednesday, day.Weekday())
	require.Equal(t, time.Monday, calendar.NewDate(1, 1, 1).Weekday())
	require.Equal(t, int64(366), date(t, "2025-01-01").DaysSince(date(t, "2024-01-01")))
	require.Equal(t, date(t, "2026-01-02"), calendar.DateOf(time.Date(2026, 1, 1, 17, 0, 0, 0, time.UTC)), "Viet Nam is 7 hours ahead")
	require.Equal(t, date(t, "2026-01-01"), calendar.DateOf(time.Date(2026, 1, 1, 16, 59, 59, 0, time.UTC)))
	require.Equal(t, "9999-12-31", day.AddDays(math.MaxInt).String())
	require.Equal(t, "0001-01-01", day.AddDays(math.MinInt).String())
	require.True(t, day.Before(day.AddDays(1)) && day.AddDays(1).After(day) && day.Compare(day) == 0)
	require.True(t, calendar.Date{}.IsZero() && calendar.Date{}.Before(calendar.NewDate(1, 1, 1)))
	for n := range 800 { // agrees with the standard library over two leap rules
		want := time.Date(1899, 12, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n*183)
		require.Equal(t, want.Format(time.DateOnly), date(t, "1899-12-01").AddDays(n*183).String())
		require.Equal(t, want.Weekday(), date(t, "1899-12-01").AddDays(n*183).Weekday())
	}
}
