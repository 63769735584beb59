package web

import (
	"cmp"
	"strings"

	"motcua/api/caller"
	"motcua/engine"
)

// labelOf names what a button does.
func labelOf(v dossierView, p engine.Permitted) string {
	return cmp.Or(v.Lang.Text(p.Name), v.event(p.Event, v.Case.State, p.To))
}

// kept gives back what was written under an event that was refused.
func kept(v dossierView, p engine.Permitted) string {
	if v.Refused != nil && v.Tried == p.Event {
		return v.Comment
	}
	return ""
}

// shownStretches bounds the account of a long clock on a page.
const shownStretches = 200

func shown(timeline []engine.Stretch) []engine.Stretch {
	return timeline[:min(len(timeline), shownStretches)]
}

// stretchName says what made a stretch what it is: for a suspension the state
// that suspended, else a day off or a rule.
func (v dossierView) stretchName(s engine.Stretch) string {
	if s.Kind == "suspended" {
		return v.state(s.Name)
	}
	return s.Name
}

// stretchRule says why time that runs does not count.
func stretchRule(l caller.Lang, rule string) string {
	switch rule {
	case engine.RuleFirstDay:
		return l.T("ngày đầu tiên không tính", "the first day is not counted")
	case engine.RuleLastDay:
		return l.T("đến hạn vào ngày nghỉ, chuyển sang ngày làm việc tiếp theo", "due on a day off, moved to the next working day")
	}
	return ""
}

// judged says how a finished clock stands, to the minute and by the day.
func judged(l caller.Lang, e engine.Explanation) string {
	if e.Judgement == nil {
		return ""
	}
	return l.T("Tính đến phút: ", "To the minute: ") + l.Text(e.Judgement.Minute.Text()) +
		l.T("; tính theo ngày: ", "; by the day: ") + l.Text(e.Judgement.Day.Text())
}

// rolesOf lists what an officer is, for choosing whom to sign in as.
func rolesOf(l caller.Lang, o engine.Organisation, officer engine.Officer) string {
	n := names{lang: l, org: o}
	words := make([]string, len(officer.Roles))
	for i, r := range officer.Roles {
		words[i] = roleWord(l, r.Role) + " · " + n.department(r.Department)
	}
	return strings.Join(words, "; ")
}
