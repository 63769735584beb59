package calendar_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine/calendar"
)

func FuzzParseDuration(f *testing.F) {
	for _, seed := range []string{"3wd", "0wd", "30wm", "15d", "1mo", "12 days", "1.5h", "-1s", "1000001s", "007h", "", "３wd", "9223372036854775808m"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := calendar.ParseDuration(text)
		if err != nil {
			require.Less(t, len(err.Error()), 600)
			return
		}
		require.False(t, d.IsZero())
		require.True(t, d.Unit.Known() && d.Value >= 0 && d.Value <= calendar.MaxDurationValue)
		require.GreaterOrEqual(t, d.Amount(), d.Value)
		again, err := calendar.ParseDuration(d.String())
		require.NoError(t, err)
		require.Equal(t, d, again)
	})
}

func FuzzNewAdd(f *testing.F) {
	for _, spec := range []calendar.Spec{plain(), aroundTheClock(), national(f).Spec()} {
		data, err := json.Marshal(spec)
		require.NoError(f, err)
		f.Add(data, int64(1_787_000_000), int64(3), "wd")
		f.Add(data, int64(-62_135_600_000), int64(1_000_000), "wh")
		f.Add(data, int64(253_402_300_000), int64(1_000_000), "d")
	}
	f.Add([]byte(`{"code":"x","version":1,"week":{"sunday":[{"from":"23:59","to":"24:00"}]}}`), int64(0), int64(100_000), "wm")
	f.Fuzz(func(t *testing.T, data []byte, unix, n int64, unit string) {
		var spec calendar.Spec
		if json.Unmarshal(data, &spec) != nil {
			return
		}
		c, err := calendar.New(spec)
		if err != nil {
			return
		}
		from, u := time.Unix(unix, 0), calendar.Unit(unit)
		due := c.AddAmount(from, n, u)
		within(t, due)
		first, last := calendar.NewDate(1, 1, 1).Midnight(), calendar.NewDate(9999, 12, 31).Midnight()
		if from.Before(first) || due.After(last) {
			return // moved to an end of time
		}
		require.False(t, due.Before(from))
		if u.Working() && n > 0 {
			require.Equal(t, n, c.Measure(from, due, u))
		}
		require.False(t, c.Sub(due, calendar.Duration{Value: n, Unit: u}).After(due))
	})
}
