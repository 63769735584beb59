package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// departure is what an officer's leaving asks of each dossier they hold.
type departure struct {
	Officer   string `json:"officer"`
	Successor string `json:"successor,omitempty"` // empty: the department's pool
}

// Depart records that an officer has left: they may not act any more, their
// keys are revoked, they are signed out, and an act is put on record that gives
// the open dossiers they hold to a successor or, without one, back to their
// departments; it moves none yet, see [Ledger.RunAct]. The key is the id of the
// act: the same key is the same departure. Errors: those of
// [engine.MayDismiss], CodeCommentRequired, CodeOfficerUnknown, CodeInvalid,
// CodeIdempotencyConflict, CodeUnavailable.
func (l *Ledger) Depart(ctx context.Context, a engine.Actor, key, officer, successor, reason string) (engine.ActRecord, error) {
	if err := engine.MayDismiss(a); err != nil {
		return engine.ActRecord{}, err
	}
	if strings.TrimSpace(reason) == "" {
		return engine.ActRecord{}, &engine.Error{Code: engine.CodeCommentRequired, Path: "/reason", Message: "a departure takes a reason"}
	}
	if key == "" {
		key = random(16)
	}
	err := pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) error {
		if err := leaves(ctx, tx, a.Agency, officer, successor); err != nil {
			return err
		}
		return depart(ctx, tx, key, a, a.Agency, departure{officer, successor}, reason)
	})
	if err != nil {
		return engine.ActRecord{}, coded(err, "record that %s has left", officer)
	}
	return l.Act(ctx, a.Agency, key)
}

// leaves ends what an officer may do. It may be done again.
func leaves(ctx context.Context, tx pgx.Tx, agency, officer, successor string) error {
	if successor == officer {
		return &engine.Error{Code: engine.CodeInvalid, Path: "/successor", Message: "an officer who leaves is not their own successor"}
	}
	tag, err := tx.Exec(ctx, `UPDATE officers SET active = false, left_at = coalesce(left_at, now()) WHERE id = $1 AND agency = $2`, officer, agency)
	if err == nil && tag.RowsAffected() == 0 {
		err = engine.Errorf(engine.CodeOfficerUnknown, "agency %s has no officer %q", agency, officer)
	}
	if err != nil {
		return err
	}
	if successor != "" {
		var there bool
		err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM officers WHERE id = $1 AND agency = $2 AND active)`, successor, agency).Scan(&there)
		if err == nil && !there {
			err = &engine.Error{Code: engine.CodeOfficerUnknown, Path: "/successor", Message: fmt.Sprintf("agency %s has no officer %q", agency, successor)}
		}
		if err != nil {
			return err
		}
	}
	b := &pgx.Batch{}
	b.Queue(`UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE officer = $1`, officer)
	queueSignOut(b, officer)
	queueRevision(b, agency)
	return tx.SendBatch(ctx, b).Close()
}

func depart(ctx context.Context, tx pgx.Tx, key string, a engine.Actor, agency string, d departure, reason string) error {
	request := act{id: key, kind: engine.ActReassign, agency: agency, subject: d.Officer, body: d, reason: reason, actor: a}
	return listAct(ctx, tx, request, departureDeed{departure: d, act: request})
}

// listDeparture puts the act on record that gives the open dossiers of an
// officer who has left to a successor, or back to their departments. An officer
// who holds none leaves nothing to do.
func (l *Ledger) listDeparture(ctx context.Context, tx pgx.Tx, a engine.Actor, officer, successor, reason string) error {
	var agency string
	err := tx.QueryRow(ctx, `
		SELECT o.agency FROM officers o
		WHERE o.id = $1 AND EXISTS (SELECT FROM dossiers d WHERE d.holder = o.id AND d.agency = o.agency AND d.closed_at IS NULL)`, officer).Scan(&agency)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return depart(ctx, tx, random(16), a, agency, departure{officer, successor}, reason)
}

// departureDeed gives away what an officer who has left still holds.
type departureDeed struct {
	departure
	act
	l *Ledger
}

func (r departureDeed) concerned() (string, []any) {
	return `SELECT code, true AS known FROM dossiers WHERE holder = $1 AND agency = $2 AND closed_at IS NULL`, []any{r.Officer, r.agency}
}

// decide gives a dossier to the successor or, where they may not have it, back
// to the department: it is left with nobody who has gone.
func (r departureDeed) decide(ctx context.Context, db queryer, c concerned) (verdict, error) {
	rules, err := r.l.rules(ctx, db, c.kase, c.revision)
	if err != nil {
		return verdict{}, err
	}
	if c.kase.Holder != r.Officer { // somebody else took it, or gave it away
		return verdictOf(rules, c, engine.Decision{}, nil, nil)
	}
	cmd := c.command(r.id, engine.EventReassign, r.reason, r.actor)
	cmd.Officer = r.Successor
	d, err := engine.Decide(rules, c.kase, cmd, c.now)
	var refusal *engine.Error
	if r.Successor == "" || !errors.As(err, &refusal) || refusal.Code == engine.CodeDossierClosed {
		return verdictOf(rules, c, d, nil, err)
	}
	cmd.Officer = ""
	d, err = engine.Decide(rules, c.kase, cmd, c.now)
	v, err := verdictOf(rules, c, d, nil, err)
	if v.outcome.Result == engine.ResultChanged {
		v.outcome.Code, v.outcome.Message = refusal.Code, "it went back to the department: "+refusal.Message
	}
	return v, err
}
