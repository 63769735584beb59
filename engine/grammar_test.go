package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

// Places of the states in procedure().
const (
	received = iota
	verifying
	supplementing
	signing
	ready
)

func fieldsOf(fields ...engine.Field) func(*engine.Definition) {
	return func(d *engine.Definition) {
		for i := range fields {
			fields[i].Name = engine.Text{VI: fields[i].ID}
		}
		d.Fields = fields
	}
}

func transition(event, to string, edit func(*engine.Transition)) engine.Transition {
	t := engine.Transition{Event: event, To: to, Name: engine.Text{VI: event}}
	if edit != nil {
		edit(&t)
	}
	return t
}

func withOn(state int, first ...engine.Transition) func(*engine.Definition) {
	return func(d *engine.Definition) { d.States[state].On = append(first, d.States[state].On...) }
}

func due(s *stage, kind engine.ClockKind) string {
	return s.clock(kind).Due.In(at(1, 0, 0).Location()).Format("02 15:04")
}

func TestConditionsChooseTheTransition(t *testing.T) {
	t.Parallel()
	storeys := fieldsOf(engine.Field{ID: "house.storeys", Type: engine.TypeInteger}, engine.Field{ID: "house.heritage", Type: engine.TypeBool})
	route := withOn(received, transition("route", "under-signature", func(t *engine.Transition) { t.When = "house.storeys > 7 && !house.heritage" }),
		transition("route", "under-verification", nil))
	for name, c := range map[string]struct {
		fields map[string]any
		to     string
	}{
		"the first that holds":            {map[string]any{"house.storeys": 9.0}, "under-signature"},
		"else the one without":            {map[string]any{"house.storeys": 9.0, "house.heritage": true}, "under-verification"},
		"what was not given is nothing":   {nil, "under-verification"},
		"a number as the API decodes one": {map[string]any{"house.storeys": 8}, "under-signature"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, storeys, route)
			s.ok(at(10, 8, 0), s.opening(c.fields))
			s.fire(at(10, 8, 5), lan, "route")
			require.Equal(t, c.to, s.c.State)
		})
	}
	t.Run("none holds", func(t *testing.T) {
		s := started(t, storeys, withOn(received, transition("hurry", "under-signature", func(t *engine.Transition) { t.When = `house.storeys / 0 > 1` })))
		require.NotContains(t, events(s.rules.Permitted(s.c, lan)), "hurry")
		s.refused(engine.CodeNeedsUnmet, at(10, 8, 5), lan, "hurry")
	})
}

func events(list []engine.Permitted) []string {
	var out []string
	for _, p := range list {
		out = append(out, p.Event)
	}
	return out
}

func TestAnExpensiveConditionDoesNotHold(t *testing.T) {
	t.Parallel()
	costly := engine.Condition(`components.all(a, components.all(b, components.all(c, components.all(d, a + b + c + d != ""))))`)
	s := started(t, func(d *engine.Definition) {
		for i := range 60 {
			d.Components = append(d.Components, engine.Component{ID: "paper-" + string(rune('a'+i%26)) + string(rune('a'+i/26)), Name: engine.Text{VI: "x"}})
		}
	}, withOn(received, transition("hurry", "under-signature", func(t *engine.Transition) { t.When = costly })))
	var all []string
	for _, c := range s.rules.Components {
		all = append(all, c.ID)
	}
	require.True(t, s.rules.Holds(costly, s.c), "with one paper it is cheap")
	err := s.decide(at(10, 8, 1), engine.Command{Event: "hurry", Actor: lan, Components: all})
	require.Equal(t, engine.CodeNeedsUnmet, engine.CodeOf(err))
}

func TestOnlyWhatConditionsRestOnGoesOnRecord(t *testing.T) {
	t.Parallel()
	s := newStage(t, fieldsOf(
		engine.Field{ID: "name", Type: engine.TypeString, Personal: true, Required: engine.Always},
		engine.Field{ID: "remote", Type: engine.TypeBool},
		engine.Field{ID: "note", Type: engine.TypeString},
	), withOn(received, transition("route", "under-signature", func(t *engine.Transition) { t.When = "remote" })))
	s.ok(at(10, 8, 0), s.opening(map[string]any{"name": "Nguyễn Văn A", "remote": true, "note": "gấp"}))
	require.Equal(t, map[string]string{"remote": "true"}, s.c.Fields)
	require.Equal(t, []string{"name", "note", "remote"}, s.c.Given)
}

