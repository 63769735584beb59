package engine_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

func TestWhoMayDeclareAnOutage(t *testing.T) {
	t.Parallel()
	leader := officer("bay", "leadership", engine.RoleLeader)
	quality := officer("yen", engine.DepartmentQuality, engine.RoleProcedureApprover)
	deputy := officer("sau", "one-stop", "reception-officer")
	deputy.StandsIn = []engine.StandIn{{RoleIn: leader.Roles[0], For: "bay"}}
	system := engine.Actor{Kind: engine.ActorSystem, ID: "portal", Agency: agency, Roles: leader.Roles}
	stateless := leader
	stateless.Agency = ""
	for name, c := range map[string]struct {
		actor               engine.Actor
		declares, dismisses bool
	}{
		"a leader":                      {leader, true, true},
		"who stands in for a leader":    {deputy, true, true},
		"who approves procedures":       {quality, true, false},
		"who writes them":               {officer("tam", engine.DepartmentQuality, engine.RoleProcedureAuthor), false, false},
		"an approver of something else": {officer("tam", "one-stop", engine.RoleProcedureApprover), false, false},
		"a head of department":          {officer("dung", "civil-status", engine.RoleHead), false, false},
		"a system":                      {system, false, false},
		"a leader of no agency":         {stateless, false, false},
		"time":                          {engine.Clockwork, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			requireMay(t, c.declares, engine.MayDeclare(c.actor))
			requireMay(t, c.dismisses, engine.MayDismiss(c.actor))
		})
	}
}

func requireMay(t *testing.T, may bool, err error) {
	t.Helper()
	want := engine.CodeWrongRole
	if may {
		want = ""
	}
	require.Equal(t, want, engine.CodeOf(err), "%v", err)
}

func TestCheckOutage(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 10, 9, 0, 0, 0, time.UTC)
	hours := func(n int) time.Time { return now.Add(time.Duration(n) * time.Hour) }
	whole := engine.Outage{System: "VNeID", Reason: "mất kết nối", From: hours(-2)}
	for name, c := range map[string]struct {
		change func(*engine.Outage)
		code   engine.Code
		path   string
	}{
		"that lasts":                 {func(*engine.Outage) {}, "", ""},
		"that begins now":            {func(o *engine.Outage) { o.From = now }, "", ""},
		"that ends now":              {func(o *engine.Outage) { o.Until = now }, "", ""},
		"that is over":               {func(o *engine.Outage) { o.Until = hours(-1) }, "", ""},
		"of no system":               {func(o *engine.Outage) { o.System = " " }, engine.CodeInvalid, "/system"},
		"for no reason":              {func(o *engine.Outage) { o.Reason = " " }, engine.CodeCommentRequired, "/reason"},
		"without a beginning":        {func(o *engine.Outage) { o.From = time.Time{} }, engine.CodeInvalid, "/from"},
		"that is foreseen":           {func(o *engine.Outage) { o.From = hours(1) }, engine.CodeInvalid, "/from"},
		"that ended where it began":  {func(o *engine.Outage) { o.Until = o.From }, engine.CodeInvalid, "/until"},
		"that ended before it began": {func(o *engine.Outage) { o.Until = hours(-3) }, engine.CodeInvalid, "/until"},
		"whose end is foreseen":      {func(o *engine.Outage) { o.Until = hours(1) }, engine.CodeInvalid, "/until"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := whole
			c.change(&o)
			err := engine.CheckOutage(o, now)
			require.Equal(t, c.code, engine.CodeOf(err), "%v", err)
			var said *engine.Error
			if errors.As(err, &said) {
				require.Equal(t, c.path, said.Path)
			}
		})
	}
}

func TestActOutcomes(t *testing.T) {
	t.Parallel()
	c := engine.Case{Dossier: "H01.1-260310-0001", State: "received"}
	moved := engine.Decision{Facts: []engine.Fact{{}}, Case: engine.Case{State: "under-appraisal"}}
	moves := []engine.Move{{Kind: engine.ClockStep}}
	for name, want := range map[string]struct {
		decision engine.Decision
		err      error
		outcome  engine.ActOutcome
	}{
		"done":          {moved, nil, engine.ActOutcome{Result: engine.ResultChanged, State: "under-appraisal", Moves: moves}},
		"nothing to do": {engine.Decision{}, nil, engine.ActOutcome{Result: engine.ResultUnchanged, State: "received", Message: "it is as it should be already"}},
		"closed meanwhile": {engine.Decision{}, engine.Errorf(engine.CodeDossierClosed, "closed"),
			engine.ActOutcome{Result: engine.ResultUnchanged, State: "received", Code: engine.CodeDossierClosed, Message: "closed"}},
		"refused": {engine.Decision{}, engine.Errorf(engine.CodeHandoffPending, "pending"),
			engine.ActOutcome{Result: engine.ResultRejected, State: "received", Code: engine.CodeHandoffPending, Message: "pending"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := engine.ActOutcomeOf(c, want.decision, moves, want.err)
			require.NoError(t, err)
			want.outcome.Dossier = c.Dossier
			require.Equal(t, want.outcome, got)
		})
	}
	_, err := engine.ActOutcomeOf(c, engine.Decision{}, nil, errors.New("the disk is full"))
	require.EqualError(t, err, "the disk is full")

	var counts engine.ActCounts
	for i, r := range []string{engine.ResultPending, engine.ResultChanged, engine.ResultRejected, engine.ResultUnchanged} {
		counts.Add(r, i+1)
	}
	require.Equal(t, engine.ActCounts{Total: 10, Pending: 1, Changed: 2, Refused: 3, Unchanged: 4}, counts)
}
