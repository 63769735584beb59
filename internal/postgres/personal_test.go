package postgres_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/internal/keyring"
	"motcua/internal/postgres"
	"motcua/internal/postgres/pgtest"
)

// planted are values that may stand nowhere in the clear.
var planted = []string{"Ưỡng-7781", "001099077810", "0911077810", "uong7781@", "ngõ 7781", "Dương-7782", "ghi chú 7783", "7784"}

func plantedRequest(key string) engine.StartRequest {
	r := request(key)
	r.Applicant = engine.Applicant{Name: "Đặng Văn Ưỡng-7781", ID: "001099077810", Phone: "0911077810", Email: "uong7781@example.vn", Address: "ngõ 7781"}
	r.Fields = map[string]any{"child.name": "Đặng Dương-7782", "child.order": 2.0}
	r.Comment = "ghi chú 7783 khi nộp"
	return r
}

func (w world) startPlanted(key string) string {
	w.t.Helper()
	s, err := w.Start(w.t.Context(), plantedRequest(key))
	require.NoError(w.t, err)
	return s.Code
}

// say fires an event with a comment that holds a planted value.
func (w world) say(dossier, event, officer string) {
	w.t.Helper()
	cmd := engine.Command{ID: fmt.Sprintf("say-%d", ids.Add(1)), Dossier: dossier, Event: event, Comment: "ghi chú 7783 của " + officer, Actor: w.officer(officer)}
	_, err := w.Submit(w.t.Context(), cmd)
	require.NoError(w.t, err)
	o, err := w.Fire(w.t.Context(), dossier, cmd.ID)
	require.NoError(w.t, err)
	require.Nil(w.t, o.Refusal)
}

func reading(dossier string, a engine.Actor, parts ...string) engine.Reading {
	if len(parts) == 0 {
		parts = []string{engine.PartApplicant, engine.PartFields, engine.PartComments}
	}
	return engine.Reading{Agency: a.Agency, Dossier: dossier, Actor: a, Purpose: engine.PurposeProcessing, Parts: parts}
}

func (w world) disclosed(dossier string, a engine.Actor) engine.Disclosed {
	w.t.Helper()
	d, err := w.Disclose(w.t.Context(), reading(dossier, a))
	require.NoError(w.t, err)
	return d
}

// nowhere searches every table of the database, column by column, also what
// lies in it as bytes.
func (w world) nowhere(values ...string) {
	w.t.Helper()
	rows, err := w.pool.Query(w.t.Context(), `
		SELECT table_name::text, column_name::text, data_type FROM information_schema.columns
		WHERE table_schema = 'public' AND data_type IN ('text', 'json', 'jsonb', 'bytea', 'ARRAY', 'character varying')`)
	require.NoError(w.t, err)
	type column struct{ Table, Name, Type string }
	columns, err := pgx.CollectRows(rows, pgx.RowToStructByPos[column])
	require.NoError(w.t, err)
	require.Greater(w.t, len(columns), 50)
	for _, c := range columns {
		text := pgx.Identifier{c.Name}.Sanitize() + "::text"
		if c.Type == "bytea" {
			text = "encode(" + pgx.Identifier{c.Name}.Sanitize() + ", 'escape')"
		}
		for _, v := range values {
			if c.Type == "bytea" {
				v = strings.NewReplacer("Ư", `\306\257`).Replace(v)
			}
			n := w.count(`SELECT count(*) FROM `+pgx.Identifier{c.Table}.Sanitize()+` WHERE strpos(`+text+`, $1) > 0`, v)
			require.Zero(w.t, n, "%q is in %s.%s", v, c.Table, c.Name)
		}
	}
}

