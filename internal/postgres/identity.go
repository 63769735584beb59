package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// errStranger is the same for every reason: whoever signs in with an account
// that is no officer's learns nothing about who is one.
var errStranger = engine.Errorf(engine.CodeForbidden, "the account is not that of an officer who may act here")

// Identify says which officer an account is. One that was linked is that
// officer, whatever it claims. Otherwise the first account that claims to be
// an officer is linked with them, and from then on no other one of the same
// issuer can be: names change hands at an issuer, subjects do not. Errors:
// CodeForbidden for every account that is nobody's, CodeUnavailable.
func (l *Ledger) Identify(ctx context.Context, who engine.Identity) (string, error) {
	if who.Issuer == "" || who.Subject == "" {
		return "", errStranger
	}
	officer, err := l.linked(ctx, who)
	if !errors.Is(err, pgx.ErrNoRows) || who.Claimed == "" {
		return officer, stranger(err)
	}
	_, err = l.pool.Exec(ctx, `
		INSERT INTO officer_identities (issuer, subject, officer, linked_by)
		SELECT $1, $2, id, id FROM officers WHERE id = $3 AND active ON CONFLICT DO NOTHING`, who.Issuer, who.Subject, who.Claimed)
	if err != nil {
		return "", stranger(err)
	}
	officer, err = l.linked(ctx, who) // ours, or that of a sign-in at the same moment
	return officer, stranger(err)
}

func (l *Ledger) linked(ctx context.Context, who engine.Identity) (officer string, err error) {
	err = l.pool.QueryRow(ctx, `
		SELECT o.id FROM officer_identities i JOIN officers o ON o.id = i.officer
		WHERE i.issuer = $1 AND i.subject = $2 AND o.active`, who.Issuer, who.Subject).Scan(&officer)
	return officer, err
}

func stranger(err error) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return errStranger
	}
	return coded(err, "identify an account")
}

// LinkIdentity says that an account is an officer of the actor's agency; an
// earlier account of the same issuer is theirs no more, and the officer is
// signed out everywhere. An empty subject only takes the link away, so that
// the next account that claims to be the officer is linked. Errors:
// CodeOfficerUnknown, CodeInvalid when the account is another officer's,
// CodeUnavailable.
func (l *Ledger) LinkIdentity(ctx context.Context, a engine.Actor, officer string, who engine.Identity) error {
	err := pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `SELECT FROM officers WHERE id = $1 AND agency = $2 FOR NO KEY UPDATE`, officer, a.Agency)
		if err == nil && tag.RowsAffected() == 0 {
			err = engine.Errorf(engine.CodeOfficerUnknown, "agency %s has no officer %q", a.Agency, officer)
		}
		if err != nil {
			return err
		}
		b := &pgx.Batch{}
		b.Queue(`DELETE FROM officer_identities WHERE officer = $1 AND issuer = $2`, officer, who.Issuer)
		if who.Subject != "" {
			b.Queue(`INSERT INTO officer_identities (issuer, subject, officer, linked_by) VALUES ($1, $2, $3, $4)`, who.Issuer, who.Subject, officer, a.ID)
		}
		queueSignOut(b, officer)
		return tx.SendBatch(ctx, b).Close()
	})
	if isState(err, "23505") { // the subject is taken
		return &engine.Error{Code: engine.CodeInvalid, Path: "/subject", Message: "the account is another officer's"}
	}
	return coded(err, "link an account with %s", officer)
}

// queueSignOut ends every session of an officer.
func queueSignOut(b *pgx.Batch, officer string) {
	b.Queue(`DELETE FROM sessions WHERE officer = $1`, officer)
}
