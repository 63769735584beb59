package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

const (
	// answerClaim is how long a request that is worked on keeps its key: longer
	// than any request may take.
	answerClaim = time.Minute
	// answerLife is how long a repetition gets the first answer.
	answerLife = 72 * time.Hour
)

// claimAnswerSQL takes a key that is free, or whose holder died; another one's
// claim and answer stay as they are.
const claimAnswerSQL = `
WITH claim AS (
	INSERT INTO answers (agency, actor_kind, actor, key, digest) VALUES ($1, $2, $3, $4, $5)
	ON CONFLICT (agency, actor_kind, actor, key) DO UPDATE SET digest = excluded.digest, claimed_at = excluded.claimed_at, status = NULL
	WHERE answers.status IS NULL AND answers.digest = excluded.digest AND answers.claimed_at < clock_timestamp() - $6::interval
		OR answers.claimed_at < clock_timestamp() - $7::interval
	RETURNING true
), expired AS (
	DELETE FROM answers WHERE ctid = ANY (ARRAY(
		SELECT ctid FROM answers WHERE claimed_at < clock_timestamp() - $7::interval LIMIT 20 FOR UPDATE SKIP LOCKED))
		AND (agency, actor_kind, actor, key) <> ($1, $2, $3, $4)
)
SELECT EXISTS (SELECT FROM claim)`

// ClaimAnswer takes an idempotency key for a request. It returns the answer
// that a repetition gets, or nil: then the request is the caller's to carry
// out, who ends the claim by KeepAnswer or DropAnswer. Errors:
// CodeIdempotencyConflict for another request under the key, CodeUnavailable
// while the first is worked on.
func (l *Ledger) ClaimAnswer(ctx context.Context, k engine.AnswerKey, digest string) (*engine.KeptAnswer, error) {
	var mine bool
	err := l.pool.QueryRow(ctx, claimAnswerSQL, k.Agency, k.Kind, k.Actor, k.Key, digest, answerClaim, answerLife).Scan(&mine)
	if err != nil || mine {
		return nil, coded(err, "claim a key")
	}
	var known string
	var status *int
	a := engine.KeptAnswer{}
	err = l.pool.QueryRow(ctx, `SELECT digest, status, headers, body FROM answers WHERE agency = $1 AND actor_kind = $2 AND actor = $3 AND key = $4`,
		k.Agency, k.Kind, k.Actor, k.Key).Scan(&known, &status, &a.Headers, &a.Body)
	switch {
	case err != nil && !errors.Is(err, pgx.ErrNoRows):
		return nil, coded(err, "claim a key")
	case err == nil && known != digest:
		return nil, engine.Errorf(engine.CodeIdempotencyConflict, "the key was used for another request")
	case err != nil || status == nil:
		return nil, engine.Errorf(engine.CodeUnavailable, "the first request under the key is worked on")
	}
	a.Status = *status
	return &a, nil
}

// KeepAnswer stores the answer of a request whose key was claimed. Errors:
// CodeUnavailable.
func (l *Ledger) KeepAnswer(ctx context.Context, k engine.AnswerKey, a engine.KeptAnswer) error {
	_, err := l.pool.Exec(ctx, `UPDATE answers SET status = $5, headers = $6, body = $7 WHERE agency = $1 AND actor_kind = $2 AND actor = $3 AND key = $4`,
		k.Agency, k.Kind, k.Actor, k.Key, a.Status, a.Headers, a.Body)
	return coded(err, "keep an answer")
}

// DropAnswer gives a key back: the request came to nothing. Errors:
// CodeUnavailable.
func (l *Ledger) DropAnswer(ctx context.Context, k engine.AnswerKey) error {
	_, err := l.pool.Exec(ctx, `DELETE FROM answers WHERE agency = $1 AND actor_kind = $2 AND actor = $3 AND key = $4 AND status IS NULL`,
		k.Agency, k.Kind, k.Actor, k.Key)
	return coded(err, "give a key back")
}
