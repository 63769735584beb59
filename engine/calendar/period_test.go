package calendar_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"motcua/engine/calendar"
)

// undecided is office hours known until the end of 2027, but for Tết and for one day of September.
func undecided(t testing.TB) calendar.Spec {
	t.Helper()
	spec := plain()
	spec.KnownUntil = date(t, "2027-12-31")
	spec.Unannounced = []calendar.Period{
		{From: date(t, "2027-09-01"), To: date(t, "2027-09-01"), Name: "2/9"},
		{From: date(t, "2027-01-30"), To: date(t, "2027-02-20"), Name: "Tết", Basis: "BLLĐ 2019 Điều 112"},
	}
	return spec
}

func TestUnannounced(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, from, to string
		want           []string
	}{
		{"nothing before", "2026-11-01 08:00", "2027-01-29 17:30", nil},
		{"the last minute before it", "2026-11-01 08:00", "2027-01-29 23:59:59.999", nil},
		{"its first moment", "2026-11-01 08:00", "2027-01-30 00:00", []string{"Tết"}},
		{"all within", "2027-02-01 08:00", "2027-02-02 08:00", []string{"Tết"}},
		{"its last moment", "2027-02-20 23:59", "2027-03-01 08:00", []string{"Tết"}},
		{"nothing after", "2027-02-21 00:00", "2027-03-01 08:00", nil},
		{"two in order", "2027-01-01 08:00", "2027-10-01 08:00", []string{"Tết", "2/9"}},
		{"one day", "2027-09-01 08:00", "2027-09-01 08:00", []string{"2/9"}},
		{"the last known day", "2027-12-31 08:00", "2027-12-31 17:30", nil},
		{"the rest of time", "2027-12-31 08:00", "2028-01-01 00:00", []string{calendar.Unsaid}},
		{"all of them", "2026-01-01 08:00", "2999-01-01 00:00", []string{"Tết", "2/9", calendar.Unsaid}},
		{"the end of time", "9999-12-31 08:00", "9999-12-31 17:30", []string{calendar.Unsaid}},
		{"backwards", "2027-02-10 08:00", "2027-02-01 08:00", nil},
	}
	c := calendarOf(t, undecided(t))
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var names []string
			for _, p := range c.Unannounced(at(t, test.from), at(t, test.to)) {
				names = append(names, p.Name)
			}
			require.Equal(t, test.want, names)
		})
	}
	whole := c.Unannounced(at(t, "2027-02-01 08:00"), at(t, "2028-02-02 08:00"))
	require.Equal(t, date(t, "2027-01-30"), whole[0].From, "whole, not cut")
	require.Equal(t, "BLLĐ 2019 Điều 112", whole[0].Basis)
	require.Equal(t, date(t, "2028-01-01"), whole[2].From)
	whole[0].Name = "changed"
	require.Equal(t, "Tết", c.Unannounced(at(t, "2027-02-01 08:00"), at(t, "2027-02-02 08:00"))[0].Name, "a copy")
	require.True(t, c.Provisional(at(t, "2027-02-10 17:30")))
	require.False(t, c.Provisional(at(t, "2027-03-10 17:30")))
}

func TestUnannouncedWithoutALastKnownDay(t *testing.T) {
	t.Parallel()
	moment := at(t, "2026-03-02 08:00")
	rest := calendarOf(t, plain()).Unannounced(moment, moment)
	require.Len(t, rest, 1, "everything")
	require.Equal(t, calendar.NewDate(1, 1, 1), rest[0].From)
	require.Equal(t, calendar.NewDate(9999, 12, 31), rest[0].To)

	spec := plain()
	spec.KnownUntil = calendar.NewDate(9999, 12, 31)
	require.Empty(t, calendarOf(t, spec).Unannounced(moment, spec.KnownUntil.Midnight()), "nothing at all")
}

func TestUnannouncedKeepsMidnightWithTheDayItCloses(t *testing.T) {
	t.Parallel()
	spec := aroundTheClock()
	spec.KnownUntil = date(t, "2026-12-31")
	spec.Unannounced = []calendar.Period{{From: date(t, "2026-03-09"), To: date(t, "2026-03-09"), Name: "Giỗ Tổ"}}
	c := calendarOf(t, spec)
	from := at(t, "2026-03-06 09:00")
	require.Empty(t, c.Unannounced(from, c.Add(from, duration(t, "2d"))), "due at 24:00 of 8 March")
	require.Len(t, c.Unannounced(from, c.Add(from, duration(t, "3d"))), 1)
}

func TestNationalUnannounced(t *testing.T) {
	t.Parallel()
	c := national(t)
	tests := []struct{ name, from, limit, due, want string }{
		{"before Tết 2027", "2027-01-20 09:00", "7wd", "2027-01-29 17:30", ""},
		{"into Tết 2027", "2027-01-20 09:00", "8wd", "2027-02-01 17:30", "Tết Nguyên đán Đinh Mùi"},
		{"across Tết 2027", "2027-01-20 09:00", "30wd", "2027-03-03 17:30", "Tết Nguyên đán Đinh Mùi"},
		{"after Tết 2027", "2027-02-22 09:00", "3wd", "2027-02-25 17:30", ""},
		{"30/4 and 1/5/2027 are certain", "2027-04-28 09:00", "3wd", "2027-05-05 17:30", ""},
		{"across 2/9/2027", "2027-08-26 09:00", "5wd", "2027-09-03 17:30", "Quốc khánh 2027"},
		{"into Tết 2028", "2028-01-13 09:00", "1mo", "2028-02-14 17:30", "Tết Nguyên đán Mậu Thân"},
		{"the compensation of 1/5/2028", "2028-04-28 09:00", "1wd", "2028-05-03 17:30", ""},
		{"the compensation of 2/9/2028", "2028-08-31 09:00", "2wd", "2028-09-05 17:30", "Quốc khánh 2028"},
		{"the end of 2028", "2028-12-28 09:00", "1wd", "2028-12-29 17:30", ""},
		{"2029", "2028-12-28 09:00", "3wd", "2029-01-02 17:30", calendar.Unsaid},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			from := at(t, test.from)
			due := c.Add(from, duration(t, test.limit))
			require.Equal(t, at(t, test.due), due)
			periods := c.Unannounced(from, due)
			if test.want == "" {
				require.Empty(t, periods)
				return
			}
			require.Len(t, periods, 1)
			require.Equal(t, test.want, periods[0].Name)
			require.Equal(t, test.want != calendar.Unsaid, periods[0].Basis != "")
		})
	}
}

func TestUnannouncedAgreesWithEveryDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, o := drawCalendar(t)
		a, b := drawMoment(t, o), drawMoment(t, o)
		from, to := earliest(a, b), latest(a, b)
		last := calendar.DateOf(to)
		if closing, works := o.closing(last.AddDays(-1)); works && closing.Equal(to) {
			last = last.AddDays(-1)
		}
		want := map[calendar.Date]bool{}
		for day := calendar.DateOf(from); !day.After(last); day = day.AddDays(1) {
			if first, ok := o.unannounced(day); ok {
				want[first] = true
			}
		}
		got := c.Unannounced(from, to)
		require.Len(t, got, len(want))
		for i, p := range got {
			require.True(t, want[p.From], "%s", p.From)
			require.True(t, i == 0 || got[i-1].To.Before(p.From), "in order")
		}
	})
}
