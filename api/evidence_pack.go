package api

import (
	"context"
	"slices"

	"motcua/api/caller"
	"motcua/api/web"
	"motcua/engine"
	"motcua/engine/audit"
)

// Proofs reads what an evidence pack is made of, beside what [Dossiers] does.
// Everything outside the agency is CodeNotFound.
type Proofs interface {
	SealedFacts(ctx context.Context, agency, dossier string) ([]audit.SealedFact, error)
	// CommandRecords leaves out the values of fields, which may be personal.
	CommandRecords(ctx context.Context, agency, dossier string) ([]audit.CommandRecord, error)
	// AuditProof proves the newest sealed head; nil where nothing is sealed yet.
	AuditProof(ctx context.Context, agency, dossier string) (*audit.Proof, error)
	// PinnedDocuments returns the texts of versions. Errors: CodeInternal.
	PinnedDocuments(ctx context.Context, procedures []engine.ProcedureRef, calendars []engine.CalendarRef) (definitions, schedules []audit.Document, err error)
}

type evidenceOutput struct{ Body audit.Evidence }

func (m *machineAPI) evidence(ctx context.Context, in *dossierInput) (*evidenceOutput, error) {
	pack, err := m.pack(ctx, in.Code)
	if err != nil {
		return nil, err
	}
	return &evidenceOutput{Body: pack}, nil
}

// packTries is how often a dossier may move on while its pack is made.
const packTries = 3

// pack makes the evidence pack of a dossier, and puts on record who asked.
func (m *machineAPI) pack(ctx context.Context, code string) (audit.Evidence, error) {
	actor := caller.From(ctx).Actor
	record, c, err := m.Dossiers.Get(ctx, actor.Agency, code)
	if err != nil {
		return audit.Evidence{}, err
	}
	if err := m.Records.RecordAuditRead(ctx, actor, readEvidence, code); err != nil {
		return audit.Evidence{}, err
	}
	for range packTries {
		pack, err := m.assemble(ctx, record, c)
		if err != nil {
			return pack, err
		}
		if record, c, err = m.Dossiers.Get(ctx, actor.Agency, code); err != nil || record.Seq == pack.Dossier.Seq {
			return pack, err
		}
	}
	return audit.Evidence{}, engine.Errorf(engine.CodeUnavailable, "the dossier moves on while its evidence is collected")
}

// assemble reads the parts of the pack.
func (m *machineAPI) assemble(ctx context.Context, record engine.Record, c engine.Case) (audit.Evidence, error) {
	actor := caller.From(ctx).Actor
	agency, code := actor.Agency, record.Code
	record.Applicant = record.Applicant.Masked() // a pack goes into other hands
	e := audit.Evidence{Format: audit.EvidenceFormat, MadeAt: m.Now(), MadeFor: actor.ID, Dossier: record}
	facts, err := m.Proofs.SealedFacts(ctx, agency, code)
	if err != nil {
		return e, err
	}
	e.Facts = facts
	if e.Commands, err = m.Proofs.CommandRecords(ctx, agency, code); err != nil {
		return e, err
	}
	e.Commands = append([]audit.CommandRecord{}, e.Commands...)
	if e.Proof, err = m.Proofs.AuditProof(ctx, agency, code); err != nil {
		return e, err
	}
	procedures, calendars := pinnedBy(facts)
	if e.Definition, e.Calendars, err = m.Proofs.PinnedDocuments(ctx, procedures, calendars); err != nil {
		return e, err
	}
	if e.Clocks, err = m.explained(ctx, c); err != nil {
		return e, err
	}
	plain := make([]engine.Fact, len(facts))
	for i, f := range facts {
		plain[i] = f.Fact
	}
	e.Time = append([]engine.Share{}, engine.Attribute(plain, e.MadeAt)...)
	report, err := m.Records.Audit(ctx, audit.Scope{Dossier: code, Agency: agency})
	e.SelfCheck = audit.SelfCheck{Intact: report.Intact, Findings: report.Findings, Sealed: report.Sealed}
	return e, err
}

// pinnedBy lists the versions a dossier was decided by over its life.
func pinnedBy(facts []audit.SealedFact) (procedures []engine.ProcedureRef, calendars []engine.CalendarRef) {
	var c engine.Case
	for _, f := range facts {
		c = engine.Evolve(c, f.Fact)
		if !slices.Contains(procedures, c.Procedure) {
			procedures = append(procedures, c.Procedure)
		}
		if !slices.Contains(calendars, c.Calendar) {
			calendars = append(calendars, c.Calendar)
		}
	}
	return procedures, calendars
}

// explained explains every clock by the calendar it was computed with.
func (m *machineAPI) explained(ctx context.Context, c engine.Case) ([]audit.ExplainedClock, error) {
	r, err := m.Dossiers.Rules(ctx, c)
	if err != nil {
		return nil, err
	}
	clocks, err := m.Dossiers.Clocks(ctx, c.Agency, c.Dossier)
	if err != nil {
		return nil, err
	}
	now, out := m.Now(), make([]audit.ExplainedClock, len(clocks))
	for i, k := range clocks {
		by, err := web.RulesOf(ctx, m.Dossiers, r, c, k)
		if err != nil {
			return nil, err
		}
		x := by.Explain(k, now)
		out[i] = audit.ExplainedClock{Clock: k, Explanation: x, VI: x.Text("vi"), EN: x.Text("en")}
	}
	return out, nil
}
