package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
)

const (
	police    = "H01.9"
	residence = "1.000002"
)

// chained is birth with a linked dossier at the police, in two papers and two
// fields, that it waits for.
func chained() engine.Definition {
	def := birth()
	name := engine.Text{VI: "Đăng ký thường trú", EN: "Residence"}
	hours := func(n int64) calendar.Duration { return calendar.Duration{Value: n, Unit: calendar.Hour} }
	def.Links = []engine.LinkRule{{
		ID: "residence", Name: name, Procedure: residence, Partner: "police", Within: hours(5), AcknowledgeWithin: hours(2), Cancel: "cancel",
		Fields:     []engine.Handed{{ID: "child.name", As: "person.name"}, {ID: "child.order"}},
		Components: []engine.Handed{{ID: "certificate", As: "birth-certificate"}, {ID: "declaration"}},
	}}
	on := &def.States[1].On
	*on = append(*on,
		engine.Transition{Event: "involve", Name: name, Link: []string{"residence"}},
		engine.Transition{Event: "joined", To: "result-ready", Name: name, By: engine.ByLinks},
		engine.Transition{Event: "give-up", To: "refused", Name: name},
	)
	return def
}

// moving is the procedure of the linked dossier.
func moving() engine.Definition {
	def := birth()
	name := engine.Text{VI: "Đăng ký thường trú", EN: "Residence registration"}
	def.Code, def.Name, def.Suspension, def.Ladder = residence, name, nil, nil
	def.Limits = engine.Limits{Statutory: calendar.Duration{Value: 4, Unit: calendar.Hour}, Starts: "filed"}
	def.Components = []engine.Component{{ID: "birth-certificate", Name: name}, {ID: "declaration", Name: name}}
	def.Fields = []engine.Field{
		{ID: "person.name", Name: name, Type: "string", Required: engine.Always, Personal: true}, {ID: "child.order", Name: name, Type: "integer"},
	}
	def.States = []engine.State{
		{ID: "filed", Name: engine.Text{VI: "Đã nộp", EN: "Filed"}, Department: "registry", Role: "registrar", On: []engine.Transition{
			{Event: "register", To: "registered", Name: name},
			{Event: "cancel", To: "cancelled", Name: name, By: engine.BySystem},
		}},
		{ID: "registered", Name: name, Final: true, Outcome: "resolved"},
		{ID: "cancelled", Name: name, Final: true, Outcome: "stopped"},
	}
	return def
}

// policeWorld is two agencies and two procedures, the second carried out by
// the second agency for the first.
func policeWorld(t testing.TB) world {
	t.Helper()
	w := newWorld(t, chained())
	w.publish(moving())
	w.bindPolice("registry")
	w.partnerPolice()
	return w
}

func (w world) partnerPolice() {
	w.t.Helper()
	own := organisation(agency)
	own.Agency.Partners = []engine.Partner{{As: "police", Agency: police}}
	require.NoError(w.t, w.PutOrganisation(w.t.Context(), own))
}

func (w world) bindPolice(department string) {
	w.t.Helper()
	name := engine.Text{VI: "Công an phường"}
	require.NoError(w.t, w.PutOrganisation(w.t.Context(), engine.Organisation{
		Agency:      engine.Agency{Code: police, Name: name, Level: "commune", Calendar: "around-the-clock"},
		Departments: []engine.Department{{Code: department, Name: name}},
		Officers:    []engine.Officer{{ID: "son", Name: "Vũ Sơn", Roles: []engine.RoleIn{{Department: department, Role: "registrar"}}}},
	}))
}

// involved starts a dossier and brings it to ask for its linked one.
func (w world) involved(key string) (dossier, part string) {
	w.t.Helper()
	r := request(key)
	r.Fields = map[string]any{"child.name": "Đặng Ánh Dương", "child.order": 2, "in_hospital": true}
	r.Components = []string{"certificate"}
	s, err := w.Start(w.t.Context(), r)
	require.NoError(w.t, err)
	w.accepted(s.Code, "accept", "an")
	w.accepted(s.Code, "accept-handoff", "chi")
	o := w.accepted(s.Code, "involve", "chi")
	require.Len(w.t, o.Opens, 1)
	return s.Code, o.Opens[0]
}

func (w world) opened(dossier, part string) engine.Outcome {
	w.t.Helper()
	o, err := w.Open(w.t.Context(), dossier, part)
	require.NoError(w.t, err)
	require.Nil(w.t, o.Refusal)
	require.NotEmpty(w.t, o.Child)
	return o
}

