package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"motcua/engine"
)

// shared is a dossier's life as departments, kinds and hours, for comparison.
func shared(s *stage, now time.Time) []string {
	var out []string
	for _, share := range engine.Attribute(s.facts, now) {
		out = append(out, share.Department+" "+string(share.Kind)+" "+share.To.Sub(share.From).String())
	}
	return out
}

func inTransit(whose string) func(*engine.Definition) {
	return func(d *engine.Definition) { d.States[verifying].Handoff.InTransit = whose }
}

// overseer may do what only those above a department may.
var overseer = func() engine.Actor {
	a := officer("leader", "leadership", engine.RoleLeader)
	a.Oversees = []string{"one-stop", "civil-status", "leadership"}
	return a
}()

func (s *stage) stops(now time.Time, order engine.HaltOrder) {
	s.t.Helper()
	s.ok(now, engine.Command{Event: engine.EventSuspend, Actor: overseer, Comment: "mất điện", Halt: &order})
}

func TestAttribute(t *testing.T) {
	t.Parallel()
	t.Run("in transit it is the sender's, and the receiver's where the handoff says so", func(t *testing.T) {
		for whose, want := range map[string]string{"": "one-stop", "sender": "one-stop", "receiver": "civil-status"} {
			s := started(t, inTransit(whose))
			s.fire(at(10, 9, 0), lan, "accept")
			s.fire(at(10, 9, 20), minh, engine.EventAcceptHandoff)
			require.Equal(t, []string{"one-stop working 1h0m0s", want + " in-transit 20m0s", "civil-status working 40m0s"}, shared(s, at(10, 10, 0)), whose)
		}
	})
	t.Run("returned or recalled, it is again whose it was", func(t *testing.T) {
		for event, who := range map[string]engine.Actor{engine.EventReturnHandoff: minh, engine.EventRecallHandoff: lan} {
			s := started(t)
			s.fire(at(10, 9, 0), lan, "accept")
			s.fire(at(10, 9, 20), who, event)
			require.Equal(t, []string{"one-stop working 1h0m0s", "one-stop in-transit 20m0s", "one-stop working 40m0s"}, shared(s, at(10, 10, 0)), event)
		}
	})
	t.Run("waiting for the applicant belongs to the department that asked", func(t *testing.T) {
		s := verified(t)
		s.fire(at(10, 10, 0), minh, "request-supplement")
		s.fire(at(11, 10, 0), portal, "supplement")
		s.fire(at(11, 11, 0), minh, "submit")
		s.fire(at(11, 12, 0), chair, "sign")
		s.fire(at(11, 13, 0), lan, "hand-over")
		require.Equal(t, []string{
			"one-stop working 1h0m0s", "civil-status working 1h0m0s", "civil-status waiting 24h0m0s",
			"civil-status working 1h0m0s", "leadership working 1h0m0s", "one-stop working 1h0m0s",
		}, shared(s, at(30, 0, 0)), "and nothing after it closed")
	})
	t.Run("waiting for another agency is waiting, though nobody counts it", func(t *testing.T) {
		s := verified(t, func(d *engine.Definition) {
			d.Suspension = nil
			d.States[supplementing].WaitsFor = "agency"
			d.States[supplementing].On = d.States[supplementing].On[:2] // nothing lapses,
			d.States = d.States[:len(d.States)-1]                       // and so nothing is stopped
		})
		s.fire(at(10, 10, 0), minh, "request-supplement")
		require.Equal(t, []string{"one-stop working 1h0m0s", "civil-status working 1h0m0s", "civil-status waiting 2h0m0s"}, shared(s, at(10, 12, 0)))
	})
	t.Run("a halt is halted, wherever the dossier stands", func(t *testing.T) {
		s := verified(t)
		s.stops(at(10, 10, 0), engine.HaltOrder{Basis: "quy chế", Until: at(12, 10, 0)})
		s.ok(at(10, 12, 0), engine.Command{Event: engine.EventResume, Actor: overseer, Comment: "có điện"})
		require.Equal(t, []string{"one-stop working 1h0m0s", "civil-status working 1h0m0s", "civil-status halted 2h0m0s", "civil-status working 1h0m0s"}, shared(s, at(10, 13, 0)))
	})
	t.Run("an outage declared late was one from when it began to when it ended", func(t *testing.T) {
		s := verified(t)
		s.stops(at(10, 14, 0), engine.HaltOrder{Outage: "vneid", From: at(10, 10, 0)})
		s.ok(at(10, 17, 0), engine.Command{Event: engine.EventResume, Actor: overseer, Comment: "hoạt động lại", Halt: &engine.HaltOrder{Outage: "vneid", Until: at(10, 16, 0)}})
		require.Equal(t, []string{"one-stop working 1h0m0s", "civil-status working 1h0m0s", "civil-status halted 6h0m0s", "civil-status working 2h0m0s"}, shared(s, at(10, 18, 0)))
	})
	t.Run("an override takes it out of transit", func(t *testing.T) {
		s := started(t)
		s.fire(at(10, 9, 0), lan, "accept")
		s.ok(at(10, 9, 20), engine.Command{Event: engine.EventOverride, Actor: overseer, Comment: "khẩn", Overrides: &engine.Overrides{To: "under-signature"}})
		require.Equal(t, []string{"one-stop working 1h0m0s", "one-stop in-transit 20m0s", "leadership working 40m0s"}, shared(s, at(10, 10, 0)))
	})
	t.Run("nothing happened, nothing is shared", func(t *testing.T) {
		require.Empty(t, engine.Attribute(nil, at(10, 8, 0)))
	})
}

