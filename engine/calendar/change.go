package calendar

import (
	"slices"
	"time"
)

// MaxChanges is the most [Changes] returns.
const MaxChanges = 400

// Change is a day on which two versions of a calendar differ.
type Change struct {
	Date   Date    `json:"date"`
	Before DayKind `json:"before"`
	After  DayKind `json:"after"`
	// Name and Basis are those of the entry that made it so, in the later version if it has one. A change of
	// the weekly pattern has none.
	Name  string `json:"name,omitempty"`
	Basis string `json:"basis,omitempty"`
	// Weekly says that the weekly pattern differs: this day and every such weekday after it, but for those
	// that are exceptions.
	Weekly bool `json:"weekly,omitempty"`
}

// Changes lists the days from the day of from to that of to, both included, on which two calendars differ:
// in their kind or in their hours; then Before and After may be the same. Days are in order. A weekday whose
// ordinary hours differ is reported once, on its first day within the range that is no exception. When there
// are more than [MaxChanges], the last one is of kind [Truncated] on both sides and stands for all from its
// date on. Nothing is returned if, and only if, the calendars agree on every day of the range. It costs
// O(n log n) in the number of exceptions, however long the range.
func Changes(before, after *Calendar, from, to time.Time) []Change {
	d := difference{before: before, after: after, first: moment(from).day(), last: moment(to).day()}
	changes := d.weekly()
	for _, day := range d.exceptional() {
		if change, differs := d.on(day); differs {
			changes = append(changes, change)
		}
	}
	slices.SortFunc(changes, func(a, b Change) int { return a.Date.Compare(b.Date) })
	if len(changes) > MaxChanges {
		changes = changes[:MaxChanges:MaxChanges]
		changes[MaxChanges-1] = Change{Date: changes[MaxChanges-1].Date, Before: Truncated, After: Truncated}
	}
	return changes
}

// difference compares two calendars from the day first to the day last.
type difference struct {
	before, after *Calendar
	first, last   int64
}

// exceptional is the days within the range that are an exception in either calendar, in order.
func (d difference) exceptional() []int64 {
	days := append(d.within(d.before.days), d.within(d.after.days)...)
	slices.Sort(days)
	return slices.Compact(days)
}

func (d difference) within(days []int64) []int64 {
	i, _ := slices.BinarySearch(days, d.first)
	n, _ := slices.BinarySearch(days, d.last+1)
	return slices.Clone(days[i:max(i, n)])
}

// on is how a day differs, and whether it does.
func (d difference) on(day int64) (Change, bool) {
	before, after := d.before.on(day), d.after.on(day)
	change := Change{Date: dateOfDay(day), Before: before.kind, After: after.kind, Name: after.name, Basis: after.basis}
	if _, found := slices.BinarySearch(d.after.days, day); !found {
		change.Name, change.Basis = before.name, before.basis
	}
	return change, !before.equal(after)
}

// weekly is one change for each weekday whose ordinary hours differ.
func (d difference) weekly() []Change {
	var changes []Change
	for day := d.first; day < d.first+7; day++ {
		before, after := d.before.week[day%7], d.after.week[day%7]
		if before.equal(after) {
			continue
		}
		if ordinary := d.ordinary(day); ordinary <= d.last {
			changes = append(changes, Change{Date: dateOfDay(ordinary), Before: before.kind, After: after.kind, Weekly: true})
		}
	}
	return changes
}

// ordinary is the first day from day on, on the same weekday, that is an exception in neither calendar.
func (d difference) ordinary(day int64) int64 {
	for d.before.exceptional(day) || d.after.exceptional(day) {
		day += 7
	}
	return day
}

func (c *Calendar) exceptional(day int64) bool {
	_, found := slices.BinarySearch(c.days, day)
	return found
}

// equal reports whether two days have the same kind and the same shifts.
func (h hours) equal(o hours) bool { return h.kind == o.kind && slices.Equal(h.spans, o.spans) }
