package engine

import (
	"slices"
	"time"
)

// haltSpan is how long a halt lasted; a zero to means that it still does.
type haltSpan struct {
	id       string
	from, to time.Time
}

// halt begins one. An outage may have begun before it was declared; the
// dossier was halted from then on, but not before it was started.
func (a *attribution) halt(f Fact) {
	if !a.halting() {
		a.waited = len(a.still) > 0
	}
	h := haltSpan{from: f.At}
	if f.Halt != nil {
		h.id = f.Halt.ID
		if began := f.Halt.From; !began.IsZero() {
			h.from = earlier(began, f.At)
		}
	}
	a.halts = append(a.halts, h)
}

// resume ends the halt it names. An outage may have been over before it was
// declared to be.
func (a *attribution) resume(f Fact) {
	id, end := "", f.At
	if f.Halt != nil {
		id = f.Halt.ID
		if until := f.Halt.Until; !until.IsZero() {
			end = earlier(until, f.At)
		}
	}
	for i := range a.halts {
		if h := &a.halts[i]; h.id == id && h.to.IsZero() {
			h.to = later(h.from, end)
		}
	}
}

// cut divides a share where halts begin and end; the department stays.
func (a *attribution) cut(s Share) []Share {
	borders := []time.Time{s.From, s.To}
	for _, h := range a.halts {
		for _, border := range []time.Time{h.from, h.to} {
			if border.After(s.From) && border.Before(s.To) {
				borders = append(borders, border)
			}
		}
	}
	slices.SortFunc(borders, time.Time.Compare)
	var out []Share
	for i, from := range borders[:len(borders)-1] {
		part := s
		if part.From, part.To = from, borders[i+1]; !part.To.After(part.From) {
			continue
		}
		if a.halted(from) {
			part.Kind = ShareHalted
		}
		out = append(out, part)
	}
	return out
}

func (a *attribution) halted(moment time.Time) bool {
	return slices.ContainsFunc(a.halts, func(h haltSpan) bool {
		return !moment.Before(h.from) && (h.to.IsZero() || moment.Before(h.to))
	})
}

// halting says whether a halt is open.
func (a *attribution) halting() bool {
	return slices.ContainsFunc(a.halts, func(h haltSpan) bool { return h.to.IsZero() })
}
