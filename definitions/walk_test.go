package definitions_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/engine"
	"motcua/engine/calendar"
)

// A walk takes one dossier through a shipped procedure at the example agency
// of its level, by the national calendar. Whoever may act does.
type walk struct {
	*testing.T
	rules   engine.Rules
	org     engine.Organisation
	c       engine.Case
	stopped []engine.Clock
	facts   []engine.Fact
}

func start(t *testing.T, code, at string, components ...string) *walk {
	t.Helper()
	sources := shipped(t)
	i := slices.IndexFunc(sources, func(s definitions.Source) bool { return s.Machine.Code == code })
	require.GreaterOrEqual(t, i, 0)
	cal, err := definitions.NationalCalendar()
	require.NoError(t, err)
	m := sources[i].Machine
	w := &walk{T: t, rules: engine.Rules{Machine: m, Cal: cal}, org: organisation(t, m.Level)}
	portal := engine.Actor{Kind: engine.ActorSystem, ID: "portal", Agency: w.org.Agency.Code}
	require.NoError(t, w.decide(engine.Command{
		Dossier: "H00-260101-0001", Event: engine.EventStart, Components: components, Fields: required(m), Actor: portal,
		Start: &engine.Start{Agency: w.org.Agency.Code, Procedure: m.Ref(), Calendar: engine.CalendarRef{Code: cal.Code(), Version: cal.Version()}},
	}, at))
	return w
}

// required gives every field that must be there a value of its type.
func required(m *engine.Machine) map[string]any {
	fields := map[string]any{}
	for _, f := range m.Fields {
		if f.Required == engine.Always {
			fields[f.ID] = map[string]any{"string": "x", "bool": true, "integer": 1, "date": "2026-11-18"}[f.Type]
		}
	}
	return fields
}

func moment(t *testing.T, at string) time.Time {
	t.Helper()
	m, err := time.ParseInLocation("2006-01-02 15:04", at, calendar.Zone())
	require.NoError(t, err)
	return m
}

func (w *walk) decide(cmd engine.Command, at string) error {
	w.Helper()
	d, err := engine.Decide(w.rules, w.c, cmd, moment(w.T, at))
	if err == nil {
		w.c, w.stopped, w.facts = d.Case, append(w.stopped, d.Stopped...), append(w.facts, d.Facts...)
	}
	return err
}

// officer is an officer of the agency, with the roles held there.
func (w *walk) officer(id string) engine.Actor {
	w.Helper()
	i := slices.IndexFunc(w.org.Officers, func(o engine.Officer) bool { return o.ID == id })
	require.GreaterOrEqual(w, i, 0, "no officer %s", id)
	return engine.Actor{Kind: engine.ActorOfficer, ID: id, Agency: w.org.Agency.Code, Roles: w.org.Officers[i].Roles}
}

// do lets the first officer who may fire the event.
func (w *walk) do(at, event string) {
	w.Helper()
	for _, o := range w.org.Officers {
		actor := w.officer(o.ID)
		if slices.ContainsFunc(w.rules.Permitted(w.c, actor), func(p engine.Permitted) bool { return p.Event == event }) {
			require.NoError(w, w.decide(engine.Command{Event: event, Actor: actor, Comment: "theo quy trình"}, at))
			return
		}
	}
	require.Failf(w, "nobody may act", "event %s in state %s", event, w.c.State)
}

// steps does "event day hour" one after the other.
func (w *walk) steps(lines string) {
	w.Helper()
	for line := range strings.Lines(lines) {
		if words := strings.Fields(line); len(words) == 3 {
			w.do(words[1]+" "+words[2], words[0])
		}
	}
}

func (w *walk) requireDue(kind engine.ClockKind, at string) {
	w.Helper()
	k, ok := w.c.Clock(kind)
	require.True(w, ok, "no %s clock in state %s", kind, w.c.State)
	require.Equal(w, moment(w.T, at).Format(time.RFC3339), k.Due.Format(time.RFC3339), "%s due", kind)
}

func (w *walk) requireClosed(state, outcome string, statutory engine.Verdict) {
	w.Helper()
	require.True(w, w.c.Closed(), "stands in %s", w.c.State)
	require.Equal(w, state, w.c.State)
	require.Equal(w, outcome, w.c.Outcome)
	require.Equal(w, engine.Fold(w.facts), w.c, "the case is the fold of its facts")
	for _, k := range w.stopped {
		if k.Kind == engine.ClockStatutory && k.Verdict != engine.VerdictSuperseded {
			require.Equal(w, statutory, k.Verdict, "due %s", k.Due)
		}
	}
}

