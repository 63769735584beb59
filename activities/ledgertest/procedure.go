package ledgertest

import (
	"time"

	"motcua/engine"
	"motcua/engine/calendar"
)

// Agency is the agency of the suite.
const Agency = "H00.101"

// Clerk may do everything in the suite's procedure.
var Clerk = engine.Actor{Kind: engine.ActorOfficer, ID: "clerk", Agency: Agency, Roles: []engine.RoleIn{{Department: "one-stop", Role: "clerk"}}}

// Portal is a backend system of the agency.
var Portal = engine.Actor{Kind: engine.ActorSystem, ID: "portal", Agency: Agency}

// Opening opens a dossier of [Machine].
func Opening(m *engine.Machine) engine.Start {
	return engine.Start{Agency: Agency, Channel: "online", Procedure: m.Ref(), Calendar: engine.CalendarRef{Code: "around-the-clock", Version: 1}}
}

// Definition is a small procedure on plain time: a second for the first step,
// an hour for the dossier, a suspension of a day.
func Definition() engine.Definition {
	name := engine.Text{VI: "Thử"}
	step := func(id string, within string, on ...engine.Transition) engine.State {
		return engine.State{ID: id, Name: name, Department: "one-stop", Role: "clerk", Within: duration(within), On: on}
	}
	event := func(event, to string) engine.Transition { return engine.Transition{Event: event, To: to, Name: name} }
	awaiting := step("awaiting-supplement", "", event("supplement", "under-verification"), engine.Transition{Event: "lapse", To: "stopped", Name: name, By: engine.ByClock})
	awaiting.Clock = "suspended"
	return engine.Definition{
		Motcua: 1, Code: "9.000001", Version: 1, Name: name, Field: "Thử", Level: "commune",
		LegalBasis: []engine.LegalBasis{{Ref: "0/2026/TEST"}},
		Effective:  engine.Effective{From: calendar.NewDate(2024, time.January, 1)},
		Calendar:   "around-the-clock",
		Limits:     engine.Limits{Statutory: duration("1h"), Starts: "under-verification"},
		Suspension: &engine.Suspension{Max: duration("24h"), OnExpiry: "lapse"},
		Links:      []engine.LinkRule{{ID: "part", Name: name, Procedure: PartCode, Cancel: "cancel"}},
		States: []engine.State{
			step("received", "1s", event("accept", "under-verification")),
			step("under-verification", "", event("sign", "resolved"), event("request-supplement", "awaiting-supplement"),
				engine.Transition{Event: "involve", Name: name, Link: []string{"part"}}),
			awaiting,
			{ID: "resolved", Name: name, Final: true, Outcome: "resolved"},
			{ID: "stopped", Name: name, Final: true, Outcome: "stopped"},
		},
		Ladder: []engine.Rung{
			{At: 100, Of: engine.OfStep, Notify: []string{engine.RoleHolder}, Raise: "overdue"},
			{After: duration("30m"), Of: engine.OfStep, Notify: []string{engine.RoleHead}, Raise: "escalated"},
			{At: 75, Of: engine.OfDossier, Notify: []string{engine.RoleHolder}, Raise: "due-soon"},
			{At: 100, Of: engine.OfDossier, Notify: []string{engine.RoleHead}, Raise: "overdue"},
		},
	}
}

// PartCode is the procedure that [Definition] links to.
const PartCode = "9.000002"

// PartDefinition is that procedure.
func PartDefinition() engine.Definition {
	def := Definition()
	name := def.Name
	def.Code, def.Suspension, def.Links, def.Limits = PartCode, nil, nil, engine.Limits{}
	def.Ladder = nil
	def.States = []engine.State{
		{ID: "requested", Name: name, Department: "one-stop", Role: "clerk", On: []engine.Transition{
			{Event: "resolve", To: "resolved", Name: name}, {Event: "cancel", To: "stopped", Name: name, By: engine.BySystem},
		}},
		{ID: "resolved", Name: name, Final: true, Outcome: "resolved"},
		{ID: "stopped", Name: name, Final: true, Outcome: "stopped"},
	}
	return def
}

// Parts opens every linked dossier under [PartDefinition], at the same agency.
func Parts(c engine.Case, _ engine.Linked) (engine.Rules, string, error) {
	return engine.Rules{Machine: compile(PartDefinition()), Cal: Calendar()}, c.Agency, nil
}

// Machine compiles [Definition]; it panics if that is broken.
func Machine() *engine.Machine { return compile(Definition()) }

func compile(def engine.Definition) *engine.Machine {
	m, findings := engine.Compile(def, "sha256-of-the-test-procedure")
	if err := findings.Err(); err != nil {
		panic(err)
	}
	return m
}

// Calendar is a calendar on which every minute works.
func Calendar() *calendar.Calendar {
	day := []calendar.Shift{{From: 0, To: calendar.EndOfDay}}
	c, err := calendar.New(calendar.Spec{
		Code: "around-the-clock", Version: 1, Name: "24/7", KnownUntil: calendar.NewDate(2099, time.December, 31),
		Week: calendar.Week{Monday: day, Tuesday: day, Wednesday: day, Thursday: day, Friday: day, Saturday: day, Sunday: day},
	})
	if err != nil {
		panic(err)
	}
	return c
}

// Rules are what [Machine] is executed by.
func Rules() engine.Rules { return engine.Rules{Machine: Machine(), Cal: Calendar()} }

// zone is that of dossier codes.
var zone = calendar.Zone()

func duration(s string) calendar.Duration {
	if s == "" {
		return calendar.Duration{}
	}
	d, err := calendar.ParseDuration(s)
	if err != nil {
		panic(err)
	}
	return d
}
