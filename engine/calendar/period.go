package calendar

import (
	"slices"
	"time"
)

// Unsaid is the name of the period after the last known day.
const Unsaid = "chưa công bố"

// Period is a stretch of days, From and To included.
type Period struct {
	From Date `json:"from" yaml:"from"`
	To   Date `json:"to" yaml:"to"`
	// Name is what people call it, in Vietnamese: "Tết Nguyên đán Đinh Mùi".
	Name string `json:"name" yaml:"name"`
	// Basis is the law by which its days off are decided later.
	Basis string `json:"basis,omitempty" yaml:"basis,omitempty"`
}

// Unannounced lists the periods between from and to whose days off have not been announced yet, whole and
// in order. What lies after the last known day is one of them, to the end of all days and under the name
// [Unsaid]. A due date counted across any is provisional. There is none when to is before from.
func (c *Calendar) Unannounced(from, to time.Time) []Period {
	first, last := dateOfDay(moment(from).day()), dateOfDay(c.dueDay(moment(to)))
	if last.Before(first) {
		return nil
	}
	i, _ := slices.BinarySearchFunc(c.periods, first, func(p Period, day Date) int { return p.To.Compare(day) })
	n, _ := slices.BinarySearchFunc(c.periods, last, func(p Period, day Date) int {
		if p.From.After(day) {
			return 1
		}
		return -1
	})
	if i >= n {
		return nil
	}
	return slices.Clone(c.periods[i:n])
}

// Provisional reports whether t lies in a period of [Calendar.Unannounced], so that a due date at t may
// still move.
func (c *Calendar) Provisional(t time.Time) bool { return len(c.Unannounced(t, t)) > 0 }

// unannounced is the periods of a spec in order, with the rest of time behind the last known day.
func unannounced(s Spec) []Period {
	rest := Period{From: dateOfDay(0), To: dateOfDay(lastDay), Name: Unsaid}
	switch {
	case s.KnownUntil.IsZero():
		return []Period{rest}
	case s.KnownUntil == rest.To:
		return s.Unannounced
	default:
		rest.From = s.KnownUntil.AddDays(1)
		return append(slices.Clone(s.Unannounced), rest)
	}
}
