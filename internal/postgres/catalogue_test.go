package postgres_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
)

func TestCatalogue(t *testing.T) {
	t.Parallel()
	from, to := newWorld(t, birth()), newWorld(t, birth())
	from.published(draftOf(2, 1))
	from.checked(draftOf(3, 9))
	spec := aroundTheClock()
	spec.Code = "another"
	require.NoError(t, from.PutCalendar(t.Context(), spec))

	versions, calendars, err := from.Catalogue(t.Context())
	require.NoError(t, err)
	require.Len(t, versions, 2, "what is published")
	require.Len(t, calendars, 2)

	in := engine.CatalogueImport{Actor: coauthor}
	for _, v := range versions {
		m, err := compile(v.Text)
		require.NoError(t, err)
		in.Uploads = append(in.Uploads, engine.Upload{Definition: m.Definition, Text: v.Text, Origin: "bundle f00d"})
	}
	for _, c := range calendars {
		var spec calendar.Spec
		require.NoError(t, json.Unmarshal(c.Text, &spec))
		in.Calendars = append(in.Calendars, spec)
	}
	results := func() (out []string) {
		list, err := to.Import(t.Context(), in)
		require.NoError(t, err)
		for _, r := range list {
			out = append(out, r.Result+" "+string(r.State))
		}
		return out
	}
	require.Equal(t, []string{"identical published", "stored checked"}, results())
	require.Equal(t, []string{"identical published", "identical checked"}, results())
	require.Equal(t, []string{"khanh import checked"}, to.trail(2))
	trail, err := to.Trail(t.Context(), procedure, 2)
	require.NoError(t, err)
	require.Equal(t, "bundle f00d", trail[0].Comment)
	_, err = to.control(coauthor, engine.ActionApprove, 2)
	requireCode(t, engine.CodeSameOfficer, err)
	_, err = to.control(approver, engine.ActionApprove, 2)
	require.NoError(t, err)

	t.Run("is imported whole or not at all", func(t *testing.T) {
		other, fresh := draftOf(2, 5), draftOf(9, 9)
		_, otherText := textOf(t, other)
		_, freshText := textOf(t, fresh)
		spec := aroundTheClock()
		spec.Code = "third"
		list, err := to.Import(t.Context(), engine.CatalogueImport{
			Actor: author, Calendars: []calendar.Spec{spec},
			Uploads: []engine.Upload{{Definition: fresh, Text: freshText, Origin: "b"}, {Definition: other, Text: otherText, Origin: "b"}},
		})
		requireCode(t, engine.CodeNeedsUnmet, err)
		require.Equal(t, engine.ImportConflict, list[1].Result)
		_, err = to.VersionRecord(t.Context(), procedure, 9)
		requireCode(t, engine.CodeNotFound, err)
		require.Zero(t, to.count(`SELECT count(*) FROM calendars WHERE code = 'third'`))
	})
	t.Run("refuses a calendar of another content", func(t *testing.T) {
		spec := aroundTheClock()
		spec.Name = "khác"
		_, err := to.Import(t.Context(), engine.CatalogueImport{Actor: author, Calendars: []calendar.Spec{spec}})
		requireCode(t, engine.CodeInvalid, err)
	})
	t.Run("is no approver's business", func(t *testing.T) {
		_, err := to.Import(t.Context(), engine.CatalogueImport{Actor: approver})
		requireCode(t, engine.CodeWrongRole, err)
	})
}
