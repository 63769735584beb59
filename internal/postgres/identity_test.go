package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

func account(subject, claimed string) engine.Identity {
	return engine.Identity{Issuer: provider, Subject: subject, Claimed: claimed}
}

func TestIdentify(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	identify := func(who engine.Identity) string {
		t.Helper()
		officer, err := w.Identify(t.Context(), who)
		require.NoError(t, err)
		return officer
	}
	strange := func(who engine.Identity) {
		t.Helper()
		officer, err := w.Identify(t.Context(), who)
		requireCode(t, engine.CodeForbidden, err)
		require.EqualError(t, err, "forbidden: the account is not that of an officer who may act here", "the same for every reason")
		require.Empty(t, officer)
	}

	require.Equal(t, "an", identify(account("sub-1", "an")), "the first account that claims to be the officer")
	require.Equal(t, "an", identify(account("sub-1", "an")))
	require.Equal(t, "an", identify(account("sub-1", "an.nguyen")), "the account was renamed at the issuer")
	require.Equal(t, "an", identify(account("sub-1", "binh")), "and is nobody else by that")
	require.Equal(t, "an", identify(account("sub-1", "")))
	strange(account("sub-2", "an")) // another account took the name over
	require.Equal(t, "an", identify(engine.Identity{Issuer: "https://other.example.vn", Subject: "sub-2", Claimed: "an"}), "each issuer has its own accounts")

	strange(account("sub-3", "nobody"))
	strange(account("sub-3", ""))
	strange(account("", "an"))
	strange(engine.Identity{Subject: "sub-3", Claimed: "an"})
	w.exec(`UPDATE officers SET active = false WHERE id IN ('an', 'chi')`)
	strange(account("sub-4", "chi"))
	strange(account("sub-1", "an"))
	strange(account("sub-1", "binh"))

	for _, officer := range parallel(8, func(int) string { return identify(account("sub-5", "dung")) }) {
		require.Equal(t, "dung", officer)
	}
}

func TestLinkIdentity(t *testing.T) {
	t.Parallel()
	w := newWorld(t, birth())
	require.NoError(t, w.PutOrganisation(t.Context(), organisation("H02")))
	giang := w.officer("giang")
	link := func(a engine.Actor, officer, subject string) error {
		return w.LinkIdentity(t.Context(), a, officer, account(subject, ""))
	}
	require.NoError(t, link(giang, "an", "sub-1"))
	officer, err := w.Identify(t.Context(), account("sub-1", "somebody"))
	require.NoError(t, err)
	require.Equal(t, "an", officer, "whatever it claims")

	requireCode(t, engine.CodeInvalid, link(giang, "binh", "sub-1"))
	requireCode(t, engine.CodeOfficerUnknown, link(giang, "nobody", "sub-2"))
	requireCode(t, engine.CodeOfficerUnknown, link(w.officer("giang@H02"), "an", "sub-2"))

	token := w.signIn("an")
	require.NoError(t, link(giang, "an", "sub-2"), "another account instead")
	w.requireOver(token)
	_, err = w.Identify(t.Context(), account("sub-1", ""))
	requireCode(t, engine.CodeForbidden, err)

	require.NoError(t, link(giang, "an", ""), "none")
	_, err = w.Identify(t.Context(), account("sub-2", ""))
	requireCode(t, engine.CodeForbidden, err)
	officer, err = w.Identify(t.Context(), account("sub-3", "an"))
	require.NoError(t, err)
	require.Equal(t, "an", officer, "the next one that claims to be the officer")
}
