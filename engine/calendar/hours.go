package calendar

import "slices"

// hours is what one day offers: its kind and its shifts in milliseconds since midnight.
type hours struct {
	kind        DayKind
	name, basis string
	spans       []span
	total       int64 // working milliseconds of the day
}

type span struct{ from, to int64 }

func newHours(kind DayKind, shifts []Shift) hours {
	h := hours{kind: kind}
	for _, shift := range shifts {
		s := span{int64(shift.From) * minuteMilli, int64(shift.To) * minuteMilli}
		h.spans = append(h.spans, s)
		h.total += s.to - s.from
	}
	return h
}

func (h hours) works() bool { return len(h.spans) > 0 }

func (h hours) opening() int64 { return h.spans[0].from }

func (h hours) closing() int64 { return h.spans[len(h.spans)-1].to }

// nextOpen is the first offset from offset on at which a shift runs, and false when none does any more.
func (h hours) nextOpen(offset int64) (int64, bool) {
	for _, s := range h.spans {
		if offset < s.to {
			return max(offset, s.from), true
		}
	}
	return 0, false
}

// worked is the working time of the day that has passed at offset.
func (h hours) worked(offset int64) int64 {
	var sum int64
	for _, s := range h.spans {
		sum += max(min(offset, s.to)-s.from, 0)
	}
	return sum
}

// reached is the earliest offset at which w milliseconds (at most the total of the day) have been worked;
// on the border of two shifts that is the end of the first one.
func (h hours) reached(w int64) int64 {
	for _, s := range h.spans {
		if length := s.to - s.from; w > length {
			w -= length
			continue
		}
		return s.from + w
	}
	return h.closing()
}

// counter sums a quantity each day has, such as its working milliseconds, over any stretch of days in
// O(log n) of the exceptions: whole weeks are multiplied, exceptions are corrected by a prefix sum.
// Days are counted from 0001-01-01, a Monday.
type counter struct {
	week  [8]int64 // week[i] is the quantity of the first i days of an ordinary week
	days  []int64  // the exceptional days, ascending
	drift []int64  // drift[i] is what the first i exceptions add to the weekly pattern
}

func newCounter(week [7]hours, days []int64, own []hours, quantity func(hours) int64) counter {
	c := counter{days: days, drift: make([]int64, len(days)+1)}
	for i, h := range week {
		c.week[i+1] = c.week[i] + quantity(h)
	}
	for i, day := range days {
		c.drift[i+1] = c.drift[i] + quantity(own[i]) - quantity(week[day%7])
	}
	return c
}

// before is the sum over all days that come before day.
func (c *counter) before(day int64) int64 {
	i, _ := slices.BinarySearch(c.days, day)
	return c.pattern(day) + c.drift[i]
}

// pattern is before without exceptions.
func (c *counter) pattern(day int64) int64 { return day/7*c.week[7] + c.week[day%7] }

// find is the first day at whose end the sum is at least k, for k from 1 on; lastDay+1 when none is.
func (c *counter) find(k int64) int64 {
	if k > c.before(lastDay+1) {
		return lastDay + 1
	}
	// The exception before which the sum still lacks, and behind which only the pattern is left.
	i := c.lacking(k)
	missing := k - c.drift[i]
	if i > 0 && c.pattern(c.days[i-1]+1)+c.drift[i] >= k {
		return c.days[i-1]
	}
	weeks := (missing - 1) / c.week[7]
	rest := missing - weeks*c.week[7]
	weekday := int64(0)
	for c.week[weekday+1] < rest {
		weekday++
	}
	return weeks*7 + weekday
}

// lacking is the number of exceptions before which the sum is less than k.
func (c *counter) lacking(k int64) int {
	low, high := 0, len(c.days)
	for low < high {
		middle := (low + high) / 2
		if c.pattern(c.days[middle])+c.drift[middle] < k {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low
}
