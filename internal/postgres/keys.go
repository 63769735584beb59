package postgres

import (
	"context"
	"crypto/sha256"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// IssueKey makes an API key of the actor's agency. Its text, secret included,
// is given this once and cannot be read again; under an id that is taken, by a
// repetition of the request, the record comes without it. Errors: those of
// [engine.MayManageKeys] and [engine.CheckKey], CodeAgencyUnknown,
// CodeOfficerUnknown, CodeIdempotencyConflict, CodeUnavailable.
func (l *Ledger) IssueKey(ctx context.Context, a engine.Actor, k engine.KeyRequest) (engine.KeyRecord, string, error) {
	if err := engine.MayManageKeys(a); err != nil {
		return engine.KeyRecord{}, "", err
	}
	if err := l.checkKey(ctx, a.Agency, k); err != nil {
		return engine.KeyRecord{}, "", err
	}
	id, secret := NewKey()
	if k.ID == "" {
		k.ID = id
	}
	var text string
	err := pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) (err error) {
		text, err = insertKey(ctx, tx, a, k, secret, "")
		return err
	})
	if err != nil {
		return engine.KeyRecord{}, "", coded(err, "issue key")
	}
	r, err := l.Key(ctx, a.Agency, k.ID)
	if err == nil && text == "" && (r.Name != k.Name || r.Kind != k.Kind || r.Officer != k.Officer) {
		err = engine.Errorf(engine.CodeIdempotencyConflict, "the key was used for another request")
	}
	if engine.CodeOf(err) == engine.CodeNotFound { // the id belongs to another agency
		err = engine.Errorf(engine.CodeIdempotencyConflict, "the key was used for another request")
	}
	return r, text, err
}

// checkKey asks whether the bearer of a key may what it is for.
func (l *Ledger) checkKey(ctx context.Context, agency string, k engine.KeyRequest) error {
	d, err := l.directory(ctx, l.pool, agency, 0)
	if err != nil {
		return err
	}
	bearer := engine.Actor{Kind: engine.ActorSystem, ID: k.Name, Agency: agency}
	if k.Kind == engine.ActorOfficer && k.Officer != "" {
		day, err := today(ctx, l.pool)
		if err != nil {
			return coded(err, "issue key")
		}
		var there bool
		if bearer, there = d.Actor(k.Officer, day); !there {
			return &engine.Error{Code: engine.CodeOfficerUnknown, Path: "/officer", Message: "agency " + agency + " has no such officer"}
		}
	}
	return engine.CheckKey(k, bearer)
}

// insertKey writes a key and returns its text; one that is there already stays.
func insertKey(ctx context.Context, tx pgx.Tx, a engine.Actor, k engine.KeyRequest, secret, replaces string) (string, error) {
	if k.Life == 0 {
		k.Life = engine.KeyLife
	}
	verbs := make([]string, len(k.Verbs))
	for i, v := range k.Verbs {
		verbs[i] = string(v)
	}
	hash := sha256.Sum256([]byte(secret))
	tag, err := tx.Exec(ctx, `
		INSERT INTO api_keys (id, secret_sha256, kind, officer, agency, name, expires_at, verbs, issued_by, replaces)
		VALUES ($1, $2, $3, nullif($4, ''), $5, $6, clock_timestamp() + $7, $8, $9, nullif($10, '')) ON CONFLICT (id) DO NOTHING`,
		k.ID, hash[:], k.Kind, k.Officer, a.Agency, k.Name, k.Life, verbs, enteredBy(a), replaces)
	if err != nil || tag.RowsAffected() == 0 {
		return "", err
	}
	return Key{ID: k.ID, Secret: secret}.Text(), nil
}

// enteredBy names who enters something: the officer, or whoever holds the
// database.
func enteredBy(a engine.Actor) string {
	if a.Kind == engine.ActorOfficer {
		return a.ID
	}
	return ByCommandLine
}