func TestPersonalIsSealed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	dossier := w.startPlanted("k")
	w.say(dossier, "comment", "an")
	w.say(dossier, "request-supplement", "an")
	w.say(dossier, "supplement", "an")
	_, err := w.Submit(t.Context(), engine.Command{ID: "waits", Dossier: dossier, Event: "comment", Comment: "ghi chú 7783", Actor: w.officer("an")})
	require.NoError(t, err)
	halt := engine.Command{ID: "halt", Dossier: dossier, Event: engine.EventSuspend, Comment: "ghi chú 7783 tạm dừng", Actor: w.officer("giang"),
		Halt: &engine.HaltOrder{Basis: "Điều 3", Until: time.Now().Add(time.Hour)}}
	_, err = w.Submit(t.Context(), halt)
	require.NoError(t, err)
	o, err := w.Fire(t.Context(), dossier, "halt")
	require.NoError(t, err)
	require.Nil(t, o.Refusal)
	w.accepted(dossier, engine.EventResume, "giang")
	w.nowhere(planted...)
	require.NoError(t, w.Verify(t.Context(), dossier))

	t.Run("and masked unless it is asked for", func(t *testing.T) {
		r, c := w.get(dossier)
		require.Equal(t, engine.Applicant{Name: "Đ*** V*** Ư***", ID: "***810", Phone: "***810", Email: "***@example.vn", Address: "***"}, r.Applicant)
		page, err := w.List(t.Context(), engine.Filter{Reach: everything(agency)})
		require.NoError(t, err)
		require.Equal(t, r.Applicant, page.Records[0].Applicant)
		facts, err := w.Facts(t.Context(), agency, dossier)
		require.NoError(t, err)
		clocks, err := w.Clocks(t.Context(), agency, dossier)
		require.NoError(t, err)
		shown := fmt.Sprintf("%+v %+v %+v %+v", r, c, facts, clocks)
		for _, v := range append(planted, "{mc1:") {
			require.NotContains(t, shown, v)
		}
		require.Contains(t, shown, engine.Hidden)
		require.Zero(t, w.count(`SELECT count(*) FROM readings`), "nothing was read in full")
	})
	t.Run("and in full on record", func(t *testing.T) {
		d := w.disclosed(dossier, w.officer("an"))
		require.Equal(t, plantedRequest("k").Applicant, d.Applicant)
		require.Equal(t, map[string]any{"child.name": "Đặng Dương-7782"}, d.Fields, "personal ones only")
		require.Contains(t, fmt.Sprintf("%+v", d.Facts), "ghi chú 7783 khi nộp")
		require.Contains(t, fmt.Sprintf("%+v", d.Facts), "ghi chú 7783 của an")
		require.Contains(t, fmt.Sprintf("%+v", d.Clocks), "ghi chú 7783 tạm dừng", "the explanation of a due moment says why a clock stood still")
		list, err := w.Readings(t.Context(), agency, dossier, 0, 10)
		require.NoError(t, err)
		require.Len(t, list, 1)
		require.Equal(t, "an", list[0].Reader)
		require.Equal(t, engine.PurposeProcessing, list[0].Purpose)
		require.Equal(t, []string{"child.name"}, list[0].Fields)
		require.Equal(t, []string{"applicant", "fields", "comments"}, list[0].Parts)
		require.WithinDuration(t, time.Now(), list[0].At, time.Minute)
		_, err = w.pool.Exec(t.Context(), `DELETE FROM readings`)
		require.Error(t, err, "what was read stays on record")
		w.nowhere(planted...)
	})
}

func TestDiscloseRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	dossier := w.startPlanted("k")
	for name, c := range map[string]struct {
		change func(*engine.Reading)
		code   engine.Code
	}{
		"no purpose":          {func(r *engine.Reading) { r.Purpose = "" }, engine.CodeInvalid},
		"curiosity":           {func(r *engine.Reading) { r.Purpose = "curiosity" }, engine.CodeInvalid},
		"another agency":      {func(r *engine.Reading) { r.Agency = "H01.9" }, engine.CodeNotFound},
		"no such dossier":     {func(r *engine.Reading) { r.Dossier = "nonesuch" }, engine.CodeNotFound},
		"not the supplier":    {func(r *engine.Reading) { r.Actor = engine.Actor{Kind: engine.ActorSystem, ID: "other", Agency: agency} }, engine.CodeForbidden},
		"officer as a portal": {func(r *engine.Reading) { r.Actor = engine.Actor{Kind: engine.ActorSystem, ID: "an", Agency: agency} }, engine.CodeForbidden},
	} {
		r := reading(dossier, w.officer("an"))
		c.change(&r)
		d, err := w.Disclose(t.Context(), r)
		requireCode(t, c.code, err)
		require.Equal(t, engine.Disclosed{}, d, name)
	}
	require.Zero(t, w.count(`SELECT count(*) FROM readings`))
	require.Equal(t, plantedRequest("k").Applicant, w.disclosed(dossier, portal).Applicant, "who supplied it may read it")
}

// with is the ledger of a world under another key ring.
func (w world) with(f keyring.File) *postgres.Ledger {
	w.t.Helper()
	ring, err := f.Ring()
	require.NoError(w.t, err)
	return postgres.New(w.pool, postgres.Options{Compile: compile, Keys: ring})
}

func TestNoKeysFailsClosed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	dossier := w.startPlanted("k")
	keyless := postgres.New(w.pool, postgres.Options{Compile: compile})
	foreign := w.with(keyring.Generate(time.Now()))
	for name, l := range map[string]*postgres.Ledger{"no ring": keyless, "another ring": foreign} {
		t.Run(name, func(t *testing.T) {
			before := w.count(`SELECT count(*) FROM facts`)
			_, err := l.Disclose(t.Context(), reading(dossier, w.officer("an")))
			requireCode(t, engine.CodeUnavailable, err)
			require.ErrorContains(t, err, "key")
			r, _, err := l.Get(t.Context(), agency, dossier)
			require.NoError(t, err, "the dossier is there")
			require.Equal(t, engine.Hidden, r.Applicant.Name)
			_, err = l.List(t.Context(), engine.Filter{Reach: everything(agency)})
			require.NoError(t, err)
			require.NoError(t, l.Verify(t.Context(), dossier))
			_, err = l.Submit(t.Context(), engine.Command{ID: "c-" + name, Dossier: dossier, Event: "comment", Comment: "ghi chú 7783", Actor: w.officer("an")})
			if name == "no ring" {
				requireCode(t, engine.CodeUnavailable, err)
				_, err = l.Start(t.Context(), plantedRequest("new"))
				requireCode(t, engine.CodeUnavailable, err)
			} else {
				require.NoError(t, err)
				_, err = l.Fire(t.Context(), dossier, "c-"+name)
				requireCode(t, engine.CodeUnavailable, err)
			}
			require.Equal(t, before, w.count(`SELECT count(*) FROM facts`))
			w.nowhere(planted...)
		})
	}
}

func TestKeysRotate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	old := w.startPlanted("old")
	w.say(old, "comment", "an")
	_, err := w.Submit(t.Context(), engine.Command{ID: "waits", Dossier: old, Event: "comment", Comment: "ghi chú 7783 chờ", Actor: w.officer("an")})
	require.NoError(t, err)
	for i := range 250 { // more than one transaction
		w.start(fmt.Sprint("more-", i))
	}

	file := pgtest.KeyFile()
	next := file.Add(time.Now())
	both := w.with(file)
	require.Equal(t, "ghi chú 7783 khi nộp", first(t, both, old), "old keys open")
	started, err := both.Start(t.Context(), plantedRequest("during"))
	require.NoError(t, err)

	var steps []int
	require.NoError(t, both.Rewrap(t.Context(), func(done int) { steps = append(steps, done) }))
	require.Equal(t, []int{200, 251}, steps)
	require.NoError(t, both.Rewrap(t.Context(), func(int) { t.Error("there was nothing left to do") }))
	uses, err := both.KeyUses(t.Context())
	require.NoError(t, err)
	require.Equal(t, []postgres.KeyUse{{ID: next, Dossiers: 252, Commands: 1}}, uses)

	require.NoError(t, file.Remove("test-1"))
	only := w.with(file)
	require.Equal(t, "ghi chú 7783 khi nộp", first(t, only, old))
	require.Equal(t, "ghi chú 7783 khi nộp", first(t, only, started.Code))
	o, err := only.Fire(t.Context(), old, "waits")
	require.NoError(t, err)
	require.Nil(t, o.Refusal, "what was submitted under the old key is decided under the new")
	require.NoError(t, only.Verify(t.Context(), old))

	// The old ring alone is now one that lacks a key, and says which.
	_, err = w.Disclose(t.Context(), reading(old, w.officer("an")))
	requireCode(t, engine.CodeUnavailable, err)
	require.ErrorContains(t, err, next)
	require.ErrorContains(t, w.Rewrap(t.Context(), func(int) {}), next)
}

