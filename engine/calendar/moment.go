package calendar

import "time"

const (
	minuteMilli = int64(60_000)
	hourMilli   = 60 * minuteMilli
	dayMilli    = 24 * hourMilli

	// lastDay is 9999-12-31 counted in days from 0001-01-01.
	lastDay = int64(3_652_058)
	// lastMilli is the last moment a calendar can name; one more would be year 10000, which JSON refuses.
	lastMilli = milli((lastDay+1)*dayMilli - 1)
)

// zone is civil time in Viet Nam: UTC+7 without daylight saving, so no zone file is needed.
var zone = time.FixedZone("ICT", 7*60*60)

var (
	firstTime = time.Date(1, 1, 1, 0, 0, 0, 0, zone)
	lastTime  = time.Date(9999, 12, 31, 23, 59, 59, 999_000_000, zone)
)

// Zone is civil time in Viet Nam, the zone of every moment this package returns.
func Zone() *time.Location { return zone }

// milli is a moment: milliseconds since 0001-01-01 00:00 in Viet Nam.
type milli int64

// moment truncates t to the millisecond and moves it into the years 1 to 9999.
func moment(t time.Time) milli {
	switch {
	case t.Before(firstTime):
		return 0
	case t.After(lastTime):
		return lastMilli
	default:
		return milli(t.UnixMilli() - firstTime.UnixMilli())
	}
}

// time is the moment as a time in Viet Nam, within the years 1 to 9999.
func (m milli) time() time.Time {
	m = min(max(m, 0), lastMilli)
	return time.UnixMilli(int64(m) + firstTime.UnixMilli()).In(zone)
}

// day is the civil day of the moment, counted from 0001-01-01.
func (m milli) day() int64 { return int64(m) / dayMilli }

// offset is the time since midnight of that day, in milliseconds.
func (m milli) offset() int64 { return int64(m) % dayMilli }