// deliver carries every errand that tells something, as the relay does.
func (w world) deliver() []engine.Outcome {
	w.t.Helper()
	var out []engine.Outcome
	for {
		errands, err := w.Claim(w.t.Context(), 100, time.Minute)
		require.NoError(w.t, err)
		if len(errands) == 0 {
			return out
		}
		for _, e := range errands {
			if e.Kind == engine.ErrandTell {
				o, err := w.Deliver(w.t.Context(), e)
				require.NoError(w.t, err)
				out = append(out, o)
			}
			require.NoError(w.t, w.Done(w.t.Context(), []int64{e.ID}))
		}
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	t.Run("starts an ordinary dossier at the partner, with what is handed on", func(t *testing.T) {
		t.Parallel()
		w := policeWorld(t)
		dossier, part := w.involved("a")
		o := w.opened(dossier, part)
		require.Regexp(t, `^H01\.9-\d{6}-0001$`, o.Child)
		r, c, err := w.Get(t.Context(), police, o.Child)
		require.NoError(t, err)
		require.Equal(t, request("a").Applicant.Masked(), r.Applicant)
		read := w.disclosed(o.Child, engine.Actor{Kind: engine.ActorOfficer, ID: "chief", Agency: police})
		require.Equal(t, request("a").Applicant, read.Applicant)
		require.Equal(t, map[string]any{"person.name": "Đặng Ánh Dương"}, read.Fields)
		require.Equal(t, "filed", r.State)
		require.Equal(t, "online", r.Channel)
		require.Equal(t, &engine.Parent{Dossier: dossier, Linked: part}, c.Parent)
		require.Equal(t, []string{"birth-certificate"}, c.Components, "the declaration was never handed in")
		require.Equal(t, 1, w.count(`SELECT count(*) FROM dossiers WHERE code = $1 AND fields - 'person.name' = '{"child.order": 2}' AND fields ->> 'person.name' LIKE '{mc1:%'`, o.Child))
		require.NoError(t, w.Verify(t.Context(), dossier))
		require.NoError(t, w.Verify(t.Context(), o.Child))
		require.Equal(t, 1, w.count(`SELECT count(*) FROM outbox WHERE kind = 'start' AND dossier = $1 AND available_at > now()`, o.Child), "the relay waits a little for the workflow of the parent")
	})
	t.Run("twice at once it is opened once, at the same agency where there is no partner", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, chained())
		w.publish(moving())
		w.exec(`INSERT INTO departments (agency, code, name) VALUES ($1, 'registry', '{"vi": "Đăng ký"}')`, agency)
		dossier, part := w.involved("a")
		answers := parallel(8, func(int) answer[engine.Outcome] {
			o, err := w.Open(t.Context(), dossier, part)
			return answer[engine.Outcome]{o, err}
		})
		for _, a := range answers {
			require.NoError(t, a.err)
			require.Equal(t, answers[0].value.Child, a.value.Child)
		}
		require.Equal(t, 2, w.count(`SELECT count(*) FROM dossiers`))
		require.Equal(t, 1, w.count(`SELECT count(*) FROM facts WHERE kind = 'link-opened'`))
	})
	t.Run("what nobody waits for any more is not opened", func(t *testing.T) {
		t.Parallel()
		w := policeWorld(t)
		dossier, part := w.involved("a")
		w.accepted(dossier, "give-up", "chi")
		o, err := w.Open(t.Context(), dossier, part)
		require.NoError(t, err)
		require.Empty(t, o.Child)
		require.True(t, o.Closed)
		require.Equal(t, 1, w.count(`SELECT count(*) FROM dossiers`))
	})
	t.Run("what keeps it from opening leaves nothing, and is cured", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, chained())
		w.bindPolice("elsewhere")
		w.partnerPolice()
		dossier, part := w.involved("a")
		before := w.count(`SELECT count(*) FROM facts`)
		cannot := func(code engine.Code) {
			t.Helper()
			_, err := w.Open(t.Context(), dossier, part)
			requireCode(t, code, err)
			require.Equal(t, before, w.count(`SELECT count(*) FROM facts`))
			require.Equal(t, 1, w.count(`SELECT count(*) FROM dossiers`))
			require.Zero(t, w.count(`SELECT count(*) FROM start_keys WHERE actor = 'link'`))
			require.Zero(t, w.count(`SELECT count(*) FROM code_sequences WHERE agency = $1`, police))
			tick, err := w.Tick(t.Context(), dossier)
			require.NoError(t, err)
			require.Equal(t, []string{part}, tick.Opens)
		}
		cannot(engine.CodeProcedureUnknown)
		w.publish(moving())
		cannot(engine.CodeAgencyNotBound)
		w.bindPolice("registry")
		require.Regexp(t, `-0001$`, w.opened(dossier, part).Child)
	})
}

