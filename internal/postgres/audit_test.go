package postgres_test

import (
	"crypto/ed25519"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/audit"
	"motcua/engine/calendar"
)

// monday is when the sealed worlds begin.
var monday = time.Date(2026, time.March, 2, 9, 0, 0, 0, calendar.Zone())

func auditKey(seed string) audit.PrivateKey {
	return audit.NewPrivateKey(ed25519.NewKeyFromSeed([]byte(fmt.Sprintf("%-32s", seed))))
}

// auditedWorld is a ledger in which it is monday.
func auditedWorld(t testing.TB) world {
	t.Helper()
	w := travelled(t, monday)
	require.NoError(t, w.PutCalendar(t.Context(), aroundTheClock()))
	for _, code := range []string{agency, "H01.2"} {
		require.NoError(t, w.PutOrganisation(t.Context(), organisation(code)))
	}
	w.publish(birth())
	return w
}

// at moves the ledger's clock.
func (w world) at(moment time.Time) {
	w.t.Helper()
	w.exec(`UPDATE travel.shift SET by = $1::timestamptz - pg_catalog.clock_timestamp()`, moment)
}

func (w world) sealAll() []audit.Digest {
	w.t.Helper()
	sealed, err := w.Seal(w.t.Context(), auditKey("first"))
	require.NoError(w.t, err)
	return sealed
}

func (w world) audit(scope audit.Scope) audit.Report {
	w.t.Helper()
	report, err := w.Audit(w.t.Context(), scope)
	require.NoError(w.t, err)
	return report
}

// found are the findings in words.
func found(r audit.Report) []string {
	out := make([]string, len(r.Findings))
	for i, f := range r.Findings {
		out[i] = f.In("en")
	}
	return out
}

func days(digests []audit.Digest) []string {
	var out []string
	for _, d := range digests {
		out = append(out, d.Book+" "+d.Day.String())
	}
	return out
}

func TestSeal(t *testing.T) {
	t.Parallel()
	w := auditedWorld(t)
	code := w.start("k").Code
	require.Empty(t, w.sealAll(), "the day is not over")

	w.at(monday.Add(15 * time.Hour)) // midnight
	require.Empty(t, w.sealAll(), "a transaction of the day may still be under way")
	w.at(monday.Add(15*time.Hour + 16*time.Minute))
	first := w.sealAll()
	require.Equal(t, []string{"H01.1 2026-03-02", "* 2026-03-02"}, days(first))
	require.Empty(t, w.sealAll(), "a day is sealed once")

	w.accepted(code, "accept", "an")
	w.at(monday.AddDate(0, 0, 5))
	missed := w.sealAll()
	require.Equal(t, []string{
		"H01.1 2026-03-03", "* 2026-03-03", "H01.1 2026-03-04", "* 2026-03-04", "H01.1 2026-03-05", "* 2026-03-05", "H01.1 2026-03-06", "* 2026-03-06",
	}, days(missed), "the days of downtime are caught up, empty ones too")
	require.EqualValues(t, 1, missed[0].Leaves)
	require.EqualValues(t, 0, missed[2].Leaves)
	require.Equal(t, first[0].Digest, missed[0].Previous)
	require.Equal(t, first[1].Digest, missed[1].Previous)
	report := w.audit(audit.Scope{})
	require.Empty(t, found(report))
	require.True(t, report.Intact)
	require.EqualValues(t, 10, report.Digests)
	require.Equal(t, "2026-03-06", report.Sealed.String())

	t.Run("is done once by processes that seal together", func(t *testing.T) {
		w.at(monday.AddDate(0, 0, 8))
		var all []string
		for _, a := range parallel(4, func(int) answer[[]audit.Digest] {
			d, err := w.Seal(t.Context(), auditKey("first"))
			return answer[[]audit.Digest]{d, err}
		}) {
			require.NoError(t, a.err)
			all = append(all, days(a.value)...)
		}
		all = append(all, days(w.sealAll())...)
		slices.Sort(all)
		require.Equal(t, []string{"* 2026-03-07", "* 2026-03-08", "* 2026-03-09", "H01.1 2026-03-07", "H01.1 2026-03-08", "H01.1 2026-03-09"}, all)
	})
	t.Run("keys take over with the blessing of the one before", func(t *testing.T) {
		w.at(monday.AddDate(0, 0, 9))
		_, err := w.Seal(t.Context(), auditKey("second"))
		requireCode(t, engine.CodeNeedsUnmet, err)
		_, err = w.RotateAuditKey(t.Context(), auditKey("second"), auditKey("third"))
		requireCode(t, engine.CodeNeedsUnmet, err)
		_, err = w.RotateAuditKey(t.Context(), auditKey("second"), auditKey("first"))
		require.NoError(t, err)
		_, err = w.Seal(t.Context(), auditKey("first"))
		requireCode(t, engine.CodeNeedsUnmet, err)
		sealed, err := w.Seal(t.Context(), auditKey("second"))
		require.NoError(t, err)
		require.Equal(t, auditKey("second").Public().ID(), sealed[0].Key)
		require.Empty(t, found(w.audit(audit.Scope{})))
		_, err = w.RotateAuditKey(t.Context(), auditKey("third"), audit.PrivateKey{})
		require.NoError(t, err)
		require.Equal(t, []string{"key " + auditKey("third").Public().ID() + ": is a key the one before did not endorse"}, found(w.audit(audit.Scope{})))
	})
}

