package postgres

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
)

const (
	// sessionGrace is how long the token before the last exchange is good:
	// requests that were under way with it end well.
	sessionGrace = time.Minute
	// swept is how many sessions that are over a new one clears away.
	swept = 100
)

// tokenHash is what is stored of a token.
func tokenHash(token string) []byte {
	hash := sha256.Sum256([]byte(token))
	return hash[:]
}

// BeginSession stores that an officer is signed in, and returns the token that
// proves it: 256 random bits, of which only the SHA-256 is kept. Sessions that
// are over by the limits are cleared away by the way. Errors:
// CodeUnauthenticated for somebody who may not act, CodeUnavailable.
func (l *Ledger) BeginSession(ctx context.Context, s engine.Session, limits engine.SessionLimits) (string, error) {
	token := random(32)
	b := &pgx.Batch{}
	var begun bool
	b.Queue(`
		INSERT INTO sessions (token_sha256, officer, issuer, started_at, rotated_at, seen_at)
		SELECT $1, o.id, $3, t.at, t.at, t.at FROM officers o, (SELECT clock_timestamp() AS at) AS t WHERE o.id = $2 AND o.active
		RETURNING true`, tokenHash(token), s.Officer, s.Issuer).QueryRow(func(row pgx.Row) error { return row.Scan(&begun) })
	b.Queue(`
		DELETE FROM sessions WHERE id IN (
			SELECT id FROM sessions WHERE started_at < clock_timestamp() - $1::interval OR seen_at < clock_timestamp() - $2::interval
			ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED)`, limits.Absolute, limits.Idle, swept)
	err := l.pool.SendBatch(ctx, b).Close()
	if errors.Is(err, pgx.ErrNoRows) {
		return "", engine.Errorf(engine.CodeUnauthenticated, "no such officer")
	}
	return token, coded(err, "begin a session of %s", s.Officer)
}

var errSessionOver = engine.Errorf(engine.CodeUnauthenticated, "the session is over")

// presented is a session as one look finds it by a token.
type presented struct {
	engine.Session
	current, over, late, unseen, aged bool
}

// ResumeSession finds the session a token proves and notes, at most once a
// minute, that it is in use. When the token is due it is exchanged: the answer
// then holds the new one, and the old one is good for another minute; one that
// comes later was copied, and ends the session. Errors: CodeUnauthenticated,
// CodeUnavailable.
func (l *Ledger) ResumeSession(ctx context.Context, token string, limits engine.SessionLimits) (engine.Session, string, error) {
	hash := tokenHash(token)
	s, err := l.session(ctx, hash, limits)
	switch {
	case err != nil:
		return engine.Session{}, "", err
	case s.over, !s.current && s.late:
		if _, err := l.pool.Exec(ctx, `DELETE FROM sessions WHERE id = $1`, s.ID); err != nil {
			return engine.Session{}, "", coded(err, "end a session")
		}
		return engine.Session{}, "", errSessionOver
	case s.current && s.aged:
		fresh, err := l.exchange(ctx, s.ID, hash)
		return s.Session, fresh, err
	case s.unseen:
		// Best effort: nobody is signed out because their presence could not be noted.
		_, _ = l.pool.Exec(ctx, `UPDATE sessions SET seen_at = clock_timestamp() WHERE id = $1`, s.ID)
	}
	return s.Session, "", nil
}

func (l *Ledger) session(ctx context.Context, hash []byte, limits engine.SessionLimits) (presented, error) {
	var s presented
	err := l.pool.QueryRow(ctx, `
		SELECT id, officer, issuer, started_at, seen_at, token_sha256 = $1,
			t.at >= started_at + $2::interval OR t.at >= seen_at + $3::interval,
			t.at >= rotated_at + $4::interval, t.at >= seen_at + interval '1 minute', t.at >= rotated_at + $5::interval
		FROM sessions, (SELECT clock_timestamp() AS at) AS t WHERE token_sha256 = $1 OR previous_sha256 = $1`,
		hash, limits.Absolute, limits.Idle, sessionGrace, limits.Rotate).
		Scan(&s.ID, &s.Officer, &s.Issuer, &s.StartedAt, &s.SeenAt, &s.current, &s.over, &s.late, &s.unseen, &s.aged)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, errSessionOver
	}
	s.StartedAt, s.SeenAt = s.StartedAt.In(calendar.Zone()), s.SeenAt.In(calendar.Zone())
	return s, coded(err, "find a session")
}

// exchange gives a session a new token. Of requests that arrive together one
// does; the others go on with the old token, which has become the previous one.
func (l *Ledger) exchange(ctx context.Context, id int64, old []byte) (string, error) {
	fresh := random(32)
	tag, err := l.pool.Exec(ctx, `
		UPDATE sessions SET token_sha256 = $3, previous_sha256 = $2, rotated_at = clock_timestamp(), seen_at = clock_timestamp()
		WHERE id = $1 AND token_sha256 = $2`, id, old, tokenHash(fresh))
	if err != nil || tag.RowsAffected() == 0 {
		return "", coded(err, "exchange the token of a session")
	}
	return fresh, nil
}

// EndSession ends the session a token proves, and says whose it was. Errors:
// CodeUnauthenticated when there is none, CodeUnavailable.
func (l *Ledger) EndSession(ctx context.Context, token string) (engine.Session, error) {
	var s engine.Session
	err := l.pool.QueryRow(ctx, `
		DELETE FROM sessions WHERE token_sha256 = $1 OR previous_sha256 = $1
		RETURNING id, officer, issuer, started_at, seen_at`, tokenHash(token)).Scan(&s.ID, &s.Officer, &s.Issuer, &s.StartedAt, &s.SeenAt)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, errSessionOver
	}
	return s, coded(err, "end a session")
}

// EndSessions signs an officer of an agency out everywhere and says of how
// many sessions. Errors: CodeOfficerUnknown, CodeUnavailable.
func (l *Ledger) EndSessions(ctx context.Context, agency, officer string) (int, error) {
	var known bool
	var ended int
	err := l.pool.QueryRow(ctx, `
		WITH who AS (SELECT id FROM officers WHERE id = $1 AND agency = $2),
			gone AS (DELETE FROM sessions WHERE officer IN (SELECT id FROM who) RETURNING id)
		SELECT EXISTS (SELECT FROM who), (SELECT count(*) FROM gone)`, officer, agency).Scan(&known, &ended)
	if err == nil && !known {
		err = engine.Errorf(engine.CodeOfficerUnknown, "agency %s has no officer %q", agency, officer)
	}
	return ended, coded(err, "end the sessions of %s", officer)
}