func TestFieldsAreChecked(t *testing.T) {
	t.Parallel()
	two, five := 2, 5
	all := fieldsOf(
		engine.Field{ID: "born", Type: engine.TypeDate},
		engine.Field{ID: "kind", Type: engine.TypeChoice, Choices: []engine.Choice{{ID: "new", Name: engine.Text{VI: "Mới"}}}},
		engine.Field{ID: "plot", Type: engine.TypeString, Pattern: `[0-9]+/[0-9]+`},
		engine.Field{ID: "share", Type: engine.TypeNumber, Min: &two, Max: &five},
		engine.Field{ID: "word", Type: engine.TypeString, Min: &two, Max: &five},
		engine.Field{ID: "permit", Type: engine.TypeString, Required: `kind == "new"`},
	)
	for _, c := range []struct {
		fields map[string]any
		path   string
	}{
		{map[string]any{"born": "2026-02-30"}, "/fields/born"},
		{map[string]any{"kind": "old"}, "/fields/kind"},
		{map[string]any{"kind": "new"}, "/fields/permit"},
		{map[string]any{"plot": "12"}, "/fields/plot"},
		{map[string]any{"plot": "x12/3"}, "/fields/plot"},
		{map[string]any{"share": 1.5}, "/fields/share"},
		{map[string]any{"share": "3"}, "/fields/share"},
		{map[string]any{"word": "a"}, "/fields/word"},
		{map[string]any{"word": "aaaaaa"}, "/fields/word"},
		{map[string]any{"other/x": 1}, "/fields/other~1x"},
	} {
		s := newStage(t, all)
		err := s.decide(at(10, 8, 0), s.opening(c.fields))
		var refusal *engine.Error
		require.ErrorAs(t, err, &refusal, "%v", c.fields)
		require.Equal(t, engine.CodeInvalid, refusal.Code)
		require.Equal(t, c.path, refusal.Path)
	}
	s := newStage(t, all)
	s.ok(at(10, 8, 0), s.opening(map[string]any{"born": "2026-02-28", "kind": "new", "permit": "có", "plot": "12/3", "share": 2.5, "word": "xã"}))
}

func TestFieldsComeWithTheirEvent(t *testing.T) {
	t.Parallel()
	s := started(t, fieldsOf(engine.Field{ID: "area", Type: engine.TypeNumber, Required: engine.Always}),
		withOn(received, transition("measure", "", func(t *engine.Transition) { t.Fields = []string{"area"} })))
	err := s.decide(at(10, 8, 1), engine.Command{Event: "measure", Actor: lan})
	require.Equal(t, engine.CodeInvalid, engine.CodeOf(err), "required when its event comes")
	err = s.decide(at(10, 8, 1), engine.Command{Event: "accept", Actor: lan, Fields: map[string]any{"area": 3}})
	require.Equal(t, engine.CodeInvalid, engine.CodeOf(err), "it does not come with another event")
	before := s.clock(engine.ClockStep)
	s.ok(at(10, 8, 2), engine.Command{Event: "measure", Actor: lan, Fields: map[string]any{"area": 120.5}})
	require.Equal(t, "received", s.c.State, "the dossier stays where it is")
	require.Equal(t, before, s.clock(engine.ClockStep), "and its step goes on")
	require.Equal(t, []string{"area"}, s.c.Given)
}

func TestComponentsRequiredByCondition(t *testing.T) {
	t.Parallel()
	edits := []func(*engine.Definition){
		fieldsOf(engine.Field{ID: "by_proxy", Type: engine.TypeBool}),
		func(d *engine.Definition) {
			d.Components = append(d.Components, engine.Component{ID: "authorisation", Name: engine.Text{VI: "Giấy ủy quyền"}, Required: "by_proxy"})
		},
	}
	self := started(t, edits...)
	self.fire(at(10, 9, 0), lan, "accept")
	proxy := newStage(t, edits...)
	proxy.ok(at(10, 8, 0), proxy.opening(map[string]any{"by_proxy": true}))
	proxy.refused(engine.CodeNeedsUnmet, at(10, 9, 0), lan, "accept")
	proxy.ok(at(10, 9, 0), engine.Command{Event: "accept", Actor: lan, Components: []string{"authorisation"}})
}

