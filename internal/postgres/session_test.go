package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
)

const provider = "https://id.example.vn"

var brief = engine.SessionLimits{Idle: 30 * time.Minute, Absolute: 12 * time.Hour, Rotate: 15 * time.Minute}

// timed is a ledger whose clock the test moves, with the people of an agency.
func timed(t *testing.T) world {
	t.Helper()
	w := travelled(t, time.Date(2026, time.November, 17, 8, 0, 0, 0, calendar.Zone()))
	require.NoError(t, w.PutCalendar(t.Context(), aroundTheClock()))
	require.NoError(t, w.PutOrganisation(t.Context(), organisation(agency)))
	return w
}

func (w world) later(d time.Duration) { w.exec(`UPDATE travel.shift SET by = by + $1::interval`, d) }

func (w world) signIn(officer string) string {
	w.t.Helper()
	token, err := w.BeginSession(w.t.Context(), engine.Session{Officer: officer, Issuer: provider}, brief)
	require.NoError(w.t, err)
	return token
}

// resumed is the token a bearer goes on with: the same, or a new one.
func (w world) resumed(token, officer string) string {
	w.t.Helper()
	s, fresh, err := w.ResumeSession(w.t.Context(), token, brief)
	require.NoError(w.t, err)
	require.Equal(w.t, officer, s.Officer)
	require.Equal(w.t, provider, s.Issuer)
	if fresh == "" {
		return token
	}
	return fresh
}

func (w world) requireOver(token string) {
	w.t.Helper()
	_, fresh, err := w.ResumeSession(w.t.Context(), token, brief)
	requireCode(w.t, engine.CodeUnauthenticated, err)
	require.Empty(w.t, fresh)
}

func TestSession(t *testing.T) {
	t.Parallel()
	w := timed(t)
	an, binh := w.signIn("an"), w.signIn("binh")
	require.NotEqual(t, an, binh)
	require.Len(t, an, 52, "256 bits in base32")
	w.resumed(an, "an")
	w.resumed(binh, "binh")
	require.Zero(t, w.count(`SELECT count(*) FROM sessions s WHERE s::text LIKE '%' || $1 || '%'`, an), "the token is not stored")

	for _, forged := range []string{"", "x", an[:51], an + "a", binh[:26] + an[26:]} {
		w.requireOver(forged)
	}
	_, err := w.BeginSession(t.Context(), engine.Session{Officer: "nobody"}, brief)
	requireCode(t, engine.CodeUnauthenticated, err)
	w.exec(`UPDATE officers SET active = false WHERE id = 'chi'`)
	_, err = w.BeginSession(t.Context(), engine.Session{Officer: "chi"}, brief)
	requireCode(t, engine.CodeUnauthenticated, err)
	require.Equal(t, 2, w.count(`SELECT count(*) FROM sessions`))
}

func TestSessionEndsWhenIdle(t *testing.T) {
	t.Parallel()
	w := timed(t)
	busy, idle := w.signIn("an"), w.signIn("an")
	for range 3 {
		w.later(14 * time.Minute)
		busy = w.resumed(busy, "an")
	}
	w.requireOver(idle)
	w.requireOver(idle)
	w.resumed(busy, "an")
	w.later(30*time.Minute - time.Second)
	busy = w.resumed(busy, "an")
	w.later(30 * time.Minute)
	w.requireOver(busy)
	require.Zero(t, w.count(`SELECT count(*) FROM sessions`), "what is over is gone")
}

func TestSessionEndsHoweverBusy(t *testing.T) {
	t.Parallel()
	w := timed(t)
	token := w.signIn("an")
	for range 12*3 - 1 {
		w.later(20 * time.Minute)
		token = w.resumed(token, "an")
	}
	w.later(20 * time.Minute)
	w.requireOver(token)
}

func TestSessionTokenIsExchanged(t *testing.T) {
	t.Parallel()
	w := timed(t)
	first := w.signIn("an")
	w.later(14 * time.Minute)
	require.Equal(t, first, w.resumed(first, "an"), "not yet")
	w.later(2 * time.Minute)

	tokens := parallel(8, func(int) string { return w.resumed(first, "an") })
	var fresh []string
	for _, token := range tokens {
		if token != first {
			fresh = append(fresh, token)
		}
	}
	require.Len(t, fresh, 1, "of requests that come together one exchanges it")
	w.later(50 * time.Second)
	require.Equal(t, first, w.resumed(first, "an"), "what was under way ends well, and exchanges nothing")
	require.Equal(t, fresh[0], w.resumed(fresh[0], "an"))
}