func TestTotals(t *testing.T) {
	t.Parallel()
	s := started(t)
	s.fire(at(10, 9, 0), lan, "accept")
	s.fire(at(10, 9, 30), minh, engine.EventAcceptHandoff)
	s.fire(at(10, 10, 0), minh, "request-supplement")
	s.fire(at(11, 10, 0), portal, "supplement")
	s.fire(at(11, 15, 0), minh, "submit")
	totals := engine.Totals(engine.Attribute(s.facts, at(11, 16, 0)), s.rules.Cal)
	require.Equal(t, []engine.DepartmentTime{
		{Department: "one-stop", Elapsed: 90 * time.Minute, Working: time.Hour, InTransit: 30 * time.Minute, Office: 90 * time.Minute},
		{Department: "civil-status", Elapsed: 29*time.Hour + 30*time.Minute, Working: 5*time.Hour + 30*time.Minute, Waiting: 24 * time.Hour, Office: 3*time.Hour + 30*time.Minute},
		{Department: "leadership", Elapsed: time.Hour, Working: time.Hour, Office: time.Hour},
	}, totals)
	require.Zero(t, engine.Totals(engine.Attribute(s.facts, at(11, 16, 0)), nil)[0].Office)
}

// TestAttributionProperty drives dossiers at random through handoffs, returns,
// recalls, suspensions, halts and other hands: the sum over departments is the
// dossier's life, and no minute has two owners or none.
func TestAttributionProperty(t *testing.T) {
	t.Parallel()
	actors := []engine.Actor{lan, minh, hoa, chair, both, portal, overseer}
	events := []string{
		"accept", "refuse", "submit", "request-supplement", "recheck", "supplement", "supplement-anew", "sign", "return", "hand-over",
		engine.EventTick, engine.EventAcceptHandoff, engine.EventReturnHandoff, engine.EventRecallHandoff, engine.EventClaim,
		engine.EventRelease, engine.EventReassign, engine.EventSuspend, engine.EventResume, engine.EventOverride,
	}
	kinds := map[engine.ShareKind]bool{}
	rapid.Check(t, func(r *rapid.T) {
		s := started(t, inTransit(rapid.SampledFrom([]string{"", "sender", "receiver"}).Draw(r, "in transit")))
		s.rules.Org = staff(lan, minh, hoa, chair, both, overseer)
		now := at(10, 8, 0)
		opens(r, s, now)
		for range rapid.IntRange(1, 40).Draw(r, "commands") {
			now = now.Add(rapid.Custom(wait).Draw(r, "wait"))
			cmd := engine.Command{Event: rapid.SampledFrom(events).Draw(r, "event"), Actor: rapid.SampledFrom(actors).Draw(r, "actor"), Comment: "x"}
			switch cmd.Event {
			case engine.EventReassign:
				cmd.Officer = rapid.SampledFrom([]string{"", "minh", "hoa", "lan"}).Draw(r, "officer")
			case engine.EventOverride:
				cmd.Overrides = &engine.Overrides{To: rapid.SampledFrom([]string{"received", "under-signature", "awaiting-supplement"}).Draw(r, "to")}
			case engine.EventSuspend, engine.EventResume:
				cmd.Halt = drawHalt(r, cmd.Event, now)
			}
			_ = s.decide(now, cmd)
		}
		shares := engine.Attribute(s.facts, now)
		sharesTheLife(r, s, shares, now)
		for _, share := range shares {
			kinds[share.Kind] = true
		}
	})
	require.Len(t, kinds, 4, "every kind of share must come up for the rest to mean anything")
}