func TestVariantsHaveLimitsOfTheirOwn(t *testing.T) {
	t.Parallel()
	variants := func(d *engine.Definition) {
		d.Variants = []engine.Variant{
			{
				ID: "remote", Name: engine.Text{VI: "Vùng sâu, vùng xa"}, When: "remote", Statutory: dur("6wd"),
				Steps: []engine.StepLimit{{State: "under-verification", Within: dur("40wh")}},
			},
			{ID: "postal", Name: engine.Text{VI: "Bưu chính"}, When: `channel == "postal"`, Statutory: dur("5wd"), Steps: []engine.StepLimit{{State: "under-verification", Within: dur("32wh")}}},
		}
	}
	remote := fieldsOf(engine.Field{ID: "remote", Type: engine.TypeBool})
	s := newStage(t, remote, variants)
	s.ok(at(10, 8, 0), s.opening(map[string]any{"remote": true}))
	s.fire(at(10, 9, 0), lan, "accept")
	require.Equal(t, "remote", s.c.Variant)
	require.Equal(t, "18 17:30", due(s, engine.ClockStatutory), "six working days, the first not counted")
	s.fire(at(10, 9, 0), minh, engine.EventAcceptHandoff)
	require.Equal(t, "17 09:00", due(s, engine.ClockStep), "forty working hours")

	plain := verified(t, remote, variants)
	require.Empty(t, plain.c.Variant)
	require.Equal(t, "13 17:30", due(plain, engine.ClockStatutory))
	require.Equal(t, "12 09:00", due(plain, engine.ClockStep))
}

func TestAVariantIsSettledWhenTheLegalClockStarts(t *testing.T) {
	t.Parallel()
	measure := func(t *engine.Transition) { t.Fields = []string{"remote"} }
	s := started(t, fieldsOf(engine.Field{ID: "remote", Type: engine.TypeBool}),
		withOn(received, transition("measure", "", measure)), withOn(verifying, transition("measure", "", measure)),
		func(d *engine.Definition) {
			d.Variants = []engine.Variant{{ID: "remote", Name: engine.Text{VI: "Xa"}, When: "remote", Statutory: dur("5wd"), Steps: []engine.StepLimit{{State: "under-verification", Within: dur("32wh")}}}}
		})
	s.ok(at(10, 8, 1), engine.Command{Event: "measure", Actor: lan, Fields: map[string]any{"remote": true}})
	require.Equal(t, "remote", s.c.Variant)
	s.ok(at(10, 8, 2), engine.Command{Event: "measure", Actor: lan, Fields: map[string]any{"remote": false}})
	require.Empty(t, s.c.Variant)
	s.fire(at(10, 9, 0), lan, "accept")
	s.fire(at(10, 9, 0), minh, engine.EventAcceptHandoff)
	s.ok(at(10, 9, 2), engine.Command{Event: "measure", Actor: minh, Fields: map[string]any{"remote": true}})
	require.Empty(t, s.c.Variant, "a running limit is not changed by a field")
}

func TestOneCellOverSeveralSteps(t *testing.T) {
	t.Parallel()
	s := verified(t, func(d *engine.Definition) {
		d.Cells = []engine.Cell{{ID: "decision", Name: engine.Text{VI: "Quyết định"}, Within: dur("24wh")}}
		for _, i := range []int{verifying, signing} {
			d.States[i].Within, d.States[i].Cell = engine.State{}.Within, "decision"
		}
	})
	cell := s.clock(engine.ClockStep)
	require.Equal(t, "decision", cell.Subject)
	s.fire(at(10, 15, 0), minh, "submit")
	require.Equal(t, "under-signature", s.c.State)
	require.Equal(t, cell, s.clock(engine.ClockStep), "one clock over both steps")
	s.fire(at(11, 9, 0), chair, "return")
	require.Equal(t, cell.ID, s.clock(engine.ClockStep).ID, "a return within the cell does not renew it")
	s.fire(at(11, 9, 0), minh, engine.EventAcceptHandoff)
	s.fire(at(11, 10, 0), minh, "submit")
	s.fire(at(11, 11, 0), chair, "sign")
	_, running := s.c.Clock(engine.ClockStep)
	require.False(t, running)
}

func TestStagesHaveSubTotals(t *testing.T) {
	t.Parallel()
	s := verified(t, func(d *engine.Definition) {
		d.Stages = []engine.Stage{{ID: "commune", Name: engine.Text{VI: "Xã"}, Within: dur("2wd")}, {ID: "province", Name: engine.Text{VI: "Tỉnh"}, Within: dur("1wd")}}
		d.States[verifying].Stage, d.States[signing].Stage = "commune", "province"
	})
	require.Equal(t, "12 17:30", due(s, engine.ClockStage))
	s.fire(at(10, 10, 0), minh, "request-supplement")
	require.False(t, s.clock(engine.ClockStage).Running(), "the sub-total waits with the legal clock")
	s.fire(at(12, 10, 0), portal, "supplement")
	require.Equal(t, "14 17:30", due(s, engine.ClockStage))
	s.fire(at(12, 14, 0), minh, "submit")
	require.Equal(t, "province", s.clock(engine.ClockStage).Subject)
	require.Equal(t, "13 17:30", due(s, engine.ClockStage))
}