// sealedDossiers are four dossiers with a history over two sealed days, and
// today.
type sealedDossiers struct {
	world
	a, b, c, gone string
}

func sealedWorld(t testing.TB) sealedDossiers {
	t.Helper()
	w := sealedDossiers{world: auditedWorld(t)}
	w.a, w.b, w.c, w.gone = w.start("a").Code, w.start("b").Code, w.start("c").Code, w.start("d").Code
	w.exec(`INSERT INTO audit_reads (at, agency, actor, what, dossier) VALUES ($1, $2, 'soi', 'evidence', $3)`, monday, agency, w.a)
	w.exec(`INSERT INTO acts (id, kind, agency, subject, body, digest, reason, actor, authority, created_at)
		VALUES ('act-1', 'reassign', $1, 'an', '{}', '', 'nghỉ hưu', 'giang', '{}', $2)`, agency, monday)
	w.at(monday.AddDate(0, 0, 1))
	for _, code := range []string{w.a, w.b, w.c} {
		w.accepted(code, "accept", "an")
	}
	w.at(monday.AddDate(0, 0, 2))
	w.sealAll()
	w.accepted(w.b, engine.EventAcceptHandoff, "chi")
	return w
}

// TestTampering: somebody with every right on the database changes the
// record, and the verification names what was changed and nothing else.
func TestTampering(t *testing.T) {
	t.Parallel()
	const freely = `SET session_replication_role = replica; `
	rechained := func(w sealedDossiers, code string) { w.rechain(code) }
	for name, c := range map[string]struct {
		tamper string
		also   func(sealedDossiers, string)
		says   []string
	}{
		"nothing": {"SELECT 1", nil, nil},
		"a body is changed": {
			`UPDATE facts SET body = replace(body::text, 'receipt', 'refusal')::json WHERE dossier_id = {a} AND kind = 'form-issued'`, nil,
			[]string{"dossier {A}: fact 11 was altered"},
		},
		"a fact is deleted":          {`DELETE FROM facts WHERE dossier_id = {a} AND seq = 3`, nil, []string{"dossier {A}: fact 3 is missing (so that the next cannot be proven)"}},
		"the newest fact is deleted": {`DELETE FROM facts WHERE dossier_id = {b} AND seq = (SELECT seq FROM dossiers WHERE id = {b})`, nil, []string{"dossier {B}: fact 17 is missing"}},
		"the newest fact of a sealed day is deleted, the row in step": {
			`DELETE FROM facts WHERE dossier_id = {c} AND seq = 14; UPDATE dossiers SET seq = 13, digest = (SELECT digest FROM facts WHERE dossier_id = {c} AND seq = 13) WHERE id = {c}`, nil,
			[]string{"dossier {C}: fact 14 is missing, by the seal of 2026-03-03"},
		},
		"two facts are swapped": {
			`UPDATE facts SET seq = -seq WHERE dossier_id = {a} AND seq IN (3, 4); UPDATE facts SET seq = 7 + seq WHERE dossier_id = {a} AND seq < 0`, nil,
			[]string{"dossier {A}: fact 3 holds what belongs elsewhere", "dossier {A}: fact 4 holds what belongs elsewhere"},
		},
		"the bodies of two facts are swapped": {
			`UPDATE facts f SET body = (SELECT o.body FROM facts o WHERE o.dossier_id = f.dossier_id AND o.seq = 7 - f.seq) WHERE dossier_id = {a} AND seq IN (3, 4)`, nil,
			[]string{"dossier {A}: fact 3 holds what belongs elsewhere", "dossier {A}: fact 4 holds what belongs elsewhere"},
		},
		"a fact is lent to another dossier": {
			`UPDATE facts SET dossier_id = {a}, seq = 15 WHERE dossier_id = {b} AND seq = 5`, nil,
			[]string{"dossier {A}: fact 15 was added beyond the end of the chain", "dossier {B}: fact 5 is missing (so that the next cannot be proven)"},
		},
		"a fact takes the place of another dossier's": {
			`DELETE FROM facts WHERE dossier_id = {a} AND seq = 5; UPDATE facts SET dossier_id = {a} WHERE dossier_id = {b} AND seq = 5`, nil,
			[]string{"dossier {A}: fact 5 was altered (so that the next cannot be proven)", "dossier {B}: fact 5 is missing (so that the next cannot be proven)"},
		},
		"a digest of a fact is changed": {`UPDATE facts SET digest = md5(digest) WHERE dossier_id = {a} AND seq = 4`, nil, []string{"dossier {A}: fact 4 was altered"}},
		"a fact cannot be read":         {`UPDATE facts SET body = '"x"' WHERE dossier_id = {a} AND seq = 4`, nil, []string{"dossier {A}: fact 4 cannot be read"}},
		"a column is changed":           {`UPDATE facts SET actor = 'binh' WHERE dossier_id = {a} AND seq = 4`, nil, []string{"dossier {A}: fact 4 has columns that contradict its sealed body"}},
		"a moment is changed":           {`UPDATE facts SET recorded_at = recorded_at - interval '1 day' WHERE dossier_id = {a} AND seq = 7`, nil, []string{"dossier {A}: fact 7 has columns that contradict its sealed body"}},
		"the case is changed":           {`UPDATE dossiers SET snapshot = jsonb_set(snapshot, '{holder}', '"binh"') WHERE id = {a}`, nil, []string{"dossier {A}: the stored case is not what its facts make"}},
		"the list is changed":           {`UPDATE dossiers SET holder = 'binh' WHERE id = {a}`, nil, []string{"dossier {A}: columns of its row are not what its facts make"}},
		"the head is changed":           {`UPDATE dossiers SET digest = md5(digest) WHERE id = {a}`, nil, []string{"dossier {A}: fact 14 is not the last link the record's row names"}},
		"a dossier is replaced consistently": {
			`UPDATE facts SET body = replace(body::text, 'receipt', 'refusal')::json WHERE dossier_id = {a} AND kind = 'form-issued'`, rechained,
			[]string{"dossier {A}: fact 7–14 is not what was sealed, by the seal of 2026-03-03"},
		},
		"a dossier is replaced from its start": {
			`UPDATE facts SET body = replace(body::text, 'online', 'direct')::json WHERE dossier_id = {a} AND seq = 1`, rechained,
			[]string{"dossier {A}: fact 1–6 is not what was sealed, by the seal of 2026-03-02", "dossier {A}: fact 7–14 is not what was sealed, by the seal of 2026-03-03"},
		},
		"a dossier is deleted": {
			`DELETE FROM facts WHERE dossier_id = {gone}; DELETE FROM clocks WHERE dossier_id = {gone}; DELETE FROM commands WHERE dossier_id = {gone};
			DELETE FROM start_keys WHERE dossier_id = {gone}; DELETE FROM outbox; DELETE FROM dossiers WHERE id = {gone}`, nil,
			[]string{"dossier {GONE}: was removed as a whole, by the seal of 2026-03-02"},
		},
		"a dossier that was never sealed is deleted": {
			`UPDATE code_sequences SET last = 5`, nil, []string{"dossier H01.1-260302-0005: was removed as a whole (its number was drawn)"},
		},
		"a fact is put into a sealed day": {
			`UPDATE facts SET body = replace(body::text, '2026-03-04T', '2026-03-03T')::json, at = at - interval '1 day', recorded_at = recorded_at - interval '1 day'
			WHERE dossier_id = {b} AND seq > 14`, func(w sealedDossiers, _ string) { w.rechain(w.b) },
			[]string{
				"dossier {B}: fact 15 was recorded under a day that had been sealed without it", "dossier {B}: fact 16 was recorded under a day that had been sealed without it",
				"dossier {B}: fact 17 was recorded under a day that had been sealed without it",
			},
		},
		"a digest is changed": {
			`UPDATE audit_digests SET leaves = leaves + 1 WHERE book = 'H01.1' AND day = '2026-03-02'`, nil,
			[]string{
				"digest H01.1 of 2026-03-02: was altered", "digest H01.1 of 2026-03-02: has a wrong signature", "digest H01.1 of 2026-03-02: its leaves are not those that were signed",
			},
		},
		"a digest is deleted": {
			`DELETE FROM audit_digests WHERE book = 'H01.1' AND day = '2026-03-03'`, nil, []string{"digest H01.1 of 2026-03-03: was removed as a whole"},
		},
		"a leaf is changed to fit": {
			`UPDATE audit_leaves SET digest = md5(digest) WHERE kind = 'dossier' AND name = '{A}' AND day = '2026-03-03'`, nil,
			[]string{"dossier {A}: fact 7–14 is not what was sealed, by the seal of 2026-03-03", "digest H01.1 of 2026-03-03: its leaves are not those that were signed"},
		},
		"a dossier and its leaves are deleted": {
			`DELETE FROM facts WHERE dossier_id = {gone}; DELETE FROM clocks WHERE dossier_id = {gone}; DELETE FROM commands WHERE dossier_id = {gone};
			DELETE FROM start_keys WHERE dossier_id = {gone}; DELETE FROM outbox; DELETE FROM dossiers WHERE id = {gone}; DELETE FROM audit_leaves WHERE name = '{GONE}'`, nil,
			[]string{"digest H01.1 of 2026-03-02: its leaves are not those that were signed", "dossier {GONE}: was removed as a whole (its number was drawn)"},
		},
		"a trail is changed": {
			`UPDATE procedure_events SET body = replace(body::text, 'motcua', 'somebody')::json, actor = 'somebody'`, nil, []string{"procedure 1.000001@1: entry 1 was altered"},
		},
		"a trail is deleted":      {`DELETE FROM calendar_events`, nil, []string{"calendar around-the-clock@1: was removed as a whole, by the seal of 2026-03-02"}},
		"who read is changed":     {`UPDATE audit_reads SET actor = 'somebody'`, nil, []string{"table audit_reads: is not what was sealed, by the seal of 2026-03-02"}},
		"who read is deleted":     {`DELETE FROM audit_reads`, nil, []string{"table audit_reads: was removed as a whole, by the seal of 2026-03-02"}},
		"who read is put in":      {`INSERT INTO audit_reads (at, agency, actor, what) VALUES ('2026-03-03T09:00:00+07:00', 'H01.1', 'soi', 'digests')`, nil, []string{"table audit_reads: was recorded under a day that had been sealed without it, by the seal of 2026-03-03"}},
		"an act is changed":       {`UPDATE acts SET reason = 'khác'`, nil, []string{"act act-1: is not what was sealed, by the seal of 2026-03-02"}},
		"an act is deleted":       {`DELETE FROM acts`, nil, []string{"act act-1: was removed as a whole, by the seal of 2026-03-02"}},
		"a definition is changed": {`UPDATE procedure_versions SET text = text || ' '`, nil, []string{"procedure 1.000001@1: its text does not have its recorded SHA-256"}},
		"a key is exchanged": {
			`UPDATE audit_keys SET public_key = '` + auditKey("other").Public().String() + `'`, nil,
			[]string{"key {KEY}: was altered", "digest * of 2026-03-02: is signed by a key that is not accepted", "digest * of 2026-03-03: is signed by a key that is not accepted",
				"digest H01.1 of 2026-03-02: is signed by a key that is not accepted", "digest H01.1 of 2026-03-03: is signed by a key that is not accepted"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := sealedWorld(t)
			names := strings.NewReplacer("{A}", w.a, "{B}", w.b, "{C}", w.c, "{GONE}", w.gone, "{KEY}", auditKey("first").Public().ID())
			id := func(code string) string { return fmt.Sprintf("(SELECT id FROM dossiers WHERE code = '%s')", code) }
			ids := strings.NewReplacer("{a}", id(w.a), "{b}", id(w.b), "{c}", id(w.c), "{gone}", id(w.gone))
			_, err := w.pool.Exec(t.Context(), freely+ids.Replace(names.Replace(c.tamper)))
			require.NoError(t, err)
			if c.also != nil {
				c.also(w, w.a)
			}
			var want []string
			for _, s := range c.says {
				want = append(want, names.Replace(s))
			}
			report := w.audit(audit.Scope{})
			t.Log(strings.Join(found(report), "\n"))
			require.ElementsMatch(t, want, found(report))
			require.Equal(t, len(want) == 0, report.Intact)
		})
	}
}

