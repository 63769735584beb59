package calendar

import (
	"cmp"
	"fmt"
	"slices"
)

func (p *Problems) base(s Spec) {
	switch {
	case s.Base == "" && s.BaseVersion != 0:
		p.add("base_version", "%d is the version of no base", s.BaseVersion)
	case s.Base == "":
	case s.BaseVersion < 0:
		p.add("base_version", "%d must be left out: it is written when the base is taken over", s.BaseVersion)
	case s.Base == s.Code:
		p.add("base", "%s cannot be its own base", s.Code)
	default:
		p.code("base", s.Base)
	}
}

func (p *Problems) units(units []Department) {
	seen := make(map[string]int, len(units))
	for i, u := range units {
		place := fmt.Sprintf("units[%d]", i)
		if first, twice := seen[u.Department]; twice {
			p.add(place+".department", "%s is already units[%d]", quote(u.Department), first)
		} else {
			p.code(place+".department", u.Department)
			seen[u.Department] = i
		}
		p.text(place+".name", u.Name)
		p.week(place+".week", u.Week)
	}
}

// unannounced checks each period, then that none shares a day with another: an index over them could not
// tell which one a day belongs to.
func (p *Problems) unannounced(s Spec) {
	order := make([]int, 0, len(s.Unannounced))
	for i, period := range s.Unannounced {
		if p.period(fmt.Sprintf("unannounced[%d]", i), period, s) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(s.Unannounced[a].From.Compare(s.Unannounced[b].From), a-b)
	})
	for i := 1; i < len(order); i++ {
		before, after := s.Unannounced[order[i-1]], s.Unannounced[order[i]]
		if !after.From.After(before.To) {
			p.add(fmt.Sprintf("unannounced[%d].from", order[i]), "%s lies in unannounced[%d], which ends on %s", after.From, order[i-1], before.To)
		}
	}
}

// period checks one period, and reports whether its days can be compared with those of others.
func (p *Problems) period(place string, period Period, s Spec) bool {
	if period.Name == "" {
		p.add(place+".name", "is missing: people must be told what is not announced yet")
	}
	p.text(place+".name", period.Name)
	p.text(place+".basis", period.Basis)
	switch {
	case period.From.IsZero():
		p.add(place+".from", "is missing")
	case period.To.IsZero():
		p.add(place+".to", "is missing")
	case period.To.Before(period.From):
		p.add(place+".to", "%s comes before %s", period.To, period.From)
	case period.To.After(s.KnownUntil) && !(s.KnownUntil.IsZero() && s.Unresolved()):
		p.add(place+".to", "%s comes after known_until: everything is unannounced there already", period.To)
	default:
		return true
	}
	return false
}