// opens begins where the random commands alone seldom get to: rarely enough that
// a hundred dossiers may never wait for their applicant, or never stand still.
func opens(r *rapid.T, s *stage, now time.Time) {
	switch rapid.SampledFrom([]string{"received", "waits", "halted"}).Draw(r, "opening") {
	case "waits":
		s.fire(now, lan, "accept")
		s.fire(now, minh, engine.EventAcceptHandoff)
		s.fire(now, minh, "request-supplement")
	case "halted":
		s.stops(now, engine.HaltOrder{Basis: "quy chế", Until: now.AddDate(0, 0, 3)})
	}
}

// drawHalt draws a supervisor's halt, or an outage that began a while ago; and
// ends one now or a while ago.
func drawHalt(r *rapid.T, event string, now time.Time) *engine.HaltOrder {
	ago := now.Add(-rapid.Custom(wait).Draw(r, "ago"))
	o := &engine.HaltOrder{Basis: "quy chế"}
	if rapid.Bool().Draw(r, "outage") {
		o.Outage, o.From = "outage", ago
	}
	switch {
	case event == engine.EventResume && o.Outage != "":
		o.From, o.Until = time.Time{}, ago
	case event == engine.EventSuspend && (o.Outage == "" || rapid.Bool().Draw(r, "ends")):
		o.Until = now.Add(rapid.Custom(wait).Draw(r, "until"))
	}
	return o
}

func sharesTheLife(r *rapid.T, s *stage, shares []engine.Share, now time.Time) {
	end, life := s.c.StartedAt, laterOf(s.facts[len(s.facts)-1].At, now)
	if s.c.Closed() {
		life = s.c.ClosedAt
	}
	for i, share := range shares {
		require.True(r, share.From.Equal(end), "%v after %s", share, end)
		require.True(r, share.To.After(share.From), "%v", share)
		require.NotEmpty(r, share.Department)
		if i > 0 {
			require.False(r, share.Department == shares[i-1].Department && share.Kind == shares[i-1].Kind, "neighbours differ")
		}
		end = share.To
	}
	require.True(r, end.Equal(life), "ends %s, not %s", end, life)
	var sum time.Duration
	for _, d := range engine.Totals(shares, s.rules.Cal) {
		sum += d.Elapsed
		require.Equal(r, d.Elapsed, d.Working+d.InTransit+d.Waiting+d.Halted)
		require.LessOrEqual(r, d.Office, d.Working+d.InTransit)
	}
	require.Equal(r, life.Sub(s.c.StartedAt), sum)
	standsAs(r, s, shares)
}

// standsAs holds the last share against the case the dossier is.
func standsAs(r *rapid.T, s *stage, shares []engine.Share) {
	if len(shares) == 0 || s.c.Closed() || !shares[len(shares)-1].To.After(s.facts[len(s.facts)-1].At) {
		return
	}
	last := shares[len(shares)-1]
	switch {
	case len(s.c.Halts) > 0:
		require.Equal(r, engine.ShareHalted, last.Kind)
	case s.c.Handoff != nil:
		require.Equal(r, engine.ShareInTransit, last.Kind)
	case s.c.State == "awaiting-supplement":
		require.Equal(r, engine.ShareWaiting, last.Kind)
	default:
		require.Equal(r, engine.ShareWorking, last.Kind)
		require.Equal(r, s.c.Department, last.Department)
	}
}

func laterOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
