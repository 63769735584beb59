package engine_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
)

// stage plays commands on one case, on the office hours and days off of 2026
// as far as the tests need them.
type stage struct {
	t     *testing.T
	rules engine.Rules
	c     engine.Case
	facts []engine.Fact
	last  engine.Decision
}

const agency = "H00.101"

var (
	lan    = officer("lan", "one-stop", "reception-officer")
	minh   = officer("minh", "civil-status", "civil-status-officer")
	hoa    = officer("hoa", "civil-status", "civil-status-officer")
	chair  = officer("chair", "leadership", "signer")
	both   = engine.Actor{Kind: engine.ActorOfficer, ID: "both", Agency: agency, Roles: []engine.RoleIn{{Department: "civil-status", Role: "civil-status-officer"}, {Department: "leadership", Role: "signer"}}}
	portal = engine.Actor{Kind: engine.ActorSystem, ID: "portal", Agency: agency}
)

func officer(id, department, role string) engine.Actor {
	return engine.Actor{Kind: engine.ActorOfficer, ID: id, Agency: agency, Roles: []engine.RoleIn{{Department: department, Role: role}}}
}

// staff is an agency whose officers are some actors, in departments under its
// leadership.
func staff(actors ...engine.Actor) *engine.Directory {
	org := engine.Organisation{Agency: engine.Agency{Code: agency}, Departments: []engine.Department{{Code: "leadership"}}}
	for _, a := range actors {
		org.Officers = append(org.Officers, engine.Officer{ID: a.ID, Roles: a.Roles})
		for _, r := range a.Roles {
			if !slices.ContainsFunc(org.Departments, func(d engine.Department) bool { return d.Code == r.Department }) {
				org.Departments = append(org.Departments, engine.Department{Code: r.Department, Parent: "leadership"})
			}
		}
	}
	return engine.NewDirectory(org)
}

// procedure is a registration in four steps: reception, verification with a
// handoff, signature by somebody else, return; it can wait for a supplement
// twice. The law gives three working days from acceptance, cut off at 15:00.
func procedure() engine.Definition {
	name := engine.Text{VI: "Bước", EN: "Step"}
	on := func(event, to string) engine.Transition { return engine.Transition{Event: event, To: to, Name: name} }
	supplement := on("supplement", "under-verification")
	supplement.By = engine.ByApplicant
	again := on("supplement-anew", "under-verification")
	again.By, again.Resume = engine.ByApplicant, "restart"
	lapse := on("lapse", "stopped")
	lapse.By = engine.ByClock
	request := on("request-supplement", "awaiting-supplement")
	request.Comment, request.Print = "required", "supplement-request"
	accept := on("accept", "under-verification")
	accept.Needs, accept.Print = []string{"components-complete"}, "receipt"
	return engine.Definition{
		Motcua: 1, Code: "9.000002", Version: 1, Name: name, Level: "commune",
		LegalBasis: []engine.LegalBasis{{Ref: "0/2026/TEST"}},
		Effective:  engine.Effective{From: calendar.NewDate(2024, time.January, 1)},
		Limits: engine.Limits{
			Statutory: dur("3wd"), Starts: "under-verification", WorkingDay: dur("8wh"),
			Cutoff: &engine.Cutoff{At: calendar.Clock(15, 0), CountsFrom: "next-working-day"},
		},
		Suspension: &engine.Suspension{Max: dur("7wd"), MaxTimes: 2, OnExpiry: "lapse"},
		Components: []engine.Component{{ID: "declaration", Name: name, Required: engine.Always}, {ID: "extra", Name: name}},
		States: []engine.State{
			{ID: "received", Name: name, Department: "one-stop", Role: "reception-officer", Within: dur("2wh"), On: []engine.Transition{accept, on("refuse", "refused")}},
			{
				ID: "under-verification", Name: name, Department: "civil-status", Role: "civil-status-officer", Within: dur("16wh"),
				Handoff: &engine.HandoffRule{AcceptWithin: dur("30wm"), MayReturn: true},
				On:      []engine.Transition{on("submit", "under-signature"), request, on("recheck", "under-verification")},
			},
			{ID: "awaiting-supplement", Name: name, Clock: "suspended", WaitsFor: "applicant", On: []engine.Transition{supplement, again, lapse}},
			{
				ID: "under-signature", Name: name, Department: "leadership", Role: "signer", Within: dur("8wh"), NotSameOfficerAs: []string{"under-verification"},
				On: []engine.Transition{on("sign", "result-ready"), on("return", "under-verification")},
			},
			{ID: "result-ready", Name: name, Department: "one-stop", Role: "reception-officer", Outcome: "resolved", On: []engine.Transition{on("hand-over", "returned")}},
			{ID: "returned", Name: name, Final: true, Outcome: "resolved"},
			{ID: "refused", Name: name, Final: true, Outcome: "refused"},
			{ID: "stopped", Name: name, Final: true, Outcome: "stopped"},
		},
		Ladder: []engine.Rung{
			{At: 75, Of: engine.OfStep, Notify: []string{engine.RoleHolder}, Raise: "due-soon"},
			{At: 100, Of: engine.OfStep, Notify: []string{engine.RoleHolder, engine.RoleHead}, Raise: "overdue"},
			{After: dur("4wh"), Of: engine.OfStep, Notify: []string{engine.RoleLeader}, Raise: "escalated"},
			{Before: dur("1wd"), Of: engine.OfDossier, Notify: []string{engine.RoleHead}, Raise: "due-soon"},
			{At: 100, Of: engine.OfDossier, Notify: []string{engine.RoleLeader}, Raise: "overdue"},
			{At: 100, Of: engine.OfHandoff, Notify: []string{engine.RoleHead}},
		},
	}
}

