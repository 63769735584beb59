package engine

import (
	"cmp"
	"slices"
)

// LinkActor is the being that opens linked dossiers, and tells dossiers of
// each other.
const LinkActor = "link"

// LinkSystem is [LinkActor] at an agency.
func LinkSystem(agency string) Actor { return Actor{Kind: ActorSystem, ID: LinkActor, Agency: agency} }

// LinkRule finds the rule of a linked dossier in the definition; one opened by
// a rung has none.
func (m *Machine) LinkRule(l Linked) (LinkRule, bool) {
	return m.linkRule(l.Link)
}

// Part finds a linked dossier by its id.
func (c Case) Part(id string) (Linked, bool) {
	i := slices.IndexFunc(c.Linked, func(l Linked) bool { return l.ID == id })
	if i < 0 {
		return Linked{}, false
	}
	return c.Linked[i], true
}

// Title is what a linked dossier is called: by the definition, else by the
// procedure it is of.
func (l Linked) Title() string { return cmp.Or(l.Link, l.Procedure) }

// HandOn picks, of what a dossier holds, what a linked one takes over, under
// the ids it has there.
func (r LinkRule) HandOn(fields map[string]any, components []string) (map[string]any, []string) {
	var given map[string]any
	for _, h := range r.Fields {
		if value, held := fields[h.ID]; held {
			if given == nil {
				given = make(map[string]any, len(r.Fields))
			}
			given[h.There()] = value
		}
	}
	var papers []string
	for _, h := range r.Components {
		if slices.Contains(components, h.ID) {
			papers = append(papers, h.There())
		}
	}
	return given, papers
}

// StartLinked is the command that starts a linked dossier: at an agency, under
// rules of its own, with what this one hands on.
func (r Rules) StartLinked(c Case, l Linked, there Rules, agency, dossier string, fields map[string]any) Command {
	cmd := Command{
		ID: c.Dossier + "/" + l.ID, Dossier: dossier, Event: EventStart, Actor: LinkSystem(agency),
		Start: &Start{
			Agency: agency, Channel: c.Channel, Procedure: there.Ref(), Parent: &Parent{Dossier: c.Dossier, Linked: l.ID},
			Calendar: CalendarRef{Code: there.Cal.Code(), Version: there.Cal.Version()},
		},
	}
	if rule, linked := r.LinkRule(l); linked {
		cmd.Fields, cmd.Components = rule.HandOn(fields, c.Components)
	}
	return cmd
}

// LinkOpened is what the dossier that asked for a linked one is told when that
// is open.
func LinkOpened(c Case, l Linked, dossier string) Command {
	return Command{
		ID: c.Dossier + "/" + l.ID, Dossier: c.Dossier, Event: EventLinkOpened, Actor: LinkSystem(c.Agency),
		Linked: &Linked{ID: l.ID, Dossier: dossier},
	}
}

// Command is the message as the command it is to the other dossier, which is
// of an agency. Its id is made of what it follows from, so that it is decided
// once however often it is told.
func (t Tell) Command(from, agency string) Command {
	return Command{
		ID: from + "/" + t.Key, Dossier: t.Dossier, Event: t.Event, Comment: t.Comment, Linked: t.Linked, Actor: LinkSystem(agency),
	}
}
