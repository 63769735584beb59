package engine

import (
	"fmt"
	"slices"
	"time"
)

// String names the rung as the definition says it.
func (g Rung) String() string {
	switch {
	case !g.At.IsZero():
		return fmt.Sprintf("%s of %s", g.At, g.Of)
	case !g.Since.IsZero():
		return fmt.Sprintf("%s into %s", g.Since, g.Of)
	case !g.Before.IsZero():
		return fmt.Sprintf("%s before %s", g.Before, g.Of)
	default:
		return fmt.Sprintf("%s after %s", g.After, g.Of)
	}
}

// moment is one pending thing that time alone causes: a rung of a clock, what
// the clock's end brings (lapse), or the end of a halt.
type moment struct {
	at    time.Time
	clock Clock
	rung  int
	halt  Halt
}

// What a moment is that is no rung.
const (
	lapse  = -1
	unhalt = -2
)

// pending lists what time will cause while nothing else happens, soonest
// first; moments that coincide keep the order of clocks and rungs.
func (r Rules) pending(c Case) []moment {
	var out []moment
	for _, h := range c.Halts {
		if !h.Until.IsZero() {
			out = append(out, moment{at: h.Until, rung: unhalt, halt: h})
		}
	}
	for _, k := range c.Clocks {
		if !k.Running() {
			continue
		}
		for i, g := range r.Ladder {
			if hangsOn(g, k, c) && !slices.Contains(k.Fired, i) {
				out = append(out, moment{at: r.rungAt(g, k), clock: k, rung: i})
			}
		}
		if r.expires(k) {
			out = append(out, moment{at: k.Due, clock: k, rung: lapse})
		}
	}
	slices.SortStableFunc(out, func(a, b moment) int { return a.at.Compare(b.at) })
	return out
}

func hangsOn(g Rung, k Clock, c Case) bool {
	if g.Of == OfDossier {
		appointment, ok := c.Appointment()
		return ok && appointment.ID == k.ID
	}
	return g.Of == string(k.Kind)
}

// rungAt is the moment a rung of a running clock falls at.
func (r Rules) rungAt(g Rung, k Clock) time.Time {
	cal := r.calOf(k)
	switch {
	case !g.Since.IsZero():
		return later(cal.Add(k.CountsFrom, g.Since), k.RunningSince)
	case !g.Before.IsZero():
		return later(cal.Sub(k.Due, g.Before), k.RunningSince)
	case !g.After.IsZero():
		return cal.Add(k.Due, g.After)
	case g.At == 100:
		return k.Due
	default:
		return r.share(g.At, k)
	}
}

// share finds the moment at which a share of the whole budget is used. What
// was consumed before counts; the rest is laid over the running stretch in
// working time, or in plain time for a clock of plain units, so that 75% of
// one working day falls within that day.
func (r Rules) share(p Percent, k Clock) time.Time {
	budget := float64(max(k.Budget.Amount(), 1))
	used, wanted := float64(k.Consumed)/budget, float64(p)/100
	if wanted <= used {
		return k.RunningSince
	}
	part := (wanted - used) / (1 - used)
	if !k.Budget.Unit.Working() {
		return k.RunningSince.Add(scale(k.Due.Sub(k.RunningSince), part))
	}
	cal := r.calOf(k)
	return cal.AddWorkingTime(k.RunningSince, scale(cal.WorkingTime(k.RunningSince, k.Due), part))
}

func scale(d time.Duration, by float64) time.Duration {
	return time.Duration(float64(d) * by).Truncate(time.Millisecond)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
