package definitions

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"

	"motcua/engine"
	"motcua/engine/calendar"
)

// scxmlNS is the namespace of State Chart XML (W3C Recommendation of 1
// September 2015), motcuaNS that of what SCXML has no word for: names, who
// acts, limits.
const (
	scxmlNS  = "http://www.w3.org/2005/07/scxml"
	motcuaNS = "urn:motcua:scxml:1"
)

// SCXML writes the machine as a State Chart XML document, names in both
// languages. The same machine is always the same bytes.
//
// Conditions are CEL, which the attribute datamodel says where there are any.
// An event that leaves the dossier where it is has no target; what time alone
// causes is sent on entering and cancelled on leaving. SCXML knows no working
// time: such a delay is the expression working('5wd'), which whoever runs the
// document gives a meaning.
func SCXML(m *engine.Machine) ([]byte, error) {
	chart := scxmlChart{
		XMLNS: scxmlNS, Motcua: motcuaNS, Version: "1.0",
		Name: m.Code, Initial: m.Initial().ID, Number: m.Version, SHA256: m.SHA256,
		Statutory: m.Limits.Statutory.String(), Committed: m.Limits.Committed.String(), Starts: m.Limits.Starts,
		Names: scxmlNames(m.Name),
	}
	for _, s := range m.States {
		state := scxmlStateOf(m, s)
		if state.expresses() {
			chart.Datamodel = "cel"
		}
		chart.States = append(chart.States, state)
	}
	var out bytes.Buffer
	out.WriteString(xml.Header)
	enc := xml.NewEncoder(&out)
	enc.Indent("", "  ")
	if err := enc.Encode(chart); err != nil {
		return nil, fmt.Errorf("write procedure %s as SCXML: %w", m.Code, err)
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

func scxmlStateOf(m *engine.Machine, s engine.State) scxmlState {
	state := scxmlState{
		XMLName: xml.Name{Local: "state"}, ID: s.ID, Names: scxmlNames(s.Name),
		Department: s.Department, Role: s.Role, Within: s.Within.String(), Cell: s.Cell, Stage: s.Stage,
		Clock: s.Clock, WaitsFor: s.WaitsFor, Outcome: s.Outcome,
	}
	if s.Final {
		state.XMLName.Local = "final"
	}
	if s.PortalStatus > 0 {
		state.PortalStatus = strconv.Itoa(s.PortalStatus)
	}
	for _, t := range s.On {
		state.Transitions = append(state.Transitions, scxmlTransitionOf(m, t))
		if after := expiry(m, s, t.Event); !after.IsZero() { // entries of one event have one moment
			id := s.ID + "." + t.Event
			state.Entry = &scxmlEntry{scxmlSendOf(id, t.Event, after)}
			state.Exit = &scxmlExit{scxmlCancel{id}}
		}
	}
	return state
}

func scxmlTransitionOf(m *engine.Machine, t engine.Transition) scxmlTransition {
	out := scxmlTransition{
		Event: t.Event, Target: t.To, By: t.By, Print: t.Print, Comment: t.Comment, Resume: t.Resume,
		Limit: t.Limit.String(), Extend: t.Extend.String(), Quorum: t.Quorum.String(), Names: scxmlNames(t.Name),
	}
	if t.When.Expression() || t.When == engine.Never {
		out.Cond = string(t.When)
	}
	if t.Stays() {
		out.Type = "internal"
	}
	for _, id := range t.Start {
		out.Starts = append(out.Starts, scxmlStartOf(m, id))
	}
	for _, id := range t.Link {
		out.Links = append(out.Links, scxmlLinkOf(m, id))
	}
	if t.Approval != nil {
		out.Approval = t.Approval.Department + "/" + t.Approval.Role
	}
	return out
}

func scxmlStartOf(m *engine.Machine, id string) scxmlStart {
	start := scxmlStart{Consultation: id}
	for _, c := range m.Consultations {
		if c.ID == id {
			start.Lead = c.Lead
		}
	}
	return start
}

func scxmlLinkOf(m *engine.Machine, id string) scxmlLink {
	link := scxmlLink{Link: id}
	for _, k := range m.Links {
		if k.ID == id {
			link.Procedure, link.Partner = k.Procedure, k.Partner
		}
	}
	return link
}

// scxmlSendOf sends an event after a time. The form of a delay knows
// milliseconds to days.
func scxmlSendOf(id, event string, after calendar.Duration) scxmlSend {
	send := scxmlSend{ID: id, Event: event, After: after.String()}
	switch {
	case after.Unit.Working():
		send.DelayExpr = "working('" + after.String() + "')"
	case after.Unit == calendar.Month:
		send.Delay = strconv.FormatInt(after.Amount(), 10) + "d"
	default:
		send.Delay = after.String()
	}
	return send
}

func scxmlNames(t engine.Text) []scxmlName {
	names := []scxmlName{{Lang: "vi", Text: t.VI}}
	if t.EN != "" {
		names = append(names, scxmlName{Lang: "en", Text: t.EN})
	}
	return names
}
