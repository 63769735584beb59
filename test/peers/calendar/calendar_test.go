package calendar_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/rickar/cal/v2"

	"motcua/engine/calendar"
)

// exceptions is fourteen days in each of ten years, of which none follows a rule that a machine knows: twelve
// holidays, a day swapped off, and the day that repays it.
func exceptions() []calendar.Exception {
	var all []calendar.Exception
	for year := 2020; year < 2030; year++ {
		for month := time.January; month <= time.December; month++ {
			all = append(all, calendar.Exception{Date: calendar.NewDate(year, month, 15), Kind: calendar.PublicHoliday})
		}
		all = append(all,
			calendar.Exception{Date: calendar.NewDate(year, time.January, 2), Kind: calendar.SwappedOff},
			calendar.Exception{Date: calendar.NewDate(year, time.January, 11), Kind: calendar.MakeUpWorking})
	}
	return all
}

func ours(t testing.TB) *calendar.Calendar {
	t.Helper()
	shifts := []calendar.Shift{
		{From: calendar.Clock(7, 30), To: calendar.Clock(11, 30)}, {From: calendar.Clock(13, 30), To: calendar.Clock(17, 30)},
	}
	c, err := calendar.New(calendar.Spec{Code: "ten-years", Version: 1, Week: calendar.MondayToFriday(shifts...), Exceptions: exceptions()})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// theirs is the same as a business calendar: a holiday for each day off, and a function for the make-up days,
// which the library has no word for.
func theirs(cached bool) *cal.BusinessCalendar {
	c := cal.NewBusinessCalendar()
	c.Cacheable = cached
	type date struct {
		year  int
		month time.Month
		day   int
	}
	madeUp := map[date]bool{}
	for _, e := range exceptions() {
		day := e.Date.Midnight()
		if e.Kind.Works() {
			madeUp[date{day.Year(), day.Month(), day.Day()}] = true
			continue
		}
		c.AddHoliday(&cal.Holiday{
			Month: day.Month(), Day: day.Day(), StartYear: day.Year(), EndYear: day.Year(), Func: cal.CalcDayOfMonth,
		})
	}
	c.WorkdayFunc = func(day time.Time) bool {
		weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
		return !weekend || madeUp[date{day.Year(), day.Month(), day.Day()}]
	}
	return c
}

var start = time.Date(2020, time.January, 6, 9, 0, 0, 0, calendar.Zone())

func limits() []int { return []int{3, 30, 1000} }

func TestBothMeanTheSameDay(t *testing.T) {
	our := ours(t)
	for _, their := range []*cal.BusinessCalendar{theirs(false), theirs(true)} {
		for offset := range 200 {
			from := start.AddDate(0, 0, offset)
			for _, n := range limits() {
				due := our.AddAmount(from, int64(n), calendar.WorkingDay)
				if want := calendar.DateOf(their.WorkdaysFrom(from, n)); calendar.DateOf(due) != want {
					t.Fatalf("%d working days after %s: ours %s, theirs %s", n, from, due, want)
				}
			}
		}
	}
}

func BenchmarkAddWorkingDays(b *testing.B) {
	our, their, cached := ours(b), theirs(false), theirs(true)
	for _, n := range limits() {
		due := our.AddAmount(start, int64(n), calendar.WorkingDay)
		for _, peer := range []*cal.BusinessCalendar{their, cached} {
			if got := calendar.DateOf(peer.WorkdaysFrom(start, n)); got != calendar.DateOf(due) {
				b.Fatalf("%d working days: ours %s, theirs %s", n, due, got)
			}
		}
		b.Run(fmt.Sprintf("motcua/%dwd", n), func(b *testing.B) {
			for b.Loop() {
				our.AddAmount(start, int64(n), calendar.WorkingDay)
			}
		})
		b.Run(fmt.Sprintf("rickar-cal/%dwd", n), func(b *testing.B) {
			for b.Loop() {
				their.WorkdaysFrom(start, n)
			}
		})
		b.Run(fmt.Sprintf("rickar-cal-cached/%dwd", n), func(b *testing.B) {
			for b.Loop() {
				cached.WorkdaysFrom(start, n)
			}
		})
	}
}
