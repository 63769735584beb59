package api_test

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/audit"
	"motcua/engine/calendar"
)

// records is what there is of the world to audit: its facts sealed anew, and
// what was read.
type records struct {
	*world
	reads  []string
	report audit.Report
}

func (r *records) Audit(_ context.Context, s audit.Scope) (audit.Report, error) {
	if c, ok := r.cases[s.Dossier]; !ok || c.Agency != s.Agency {
		return audit.Report{}, engine.Errorf(engine.CodeNotFound, "no dossier %s", s.Dossier)
	}
	out := r.report
	out.Dossiers, out.Intact = 1, len(out.Findings) == 0
	return out, nil
}

var sealer = audit.NewPrivateKey(ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize)))

func (r *records) AuditKeys(context.Context) ([]audit.SealKey, error) {
	return []audit.SealKey{audit.FirstKey(sealer.Public(), began)}, nil
}

func (r *records) AuditDigests(_ context.Context, agency string, from, to calendar.Date, use func(audit.Digest) error) error {
	for _, book := range []string{audit.Common, agency} {
		if err := use(audit.Statement{Book: book, Day: to, SealedAt: began}.Sign(sealer)); err != nil {
			return err
		}
	}
	return nil
}

func (r *records) RecordAuditRead(_ context.Context, a engine.Actor, what, dossier string) error {
	r.reads = append(r.reads, a.ID+" "+what+" "+dossier)
	return nil
}

func (r *records) SealedFacts(_ context.Context, _, dossier string) ([]audit.SealedFact, error) {
	var link engine.Digest
	var out []audit.SealedFact
	for _, f := range r.facts[dossier] {
		body, next, err := engine.Seal(link, dossier, f.Fact)
		if err != nil {
			return nil, err
		}
		link = next
		out = append(out, audit.SealedFact{Fact: f.Fact, Recorded: f.At, Digest: next, Sealed: string(body)})
	}
	return out, nil
}