// first is the comment of a dossier's first fact.
func first(t *testing.T, l *postgres.Ledger, dossier string) string {
	t.Helper()
	d, err := l.Disclose(t.Context(), reading(dossier, portal))
	require.NoError(t, err)
	return d.Facts[0].Comment
}

func (w world) privacy() engine.Actor {
	return engine.Actor{Kind: engine.ActorOfficer, ID: "huong", Agency: agency}
}

func TestErase(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	dossier, other := w.startPlanted("k"), w.startPlanted("other")
	order := engine.Erasure{ID: "e1", Dossier: dossier, Actor: w.privacy(), Basis: "Điều 14 Luật 91/2025/QH15", Early: true}
	_, err := w.Erase(t.Context(), order, -1)
	requireCode(t, engine.CodeEventNotPermitted, err)

	w.say(dossier, "refuse", "an")
	for name, change := range map[engine.Code]func(*engine.Erasure){
		engine.CodeInvalid:           func(e *engine.Erasure) { e.Basis = " " },
		engine.CodeNotFound:          func(e *engine.Erasure) { e.Actor.Agency = "H01.9" },
		engine.CodeEventNotPermitted: func(e *engine.Erasure) { e.Early = false },
	} {
		e := order
		change(&e)
		_, err := w.Erase(t.Context(), e, time.Hour)
		requireCode(t, name, err)
	}
	list, err := w.Erasable(t.Context(), agency, time.Hour, 10)
	require.NoError(t, err)
	require.Empty(t, list)
	list, err = w.Erasable(t.Context(), agency, 0, 10)
	require.NoError(t, err)
	require.Equal(t, []string{dossier}, list)

	ciphertext := w.sealedOf(dossier)
	done, err := w.Erase(t.Context(), order, -1)
	require.NoError(t, err)
	require.False(t, done.Repeated)
	again, err := w.Erase(t.Context(), order, -1)
	require.NoError(t, err)
	require.True(t, again.Repeated)
	require.Equal(t, done.Seq, again.Seq)

	require.NoError(t, w.Verify(t.Context(), dossier), "the chain holds")
	r, _ := w.get(dossier)
	require.Equal(t, engine.Applicant{Name: engine.Destroyed}, r.Applicant)
	d := w.disclosed(dossier, w.officer("an"))
	require.Equal(t, engine.Destroyed, d.Applicant.Name)
	require.Empty(t, d.Fields)
	require.Equal(t, engine.Destroyed, d.Facts[0].Comment)
	last := d.Facts[len(d.Facts)-1]
	require.Equal(t, engine.FactPersonalErased, last.Kind)
	require.Equal(t, "huong", last.Actor)
	require.Equal(t, order.Basis, last.Basis)
	require.Contains(t, ciphertext, "{mc1:", "the facts still hold the ciphertext")
	require.Equal(t, ciphertext, w.sealedOf(dossier), "and no fact was touched")
	require.Zero(t, w.count(`SELECT count(*) FROM dossier_keys k JOIN dossiers d ON d.id = k.dossier_id WHERE d.code = $1 AND wrapped IS NOT NULL`, dossier))
	require.Zero(t, w.count(`SELECT count(*) FROM dossier_terms k JOIN dossiers d ON d.id = k.dossier_id WHERE d.code = $1`, dossier))
	require.Equal(t, plantedRequest("other").Applicant, w.disclosed(other, w.officer("an")).Applicant, "the other dossier stays")
	list, err = w.Erasable(t.Context(), agency, 0, 10)
	require.NoError(t, err)
	require.Empty(t, list)
}

