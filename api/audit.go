package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
	"motcua/engine/audit"
	"motcua/engine/calendar"
)

// Records verifies the record and reads what was sealed of it.
type Records interface {
	// Audit names what is wrong with a dossier, which is no error. Errors:
	// CodeNotFound, CodeUnavailable.
	Audit(ctx context.Context, s audit.Scope) (audit.Report, error)
	// AuditKeys lists the public keys, oldest first. Errors: CodeUnavailable.
	AuditKeys(ctx context.Context) ([]audit.SealKey, error)
	// AuditDigests hands over the digests of an agency's book and the common
	// one, by book and day. Errors: CodeUnavailable.
	AuditDigests(ctx context.Context, agency string, from, to calendar.Date, use func(audit.Digest) error) error
	// RecordAuditRead puts on record who read what. Errors: CodeUnavailable.
	RecordAuditRead(ctx context.Context, a engine.Actor, what, dossier string) error
}

// What of the record was read.
const (
	readEvidence = "evidence"
	readVerify   = "verify"
	readDigests  = "digests"
)

// Days of digests in one answer.
const (
	digestDays    = 31
	digestDaysMax = 366
)

type auditOutput struct {
	Body struct {
		Code string `json:"code"`
		audit.Report
	}
}

type digestsInput struct {
	From string `query:"from" format:"date" maxLength:"10" doc:"First day; by default a month before the last" example:"2026-11-01"`
	To   string `query:"to" format:"date" maxLength:"10" doc:"Last day; by default today" example:"2026-11-28"`
}

type digestsOutput struct {
	Body struct {
		Keys    []audit.SealKey `json:"keys" doc:"The public keys that sign, oldest first"`
		Digests []audit.Digest  `json:"digests" doc:"Of the caller's agency and of the common book, by book and day"`
	}
}

func (m *machineAPI) registerAudit(a huma.API) {
	register(a, operation{
		id: "verify-dossier", method: http.MethodGet, path: "/api/v1/audit/dossiers/{code}",
		verb: engine.VerbReadAudit, tag: "audit", summary: "Verify the record of a dossier: every row that was altered, removed or reordered is named",
	}, m.verifyDossier)
	register(a, operation{
		id: "list-digests", method: http.MethodGet, path: "/api/v1/audit/digests",
		verb: engine.VerbReadAudit, tag: "audit", summary: "Read the signed daily digests, to be kept elsewhere; 366 days at most",
	}, m.digests)
	register(a, operation{
		id: "get-evidence", method: http.MethodGet, path: "/api/v1/dossiers/{code}/evidence",
		verb: engine.VerbReadEvidence, tag: "evidence", summary: "Read everything there is to say about a dossier, with its proof; verified offline by motcua audit verify --evidence",
	}, m.evidence)
}

func (m *machineAPI) verifyDossier(ctx context.Context, in *dossierInput) (*auditOutput, error) {
	actor := caller.From(ctx).Actor
	if err := m.Records.RecordAuditRead(ctx, actor, readVerify, in.Code); err != nil {
		return nil, err
	}
	report, err := m.Records.Audit(ctx, audit.Scope{Dossier: in.Code, Agency: actor.Agency})
	if err != nil {
		return nil, err
	}
	out := &auditOutput{}
	out.Body.Code, out.Body.Report = in.Code, report
	return out, nil
}

func (m *machineAPI) digests(ctx context.Context, in *digestsInput) (*digestsOutput, error) {
	from, to, err := m.digestRange(in)
	if err != nil {
		return nil, err
	}
	actor := caller.From(ctx).Actor
	if err := m.Records.RecordAuditRead(ctx, actor, readDigests, ""); err != nil {
		return nil, err
	}
	keys, err := m.Records.AuditKeys(ctx)
	if err != nil {
		return nil, err
	}
	out := &digestsOutput{}
	out.Body.Keys, out.Body.Digests = append([]audit.SealKey{}, keys...), []audit.Digest{}
	err = m.Records.AuditDigests(ctx, actor.Agency, from, to, func(d audit.Digest) error {
		out.Body.Digests = append(out.Body.Digests, d)
		return nil
	})
	return out, err
}

func (m *machineAPI) digestRange(in *digestsInput) (from, to calendar.Date, err error) {
	for _, day := range []struct {
		name, text string
		date       *calendar.Date
	}{{"from", in.From, &from}, {"to", in.To, &to}} {
		if err := day.date.UnmarshalText([]byte(day.text)); err != nil {
			return from, to, &engine.Error{Code: engine.CodeInvalid, Path: "/" + day.name, Message: "not a day such as 2026-11-28"}
		}
	}
	if to.IsZero() {
		to = calendar.DateOf(m.Now())
	}
	if from.IsZero() {
		from = to.AddDays(1 - digestDays)
	}
	if from.After(to) || to.DaysSince(from) >= digestDaysMax {
		return from, to, &engine.Error{Code: engine.CodeInvalid, Path: "/from", Message: "from comes before to, by 366 days at most"}
	}
	return from, to, nil
}
