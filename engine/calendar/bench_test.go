package calendar_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine/calendar"
)

// tenYears is office hours with fourteen exceptions in each of ten years.
func tenYears() calendar.Spec {
	spec := plain()
	for year := 2020; year < 2030; year++ {
		for month := time.January; month <= time.December; month++ {
			spec.Exceptions = append(spec.Exceptions, calendar.Exception{
				Date: calendar.NewDate(year, month, 15), Kind: calendar.PublicHoliday,
			})
		}
		spec.Exceptions = append(spec.Exceptions,
			calendar.Exception{Date: calendar.NewDate(year, 1, 2), Kind: calendar.SwappedOff},
			calendar.Exception{Date: calendar.NewDate(year, 1, 10), Kind: calendar.MakeUpWorking},
		)
	}
	return spec
}

func BenchmarkAdd(b *testing.B) {
	c := calendarOf(b, tenYears())
	from := at(b, "2024-08-27 14:30")
	for _, limit := range []string{"3wd", "240wh", "30d", "100000wd", "1000000wh"} {
		d := duration(b, limit)
		b.Run(limit, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				c.Add(from, d)
			}
		})
	}
}

func BenchmarkMeasureTenYears(b *testing.B) {
	c := calendarOf(b, tenYears())
	from, to := at(b, "2020-01-01 08:00"), at(b, "2029-12-31 16:00")
	for b.Loop() {
		c.Measure(from, to, calendar.WorkingHour)
	}
}

func TestAddOfALongLimit(t *testing.T) {
	t.Parallel()
	c := calendarOf(t, tenYears())
	from := at(t, "2024-08-27 14:30")
	due := c.Add(from, duration(t, "100000wd"))
	require.Equal(t, int64(100_000), c.Measure(from, due, calendar.WorkingDay))
}
