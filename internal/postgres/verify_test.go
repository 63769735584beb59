package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

func TestFactsAreAppendOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	w.start("k")
	for _, sql := range []string{
		`UPDATE facts SET actor = 'x'`, `DELETE FROM facts`, `TRUNCATE facts`, `TRUNCATE dossiers CASCADE`,
		`UPDATE calendars SET spec = ''`, `DELETE FROM calendars`,
		`UPDATE procedure_versions SET text = ''`, `DELETE FROM procedure_versions`,
		`UPDATE procedure_versions SET effective = daterange('2020-01-01', '2021-01-01')`,
	} {
		_, err := w.pool.Exec(t.Context(), sql)
		require.ErrorContains(t, err, "42501", sql)
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ tamper, says string }{
		"an untouched record":       {`SELECT 1`, ""},
		"an altered body":           {`UPDATE facts SET body = replace(body::text, 'receipt', 'refusal')::json WHERE kind = 'form-issued'`, "was altered"},
		"an added space":            {`UPDATE facts SET body = (body::text || ' ')::json WHERE seq = 2`, "fact 2 was altered"},
		"an altered digest":         {`UPDATE facts SET digest = md5(digest) WHERE seq = 3`, "fact 3 was altered"},
		"an altered column":         {`UPDATE facts SET actor = 'binh' WHERE seq = 4`, "fact 4 has columns"},
		"an altered moment":         {`UPDATE facts SET at = at - interval '1 day' WHERE seq = 4`, "fact 4 has columns"},
		"a removed fact":            {`DELETE FROM facts WHERE seq = 3`, "fact 3 is missing"},
		"the newest fact removed":   {`DELETE FROM facts WHERE seq = (SELECT max(seq) FROM facts)`, "is missing"},
		"a fact from nowhere":       {`INSERT INTO facts SELECT dossier_id, seq + 100, kind, at, recorded_at, actor_kind, actor, command_id, body, digest FROM facts`, "is missing"},
		"an altered case":           {`UPDATE dossiers SET snapshot = jsonb_set(snapshot, '{holder}', '"binh"')`, "stored case"},
		"an altered case and chain": {`UPDATE dossiers SET digest = md5(digest)`, "is not the last"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, birth())
			code := w.start("k").Code
			w.accepted(code, "accept", "an")
			w.exec(`ALTER TABLE facts DISABLE TRIGGER USER`)
			w.exec(c.tamper)
			err := w.Verify(t.Context(), code)
			if c.says == "" {
				require.NoError(t, err)
				return
			}
			requireCode(t, engine.CodeInternal, err)
			require.ErrorContains(t, err, c.says)
		})
	}
	t.Run("an unknown dossier", func(t *testing.T) {
		t.Parallel()
		requireCode(t, engine.CodeNotFound, newWorld(t, birth()).Verify(t.Context(), "none"))
	})
}

// TestCaseOfAnEarlierProgram: a stored case that remembers less than the facts
// would make now is no fault of the record, and is made anew by the next change.
func TestCaseOfAnEarlierProgram(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	code := w.start("earlier").Code
	require.Nil(t, w.fire(code, "accept", w.officer("an")).Refusal)
	w.exec(`UPDATE dossiers SET snapshot = snapshot - 'model' - 'steps'`)
	require.NoError(t, w.Verify(t.Context(), code))
	require.Nil(t, w.fire(code, engine.EventAcceptHandoff, w.officer("chi")).Refusal)
	require.Equal(t, 1, w.count(`SELECT count(*) FROM dossiers WHERE (snapshot ->> 'model')::int = $1 AND jsonb_array_length(snapshot -> 'steps') = 1`, engine.CaseModel))
	require.NoError(t, w.Verify(t.Context(), code))
	w.exec(`UPDATE dossiers SET snapshot = snapshot - 'steps'`)
	requireCode(t, engine.CodeInternal, w.Verify(t.Context(), code)) // of this program's own, it is a fault
}