func TestSessionOfTwoBearersEnds(t *testing.T) {
	t.Parallel()
	w := timed(t)
	stolen := w.signIn("an")
	w.later(16 * time.Minute)
	own := w.resumed(stolen, "an")
	require.NotEqual(t, stolen, own)
	w.later(2 * time.Minute)
	w.requireOver(stolen)
	w.requireOver(own)
}

func TestSessionUseIsNotedOnceAMinute(t *testing.T) {
	t.Parallel()
	w := timed(t)
	token := w.signIn("an")
	seen := func() (at time.Time) {
		w.resumed(token, "an")
		require.NoError(t, w.pool.QueryRow(t.Context(), `SELECT seen_at FROM sessions`).Scan(&at))
		return at
	}
	first := seen()
	w.later(30 * time.Second)
	require.Equal(t, first, seen())
	w.later(31 * time.Second)
	require.Greater(t, seen(), first)
}

func TestEndSession(t *testing.T) {
	t.Parallel()
	w := timed(t)
	token, other := w.signIn("an"), w.signIn("an")
	s, err := w.EndSession(t.Context(), token)
	require.NoError(t, err)
	require.Equal(t, "an", s.Officer)
	require.Equal(t, provider, s.Issuer)
	w.requireOver(token)
	w.resumed(other, "an")
	_, err = w.EndSession(t.Context(), token)
	requireCode(t, engine.CodeUnauthenticated, err)

	w.later(16 * time.Minute)
	fresh := w.resumed(other, "an")
	_, err = w.EndSession(t.Context(), other)
	require.NoError(t, err, "who has the token before the exchange may leave too")
	w.requireOver(fresh)
}

func TestEndSessions(t *testing.T) {
	t.Parallel()
	w := timed(t)
	require.NoError(t, w.PutOrganisation(t.Context(), organisation("H02")))
	one, two, binh := w.signIn("an"), w.signIn("an"), w.signIn("binh")
	_, err := w.EndSessions(t.Context(), "H02", "an")
	requireCode(t, engine.CodeOfficerUnknown, err)
	w.resumed(one, "an")
	n, err := w.EndSessions(t.Context(), agency, "an")
	require.NoError(t, err)
	require.Equal(t, 2, n)
	w.requireOver(one)
	w.requireOver(two)
	w.resumed(binh, "binh")
	n, err = w.EndSessions(t.Context(), agency, "an")
	require.NoError(t, err)
	require.Zero(t, n)
}

func TestWhoLeavesIsSignedOut(t *testing.T) {
	t.Parallel()
	w := timed(t)
	departs, dropped, stays := w.signIn("an"), w.signIn("binh"), w.signIn("chi")
	_, err := w.Depart(t.Context(), w.officer("giang"), "key", "an", "", "nghỉ việc")
	require.NoError(t, err)
	w.requireOver(departs)
	w.resumed(dropped, "binh")

	org := organisation(agency)
	org.Officers = org.Officers[2:]
	require.NoError(t, w.PutOrganisation(t.Context(), org))
	w.requireOver(dropped)
	w.resumed(stays, "chi")
}

func TestSessionsAreClearedAway(t *testing.T) {
	t.Parallel()
	w := timed(t)
	for range 3 {
		w.signIn("an")
	}
	w.later(31 * time.Minute)
	w.signIn("binh")
	require.Equal(t, 1, w.count(`SELECT count(*) FROM sessions`))
}

// TestSessionLookupIsIndexed holds the one query of every request against the
// indexes: among many sessions it must not read them all.
func TestSessionLookupIsIndexed(t *testing.T) {
	t.Parallel()
	w := timed(t)
	w.exec(`INSERT INTO sessions (token_sha256, officer, issuer, started_at, rotated_at, seen_at)
		SELECT sha256(n::text::bytea), 'an', '', now(), now(), now() FROM generate_series(1, 20000) AS n`)
	w.exec(`ANALYZE sessions`)
	rows, err := w.pool.Query(t.Context(), `EXPLAIN SELECT id FROM sessions WHERE token_sha256 = $1 OR previous_sha256 = $1`, []byte("x"))
	require.NoError(t, err)
	plan := ""
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		plan += line + "\n"
	}
	require.NoError(t, rows.Err())
	require.NotContains(t, plan, "Seq Scan")
	require.Contains(t, plan, "sessions_token_sha256_key")
	require.Contains(t, plan, "sessions_previous_sha256_key")
}