// rechain makes a dossier's record consistent with what its bodies say now, as
// who knows the program would.
func (w sealedDossiers) rechain(code string) {
	w.t.Helper()
	rows, err := w.pool.Query(w.t.Context(), `SELECT f.seq, f.body::text FROM facts f JOIN dossiers d ON d.id = f.dossier_id WHERE d.code = $1 ORDER BY f.seq`, code)
	require.NoError(w.t, err)
	var seq int64
	var body string
	var link engine.Digest
	links := map[int64]engine.Digest{}
	for rows.Next() {
		require.NoError(w.t, rows.Scan(&seq, &body))
		link = engine.Link(link, code, []byte(body))
		links[seq] = link
	}
	require.NoError(w.t, rows.Err())
	conn, err := w.pool.Acquire(w.t.Context())
	require.NoError(w.t, err)
	defer conn.Release()
	exec := func(sql string, args ...any) {
		_, err := conn.Exec(w.t.Context(), sql, args...)
		require.NoError(w.t, err)
	}
	exec(`SET session_replication_role = replica`)
	for seq, link := range links {
		exec(`UPDATE facts SET digest = $3 WHERE dossier_id = (SELECT id FROM dossiers WHERE code = $1) AND seq = $2`, code, seq, link)
	}
	list, err := w.Facts(w.t.Context(), agency, code)
	require.NoError(w.t, err)
	facts := make([]engine.Fact, len(list))
	for i, f := range list {
		facts[i] = f.Fact
	}
	exec(`UPDATE dossiers SET digest = $2, snapshot = $3 WHERE code = $1`, code, link, engine.Fold(facts))
}

