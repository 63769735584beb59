package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

func TestViews(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	an, binh, chi, giang := w.officer("an"), w.officer("binh"), w.officer("chi"), w.officer("giang")
	put := func(a engine.Actor, v engine.View) (engine.View, error) { return w.PutView(t.Context(), a, v) }
	names := func(a engine.Actor) []string {
		list, err := w.Views(t.Context(), a)
		require.NoError(t, err)
		out := []string{}
		for _, v := range list {
			out = append(out, v.Name)
		}
		return out
	}
	own, err := put(an, engine.View{Name: "Của tôi", Share: engine.ShareOwn, Query: "holder=me"})
	require.NoError(t, err)
	again, err := put(an, engine.View{Name: "Của tôi", Share: engine.ShareOwn, Query: "holder=me"})
	require.NoError(t, err)
	require.Equal(t, own.ID, again.ID, "kept once")
	shared, err := put(an, engine.View{Name: "Một cửa", Share: engine.ShareDepartment, Department: "one-stop", Query: "list=overdue"})
	require.NoError(t, err)
	_, err = put(giang, engine.View{Name: "Toàn xã", Share: engine.ShareAgency, Query: "list=stuck"})
	require.NoError(t, err)

	require.Equal(t, []string{"Của tôi", "Một cửa", "Toàn xã"}, names(an))
	require.Equal(t, []string{"Một cửa", "Toàn xã"}, names(binh))
	require.Equal(t, []string{"Toàn xã"}, names(chi))

	_, err = put(chi, engine.View{Name: "x", Share: engine.ShareDepartment, Department: "one-stop"})
	requireCode(t, engine.CodeWrongRole, err)
	_, err = put(an, engine.View{Name: "x", Share: engine.ShareAgency})
	requireCode(t, engine.CodeWrongRole, err)
	_, err = put(an, engine.View{Name: "x", Share: "public"})
	requireCode(t, engine.CodeInvalid, err)
	_, err = w.View(t.Context(), chi, own.ID)
	requireCode(t, engine.CodeNotFound, err)
	_, err = put(binh, engine.View{ID: shared.ID, Name: "mine", Share: engine.ShareOwn})
	requireCode(t, engine.CodeWrongRole, err)
	requireCode(t, engine.CodeNotFound, w.DropView(t.Context(), binh, own.ID))
	requireCode(t, engine.CodeWrongRole, w.DropView(t.Context(), binh, shared.ID))
	require.NoError(t, w.DropView(t.Context(), giang, shared.ID), "who sees all of the agency tidies up")
	changed, err := put(an, engine.View{ID: own.ID, Name: "Khác", Share: engine.ShareOwn, Query: "list=returned"})
	require.NoError(t, err)
	require.Equal(t, "list=returned", changed.Query)
	require.Equal(t, []string{"Khác", "Toàn xã"}, names(an))
}
