package engine

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine/calendar"
)

var updateExplained = flag.Bool("update", false, "write the golden explanations anew")

// year is office hours with the days off around the turn of 2025 and in the
// second half of 2026, as the national calendar has them.
func year(t testing.TB) Rules {
	t.Helper()
	day := func(date string, kind calendar.DayKind, name, basis string) calendar.Exception {
		d, err := calendar.ParseDate(date)
		require.NoError(t, err)
		return calendar.Exception{Date: d, Kind: kind, Name: name, Basis: basis}
	}
	const decided, swapped = "CV 9859/VPCP-KGVX 2025", "CV 12729/VPCP-KGVX 25/12/2025"
	c, err := calendar.New(calendar.Spec{
		Code: "office", Version: 2, KnownUntil: calendar.NewDate(2026, time.December, 31),
		Week: calendar.MondayToFriday(
			calendar.Shift{From: calendar.Clock(7, 30), To: calendar.Clock(11, 30)}, calendar.Shift{From: calendar.Clock(13, 30), To: calendar.Clock(17, 30)}),
		Exceptions: []calendar.Exception{
			day("2026-01-01", calendar.PublicHoliday, "Tết Dương lịch", decided),
			day("2026-01-02", calendar.SwappedOff, "Nghỉ hoán đổi dịp Tết Dương lịch", swapped),
			day("2026-01-10", calendar.MakeUpWorking, "Làm bù cho thứ Sáu 2/1", swapped),
			day("2026-08-22", calendar.MakeUpWorking, "Làm bù cho thứ Hai 31/8", decided),
			day("2026-08-31", calendar.SwappedOff, "Nghỉ hoán đổi dịp Quốc khánh", decided),
			day("2026-09-01", calendar.PublicHoliday, "Quốc khánh", decided),
			day("2026-09-02", calendar.PublicHoliday, "Quốc khánh", decided),
			day("2026-11-24", calendar.PublicHoliday, "Ngày Văn hóa Việt Nam", "Nghị quyết 28/2026/QH16"),
		},
	})
	require.NoError(t, err)
	def := Definition{States: []State{{ID: "awaiting-supplement", Name: Text{VI: "Chờ bổ sung hồ sơ", EN: "Awaiting supplement"}}}}
	return Rules{Machine: newMachine(def, ""), Cal: c}
}

// of is a statutory clock with a limit.
func of(limit string) Clock {
	d, err := calendar.ParseDuration(limit)
	if err != nil {
		panic(err)
	}
	return Clock{ID: "statutory-1", Kind: ClockStatutory, Budget: d}
}

// on is a moment written "2006-01-02 15:04", in Viet Nam.
func on(moment string) time.Time {
	m, err := time.ParseInLocation("2006-01-02 15:04", moment, calendar.Zone())
	if err != nil {
		panic(err)
	}
	return m
}

var at15 = &Cutoff{At: calendar.Clock(15, 0), CountsFrom: "next-working-day"}

// explained are the cases of the golden files: a clock and the moment it is
// looked at.
var explained = map[string]func(Rules) (Clock, time.Time){
	"three-days-over-2-9": func(r Rules) (Clock, time.Time) {
		return r.start(of("3wd"), on("2026-08-27 14:30"), at15), on("2026-08-28 08:00")
	},
	"three-days-after-cutoff": func(r Rules) (Clock, time.Time) {
		return r.start(of("3wd"), on("2026-08-27 15:30"), at15), on("2026-08-28 08:00")
	},
	"civil-days-end-on-holiday": func(r Rules) (Clock, time.Time) {
		return r.start(of("15d"), on("2026-08-17 09:00"), nil), on("2026-08-18 08:00")
	},
	"pause-and-finished-early": func(r Rules) (Clock, time.Time) {
		k := r.start(of("20wd"), on("2026-06-01 09:00"), nil)
		k = r.resume(r.suspend(k, on("2026-06-11 10:00")), on("2026-06-26 10:00"), Span{Reason: "awaiting-supplement"})
		return r.stop(k, on("2026-07-13 16:00")), on("2026-08-01 08:00")
	},
	"extended": func(r Rules) (Clock, time.Time) {
		k := r.start(of("5wd"), on("2026-10-05 09:00"), nil)
		k.Budget.Value, k.Extended = 8, calendar.Duration{Value: 3, Unit: calendar.WorkingDay}
		k.Rule, k.Succeeds = "extension", "statutory-3"
		return r.due(k), on("2026-10-16 08:00")
	},
	"swap-of-2-1": func(r Rules) (Clock, time.Time) {
		k := r.start(of("3wd"), on("2025-12-30 10:00"), nil)
		k.Rule = "calendar-office-2"
		return k, on("2025-12-31 08:00")
	},
	"suspended-now": func(r Rules) (Clock, time.Time) {
		return r.suspend(r.start(of("20wd"), on("2026-06-01 09:00"), nil), on("2026-06-11 10:00")), on("2026-06-19 08:30")
	},
	"working-hours-overnight": func(r Rules) (Clock, time.Time) {
		return r.stop(r.start(of("2wh"), on("2026-06-01 16:30"), nil), on("2026-06-02 09:15")), on("2026-06-02 10:00")
	},
	"sixty-days": func(r Rules) (Clock, time.Time) {
		return r.start(of("60wd"), on("2026-08-10 09:00"), nil), on("2026-08-11 08:00")
	},
	"beyond-what-is-known": func(r Rules) (Clock, time.Time) {
		k := r.start(of("24h"), on("2026-12-31 16:00"), nil)
		k.Rule = "receipt"
		return k, on("2026-12-31 17:00")
	},
}

func TestExplanationText(t *testing.T) {
	t.Parallel()
	r := year(t)
	for name, made := range explained {
		for _, lang := range []string{"vi", "en"} {
			t.Run(name+" in "+lang, func(t *testing.T) {
				k, now := made(r)
				got := r.Explain(k, now).Text(lang)
				golden := filepath.Join("testdata", "explain", name+"."+lang+".txt")
				if *updateExplained {
					require.NoError(t, os.MkdirAll(filepath.Dir(golden), 0o755))
					require.NoError(t, os.WriteFile(golden, []byte(got), 0o644))
				}
				want, err := os.ReadFile(golden)
				require.NoError(t, err)
				require.Equal(t, string(want), got)
			})
		}
	}
}
