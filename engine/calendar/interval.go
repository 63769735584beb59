package calendar

import "time"

// MaxIntervals is the most [Calendar.Intervals] returns.
const MaxIntervals = 2000

// Interval is a stretch of time of one kind, From included and To not.
type Interval struct {
	From    time.Time `json:"from"`
	To      time.Time `json:"to"`
	Kind    DayKind   `json:"kind"`
	Working bool      `json:"working"`
	// Name and Basis are those of the [Exception] that made the stretch what it is, if one did.
	Name  string `json:"name,omitempty"`
	Basis string `json:"basis,omitempty"`
}

// Intervals explains the time between from and to: intervals in order, without gaps, that cover it
// exactly, and whose working ones add up to [Calendar.WorkingTime]. Every shift is its own interval;
// nights and midday breaks are [Closed]; neighbouring days off for the same reason are one. There is
// none when to is not after from. When [MaxIntervals] do not suffice, the last one is of kind
// [Truncated] and covers all the rest, whatever it is.
func (c *Calendar) Intervals(from, to time.Time) []Interval {
	b := intervals{from: moment(from), to: moment(to)}
	for day := b.from.day(); milli(day*dayMilli) < b.to && !b.full; day++ {
		b.add(day, c.on(day))
	}
	return b.list
}

// intervals collects intervals within from and to.
type intervals struct {
	from, to milli
	list     []Interval
	full     bool
}

func (b *intervals) add(day int64, h hours) {
	start := milli(day * dayMilli)
	if !h.works() {
		b.append(start, start+milli(dayMilli), Interval{Kind: h.kind, Name: h.name, Basis: h.basis})
		return
	}
	closed := start
	for _, s := range h.spans {
		b.append(closed, start+milli(s.from), Interval{Kind: Closed})
		closed = start + milli(s.to)
		b.append(start+milli(s.from), closed, Interval{Kind: h.kind, Working: true, Name: h.name, Basis: h.basis})
	}
	b.append(closed, start+milli(dayMilli), Interval{Kind: Closed})
}

func (b *intervals) append(from, to milli, i Interval) {
	from, to = max(from, b.from), min(to, b.to)
	if from >= to || b.full {
		return
	}
	i.From, i.To = from.time(), to.time()
	last := len(b.list) - 1
	switch {
	case last >= 0 && b.list[last].continues(i):
		b.list[last].To = i.To
	case len(b.list) < MaxIntervals:
		b.list = append(b.list, i)
	default:
		b.list[last] = Interval{From: b.list[last].From, To: b.to.time(), Kind: Truncated}
		b.full = true
	}
}

// continues reports whether next is more of the same time off.
func (i Interval) continues(next Interval) bool {
	return !i.Working && !next.Working && i.Kind == next.Kind && i.Name == next.Name && i.Basis == next.Basis
}
