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

// FuzzNewAdd reads any calendar, completes it with the national one where it has a base, and computes with it
// and with the hours of its departments.
func FuzzNewAdd(f *testing.F) {
	base := national(f).Spec()
	unresolved := derived(f)
	unresolved.Base = base.Code
	unresolved.Units = []calendar.Department{{Department: "one-stop", Week: saturdays()}}
	for _, spec := range []calendar.Spec{plain(), aroundTheClock(), undecided(f), unresolved, base} {
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
		if resolved, err := calendar.Resolve(spec, base); err == nil {
			spec = resolved
		}
		c, err := calendar.New(spec)
		if err != nil {
			return
		}
		require.Equal(t, spec.Normal(), c.Spec())
		computes(t, c, time.Unix(unix, 0), n, calendar.Unit(unit))
		for _, u := range spec.Units {
			computes(t, c.Unit(u.Department), time.Unix(unix, 0), n, calendar.Unit(unit))
		}
	})
}

// computes checks what holds for every calendar and every limit.
func computes(t *testing.T, c *calendar.Calendar, from time.Time, n int64, u calendar.Unit) {
	t.Helper()
	due, next := c.AddAmount(from, n, u), c.NextOpen(from)
	within(t, due)
	within(t, next)
	inOrder(t, c, from, due)
	require.Empty(t, calendar.Changes(c, c, from, due))
	first, last := calendar.NewDate(1, 1, 1).Midnight(), calendar.NewDate(9999, 12, 31).Midnight()
	if from.Before(first) || due.After(last) || next.After(last) {
		return // moved to an end of time
	}
	require.False(t, due.Before(from))
	require.False(t, next.Before(from))
	require.Zero(t, c.WorkingTime(from, next))
	if u.Working() && n > 0 {
		require.Equal(t, n, c.Measure(from, due, u))
	}
	require.False(t, c.Sub(due, calendar.Duration{Value: n, Unit: u}).After(due))
}

// inOrder checks that the unannounced periods between two moments touch them and share no day.
func inOrder(t *testing.T, c *calendar.Calendar, from, to time.Time) {
	t.Helper()
	periods := c.Unannounced(from, to)
	for i, p := range periods {
		require.False(t, p.To.Before(p.From) || p.To.Before(calendar.DateOf(from)) || p.From.After(calendar.DateOf(to)))
		require.True(t, i == 0 || periods[i-1].To.Before(p.From))
	}
}
