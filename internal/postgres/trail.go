package postgres

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// enter puts a step on the version's trail and returns the version after it.
func (c *control) enter(ctx context.Context, code string, version int, action engine.VersionAction, by engine.Actor, comment string) (engine.VersionRecord, error) {
	v, err := c.find(ctx, code, version)
	if err != nil {
		return engine.VersionRecord{}, err
	}
	e := engine.VersionEvent{
		At: c.now, ActorKind: by.Kind, Actor: by.ID, Action: action, State: v.State,
		SHA256: v.SHA256, Effective: v.Effective, Comment: comment, Findings: len(v.Findings),
	}
	var last engine.Digest
	err = c.QueryRow(ctx, `SELECT seq, digest FROM procedure_events WHERE code = $1 AND version = $2 ORDER BY seq DESC LIMIT 1`, code, version).Scan(&e.Seq, &last)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return engine.VersionRecord{}, err
	}
	e.Seq++
	body, link, err := engine.SealVersionEvent(last, code, version, e)
	if err != nil {
		return engine.VersionRecord{}, err
	}
	_, err = c.Exec(ctx, `
		INSERT INTO procedure_events (code, version, seq, at, actor_kind, actor, action, sha256, comment, findings, body, digest)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		code, version, e.Seq, e.At, e.ActorKind, e.Actor, e.Action, e.SHA256, e.Comment, e.Findings, string(body), link)
	return *v, err
}

// Trail lists what was done to a version, oldest first. A trail that was
// altered is CodeInternal: it is not shown as if it were one. Errors:
// CodeNotFound, CodeInternal, CodeUnavailable.
func (l *Ledger) Trail(ctx context.Context, code string, version int) ([]engine.StoredVersionEvent, error) {
	if _, err := l.VersionRecord(ctx, code, version); err != nil {
		return nil, err
	}
	rows, err := l.pool.Query(ctx, `
		SELECT seq, actor, action, body::text, digest FROM procedure_events WHERE code = $1 AND version = $2 ORDER BY seq`, code, version)
	if err != nil {
		return nil, coded(err, "read the trail of procedure %s version %d", code, version)
	}
	list, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (e storedStep, err error) {
		return e, r.Scan(&e.seq, &e.actor, &e.action, &e.body, &e.digest)
	})
	if err != nil {
		return nil, coded(err, "read the trail of procedure %s version %d", code, version)
	}
	return relink(code, version, list)
}

// storedStep is an entry as it is stored.
type storedStep struct {
	seq    int64
	actor  string
	action engine.VersionAction
	body   string
	digest engine.Digest
}

// relink links the stored bytes anew and reads what they say.
func relink(code string, version int, list []storedStep) ([]engine.StoredVersionEvent, error) {
	out := make([]engine.StoredVersionEvent, len(list))
	var link engine.Digest
	for i, s := range list {
		link = engine.LinkVersionEvent(link, code, version, []byte(s.body))
		err := json.Unmarshal([]byte(s.body), &out[i].VersionEvent)
		e := out[i].VersionEvent
		if err != nil || link != s.digest || e.Seq != int64(i+1) || e.Seq != s.seq || e.Actor != s.actor || e.Action != s.action {
			return nil, engine.Errorf(engine.CodeInternal, "the trail of procedure %s version %d was altered at entry %d", code, version, i+1)
		}
		out[i].Digest = link
	}
	return out, nil
}
