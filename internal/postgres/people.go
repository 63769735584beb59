package postgres

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
)

// Key is an API key as it is handed to the ledger. Of the secret only the
// SHA-256 is stored.
type Key struct {
	ID      string
	Secret  string
	Kind    engine.ActorKind // ActorOfficer or ActorSystem
	Officer string           // whose key it is, with ActorOfficer
	Agency  string
	// Name says what the key is for. A system acts under it, so it stays the
	// same when the key is exchanged for a new one.
	Name      string
	ExpiresAt time.Time // zero: never
}

// Text is the key as its bearer sends it: "mc_<id>_<secret>".
func (k Key) Text() string { return "mc_" + k.ID + "_" + k.Secret }

// NewKey invents the id and the secret of a key: 60 and 160 random bits.
func NewKey() (id, secret string) {
	return random(8)[:12], random(20)
}

// random writes n random bytes in letters and digits that hold no underscore.
func random(n int) string {
	raw := make([]byte, n)
	_, _ = rand.Read(raw) // never fails: crypto/rand ends the program instead
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw))
}

// PutKey stores a key; an id that is taken keeps what it has. Errors:
// CodeInvalid, CodeUnavailable.
func (l *Ledger) PutKey(ctx context.Context, k Key) error {
	if k.ID == "" || k.Secret == "" || k.Name == "" {
		return engine.Errorf(engine.CodeInvalid, "a key needs id, secret and name")
	}
	hash := sha256.Sum256([]byte(k.Secret))
	_, err := l.pool.Exec(ctx, `
		INSERT INTO api_keys (id, secret_sha256, kind, officer, agency, name, expires_at)
		VALUES ($1, $2, $3, nullif($4, ''), $5, $6, $7) ON CONFLICT DO NOTHING`,
		k.ID, hash[:], k.Kind, k.Officer, k.Agency, k.Name, moment(k.ExpiresAt))
	if isState(err, "23503") || isState(err, "23514") {
		return engine.Errorf(engine.CodeInvalid, "key %s: no such officer, agency or kind", k.ID)
	}
	return coded(err, "store key %s", k.ID)
}

// RevokeKey ends a key at once. Errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) RevokeKey(ctx context.Context, id string) error {
	tag, err := l.pool.Exec(ctx, `UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1`, id)
	if err == nil && tag.RowsAffected() == 0 {
		return notFound("no key %s", id)
	}
	return coded(err, "revoke key %s", id)
}

var errUnauthenticated = engine.Errorf(engine.CodeUnauthenticated, "the key is unknown, expired or revoked")

// ByKey finds the actor of an API key by its id, once secret matches its hash.
// Which of the two was wrong is not said. Errors: CodeUnauthenticated,
// CodeUnavailable.
func (l *Ledger) ByKey(ctx context.Context, id, secret string) (engine.Actor, error) {
	var stored []byte
	var a engine.Actor
	var officer, name string
	var valid, stale bool
	var verbs []engine.Verb
	err := l.pool.QueryRow(ctx, `
		SELECT secret_sha256, kind, coalesce(officer, ''), agency, name, verbs,
			revoked_at IS NULL AND coalesce(expires_at > now(), true),
			coalesce(last_used_at < now() - interval '1 minute', true)
		FROM api_keys WHERE id = $1`, id).Scan(&stored, &a.Kind, &officer, &a.Agency, &name, &verbs, &valid, &stale)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return engine.Actor{}, coded(err, "find key")
	}
	given := sha256.Sum256([]byte(secret))
	if subtle.ConstantTimeCompare(stored, given[:]) != 1 || !valid {
		return engine.Actor{}, errUnauthenticated
	}
	if stale {
		// Best effort: a key is not refused because its use could not be noted.
		_, _ = l.pool.Exec(ctx, `UPDATE api_keys SET last_used_at = now() WHERE id = $1`, id)
	}
	if len(verbs) == 0 {
		verbs = nil
	}
	if a.Kind == engine.ActorOfficer {
		_, a, err = l.Officer(ctx, officer)
		a.Verbs = verbs
		return a, err
	}
	a.ID, a.Verbs = name, verbs
	return a, nil
}

// today is the civil day of the database's clock.
func today(ctx context.Context, db queryer) (calendar.Date, error) {
	var text string
	if err := db.QueryRow(ctx, `SELECT `+todaySQL).Scan(&text); err != nil {
		return calendar.Date{}, err
	}
	return calendar.ParseDate(text)
}

// Officer finds an officer who may act, of any agency, by id, with what they
// may do today. Errors: CodeUnauthenticated, CodeUnavailable.
func (l *Ledger) Officer(ctx context.Context, id string) (engine.Officer, engine.Actor, error) {
	nobody := engine.Errorf(engine.CodeUnauthenticated, "no such officer")
	var agency, text string
	var revision int64
	err := l.pool.QueryRow(ctx, `
		SELECT o.agency, a.revision, `+todaySQL+` FROM officers o JOIN agencies a ON a.code = o.agency
		WHERE o.id = $1 AND o.active`, id).Scan(&agency, &revision, &text)
	if errors.Is(err, pgx.ErrNoRows) {
		return engine.Officer{}, engine.Actor{}, nobody
	}
	if err != nil {
		return engine.Officer{}, engine.Actor{}, coded(err, "find officer %s", id)
	}
	day, err := calendar.ParseDate(text)
	if err != nil {
		return engine.Officer{}, engine.Actor{}, coded(err, "find officer %s", id)
	}
	d, err := l.directory(ctx, l.pool, agency, revision)
	if err != nil {
		return engine.Officer{}, engine.Actor{}, err
	}
	o, _ := d.Officer(id)
	a, ok := d.Actor(id, day)
	if !ok { // left since
		return engine.Officer{}, engine.Actor{}, nobody
	}
	return o, a, nil
}

// Notifications lists what rungs have told an officer by now and what became of
// the dossiers they watch, newest first: who looks is not disturbed by it, so
// the latter does not wait for the office to open. Errors: CodeUnavailable.
func (l *Ledger) Notifications(ctx context.Context, officer string, limit int) ([]engine.Notification, error) {
	rows, err := l.pool.Query(ctx, `
		SELECT n.id, d.code, n.state, n.rung_text, n.raise, n.moment, n.created_at, n.fact
		FROM notifications n JOIN dossiers d ON d.id = n.dossier_id
		WHERE n.officer = $1 AND (n.deliver_at <= clock_timestamp() OR n.fact <> '') ORDER BY n.id DESC LIMIT $2`, officer, pageSize(limit))
	if err != nil {
		return nil, coded(err, "list notifications of %s", officer)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (engine.Notification, error) {
		var n engine.Notification
		err := row.Scan(&n.ID, &n.Dossier, &n.State, &n.Rung, &n.Raise, &n.Moment, &n.CreatedAt, &n.Fact)
		n.Moment, n.CreatedAt = n.Moment.In(calendar.Zone()), n.CreatedAt.In(calendar.Zone())
		return n, err
	})
	return list, coded(err, "list notifications of %s", officer)
}