func TestDeliver(t *testing.T) {
	t.Parallel()
	t.Run("the parent hears of its part once", func(t *testing.T) {
		t.Parallel()
		w := policeWorld(t)
		dossier, part := w.involved("a")
		child := w.opened(dossier, part).Child
		w.exec(`DELETE FROM outbox`)
		w.accepted(child, "register", "son")
		require.Equal(t, 2, w.count(`SELECT count(*) FROM outbox WHERE kind = 'tell' AND dossier = $1`, dossier), "it was taken up, and it has ended")
		errands, err := w.Claim(t.Context(), 10, time.Millisecond)
		require.NoError(t, err)
		for range 3 { // at least once is three times here
			for _, e := range errands {
				o, err := w.Deliver(t.Context(), e)
				require.NoError(t, err)
				require.Nil(t, o.Refusal)
			}
		}
		require.Equal(t, 1, w.count(`SELECT count(*) FROM facts WHERE kind = 'link-acknowledged'`))
		require.Equal(t, 1, w.count(`SELECT count(*) FROM facts WHERE kind = 'link-concluded'`))
		r, c := w.get(dossier)
		require.Equal(t, "result-ready", r.State, "the parts are together: it goes on by itself")
		require.Equal(t, "resolved", c.Linked[0].Outcome)
		require.NotZero(t, w.count(`SELECT count(*) FROM outbox WHERE kind = 'wake' AND dossier = $1`, dossier), "its workflow looks again")
	})
	t.Run("a part hears that nobody waits for it any more", func(t *testing.T) {
		t.Parallel()
		w := policeWorld(t)
		dossier, part := w.involved("a")
		child := w.opened(dossier, part).Child
		w.accepted(dossier, "give-up", "chi")
		w.deliver()
		r, _, err := w.Get(t.Context(), police, child)
		require.NoError(t, err)
		require.Equal(t, "cancelled", r.State)
	})
	t.Run("a refusal is heard, and so is what is told to nobody", func(t *testing.T) {
		t.Parallel()
		w := policeWorld(t)
		dossier := w.start("a").Code
		tell := engine.Tell{Dossier: dossier, Event: engine.EventLinkConcluded, Key: "concluded", Linked: &engine.Linked{ID: "part-99", Outcome: "resolved"}}
		cmd := tell.Command("H01.9-260101-0001", "")
		o, err := w.Deliver(t.Context(), engine.Errand{Kind: engine.ErrandTell, Dossier: dossier, Command: &cmd})
		require.NoError(t, err)
		require.NotNil(t, o.Refusal)
		cmd.Dossier = "H01.9-260101-9999"
		o, err = w.Deliver(t.Context(), engine.Errand{Kind: engine.ErrandTell, Dossier: cmd.Dossier, Command: &cmd})
		require.NoError(t, err)
		require.Equal(t, engine.CodeNotFound, o.Refusal.Code)
	})
}

func TestChain(t *testing.T) {
	t.Parallel()
	w := policeWorld(t)
	dossier, part := w.involved("a")
	chain, err := w.Chain(t.Context(), agency, dossier)
	require.NoError(t, err)
	require.Len(t, chain, 1)
	require.Equal(t, engine.ChainPart{
		ID: part, Link: "residence", Name: chained().Links[0].Name, Procedure: residence, Due: chain[0].Due,
	}, chain[0], "asked for and not open yet")
	require.False(t, chain[0].Due.IsZero(), "until when the part may take")
	child := w.opened(dossier, part).Child
	chain, err = w.Chain(t.Context(), agency, dossier)
	require.NoError(t, err)
	r, _, err := w.Get(t.Context(), police, child)
	require.NoError(t, err)
	require.Equal(t, engine.ChainPart{
		ID: part, Link: "residence", Name: chained().Links[0].Name, Procedure: residence, ProcedureName: moving().Name,
		Agency: police, AgencyName: engine.Text{VI: "Công an phường"}, Dossier: child,
		State: "filed", StateName: moving().States[0].Name, Status: engine.StatusRunning, Due: r.DueAt,
	}, chain[0])
	_, err = w.Chain(t.Context(), police, dossier)
	requireCode(t, engine.CodeNotFound, err)
	chain, err = w.Chain(t.Context(), police, child)
	require.NoError(t, err)
	require.Empty(t, chain)
}
