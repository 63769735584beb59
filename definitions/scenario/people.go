package scenario

import (
	"cmp"
	"slices"
	"strings"

	"motcua/engine"
	"motcua/engine/calendar"
)

// who names an actor.
func (t *teller) who(kind engine.ActorKind, id string) engine.Text {
	switch {
	case kind == engine.ActorClock:
		return engine.Text{VI: "đồng hồ", EN: "clock"}
	case kind == engine.ActorSystem && id == applicant:
		return engine.Text{VI: "người nộp", EN: "applicant"}
	case kind == engine.ActorSystem && id == system:
		return engine.Text{VI: "hệ thống", EN: "system"}
	case kind == engine.ActorSystem && id == engine.LinkActor:
		return engine.Text{VI: "liên thông", EN: "linked dossiers"}
	}
	return both(t.name(id))
}

// name is an officer's, where the organisation knows it.
func (t *teller) name(id string) string {
	i := slices.IndexFunc(t.Organisation.Officers, func(o engine.Officer) bool { return o.ID == id })
	if i < 0 {
		return id
	}
	return t.Organisation.Officers[i].Name
}

func (t *teller) names(ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = t.name(id)
	}
	return " (" + strings.Join(names, ", ") + ")"
}

// place is where somebody has to act: where the dossier stands or, for the
// clock of a consultation, who was asked.
func (t *teller) place(clock string) engine.Place {
	if o, ok := t.c.OpinionOn(clock); ok {
		return engine.Place{Department: o.Department, Role: o.Role}
	}
	return engine.Place{Department: t.c.Department, Role: t.c.Role, Holder: t.c.Holder}
}

// recipients are those a rung told: as it is on record or, where an old record
// does not say, as the organisation would have it. They are named in the order
// of their ids, whatever the order of the organisation.
func (t *teller) recipients(f engine.Fact) []Told {
	told := slices.Clone(f.Rung.Told)
	if len(told) == 0 {
		told = t.found(f)
	}
	for i := range told {
		told[i].Officers = slices.Sorted(slices.Values(told[i].Officers))
	}
	return told
}

func (t *teller) found(f engine.Fact) []Told {
	directory := t.Org
	if directory == nil {
		directory = engine.NewDirectory(t.Organisation)
	}
	var told []Told
	for _, role := range f.Rung.Notify {
		told = append(told, directory.Find(role, t.place(f.Rung.Clock), calendar.DateOf(f.At)))
	}
	return told
}

// addressed words one of those told.
func (t *teller) addressed(told Told) engine.Text {
	who, names := word(roleWords, told.Role), t.names(told.Officers)
	if told.Climbed {
		return engine.Text{VI: who.VI + ": không có ai, báo cấp trên" + names, EN: who.EN + ": nobody there, those above instead" + names}
	}
	return engine.Text{VI: who.VI + names, EN: who.EN + names}
}

// state names a state in both languages.
func (t *teller) state(id string) string {
	s, ok := t.State(id)
	if !ok {
		return id
	}
	if s.Name.EN == "" {
		return s.Name.VI
	}
	return s.Name.VI + " / " + s.Name.EN
}

// event names an event as the state it left does, else as any state does.
func (t *teller) event(event, from, to string) engine.Text {
	name := t.EventName(event, from, to)
	if name.VI == "" {
		return both(event)
	}
	return engine.Text{VI: name.VI, EN: cmp.Or(name.EN, name.VI)}
}