// TestAuditIntact: hundreds of dossiers in every standing, over days, and
// nothing is found.
func TestAuditIntact(t *testing.T) {
	t.Parallel()
	w := auditedWorld(t)
	codes := make([]string, 300)
	each := func(n int, do func(i int)) { // a few at a time: the pool is no larger in production
		parallel(6, func(p int) bool {
			for i := p; i < n; i += 6 {
				do(i)
			}
			return true
		})
	}
	each(300, func(i int) { codes[i] = w.start(fmt.Sprint(i)).Code })
	w.at(monday.AddDate(0, 0, 1))
	w.sealAll()
	each(150, func(i int) { w.accepted(codes[i], "accept", "an") })
	each(50, func(i int) { w.accepted(codes[i], engine.EventAcceptHandoff, "chi") })
	w.at(monday.AddDate(0, 0, 3))
	w.sealAll()
	each(50, func(i int) { w.accepted(codes[200+i], "refuse", "an") })
	var heard []int64
	report := w.audit(audit.Scope{Progress: func(done, of int64) { heard = append(heard, done, of) }})
	require.Empty(t, found(report))
	require.EqualValues(t, 300, report.Dossiers)
	require.EqualValues(t, w.count(`SELECT count(*) FROM facts`), report.Facts)
	require.EqualValues(t, 6, report.Digests)
	require.Equal(t, []int64{300, 300}, heard[len(heard)-2:])

	require.EqualValues(t, 1, w.audit(audit.Scope{Dossier: codes[0]}).Dossiers)
	require.EqualValues(t, 300, w.audit(audit.Scope{Agency: agency}).Dossiers)
	require.EqualValues(t, 0, w.audit(audit.Scope{Agency: "H01.2"}).Dossiers)
	recent := w.audit(audit.Scope{Since: calendar.DateOf(monday.AddDate(0, 0, 2))})
	require.Empty(t, found(recent))
	require.EqualValues(t, 50, recent.Dossiers)
	_, err := w.Audit(t.Context(), audit.Scope{Dossier: "none"})
	requireCode(t, engine.CodeNotFound, err)
	_, err = w.Audit(t.Context(), audit.Scope{Dossier: codes[0], Agency: "H01.2"})
	requireCode(t, engine.CodeNotFound, err)
}