// RotateKey exchanges a key of the actor's agency for a new one of the same
// bearer and verbs. The old one goes on working for the overlap, but no longer
// than it would have; both may be used meanwhile. The text is given this once.
// Errors: those of [Ledger.IssueKey], CodeNotFound; CodeNeedsUnmet for a key
// that is not active or was exchanged before; CodeInvalid.
func (l *Ledger) RotateKey(ctx context.Context, a engine.Actor, id string, overlap, life time.Duration) (engine.KeyRecord, string, error) {
	if err := engine.MayManageKeys(a); err != nil {
		return engine.KeyRecord{}, "", err
	}
	if overlap < 0 || overlap > engine.KeyOverlapMax {
		return engine.KeyRecord{}, "", &engine.Error{Code: engine.CodeInvalid, Path: "/overlap_hours", Message: "an exchanged key goes on working for 30 days at most"}
	}
	old, err := l.Key(ctx, a.Agency, id)
	if err != nil {
		return engine.KeyRecord{}, "", err
	}
	if old.State != engine.KeyActive || old.ReplacedBy != "" {
		return engine.KeyRecord{}, "", engine.Errorf(engine.CodeNeedsUnmet, "key %s is %s or was exchanged before: issue a new one", id, old.State)
	}
	k := engine.KeyRequest{Kind: old.Kind, Name: old.Name, Officer: old.Officer, Verbs: old.Verbs, Life: life}
	if err := l.checkKey(ctx, a.Agency, k); err != nil {
		return engine.KeyRecord{}, "", err
	}
	var text, secret string
	k.ID, secret = NewKey()
	err = pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			UPDATE api_keys SET expires_at = least(expires_at, clock_timestamp() + $3)
			WHERE id = $1 AND agency = $2 AND revoked_at IS NULL`, id, a.Agency, overlap)
		if err == nil && tag.RowsAffected() == 0 {
			err = engine.Errorf(engine.CodeNeedsUnmet, "key %s was revoked", id)
		}
		if err != nil {
			return err
		}
		text, err = insertKey(ctx, tx, a, k, secret, id)
		if isState(err, "23505") { // somebody exchanged it meanwhile
			err = engine.Errorf(engine.CodeNeedsUnmet, "key %s was exchanged before", id)
		}
		return err
	})
	if err != nil {
		return engine.KeyRecord{}, "", coded(err, "exchange key %s", id)
	}
	r, err := l.Key(ctx, a.Agency, k.ID)
	return r, text, err
}

// WithdrawKey revokes a key of the actor's agency at once. One that was
// revoked before stays so. Errors: those of [engine.MayManageKeys],
// CodeNotFound, CodeUnavailable.
func (l *Ledger) WithdrawKey(ctx context.Context, a engine.Actor, id string) (engine.KeyRecord, error) {
	if err := engine.MayManageKeys(a); err != nil {
		return engine.KeyRecord{}, err
	}
	_, err := l.pool.Exec(ctx, `
		UPDATE api_keys SET revoked_at = clock_timestamp(), revoked_by = $3 WHERE id = $1 AND agency = $2 AND revoked_at IS NULL`, id, a.Agency, enteredBy(a))
	if err != nil {
		return engine.KeyRecord{}, coded(err, "revoke key %s", id)
	}
	return l.Key(ctx, a.Agency, id)
}

const keyRecordSQL = `
SELECT k.id, k.kind, k.name, coalesce(k.officer, ''), k.agency, k.verbs, k.issued_by, k.created_at, k.expires_at, k.last_used_at,
	k.revoked_at, coalesce(k.revoked_by, ''), coalesce(k.replaces, ''), coalesce(n.id, ''), clock_timestamp()
FROM api_keys k LEFT JOIN api_keys n ON n.replaces = k.id `

func scanKey(row pgx.CollectableRow) (k engine.KeyRecord, err error) {
	var expires, used, revoked *time.Time
	var verbs []string
	var now time.Time
	err = row.Scan(&k.ID, &k.Kind, &k.Name, &k.Officer, &k.Agency, &verbs, &k.IssuedBy, &k.CreatedAt, &expires, &used,
		&revoked, &k.RevokedBy, &k.Replaces, &k.ReplacedBy, &now)
	for _, v := range verbs {
		k.Verbs = append(k.Verbs, engine.Verb(v))
	}
	k.CreatedAt, k.ExpiresAt, k.LastUsedAt, k.RevokedAt = orZero(&k.CreatedAt), orZero(expires), orZero(used), orZero(revoked)
	k.State = k.StateAt(now)
	return k, err
}

// Key finds a key of an agency. Errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) Key(ctx context.Context, agency, id string) (engine.KeyRecord, error) {
	rows, err := l.pool.Query(ctx, keyRecordSQL+`WHERE k.id = $1 AND k.agency = $2`, id, agency)
	if err != nil {
		return engine.KeyRecord{}, coded(err, "read key %s", id)
	}
	k, err := pgx.CollectExactlyOneRow(rows, scanKey)
	if errors.Is(err, pgx.ErrNoRows) {
		err = notFound("no key %s", id)
	}
	return k, coded(err, "read key %s", id)
}

// Keys lists the keys of an agency, the newest first, with those that open
// nothing any more where all are asked for. The cursor is the id of the last
// one of the page before. Errors: CodeUnavailable.
func (l *Ledger) Keys(ctx context.Context, agency string, all bool, cursor string, limit int) ([]engine.KeyRecord, string, error) {
	limit = pageSize(limit)
	rows, err := l.pool.Query(ctx, keyRecordSQL+`
		WHERE k.agency = $1 AND ($2 OR k.revoked_at IS NULL AND coalesce(k.expires_at > clock_timestamp(), true))
			AND ($3 = '' OR (k.created_at, k.id) < (SELECT c.created_at, c.id FROM api_keys c WHERE c.id = $3 AND c.agency = $1))
		ORDER BY k.created_at DESC, k.id DESC LIMIT $4`, agency, all, cursor, limit+1)
	if err != nil {
		return nil, "", coded(err, "list keys of %s", agency)
	}
	list, err := pgx.CollectRows(rows, scanKey)
	next := ""
	if len(list) > limit {
		list = list[:limit]
		next = list[limit-1].ID
	}
	return list, next, coded(err, "list keys of %s", agency)
}