func office(t testing.TB) *calendar.Calendar {
	t.Helper()
	off := func(m time.Month, d int, kind calendar.DayKind) calendar.Exception {
		return calendar.Exception{Date: calendar.NewDate(2026, m, d), Kind: kind, Name: string(kind)}
	}
	c, err := calendar.New(calendar.Spec{
		Code: "office", Version: 1, Name: "Giờ hành chính", KnownUntil: calendar.NewDate(2026, time.December, 31),
		Week: calendar.MondayToFriday(
			calendar.Shift{From: calendar.Clock(7, 30), To: calendar.Clock(11, 30)}, calendar.Shift{From: calendar.Clock(13, 30), To: calendar.Clock(17, 30)}),
		Exceptions: []calendar.Exception{
			off(time.August, 31, calendar.SwappedOff), off(time.September, 1, calendar.PublicHoliday), off(time.September, 2, calendar.PublicHoliday),
		},
	})
	require.NoError(t, err)
	return c
}

func newStage(t *testing.T, edits ...func(*engine.Definition)) *stage {
	t.Helper()
	def := procedure()
	for _, edit := range edits {
		edit(&def)
	}
	m, findings := engine.Compile(def, "digest")
	require.NoError(t, findings.Err())
	return &stage{t: t, rules: engine.Rules{Machine: m, Cal: office(t)}}
}

// started opens a dossier on Monday 10 August 2026, 08:00.
func started(t *testing.T, edits ...func(*engine.Definition)) *stage {
	t.Helper()
	s := newStage(t, edits...)
	s.ok(at(10, 8, 0), s.opening(nil))
	return s
}

// opening is the command that starts the dossier online, with some fields.
func (s *stage) opening(fields map[string]any) engine.Command {
	return engine.Command{
		Event: engine.EventStart, Actor: portal, Components: []string{"declaration"}, Fields: fields,
		Start: &engine.Start{Agency: agency, Channel: "online", Procedure: s.rules.Ref(), Calendar: engine.CalendarRef{Code: "office", Version: 1}},
	}
}

// at is a moment of August 2026, in Viet Nam; day 41 is 10 September.
func at(day, hour, minute int) time.Time {
	return time.Date(2026, time.August, day, hour, minute, 0, 0, calendar.Zone())
}

func (s *stage) decide(now time.Time, cmd engine.Command) error {
	s.t.Helper()
	cmd.ID, cmd.Dossier = "command", "H00.101-260810-0001"
	d, err := engine.Decide(s.rules, s.c, cmd, now)
	if err == nil {
		s.c, s.last, s.facts = d.Case, d, append(s.facts, d.Facts...)
		require.Equal(s.t, engine.Fold(s.facts), s.c, "the case is the fold of its facts")
	}
	return err
}

func (s *stage) ok(now time.Time, cmd engine.Command) {
	s.t.Helper()
	require.NoError(s.t, s.decide(now, cmd))
}

func (s *stage) fire(now time.Time, who engine.Actor, event string) {
	s.t.Helper()
	s.ok(now, engine.Command{Event: event, Actor: who, Comment: "lý do"})
}

func (s *stage) refused(code engine.Code, now time.Time, who engine.Actor, event string) {
	s.t.Helper()
	err := s.decide(now, engine.Command{Event: event, Actor: who, Comment: "lý do"})
	require.Equal(s.t, code, engine.CodeOf(err), "%v", err)
}

func (s *stage) tick(now time.Time) { s.t.Helper(); s.ok(now, engine.Tick("")) }

// verified brings the dossier to verification, accepted by Minh on Monday 09:00.
func verified(t *testing.T, edits ...func(*engine.Definition)) *stage {
	t.Helper()
	s := started(t, edits...)
	s.fire(at(10, 9, 0), lan, "accept")
	s.fire(at(10, 9, 0), minh, engine.EventAcceptHandoff)
	return s
}

func (s *stage) clock(kind engine.ClockKind) engine.Clock {
	s.t.Helper()
	k, ok := s.c.Clock(kind)
	require.True(s.t, ok, "no %s clock in %v", kind, s.c.Clocks)
	return k
}

// rungs names the rungs fired so far with their moments.
func (s *stage) rungs() []string {
	var out []string
	for _, f := range s.facts {
		if f.Kind == engine.FactRungFired {
			line := f.Rung.Rung + " " + f.At.In(calendar.Zone()).Format("02 15:04")
			if f.Rung.Late {
				line += " late"
			}
			out = append(out, line)
		}
	}
	return out
}

func dur(s string) calendar.Duration {
	d, err := calendar.ParseDuration(s)
	if err != nil {
		panic(err)
	}
	return d
}