// sealedOf is the first body of a dossier's facts as it is stored.
func (w world) sealedOf(dossier string) string {
	w.t.Helper()
	var body string
	require.NoError(w.t, w.pool.QueryRow(w.t.Context(),
		`SELECT f.body::text FROM facts f JOIN dossiers d ON d.id = f.dossier_id WHERE d.code = $1 AND f.seq = 1`, dossier).Scan(&body))
	return body
}

// TestSealOld takes a dossier back to what an earlier program stored.
func TestSealOld(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	dossier := w.startPlanted("k")
	w.exec(`UPDATE dossiers SET applicant = '{"name": "Đặng Văn Ưỡng-7781", "id": "001099077810"}', fields = fields || '{"child.name": "Đặng Dương-7782"}'`)
	w.exec(`DELETE FROM dossier_terms`)
	owner, err := pgx.Connect(context.Background(), w.url)
	require.NoError(t, err)
	_, err = owner.Exec(t.Context(), `DELETE FROM dossier_keys`)
	require.NoError(t, err)
	require.NoError(t, owner.Close(t.Context()))

	r, _ := w.get(dossier)
	require.Equal(t, "Đ*** V*** Ư***", r.Applicant.Name, "it is readable as before, and masked")
	d, err := w.Disclose(t.Context(), reading(dossier, portal, engine.PartApplicant, engine.PartFields))
	require.NoError(t, err)
	require.Equal(t, "Đặng Văn Ưỡng-7781", d.Applicant.Name)
	require.Equal(t, map[string]any{"child.name": "Đặng Dương-7782"}, d.Fields)

	done := 0
	require.NoError(t, w.SealOld(t.Context(), func(n int) { done = n }))
	require.Equal(t, 1, done)
	require.NoError(t, w.SealOld(t.Context(), func(int) { t.Error("nothing was left") }))
	w.nowhere(planted...)
	d, err = w.Disclose(t.Context(), reading(dossier, portal, engine.PartApplicant, engine.PartFields))
	require.NoError(t, err)
	require.Equal(t, "Đặng Văn Ưỡng-7781", d.Applicant.Name)
	require.Equal(t, map[string]any{"child.name": "Đặng Dương-7782"}, d.Fields)
	require.Positive(t, w.count(`SELECT count(*) FROM dossier_terms`))
}

func TestSearchByApplicant(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	dossier := w.startPlanted("k")
	w.start("another")
	for query, found := range map[string]int{
		"đặng văn ưỡng": 2, "UONG Dang": 2, "7781": 1, "001099077810": 1, "0010 9907 7810": 0, "ưỡng 7781": 1, "uon": 0, "lan": 0,
	} {
		page, err := w.List(t.Context(), engine.Filter{Reach: everything(agency), Query: query})
		require.NoError(t, err)
		require.Len(t, page.Records, found, query)
	}
	w.say(dossier, "refuse", "an")
	_, err := w.Erase(t.Context(), engine.Erasure{ID: "e", Dossier: dossier, Actor: w.privacy(), Basis: "Điều 14", Early: true}, -1)
	require.NoError(t, err)
	page, err := w.List(t.Context(), engine.Filter{Reach: everything(agency), Query: "7781"})
	require.NoError(t, err)
	require.Empty(t, page.Records, "who was erased is not found by name")
}
