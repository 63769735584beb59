package api

import (
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"motcua/engine"
	"motcua/engine/calendar"
)

// HaltBody is how long a supervisor stops the clocks.
type HaltBody struct {
	Until time.Time `json:"until,omitzero" doc:"When they run again by themselves; a suspension always has an end"`
	Basis string    `json:"basis,omitempty" validate:"max=500,plain" doc:"The rule it rests on"`
}

// OverridesBody is what a supervisor does past what the definition allows.
type OverridesBody struct {
	To     string `json:"to,omitempty" validate:"omitempty,max=64,id" doc:"State the dossier is put into"`
	Extend string `json:"extend,omitempty" validate:"max=20,plain" doc:"By how much the legal limits are lengthened, also where they have passed" example:"2wd"`
}

// extras are the parts of a body that go with some events only, and where they
// stand in it. The slip goes with every event that hands a dossier over, which
// only the definition knows.
var extras = []struct {
	path  string
	given func(*EventBody) bool
	with  []string
}{
	{"/answer", func(b *EventBody) bool { return b.Answer != nil }, []string{engine.EventAnswer, engine.EventWithdrawRequest}},
	{"/officer", func(b *EventBody) bool { return b.Officer != "" }, []string{engine.EventReassign}},
	{"/halt", func(b *EventBody) bool { return b.Halt != nil }, []string{engine.EventSuspend, engine.EventResume}},
	{"/overrides", func(b *EventBody) bool { return b.Overrides != nil }, []string{engine.EventOverride}},
	{"/target", func(b *EventBody) bool { return b.Target != "" }, []string{engine.EventEndorse, engine.EventTurnDown, engine.EventAcknowledge, engine.EventReturn}},
	{"/extend", func(b *EventBody) bool { return b.Extend != "" }, []string{engine.EventExtend}},
}

// Resolve applies the rules of content.
func (b *EventBody) Resolve(huma.Context) []error {
	return append(check(b), b.beside()...)
}

// beside holds what goes with an event against the event.
func (b *EventBody) beside() []error {
	var out []error
	for _, e := range extras {
		if e.given(b) && !slices.Contains(e.with, b.Event) {
			out = append(out, &invalid{in: "body", path: e.path, tag: "with", param: strings.Join(e.with, ", ")})
		}
	}
	if b.Slip != "" && engine.ReservedName(b.Event) != (engine.Text{}) {
		out = append(out, &invalid{in: "body", path: "/slip", tag: "handing"})
	}
	return append(out, b.missing()...)
}

// missing finds what an event cannot do without.
func (b *EventBody) missing() []error {
	var out []error
	need := func(path string, given bool) {
		if !given {
			out = append(out, &invalid{in: "body", path: path, tag: "required"})
		}
	}
	switch b.Event {
	case engine.EventAnswer:
		if b.Answer != nil { // without one, the engine says which is wanted
			need("/answer/department", b.Answer.Department != "")
			need("/answer/says", b.Answer.Says != "")
		}
	case engine.EventSuspend:
		need("/halt/until", b.Halt != nil && !b.Halt.Until.IsZero())
	case engine.EventOverride:
		need("/overrides", b.Overrides != nil && *b.Overrides != OverridesBody{})
	case engine.EventReturn:
		need("/target", b.Target != "")
	case engine.EventExtend:
		need("/extend", b.Extend != "")
	}
	if b.Overrides != nil {
		out = append(out, lasting("/overrides/extend", b.Overrides.Extend)...)
	}
	return append(out, lasting("/extend", b.Extend)...)
}

// lasting refuses what is no duration.
func lasting(path, text string) []error {
	if d, err := calendar.ParseDuration(text); text != "" && (err != nil || d.Value <= 0) {
		return []error{&invalid{in: "body", path: path, tag: "duration"}}
	}
	return nil
}

func (b *HaltBody) order() *engine.HaltOrder {
	if b == nil {
		return nil
	}
	return &engine.HaltOrder{Until: b.Until, Basis: b.Basis}
}

func (b *OverridesBody) overrides() *engine.Overrides {
	if b == nil {
		return nil
	}
	out := &engine.Overrides{To: b.To}
	if b.Extend != "" {
		out.Extend, _ = calendar.ParseDuration(b.Extend) // Resolve refused what is none
	}
	return out
}
