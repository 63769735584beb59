package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// Open opens a linked dossier that a dossier asked for, in one transaction
// with what the asking one records of it, or answers with the one that was
// opened before. The start is an ordinary one, at the partner agency the link
// names or at the same agency. An error leaves both as they were, and somebody
// may see to it: CodeAgencyUnknown, CodeAgencyNotBound, CodeProcedureUnknown,
// CodeInvalid. Further errors: CodeNotFound, CodeUnavailable, CodeInternal.
func (l *Ledger) Open(ctx context.Context, dossier, linked string) (engine.Outcome, error) {
	w, err := l.begin(ctx)
	if err != nil {
		return engine.Outcome{}, coded(err, "open %s of %s", linked, dossier)
	}
	defer w.end()
	h, err := w.lock(ctx, dossier, "")
	if err != nil {
		return engine.Outcome{}, coded(err, "lock %s", dossier)
	}
	rules, err := l.rules(ctx, w, h.kase, h.revision)
	if err != nil {
		return engine.Outcome{}, err
	}
	part, asked := h.kase.Part(linked)
	switch {
	case !asked:
		return engine.Outcome{}, notFound("dossier %s has no linked dossier %q", dossier, linked)
	case part.Dossier != "" || part.Outcome != "":
		return openBefore(rules, h.kase, part), nil
	}
	o, err := l.openPart(ctx, w, rules, h, part)
	return o, coded(err, "open %s of %s", linked, dossier)
}

// openBefore is the answer where nothing is left to open.
func openBefore(r engine.Rules, c engine.Case, part engine.Linked) engine.Outcome {
	o := engine.Decision{Case: c, Next: r.Next(c)}.Outcome(engine.Command{})
	o.Child, o.Repeated = part.Dossier, true
	return o
}

// openPart starts the part and tells the dossier that asked for it. What the
// dossier refuses, because it is closed, is not started.
func (l *Ledger) openPart(ctx context.Context, w *work, r engine.Rules, h held, part engine.Linked) (engine.Outcome, error) {
	n, err := l.conceivePart(ctx, w, r, h, part)
	if err != nil {
		return engine.Outcome{}, err
	}
	h.now = n.now // later than the lock: the number of the day was waited for
	cmd := engine.LinkOpened(h.kase, part, n.outcome.Dossier)
	d, err := engine.Decide(r, h.kase, cmd, h.now)
	if err != nil {
		return engine.Refused(r, h.kase, cmd, err)
	}
	b := &pgx.Batch{}
	if err := n.queue(b); err != nil {
		return engine.Outcome{}, err
	}
	if err := queueChange(b, h, d); err != nil {
		return engine.Outcome{}, err
	}
	queueStartLater(b, n.outcome)
	o := d.Outcome(cmd)
	o.Child = n.outcome.Dossier
	return o, w.commit(ctx, b, len(d.Tells)+len(n.decision.Tells) > 0)
}

// conceivePart prepares the start of a linked dossier: with what the link
// hands on, in the name of the applicant, through the same channel. What a
// rung opens is the agency's own affair: it names no applicant.
func (l *Ledger) conceivePart(ctx context.Context, w *work, r engine.Rules, h held, part engine.Linked) (*newborn, error) {
	at := partner(r, h.kase.Agency, part.Partner)
	req := engine.StartRequest{
		Key: h.kase.Dossier + "/" + part.ID, Actor: engine.LinkSystem(at), Agency: at, Procedure: part.Procedure, Channel: h.kase.Channel,
	}
	if rule, linked := r.LinkRule(part); linked {
		applicant, fields, err := l.opened(ctx, w, h)
		if err != nil {
			return nil, err
		}
		req.Applicant = applicant
		req.Fields, req.Components = rule.HandOn(fields, h.kase.Components)
	}
	p, err := w.prepare(ctx, &pgx.Batch{}, req, "")
	if err != nil {
		return nil, err
	}
	if !p.fresh {
		return nil, engine.Errorf(engine.CodeInternal, "linked dossier %s was opened, and the record of %s does not say so", part.ID, h.kase.Dossier)
	}
	return l.conceive(ctx, w, req, p, &origin{Parent: engine.Parent{Dossier: h.kase.Dossier, Linked: part.ID}, id: h.id})
}

// opened reads what a dossier was started with, in full: what a link hands on
// goes under the key of the part.
func (l *Ledger) opened(ctx context.Context, db queryer, h held) (engine.Applicant, map[string]any, error) {
	var stored []byte
	var fields map[string]any
	if err := db.QueryRow(ctx, `SELECT applicant, fields FROM dossiers WHERE id = $1`, h.id).Scan(&stored, &fields); err != nil {
		return engine.Applicant{}, nil, err
	}
	s := l.safe(h.kase.Dossier, h.key)
	applicant, err := s.openApplicant(stored)
	if err != nil {
		return engine.Applicant{}, nil, err
	}
	fields, err = s.openFields(fields)
	return applicant, fields, err
}

// aheadOfRelay is the head start of the asking dossier's workflow, which starts
// that of the linked one as its child; the relay is the net beneath.
const aheadOfRelay = 5 * time.Second

// queueStartLater leaves the errand of a start that nobody carries for a while.
func queueStartLater(b *pgx.Batch, o engine.Outcome) {
	b.Queue(`INSERT INTO outbox (kind, dossier, next_at, available_at) VALUES ($1, $2, $3, now() + $4::interval)`,
		engine.ErrandStart, o.Dossier, moment(o.NextAt), aheadOfRelay)
}

// partner is the agency that carries out a part.
func partner(r engine.Rules, agency, as string) string {
	if as != "" && r.Org != nil {
		if there, known := r.Org.Partner(as); known {
			return there
		}
	}
	return agency
}