func TestWalkBirthRegistration(t *testing.T) {
	w := start(t, "1.001193", "2026-11-18 14:20", "declaration", "birth-notice")
	w.do("2026-11-18 14:30", "accept")
	w.requireDue(engine.ClockStatutory, "2026-11-18 17:30")
	w.requireDue(engine.ClockStep, "2026-11-18 15:00")
	w.steps(`
		forward        2026-11-18 14:40
		accept-handoff 2026-11-18 14:45
		approve        2026-11-18 15:20
		submit         2026-11-18 15:50
		accept-handoff 2026-11-18 15:55
		sign           2026-11-18 16:20
		accept-handoff 2026-11-18 16:30
		issue          2026-11-18 17:00
		accept-handoff 2026-11-18 17:05
		hand-over      2026-11-18 17:20`)
	w.requireClosed("returned", "resolved", engine.VerdictMet)
}

func TestWalkBirthRegistrationAfterTheCutOff(t *testing.T) {
	w := start(t, "1.001193", "2026-11-18 15:20", "declaration")
	w.do("2026-11-18 15:30", "accept")
	w.requireDue(engine.ClockStatutory, "2026-11-19 17:30")

	w = start(t, "1.001193", "2026-11-20 15:20", "declaration") // a Friday
	w.do("2026-11-20 15:00", "accept")
	w.requireDue(engine.ClockStatutory, "2026-11-20 17:30")

	w = start(t, "1.001193", "2026-11-20 15:20", "declaration")
	w.do("2026-11-20 15:01", "accept")
	w.requireDue(engine.ClockStatutory, "2026-11-23 17:30")
}

func TestWalkBirthRegistrationSupplemented(t *testing.T) {
	w := start(t, "1.001193", "2026-11-18 08:00", "declaration")
	w.steps(`
		accept             2026-11-18 08:10
		forward            2026-11-18 08:20
		accept-handoff     2026-11-18 08:30
		request-supplement 2026-11-18 09:00`)
	require.Equal(t, engine.StatusSuspended, w.c.Status())
	w.requireDue(engine.ClockSuspension, "2026-11-30 17:30") // 7wd, and the 24th is a holiday

	w.do("2026-11-25 15:30", "supplement")
	require.Equal(t, "accepted", w.c.State)
	w.requireDue(engine.ClockStatutory, "2026-11-26 17:30") // begins anew, after the cut-off
}

func TestWalkBirthRegistrationUnsupplemented(t *testing.T) {
	w := start(t, "1.001193", "2026-11-18 08:00", "declaration")
	w.do("2026-11-18 08:10", "request-supplement")
	require.NoError(t, w.decide(engine.Tick(w.c.Dossier), "2026-12-15 08:00"))
	w.requireClosed("closed-unsupplemented", "stopped", engine.VerdictMet)
	require.Equal(t, "2026-11-30T17:30:00+07:00", w.c.ClosedAt.Format(time.RFC3339), "at its own moment, however late it is noticed")
}

func TestWalkBirthRegistrationSeparatesDuties(t *testing.T) {
	w := start(t, "1.001193", "2026-11-18 08:00", "declaration")
	w.do("2026-11-18 08:10", "accept")
	w.do("2026-11-18 08:20", "forward")
	both := w.officer("nga.ngo")
	for _, event := range []string{"accept-handoff", "approve", "submit", "accept-handoff"} {
		require.NoError(t, w.decide(engine.Command{Event: event, Actor: both}, "2026-11-18 09:00"), event)
	}
	require.Equal(t, "under-signature", w.c.State)
	err := w.decide(engine.Command{Event: "sign", Actor: both}, "2026-11-18 09:10")
	require.Equal(t, engine.CodeSameOfficer, engine.CodeOf(err))
	require.NoError(t, w.decide(engine.Command{Event: "sign", Actor: w.officer("hai.hoang")}, "2026-11-18 09:20"))
}

func TestWalkCopyFromRegister(t *testing.T) {
	w := start(t, "2.000908", "2026-11-23 09:50", "request")
	w.do("2026-11-23 10:00", "accept")
	w.requireDue(engine.ClockStatutory, "2026-11-25 17:30") // the 24th is a holiday
	w.requireDue(engine.ClockStep, "2026-11-23 14:00")
	w.steps(`
		forward        2026-11-23 11:00
		accept-handoff 2026-11-23 11:10
		submit         2026-11-23 14:00
		accept-handoff 2026-11-23 14:10
		sign           2026-11-23 15:00
		accept-handoff 2026-11-23 15:05
		issue          2026-11-23 15:30
		accept-handoff 2026-11-23 15:40
		hand-over      2026-11-26 08:00`)
	w.requireClosed("returned", "resolved", engine.VerdictMet) // ready in time, fetched later
}