func (r *records) CommandRecords(_ context.Context, _, dossier string) ([]audit.CommandRecord, error) {
	var out []audit.CommandRecord
	for _, c := range r.commands {
		if c.Dossier == dossier {
			out = append(out, audit.CommandRecord{ID: c.ID, Event: c.Event, Actor: c.Actor, SubmittedAt: began, DecidedAt: began, State: r.outcomes[c.ID].State, Refusal: r.outcomes[c.ID].Refusal})
		}
	}
	slices.SortFunc(out, func(a, b audit.CommandRecord) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

func (r *records) AuditProof(ctx context.Context, agency, dossier string) (*audit.Proof, error) {
	facts, err := r.SealedFacts(ctx, agency, dossier)
	if err != nil {
		return nil, err
	}
	leaf := audit.Leaf{Kind: audit.KindDossier, Name: dossier, Seq: int64(len(facts)), Digest: facts[len(facts)-1].Digest}
	tree, err := audit.NewProver(0, 1)
	if err != nil {
		return nil, err
	}
	tree.Add(leaf)
	path, err := tree.Path()
	d := audit.Statement{Book: agency, Day: calendar.DateOf(began), Leaves: 1, Root: tree.Root(), SealedAt: began}.Sign(sealer)
	return &audit.Proof{Leaf: leaf, Path: path, Digest: d, Key: audit.FirstKey(sealer.Public(), began)}, err
}

func (r *records) PinnedDocuments(_ context.Context, procedures []engine.ProcedureRef, calendars []engine.CalendarRef) (definitions, schedules []audit.Document, err error) {
	for _, p := range procedures {
		definitions = append(definitions, audit.Document{Code: p.Code, Version: p.Version, SHA256: p.SHA256})
	}
	for _, c := range calendars {
		schedules = append(schedules, audit.Document{Code: c.Code, Version: c.Version})
	}
	return definitions, schedules, nil
}

func TestEvidencePack(t *testing.T) {
	s := newSite(t)
	code, lan, soi := s.started(), s.signedIn("lan"), s.signedIn("soi")
	require.Equal(t, http.StatusOK, s.event(code, "accept", lan).StatusCode)

	res := s.get("/api/v1/dossiers/"+code+"/evidence", soi)
	require.Equal(t, http.StatusOK, res.StatusCode, res.body)
	require.NotContains(t, res.body, "Trần Văn An", "the pack goes into other hands")
	var e audit.Evidence
	require.NoError(t, json.Unmarshal([]byte(res.body), &e))
	require.Equal(t, "T*** V*** A***", e.Dossier.Applicant.Name)
	require.True(t, e.SelfCheck.Intact)
	require.Len(t, e.Facts, len(s.facts[code]))
	require.Len(t, e.Commands, 1)
	require.Equal(t, "lan", e.Commands[0].Actor.ID)
	require.NotEmpty(t, e.Commands[0].Actor.Roles)
	require.NotEmpty(t, e.Clocks)
	require.NotEmpty(t, e.Clocks[0].VI)
	for _, f := range e.Verify(sealer.Public()) { // the world keeps no texts
		require.Equal(t, audit.OtherText, f.What, f.In("en"))
	}
	t.Run("is refused to who is out of scope, and not found elsewhere", func(t *testing.T) {
		s.get("/api/v1/dossiers/"+code+"/evidence", as(elsewhereKey)).refusal(t, http.StatusNotFound, engine.CodeNotFound)
	})
	t.Run("is printed", func(t *testing.T) {
		page := s.get("/dossiers/"+code+"/evidence", soi)
		require.Equal(t, http.StatusOK, page.StatusCode, page.body)
		require.Contains(t, page.body, "Đã tự kiểm tra")
		require.Contains(t, page.body, string(e.Proof.Digest.Digest))
		require.Contains(t, page.body, string(e.Facts[0].Digest))
		require.NotContains(t, page.body, "Trần Văn An")
		s.records.report.Findings = []audit.Flaw{{Kind: audit.KindDossier, Name: code, Seq: 2, What: audit.Altered}}
		require.Contains(t, s.get("/dossiers/"+code+"/evidence", soi).body, "sự kiện 2 đã bị sửa")
		require.Contains(t, s.get("/dossiers/"+code, soi).body, "/dossiers/"+code+"/evidence")
	})
	require.Equal(t, []string{"soi evidence " + code, "soi evidence " + code, "soi evidence " + code}, s.records.reads)
}

func TestAuditRoutes(t *testing.T) {
	s := newSite(t)
	code, soi := s.started(), s.signedIn("soi")
	require.Equal(t, true, s.get("/api/v1/audit/dossiers/"+code, soi).json(t)["intact"])
	s.records.report.Findings = []audit.Flaw{{Kind: audit.KindDossier, Name: code, Seq: 2, What: audit.Altered}}
	got := s.get("/api/v1/audit/dossiers/"+code, soi).json(t)
	require.Equal(t, false, got["intact"])
	require.Len(t, got["findings"], 1)
	s.get("/api/v1/audit/dossiers/none", soi).refusal(t, http.StatusNotFound, engine.CodeNotFound)
	s.get("/api/v1/audit/dossiers/"+code, s.signedIn("lan")).refusal(t, http.StatusForbidden, engine.CodeWrongRole)

	digests := s.get("/api/v1/audit/digests?to=2026-11-16", soi)
	require.Len(t, digests.json(t)["digests"], 2)
	var body struct {
		Keys    []audit.SealKey
		Digests []audit.Digest
	}
	require.NoError(t, json.Unmarshal([]byte(digests.body), &body))
	b := audit.Books{Keys: body.Keys, Pinned: []audit.PublicKey{sealer.Public()}}
	for _, d := range body.Digests {
		b.Check(d)
	}
	require.Empty(t, b.Findings)
	s.get("/api/v1/audit/digests?from=2025-01-01&to=2026-11-16", soi).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
	require.Equal(t, []string{"soi verify " + code, "soi verify " + code, "soi verify none", "soi digests "}, s.records.reads)
}
