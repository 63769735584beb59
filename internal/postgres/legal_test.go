package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
)

// updating is the internal procedure, as short as it can be.
func updating() engine.Definition {
	name := engine.Text{VI: "Cập nhật quy trình"}
	field := func(id, kind string) engine.Field {
		return engine.Field{ID: id, Name: name, Type: kind, Required: engine.Always}
	}
	return engine.Definition{
		Motcua: 1, Code: engine.UpdateProcedure, Version: 1, Name: name, Level: "internal",
		LegalBasis: []engine.LegalBasis{{Ref: "19/2014/QĐ-TTg"}}, Effective: engine.Effective{From: calendar.NewDate(2014, 5, 18)},
		Fields: []engine.Field{
			field("document.ref", "string"), field("document.changed_by", "string"), field("document.effective_from", "date"),
			field("procedure.code", "string"), field("procedure.version", "integer"),
		},
		States: []engine.State{
			{ID: "opened", Name: name, Department: "quality", Role: engine.RoleProcedureAuthor, Within: calendar.Duration{Value: 1, Unit: calendar.Month},
				On: []engine.Transition{{Event: "publish", To: "published", Name: name}}},
			{ID: "published", Name: name, Final: true, Outcome: "resolved"},
		},
	}
}

// qualityWorld has three procedures, of which two rest on 60/2014/QH13.
func qualityWorld(t *testing.T) world {
	t.Helper()
	w := newWorld(t, birth())
	w.publish(updating())
	other := birth()
	other.Code, other.LegalBasis = "1.000002", append(other.LegalBasis, engine.LegalBasis{Ref: "123/2015/NĐ-CP", Cites: "Hộ tịch", Articles: "9"})
	w.publish(other)
	return w
}

// withQuality gives the agency its quality board.
func (w world) withQuality() {
	w.t.Helper()
	org := organisation(agency)
	org.Departments = append(org.Departments, engine.Department{Code: "quality", Name: org.Agency.Name})
	org.Officers = append(org.Officers, engine.Officer{ID: "tam", Name: "Phan Thanh Tâm", Roles: author.Roles})
	require.NoError(w.t, w.PutOrganisation(w.t.Context(), org))
}

func (w world) change(a engine.Actor, ref string) (engine.LegalChange, error) {
	return w.ChangeDocument(w.t.Context(), engine.LegalChangeRequest{
		Actor: a, Ref: ref, ByRef: "1/2026/QH16", EffectiveFrom: calendar.NewDate(2027, 1, 1), Note: "sửa điều 16",
	})
}

func TestLegalDocuments(t *testing.T) {
	t.Parallel()
	w := qualityWorld(t)
	w.published(draftOf(2, 3))
	list, err := w.LegalDocuments(t.Context())
	require.NoError(t, err)
	uses := map[string][]string{}
	for _, d := range list {
		for _, u := range d.Procedures {
			uses[d.Ref] = append(uses[d.Ref], u.Code+" "+u.Role+" "+u.Articles)
		}
	}
	require.Equal(t, map[string][]string{
		"123/2015/NĐ-CP": {"1.000002 basis 9"},
		"19/2014/QĐ-TTg": {"QT.CNQT basis "},
		"309/2026/NĐ-CP": {"1.000001 cause "},
		"60/2014/QH13":   {"1.000001 basis ", "1.000001 basis ", "1.000002 basis "}, // one version ends, the other begins
	}, uses)
	require.Equal(t, "Hộ tịch", list[0].Title)
	w.exec(`TRUNCATE legal_bases`)
	w.publish(birth())
	require.Equal(t, 1, w.count(`SELECT count(*) FROM legal_bases`), "publishing again fills a register that is younger")
}

func TestChangeOfADocument(t *testing.T) {
	t.Parallel()
	w := qualityWorld(t)

	_, err := w.change(approver, "60/2014/QH13")
	requireCode(t, engine.CodeWrongRole, err)
	_, err = w.change(author, "0/0000/QH0")
	requireCode(t, engine.CodeNotFound, err)
	require.Zero(t, w.count(`SELECT count(*) FROM legal_changes`))
	_, err = w.change(author, "60/2014/QH13")
	requireCode(t, engine.CodeAgencyNotBound, err)
	w.withQuality() // and what broke off is taken up

	answers := parallel(6, func(i int) answer[engine.LegalChange] {
		c, err := w.change([]engine.Actor{author, coauthor}[i%2], "60/2014/QH13")
		return answer[engine.LegalChange]{c, err}
	})
	for _, a := range answers {
		require.NoError(t, a.err)
		require.Equal(t, text(t, answers[0].value), text(t, a.value))
	}
	tasks := answers[0].value.Tasks
	require.Len(t, tasks, 2)
	require.Equal(t, []string{procedure, "1.000002"}, []string{tasks[0].Procedure, tasks[1].Procedure})
	require.Equal(t, "tam", answers[0].value.Actor)
	require.Equal(t, 2, w.count(`SELECT count(*) FROM dossiers WHERE procedure_code = 'QT.CNQT'`))
	require.Equal(t, 1, w.count(`SELECT count(*) FROM legal_changes`))

	r, _ := w.get(tasks[0].Dossier)
	require.Equal(t, "opened", r.State)
	var fields map[string]any
	require.NoError(t, w.pool.QueryRow(t.Context(), `SELECT fields FROM dossiers WHERE code = $1`, tasks[0].Dossier).Scan(&fields))
	require.Equal(t, map[string]any{
		"document.ref": "60/2014/QH13", "document.changed_by": "1/2026/QH16", "document.effective_from": "2027-01-01",
		"procedure.code": procedure, "procedure.version": float64(1),
	}, fields)

	w.accepted(tasks[0].Dossier, "publish", "tam")
	again, err := w.change(author, "60/2014/QH13")
	require.NoError(t, err)
	require.True(t, again.Tasks[0].Closed)
	require.False(t, again.Tasks[1].Closed)
	require.Equal(t, 2, w.count(`SELECT count(*) FROM dossiers WHERE procedure_code = 'QT.CNQT'`), "a task that is done is not opened again")

	for _, sql := range []string{`UPDATE legal_changes SET note = 'x'`, `DELETE FROM legal_changes`, `TRUNCATE legal_changes CASCADE`} {
		_, err := w.pool.Exec(t.Context(), sql)
		require.ErrorContains(t, err, "42501", sql)
	}
}

// TestChangeBreaksOff loses the note of a task after its dossier was started.
func TestChangeBreaksOff(t *testing.T) {
	t.Parallel()
	w := qualityWorld(t)
	w.withQuality()
	first, err := w.change(author, "60/2014/QH13")
	require.NoError(t, err)
	w.exec(`DELETE FROM update_tasks WHERE procedure = $1`, procedure)
	again, err := w.change(coauthor, "60/2014/QH13")
	require.NoError(t, err)
	require.Equal(t, first, again, "the very dossier is found again")
}
