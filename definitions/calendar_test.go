package definitions_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v4"

	"motcua/definitions"
	"motcua/engine/calendar"
)

func TestCalendarsShipped(t *testing.T) {
	t.Parallel()
	specs, err := definitions.Calendars()
	require.NoError(t, err)
	var codes []string
	for _, spec := range specs {
		codes = append(codes, spec.Code)
		text, err := yaml.Dump(spec)
		require.NoError(t, err)
		again, err := definitions.DecodeCalendar(spec.Code, text)
		require.NoError(t, err)
		require.Equal(t, spec, again, "YAML round trip")
	}
	require.Equal(t, []string{"around-the-clock", "vn-national", "saturday-morning"}, codes, "a base comes first")

	c, err := definitions.NationalCalendar()
	require.NoError(t, err)
	require.Equal(t, "vn-national", c.Code())
	require.Equal(t, 2, c.Version())
	newYear := calendar.NewDate(2029, time.January, 1).Midnight()
	require.True(t, c.Provisional(newYear))
	require.False(t, c.Provisional(newYear.Add(-time.Millisecond)))
}

// TestDerivedCalendar is the shipped example of an agency with hours of its own and the national days off.
func TestDerivedCalendar(t *testing.T) {
	t.Parallel()
	specs, err := definitions.Calendars()
	require.NoError(t, err)
	national, spec := specs[1], specs[2]
	require.Equal(t, "vn-national", spec.Base)
	require.Equal(t, national.Version, spec.BaseVersion)
	require.Equal(t, national.KnownUntil, spec.KnownUntil)
	require.Equal(t, national.Unannounced, spec.Unannounced)
	require.Len(t, spec.Exceptions, len(national.Exceptions)+2)
	c, err := calendar.New(spec)
	require.NoError(t, err)

	day := calendar.NewDate(2026, time.August, 22) // make-up Saturday of the base
	closing, _ := c.Closing(day)
	require.Equal(t, "16:30", closing.Format("15:04"), "by the hours of Friday")
	closing, _ = c.Unit("office").Closing(day)
	require.Equal(t, "17:30", closing.Format("15:04"), "of the department's Friday")
	require.True(t, c.IsWorkingDay(day.AddDays(-7)))
	require.False(t, c.Unit("office").IsWorkingDay(day.AddDays(-7)))
	require.False(t, c.IsWorkingDay(calendar.NewDate(2026, time.February, 21)), "its own day off")
	require.Equal(t, 40*time.Hour, c.WorkingTime(day.AddDays(-12).Midnight(), day.AddDays(-5).Midnight()), "of an ordinary week")
}

func TestResolveCalendar(t *testing.T) {
	t.Parallel()
	const head = "code: x\nversion: 1\nbase: vn-national\nweek:\n  monday: [{from: 07:30, to: 11:30}]\n"
	spec, err := definitions.DecodeCalendar("c.yaml", []byte(head))
	require.NoError(t, err)
	require.True(t, spec.Unresolved())
	require.Empty(t, spec.Exceptions, "as it is written")

	c, err := definitions.ReadCalendar("c.yaml", []byte(head))
	require.NoError(t, err)
	again, err := definitions.ResolveCalendar(c.Spec())
	require.NoError(t, err)
	require.Equal(t, c.Spec(), again, "what is resolved stays")

	for text, want := range map[string]string{
		head + "base_version: 2\n":                      "c.yaml:6:15: base_version: 2024-01-01 is not taken over from vn-national version 2: leave base_version out",
		strings.Replace(head, "vn-national", "mars", 1): `c.yaml:3:7: base: no calendar "mars" ships; there are around-the-clock, saturday-morning, vn-national`,
		head + "known_until: 2029-12-31\nunannounced:\n  - {from: 2030-01-01, to: 2030-01-02, name: Tết}\n": "c.yaml:8:28: unannounced[0].to: 2030-01-02 comes after known_until",
		strings.Replace(head, "07:30", "12:30", 1):                                                          "c.yaml:5:12: week.monday[0]: shift 12:30–11:30 must end after it begins",
	} {
		_, err := definitions.ReadCalendar("c.yaml", []byte(text))
		require.ErrorContains(t, err, want)
		require.NotContains(t, err.Error(), "\n")
	}
	other, err := definitions.ReadCalendar("c.yaml", []byte(strings.Replace(head, "vn-national", "mars\nbase_version: 4", 1)))
	require.NoError(t, err, "resolved elsewhere")
	require.Equal(t, 4, other.Spec().BaseVersion)
}

