package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The examples are those an office can check with a wall calendar in hand:
// official days off and make-up working days of 2024 to 2026.
func TestCalendarAdd(t *testing.T) {
	for name, c := range map[string]struct{ from, duration, due string }{
		"1: National Day, with Monday swapped":         {"2026-08-27T14:30:00+07:00", "3wd", "2026-09-04T17:30:00+07:00"},
		"1: counted from the next day by a 15h rule":   {"2026-08-28T07:30:00+07:00", "3wd", "2026-09-07T17:30:00+07:00"},
		"2: a Saturday that is made up for":            {"2026-08-20T09:00:00+07:00", "3wd", "2026-08-24T17:30:00+07:00"},
		"3: Vietnam Culture Day":                       {"2026-11-23T09:00:00+07:00", "1wd", "2026-11-25T17:30:00+07:00"},
		"5: New Year, after the swap":                  {"2025-12-30T09:00:00+07:00", "3wd", "2026-01-06T17:30:00+07:00"},
		"6: Tết":                                       {"2026-02-10T09:00:00+07:00", "10wd", "2026-03-03T17:30:00+07:00"},
		"7: a make-up day in, holidays out":            {"2026-08-14T09:00:00+07:00", "17wd", "2026-09-10T17:30:00+07:00"},
		"8: due on a make-up Saturday":                 {"2024-04-26T09:00:00+07:00", "3wd", "2024-05-04T17:30:00+07:00"},
		"working hours go on after the night":          {"2026-11-25T16:30:00+07:00", "2wh", "2026-11-26T08:30:00+07:00"},
		"a moment told in another zone is that moment": {"2026-08-27T07:30:00Z", "3wd", "2026-09-04T17:30:00+07:00"},
	} {
		t.Run(name, func(t *testing.T) {
			r := command(t, "calendar", "add", "--from", c.from, "--duration", c.duration)
			require.Equal(t, result{exitOK, c.due + "\n", ""}, r)
		})
	}
	t.Run("as JSON", func(t *testing.T) {
		r := command(t, "calendar", "add", "--from", "2026-08-27T07:30:00Z", "--duration", "3wd", "-o", "json")
		require.Equal(t, exitOK, r.code)
		require.JSONEq(t, `{"due": "2026-09-04T17:30:00+07:00", "from": "2026-08-27T14:30:00+07:00", "duration": "3wd",
			"calendar": "vn-national", "version": 2, "provisional": false}`, r.out)
	})
	t.Run("says beside the result when days off are not announced yet", func(t *testing.T) {
		r := command(t, "calendar", "add", "--from", "2027-08-27T14:30:00+07:00", "--duration", "1wd")
		require.Equal(t, exitOK, r.code)
		require.Equal(t, "2027-08-30T17:30:00+07:00\n", r.out)
		require.Equal(t, "motcua: provisional: the days off of Quốc khánh 2027 are not announced yet, between 2027-08-28 and 2027-09-11\n", r.err)

		r = command(t, "calendar", "add", "--from", "2028-12-27T14:30:00+07:00", "--duration", "5wd")
		require.Equal(t, "motcua: provisional: days off are announced until 2028-12-31 only\n", r.err)

		r = command(t, "calendar", "add", "--from", "2027-01-27T14:30:00+07:00", "--duration", "3wd", "-o", "json")
		require.Equal(t, exitOK, r.code)
		require.JSONEq(t, `{"due": "2027-02-01T17:30:00+07:00", "from": "2027-01-27T14:30:00+07:00", "duration": "3wd",
			"calendar": "vn-national", "version": 2, "provisional": true, "unannounced": [{"from": "2027-01-30", "to": "2027-02-20",
			"name": "Tết Nguyên đán Đinh Mùi", "basis": "BLLĐ 2019 Điều 112: Thủ tướng Chính phủ quyết định hằng năm"}]}`, r.out)
	})
	t.Run("by the hours of a department, and by a file", func(t *testing.T) {
		limit := []string{"calendar", "add", "--from", "2026-08-13T14:30:00+07:00", "--duration", "2wd"}
		due := func(args ...string) result { return command(t, append(limit, args...)...) }
		require.Equal(t, result{out: "2026-08-15T11:00:00+07:00\n"}, due("--calendar", "saturday-morning"))
		require.Equal(t, result{out: "2026-08-17T17:30:00+07:00\n"}, due("--calendar", "saturday-morning", "--department", "office"))
		require.Equal(t, result{out: "2026-08-15T11:00:00+07:00\n"}, due("--file", "../../definitions/calendars/saturday-morning.yaml"))
		r := due("--department", "office")
		require.Equal(t, "2026-08-17T17:30:00+07:00\n", r.out)
		require.Contains(t, r.err, `department "office" has no hours of its own in vn-national`)
	})
}

// TestCalendarFiles is a session of showing, checking and comparing calendars.
func TestCalendarFiles(t *testing.T) {
	requireGolden(t, "calendar", session(t,
		[]string{"calendar", "show", "vn-national", "--year", "2026", "--lang", "vi"},
		[]string{"calendar", "show", "saturday-morning", "--year", "2027"},
		[]string{"calendar", "show", "--file", "../../definitions/calendars/saturday-morning.yaml", "--year", "2027", "--department", "office", "-o", "json"},
		[]string{"calendar", "show"},
		[]string{"calendar", "show", "mars"},
		[]string{"calendar", "show", "vn-national", "--year", "10000"},
		[]string{"calendar", "show", "vn-national", "--file", "x.yaml"},
		[]string{"calendar", "check", "../../definitions/calendars/vn-national.yaml", "../../definitions/calendars/saturday-morning.yaml"},
		[]string{"calendar", "check", "testdata/calendar-faulty.yaml"},
		[]string{"calendar", "check", "testdata/calendar-misplaced.yaml"},
		[]string{"calendar", "check", "testdata/calendar-no-base.yaml", "--lang", "vi"},
		[]string{"calendar", "check"},
		[]string{"calendar", "diff", "testdata/calendar-before-swap.yaml", "vn-national"},
		[]string{"calendar", "diff", "testdata/calendar-before-swap.yaml", "vn-national", "--lang", "vi", "-o", "json"},
		[]string{"calendar", "diff", "vn-national", "saturday-morning", "--lang", "vi"},
		[]string{"calendar", "diff", "vn-national", "vn-national"},
		[]string{"calendar", "diff", "vn-national", "testdata/calendar-misplaced.yaml"},
		[]string{"calendar", "add", "--from", "2026-08-27T14:30:00+07:00", "--duration", "1wd", "--calendar", "vn-national", "--file", "x.yaml"},
		[]string{"calendar", "add", "--from", "2026-08-27T14:30:00+07:00", "--duration", "1wd", "--file", "testdata/calendar-no-base.yaml"},
	))
}

func TestCalendarCheckAsData(t *testing.T) {
	r := command(t, "calendar", "check", "testdata/calendar-misplaced.yaml", "-o", "json")
	require.Equal(t, exitInvalid, r.code)
	require.Contains(t, r.out, `"errors": 5`)
	require.Contains(t, r.out, `"line": 7`)
	require.Contains(t, r.out, `"code": "calendar"`)
}
