package definitions_test

import (
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
	require.Equal(t, []string{"around-the-clock", "vn-national"}, codes)

	c, err := definitions.NationalCalendar()
	require.NoError(t, err)
	require.Equal(t, "vn-national", c.Code())
	require.Equal(t, 1, c.Version())
	newYear := calendar.NewDate(2027, time.January, 1).Midnight()
	require.True(t, c.Provisional(newYear))
	require.False(t, c.Provisional(newYear.Add(-time.Millisecond)))
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
	f.Add([]byte("0\n0")) // a fault that quotes two lines
	f.Fuzz(func(t *testing.T, data []byte) {
		spec, err := definitions.DecodeCalendar("c.yaml", data)
		if err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				require.Regexp(t, `^c\.yaml:\d+:\d+: `, line)
			}
			return
		}
		_, err = calendar.New(spec)
		require.NoError(t, err)
	})
}