func TestDecodeCalendarFaults(t *testing.T) {
	t.Parallel()
	const head = "code: x\nversion: 1\nweek:\n  monday: [{from: 07:30, to: 11:30}]\n"
	tests := []struct {
		name, text string
		want       []string
	}{
		{"unknown key", head + "holidays: 3\n", []string{"c.yaml:5:1: field holidays not found"}},
		{"repeated key", head + "code: y\n", []string{"c.yaml:5:1: mapping key"}},
		{"wrong type", head + "known_until: [x]\n", []string{"c.yaml:5:14: "}},
		{"no such day", head + "known_until: 2026-02-30\n", []string{`c.yaml:5:14: date "2026-02-30": must be an existing day`}},
		{"two faults", head + "exceptions:\n  - date: 2026-1-2\n    kinds: x\n", []string{"c.yaml:6:11: date", "c.yaml:7:5: field kinds not found"}},
		{"unknown kind", head + "exceptions:\n  - date: 2026-01-02\n    kind: holiday\n", []string{"c.yaml:7:11: exceptions[0].kind: 2026-01-02 has unknown kind"}},
		{"unannounced", head + "known_until: 2027-12-31\nunannounced:\n  - {from: 2027-02-01, to: 2027-01-31, name: Tết}\n", []string{"c.yaml:7:28: unannounced[0].to: 2027-01-31 comes before 2027-02-01"}},
		{"two of a department", head + "units:\n  - department: tax\n    week: {monday: [{from: 07:30, to: 11:30}]}\n  - department: tax\n    week: {}\n", []string{"c.yaml:8:17: units[1].department: \"tax\" is already units[0]", "c.yaml:9:11: units[1].week: has no shift at all"}},
		{"its own base", head + "base: x\n", []string{"c.yaml:5:7: base: x cannot be its own base"}},
		{"missing key", "code: x\nweek:\n  monday: [{from: 07:30, to: 11:30}]\n", []string{"c.yaml:1:1: version: 0 must be 1 or more"}},
		{"overlapping shifts", "code: x\nversion: 1\nweek:\n  monday: [{from: 07:30, to: 11:30}, {from: 11:00, to: 12:00}]\n", []string{"c.yaml:4:38: week.monday[1]: shift 11:00–12:00 begins before"}},
		{"not YAML", "code: x\n  bad: [", []string{"c.yaml:2:6: "}},
		{"nothing", "", []string{"c.yaml:1:1: "}},
		{"two documents", head + "---\n" + head, []string{"c.yaml:1:1: "}},
		{"too long", strings.Repeat("#", 1<<20+1), []string{"c.yaml:1:1: 1048577 bytes"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := definitions.DecodeCalendar("c.yaml", []byte(test.text))
			require.Error(t, err)
			lines := strings.Split(err.Error(), "\n")
			require.Len(t, lines, len(test.want), "%v", err)
			for i, want := range test.want {
				require.Contains(t, lines[i], want)
			}
		})
	}
}

func FuzzDecodeCalendar(f *testing.F) {
	f.Add([]byte("code: x\nversion: 1\nweek:\n  monday: [{from: 07:30, to: 11:30}]\n"))
	f.Add([]byte("code: &a x\nname: *a\nexceptions: [{date: 2026-01-02, kind: working, shifts: []}]"))
	f.Add([]byte("code: x\nversion: 1\nbase: vn-national\nknown_until: 2027-01-01\nweek: {friday: [{from: 07:30, to: 11:30}]}\n" +
		"units: [{department: tax, week: {sunday: [{from: 00:00, to: 24:00}]}}]\nunannounced: [{from: 2026-02-01, to: 2026-02-02, name: Tết}]"))
	f.Add([]byte("0\n0")) // a fault that quotes two lines
	f.Fuzz(func(t *testing.T, data []byte) {
		spec, err := definitions.DecodeCalendar("c.yaml", data)
		if err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				require.Regexp(t, `^c\.yaml:\d+:\d+: `, line)
			}
			return
		}
		if _, err = calendar.New(spec); spec.Unresolved() {
			require.ErrorContains(t, err, "resolve the calendar first")
			spec, err = definitions.ResolveCalendar(spec)
			if err == nil {
				_, err = calendar.New(spec)
			}
			var problems calendar.Problems
			require.True(t, err == nil || errors.As(err, &problems), "%v", err)
			return
		}
		require.NoError(t, err)
	})
}
