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
			"calendar": "vn-national", "version": 1, "provisional": false}`, r.out)
	})
	t.Run("says beside the result when days off are not announced yet", func(t *testing.T) {
		r := command(t, "calendar", "add", "--from", "2027-08-27T14:30:00+07:00", "--duration", "1wd")
		require.Equal(t, exitOK, r.code)
		require.Equal(t, "2027-08-30T17:30:00+07:00\n", r.out)
		require.Contains(t, r.err, "provisional: ")
	})
}
