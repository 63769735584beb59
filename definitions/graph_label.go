package definitions

import (
	"strings"

	"motcua/engine"
	"motcua/engine/calendar"
)

// labels are the words a drawing adds to names, in Vietnamese and English.
var labels = map[string]engine.Text{
	"else":      {VI: "còn lại", EN: "else"},
	"after":     {VI: "sau ", EN: "after "},
	"concluded": {VI: "khi lấy ý kiến xong", EN: "when the opinions are in"},
	"starts":    {VI: "bắt đầu: ", EN: "starts: "},
	"parts":     {VI: "khi hồ sơ liên thông kết thúc", EN: "when the linked dossiers are concluded"},
	"links":     {VI: "liên thông: ", EN: "links: "},
	"lead":      {VI: "chủ trì: ", EN: "lead: "},
	"extends":   {VI: "gia hạn ", EN: "extends by "},
}

// said is the label of the i-th entry of a state: the name of the event, the
// condition as a guard, and whatever else than an officer moves it or follows.
func said(m *engine.Machine, s engine.State, i int, lang string) string {
	t := s.On[i]
	words := []string{name(t.Name, lang)}
	if g := guard(s, i, lang); g != "" {
		words[0] += " [" + g + "]"
	}
	if d := expiry(m, s, t.Event); !d.IsZero() {
		words = append(words, name(labels["after"], lang)+d.String())
	}
	if t.By == engine.ByConsultation {
		words = append(words, name(labels["concluded"], lang))
	}
	if t.By == engine.ByLinks {
		words = append(words, name(labels["parts"], lang))
	}
	if len(t.Start) > 0 {
		words = append(words, name(labels["starts"], lang)+strings.Join(consulted(m, t.Start, lang), ", "))
	}
	if len(t.Link) > 0 {
		words = append(words, name(labels["links"], lang)+strings.Join(linked(m, t.Link, lang), ", "))
	}
	if !t.Extend.IsZero() {
		words = append(words, name(labels["extends"], lang)+t.Extend.String())
	}
	return strings.Join(words, " · ")
}

// guard is the condition of the i-th entry; the last of several entries of one
// event, that has none, is the one for everything else.
func guard(s engine.State, i int, lang string) string {
	t := s.On[i]
	if t.When.Expression() || t.When == engine.Never {
		return string(t.When)
	}
	for _, before := range s.On[:i] {
		if before.Event == t.Event && !before.When.IsZero() {
			return name(labels["else"], lang)
		}
	}
	return ""
}

// expiry is the time after which the event happens by itself in the state, as
// the state or the suspension says; zero where it does not.
func expiry(m *engine.Machine, s engine.State, event string) calendar.Duration {
	switch {
	case s.Expires != nil:
		if s.Expires.Event == event {
			return s.Expires.After
		}
	case m.Suspension != nil && s.AwaitsApplicant() && m.Suspension.OnExpiry == event:
		return m.Suspension.Max
	}
	return calendar.Duration{}
}

// consulted names consultations and who leads each; one that is not declared by
// its id.
func consulted(m *engine.Machine, ids []string, lang string) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = id
		for _, c := range m.Consultations {
			if c.ID == id {
				names[i] = name(c.Name, lang) + led(c, lang)
			}
		}
	}
	return names
}

func led(c engine.Consultation, lang string) string {
	if c.Lead == "" {
		return ""
	}
	return " (" + name(labels["lead"], lang) + c.Lead + ")"
}

// linked names linked dossiers and the partner of each; one that is not
// declared by its id.
func linked(m *engine.Machine, ids []string, lang string) []string {
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = id
		for _, k := range m.Links {
			switch {
			case k.ID == id && k.Partner != "":
				names[i] = name(k.Name, lang) + " (" + k.Partner + ")"
			case k.ID == id:
				names[i] = name(k.Name, lang)
			}
		}
	}
	return names
}

// staying lists the entries that leave the dossier where it is.
func staying(m *engine.Machine, s engine.State, lang string) []string {
	var notes []string
	for i, t := range s.On {
		if t.Stays() {
			notes = append(notes, "↻ "+said(m, s, i, lang))
		}
	}
	return notes
}
