package calendar_test

import (
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"motcua/engine/calendar"
)

// derived is a calendar of an agency whose days off are those of another.
func derived(t testing.TB) calendar.Spec {
	t.Helper()
	return calendar.Spec{
		Code: "ward", Version: 3, Base: "plain", Week: saturdays(),
		Exceptions: []calendar.Exception{
			{Date: date(t, "2027-04-30"), Kind: calendar.Working, Name: "Trực"},
			{Date: date(t, "2026-12-24"), Kind: calendar.SwappedOff, Name: "Ngày truyền thống"},
		},
		Unannounced: []calendar.Period{{From: date(t, "2027-02-10"), To: date(t, "2027-02-12"), Name: "Lễ hội"}},
	}
}

func baseOf(t testing.TB) calendar.Spec {
	t.Helper()
	base := undecided(t)
	base.Version = 7
	base.Units = []calendar.Department{{Department: "archive", Week: saturdays()}}
	base.Exceptions = []calendar.Exception{
		{Date: date(t, "2027-04-30"), Kind: calendar.PublicHoliday, Name: "Ngày Chiến thắng"},
		{Date: date(t, "2027-05-03"), Kind: calendar.Compensatory},
	}
	return base
}

func TestResolve(t *testing.T) {
	t.Parallel()
	own, base := derived(t), baseOf(t)
	spec, err := calendar.Resolve(own, base)
	require.NoError(t, err)
	require.Equal(t, "ward 3 plain 7", spec.Code+" "+string(rune('0'+spec.Version))+" "+spec.Base+" "+string(rune('0'+spec.BaseVersion)))
	require.Equal(t, saturdays(), spec.Week, "its own hours")
	require.Empty(t, spec.Units, "and no units of the base")
	require.Equal(t, base.KnownUntil, spec.KnownUntil)
	var days []string
	for _, e := range spec.Exceptions {
		days = append(days, e.Date.String()+" "+string(e.Kind))
	}
	require.Equal(t, []string{"2026-12-24 swapped-off", "2027-04-30 working", "2027-05-03 compensatory"}, days, "its own day wins")
	var periods []string
	for _, p := range spec.Unannounced {
		periods = append(periods, p.From.String()+"/"+p.To.String()+" "+p.Name)
	}
	require.Equal(t, []string{"2027-01-30/2027-02-09 Tết", "2027-02-10/2027-02-12 Lễ hội", "2027-02-13/2027-02-20 Tết", "2027-09-01/2027-09-01 2/9"}, periods)

	c := calendarOf(t, spec)
	text, err := json.Marshal(c.Spec())
	require.NoError(t, err)
	var read calendar.Spec
	require.NoError(t, json.Unmarshal(text, &read))
	require.Equal(t, spec, read, "complete: stored and read again it needs no base")

	require.Equal(t, derived(t), own, "neither is changed")
	require.Equal(t, baseOf(t), base)
}

func TestResolveKnowsNoMoreThanItSays(t *testing.T) {
	t.Parallel()
	own := derived(t)
	own.KnownUntil, own.Unannounced = date(t, "2027-02-05"), nil
	spec, err := calendar.Resolve(own, baseOf(t))
	require.NoError(t, err)
	require.Equal(t, date(t, "2027-02-05"), spec.KnownUntil)
	require.Equal(t, []calendar.Period{{From: date(t, "2027-01-30"), To: date(t, "2027-02-05"), Name: "Tết", Basis: "BLLĐ 2019 Điều 112"}}, spec.Unannounced)
}

func TestResolveRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		spoil      func(own, base *calendar.Spec)
	}{
		{"a calendar without a base", "not to be resolved", func(own, _ *calendar.Spec) { own.Base, own.Unannounced = "", nil }},
		{"another base", `not to be resolved with "other"`, func(_, base *calendar.Spec) { base.Code = "other" }},
		{"one that is resolved", "not to be resolved", func(own, _ *calendar.Spec) { own.BaseVersion, own.Unannounced = 7, nil }},
		{"a base that is not", "base: vn was not taken over yet", func(_, base *calendar.Spec) { base.Base = "vn" }},
		{"faults of its own", "version: 0 must be", func(own, _ *calendar.Spec) { own.Version = 0 }},
		{"faults of the base", "base: calendar \"plain\": version: 0", func(_, base *calendar.Spec) { base.Version = 0 }},
		{"too much together", "exceptions: 5001 entries", func(_, base *calendar.Spec) {
			base.Exceptions = nil
			for i := range calendar.MaxExceptions - 1 {
				base.Exceptions = append(base.Exceptions, calendar.Exception{Date: date(t, "2030-01-01").AddDays(i), Kind: calendar.SwappedOff})
			}
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			own, base := derived(t), baseOf(t)
			test.spoil(&own, &base)
			_, err := calendar.Resolve(own, base)
			require.ErrorContains(t, err, test.text)
		})
	}
}

func TestNewRefusesAnUnresolvedCalendar(t *testing.T) {
	t.Parallel()
	require.NoError(t, derived(t).Check(), "it may be right")
	_, err := calendar.New(derived(t))
	var problems calendar.Problems
	require.ErrorAs(t, err, &problems)
	require.Equal(t, "base", problems[0].Place)
	require.ErrorContains(t, err, "plain was not taken over yet (base_version is 0): resolve the calendar first")
}

func TestResolveTakesEachDayFromTheOneWhoSaysIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		base, own := drawSpec(t), drawSpec(t)
		base.Code, own.Base = "base", "base"
		spec, err := calendar.Resolve(own, base)
		require.NoError(t, err)
		c, err := calendar.New(spec)
		require.NoError(t, err)
		require.Equal(t, spec, c.Spec())
		until := own.KnownUntil
		if until.IsZero() {
			until = base.KnownUntil
		}
		for day := begin.AddDays(-15); day.Before(begin.AddDays(150)); day = day.AddDays(1) {
			want, from := (oracle{own}).kind(day), own
			if !(oracle{own}).exceptional(day) && (oracle{base}).exceptional(day) {
				want, from = (oracle{base}).kind(day), base
			}
			merged := oracle{spec}
			require.Equal(t, want, merged.kind(day), "%s", day)
			require.True(t, !(oracle{from}).exceptional(day) || slices.Equal(exceptionOn(from, day).Shifts, exceptionOn(spec, day).Shifts))
			unsaid := day.After(until) || inPeriod(own, day) || inPeriod(base, day)
			require.Equal(t, unsaid, c.Provisional(day.Midnight().Add(time.Millisecond)), "%s", day)
		}
	})
}

func exceptionOn(spec calendar.Spec, day calendar.Date) calendar.Exception {
	i := slices.IndexFunc(spec.Exceptions, func(e calendar.Exception) bool { return e.Date == day })
	return spec.Exceptions[i]
}

func inPeriod(spec calendar.Spec, day calendar.Date) bool {
	return slices.ContainsFunc(spec.Unannounced, func(p calendar.Period) bool { return !day.Before(p.From) && !day.After(p.To) })
}
