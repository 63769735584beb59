package postgres_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
)

func TestStart(t *testing.T) {
	t.Parallel()
	t.Run("writes the dossier, its record and one errand", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		s := w.start("k")
		require.False(t, s.Repeated)
		day := calendar.DateOf(time.Now()).Midnight().Format("060102")
		require.Equal(t, agency+"-"+day+"-0001", s.Code)
		r, c := w.get(s.Code)
		require.Equal(t, "received", r.State)
		require.Equal(t, engine.StatusRunning, r.Status)
		require.Equal(t, "Đ*** V*** Ư***", r.Applicant.Name, "in full it takes a reading")
		require.Equal(t, "Đăng ký khai sinh", r.StateName.VI)
		require.WithinDuration(t, r.AcceptedAt.Add(6000*time.Second), r.DueAt, time.Millisecond, "the committed limit is the appointment")
		require.WithinDuration(t, c.Clocks[2].StartedAt.Add(300*time.Second), s.NextAt, 2*time.Millisecond, "half of the step is next")
		clocks, err := w.Clocks(t.Context(), agency, s.Code)
		require.NoError(t, err)
		require.Len(t, clocks, 3)
		errands, err := w.Claim(t.Context(), 10, time.Minute)
		require.NoError(t, err)
		require.Len(t, errands, 1)
		require.Equal(t, engine.ErrandStart, errands[0].Kind)
		require.Equal(t, s.Code, errands[0].Dossier)
		require.True(t, errands[0].NextAt.Equal(s.NextAt))
		require.NoError(t, w.Verify(t.Context(), s.Code))
	})
	t.Run("is idempotent, twenty times at once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		answers := parallel(20, func(int) answer[engine.Started] {
			s, err := w.Start(t.Context(), request("same"))
			return answer[engine.Started]{s, err}
		})
		first := 0
		for _, a := range answers {
			require.NoError(t, a.err)
			if !a.value.Repeated {
				first++
			}
			a.value.Repeated, answers[0].value.Repeated = false, false
			require.Equal(t, text(t, answers[0].value), text(t, a.value))
		}
		require.Equal(t, 1, first)
		require.Equal(t, 1, w.count(`SELECT count(*) FROM dossiers`))
		require.Equal(t, 1, w.count(`SELECT count(*) FROM outbox`))
		require.Equal(t, 1, w.count(`SELECT last FROM code_sequences`), "repetitions draw no number")
	})
	t.Run("answers a repetition with the first outcome", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		s := w.start("k")
		w.accepted(s.Code, "refuse", "an")
		again := w.start("k")
		require.True(t, again.Repeated)
		again.Repeated = false
		require.Equal(t, text(t, s), text(t, again))
	})
	t.Run("refuses another request under the same key", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, birth())
		w.start("k")
		r := request("k")
		r.Digest = "another"
		_, err := w.Start(t.Context(), r)
		requireCode(t, engine.CodeIdempotencyConflict, err)
		r = request("k")
		r.Actor = w.officer("an")
		s, err := w.Start(t.Context(), r)
		require.NoError(t, err, "keys belong to who asks")
		require.False(t, s.Repeated)
	})
}

func TestStartRefusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	other := organisation("H02")
	other.Departments, other.Officers = other.Departments[1:2], nil
	require.NoError(t, w.PutOrganisation(t.Context(), other))
	lost := organisation("H03")
	lost.Agency.Calendar = "no-such"
	require.NoError(t, w.PutOrganisation(t.Context(), lost))
	future := birth()
	future.Code, future.Effective.From = "1.000002", calendar.DateOf(time.Now()).AddDays(2)
	w.publish(future)

	for name, c := range map[string]struct {
		code   engine.Code
		path   string
		change func(r *engine.StartRequest)
	}{
		"an unknown agency":      {engine.CodeAgencyUnknown, "", func(r *engine.StartRequest) { r.Agency = "H99" }},
		"an unknown procedure":   {engine.CodeProcedureUnknown, "", func(r *engine.StartRequest) { r.Procedure = "9" }},
		"a version not yet due":  {engine.CodeProcedureUnknown, "", func(r *engine.StartRequest) { r.Procedure = "1.000002" }},
		"a missing department":   {engine.CodeAgencyNotBound, "", func(r *engine.StartRequest) { r.Agency, r.Actor.Agency = "H02", "H02" }},
		"a missing calendar":     {engine.CodeAgencyNotBound, "", func(r *engine.StartRequest) { r.Agency, r.Actor.Agency = "H03", "H03" }},
		"a foreign system":       {engine.CodeForbidden, "", func(r *engine.StartRequest) { r.Actor.Agency = "H02" }},
		"an unknown component":   {engine.CodeInvalid, "", func(r *engine.StartRequest) { r.Components = []string{"x"} }},
		"a missing field":        {engine.CodeInvalid, "/fields/child.name", func(r *engine.StartRequest) { r.Fields = nil }},
		"an empty field":         {engine.CodeInvalid, "/fields/child.name", func(r *engine.StartRequest) { r.Fields["child.name"] = "" }},
		"a field of wrong type":  {engine.CodeInvalid, "/fields/in_hospital", func(r *engine.StartRequest) { r.Fields["in_hospital"] = "có" }},
		"an impossible date":     {engine.CodeInvalid, "/fields/child.born", func(r *engine.StartRequest) { r.Fields["child.born"] = "2026-02-30" }},
		"a broken integer":       {engine.CodeInvalid, "/fields/child.order", func(r *engine.StartRequest) { r.Fields["child.order"] = 1.5 }},
		"an undeclared field":    {engine.CodeInvalid, "/fields/a~0b", func(r *engine.StartRequest) { r.Fields["a~b"] = 1 }},
		"a request without key":  {engine.CodeInvalid, "", func(r *engine.StartRequest) { r.Key = "" }},
		"a name that holds NUL":  {engine.CodeInvalid, "", func(r *engine.StartRequest) { r.Applicant.Name = "a\x00b" }},
		"a channel that has NUL": {engine.CodeInvalid, "", func(r *engine.StartRequest) { r.Channel = "a\x00b" }},
	} {
		t.Run(name, func(t *testing.T) {
			r := request("k " + name)
			c.change(&r)
			_, err := w.Start(t.Context(), r)
			requireCode(t, c.code, err)
			var e *engine.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, c.path, e.Path)
		})
	}
	require.Zero(t, w.count(`SELECT count(*) FROM start_keys`), "a refused start may be repeated with the same key")
	s, err := w.Start(t.Context(), func() engine.StartRequest {
		r := request("good")
		r.Fields = map[string]any{"child.name": "x", "child.born": "2026-02-28", "child.order": json.Number("2"), "in_hospital": true}
		return r
	}())
	require.NoError(t, err)
	require.Equal(t, "0001", s.Code[len(s.Code)-4:], "refused starts gave their numbers back")
}

func TestDossierCodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	answers := parallel(51, func(i int) answer[engine.Started] {
		r := request(fmt.Sprint("k", i))
		if i == 25 {
			r.Fields = nil // one is rolled back
		}
		s, err := w.Start(t.Context(), r)
		return answer[engine.Started]{s, err}
	})
	var numbers []string
	for i, a := range answers {
		if i == 25 {
			requireCode(t, engine.CodeInvalid, a.err)
			continue
		}
		require.NoError(t, a.err)
		numbers = append(numbers, a.value.Code[len(a.value.Code)-4:])
	}
	slices.Sort(numbers)
	for i, n := range numbers {
		require.Equal(t, fmt.Sprintf("%04d", i+1), n)
	}
	w.exec(`UPDATE code_sequences SET last = 9999`)
	require.Regexp(t, `-10000$`, w.start("late").Code, "the number grows beyond four digits")
}

func text(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}