func TestWalkInvestmentApproval(t *testing.T) {
	w := start(t, "1.009645", "2026-08-14 08:00", "request", "legal-standing", "financial-capacity", "project-proposal")
	w.do("2026-08-14 08:30", "accept")
	w.requireDue(engine.ClockStatutory, "2026-09-10 17:30") // over a make-up Saturday and the National Day
	w.steps(`
		forward        2026-08-14 09:00
		accept-handoff 2026-08-14 09:30
		assign         2026-08-14 10:00
		submit         2026-08-14 15:00
		approve        2026-08-14 16:00
		sign           2026-08-17 09:00`)
	require.Equal(t, "under-consultation", w.c.State)
	w.requireDue(engine.ClockStep, "2026-08-25 17:30")         // 7wd, the Saturday 22/8 among them, and so for each
	w.requireDue(engine.ClockConsultation, "2026-08-25 17:30") // of the departments that are asked
	w.steps(`
		conclude       2026-08-25 08:30
		submit         2026-08-26 16:00
		approve        2026-08-27 14:00
		sign           2026-08-28 10:00
		forward        2026-08-28 14:00
		accept-handoff 2026-08-28 15:00
		approve        2026-09-07 10:00
		accept-handoff 2026-09-07 11:00
		issue          2026-09-07 15:00
		hand-over      2026-09-08 09:00`)
	w.requireClosed("returned", "resolved", engine.VerdictMet)
}

func TestWalkInvestmentApprovalSupplemented(t *testing.T) {
	w := start(t, "1.009645", "2026-08-14 08:00", "request", "legal-standing", "financial-capacity", "project-proposal")
	w.steps(`
		accept             2026-08-14 08:30
		forward            2026-08-14 09:00
		accept-handoff     2026-08-14 09:30
		assign             2026-08-14 10:00
		submit             2026-08-14 15:00
		approve            2026-08-14 16:00
		sign               2026-08-17 09:00
		conclude           2026-08-25 08:30
		request-supplement 2026-08-26 16:00`)
	// 17wd less the 9 from Monday 17/8 to Wednesday 26/8 with Saturday 22/8: 8 are left, counted from the day after the supplement.
	w.do("2026-09-07 09:00", "supplement")
	w.requireDue(engine.ClockStatutory, "2026-09-17 17:30")
	require.NotNil(t, w.c.Handoff, "the division takes it over again")
}

func TestWalkReligiousSeatWithReturns(t *testing.T) {
	w := start(t, "1.012644", "2026-10-05 08:30", "request", "lawful-seat")
	w.do("2026-10-05 09:00", "accept")
	w.requireDue(engine.ClockStatutory, "2026-11-16 17:30")
	w.steps(`
		submit         2026-10-05 10:00
		forward        2026-10-05 14:00
		accept-handoff 2026-10-05 15:00
		assign         2026-10-06 09:00
		assign         2026-10-06 15:00
		submit         2026-10-20 10:00
		return         2026-10-20 15:00
		submit         2026-10-22 10:00
		approve        2026-10-22 15:00
		return         2026-10-23 10:00
		approve        2026-10-23 15:00
		approve        2026-10-26 10:00
		accept-handoff 2026-10-26 14:00
		forward        2026-10-26 15:00
		assign         2026-10-26 16:00
		assign         2026-10-27 08:00
		submit         2026-10-30 10:00`)
	w.requireDue(engine.ClockStep, "2026-11-04 14:00") // B6 to B13 share seven days: one clock runs through them
	w.steps(`
		approve        2026-11-02 10:00
		approve        2026-11-02 15:00
		return         2026-11-03 08:00
		submit         2026-11-03 10:00
		approve        2026-11-03 11:00
		approve        2026-11-03 14:00
		sign           2026-11-04 09:00
		issue          2026-11-04 10:00
		accept-handoff 2026-11-04 11:00
		forward        2026-11-05 10:00
		accept-handoff 2026-11-05 11:00
		hand-over      2026-11-09 09:00`)
	w.requireClosed("returned", "resolved", engine.VerdictMet)
}

func TestWalkOverdueClimbsTheLadder(t *testing.T) {
	w := start(t, "2.000908", "2026-11-16 08:00", "request")
	w.do("2026-11-16 08:30", "accept")
	require.NoError(t, w.decide(engine.Tick(w.c.Dossier), "2026-11-17 17:31"))
	var fired []string
	for _, f := range w.facts {
		if f.Kind == engine.FactRungFired {
			fired = append(fired, f.Rung.Moment.Format("2 15:04 ")+f.Rung.Rung)
		}
	}
	require.Equal(t, []string{
		"16 10:00 75% of step", "16 10:30 100% of step", "16 16:30 4wh after step",
		"17 13:45 75% of dossier", "17 17:30 100% of dossier",
	}, fired)
}
