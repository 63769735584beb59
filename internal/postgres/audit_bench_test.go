package postgres_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/audit"
)

// auditedDossiers is how many dossiers the verification is measured on.
const auditedDossiers = 20_000

// BenchmarkAudit measures how fast a record is verified, and how long sealing
// a day takes on which every dossier changed.
func BenchmarkAudit(b *testing.B) {
	w := auditedWorld(b)
	code := w.start("template").Code
	w.accepted(code, "accept", "an")
	w.accepted(code, engine.EventAcceptHandoff, "chi")
	w.accepted(code, "submit", "chi")
	facts := w.multiply(code, auditedDossiers)
	w.exec(`ANALYZE`)
	w.at(monday.AddDate(0, 0, 1))
	begun := time.Now()
	sealed := w.sealAll()
	took := time.Since(begun)
	for b.Loop() {
		report := w.audit(audit.Scope{})
		require.Empty(b, found(report))
		require.EqualValues(b, facts, report.Facts)
	}
	b.ReportMetric(float64(facts)*float64(b.N)/b.Elapsed().Seconds(), "facts/s")
	b.ReportMetric(float64(sealed[0].Leaves)/took.Seconds(), "leaves/s")
}

// multiply copies a dossier under other codes, each with a chain of its own,
// and returns how many facts there are then.
func (w world) multiply(template string, n int) int {
	w.t.Helper()
	stored, err := w.Facts(w.t.Context(), agency, template)
	require.NoError(w.t, err)
	_, kase := w.get(template)
	for i := range n {
		code := fmt.Sprintf("%s-X%07d", agency, i)
		link := engine.Digest("")
		var rows [][]any
		for _, f := range stored {
			fact := f.Fact
			if fact.Dossier == template {
				fact.Dossier = code
			}
			body, next, err := engine.Seal(link, code, fact)
			require.NoError(w.t, err)
			link = next
			recorded := fact.RecordedAt
			if recorded.IsZero() {
				recorded = fact.At
			}
			rows = append(rows, []any{int64(1_000_000 + i), fact.Seq, string(fact.Kind), fact.At, recorded, string(fact.ActorKind), fact.Actor, fact.Command, string(body), string(link)})
		}
		kase.Dossier = code
		w.exec(`INSERT INTO dossiers SELECT (jsonb_populate_record(d, jsonb_build_object('id', $2::bigint, 'code', $3::text, 'snapshot', $4::jsonb, 'digest', $5::text))).* FROM dossiers d WHERE code = $1`,
			template, 1_000_000+i, code, kase, string(link))
		_, err := w.pool.CopyFrom(w.t.Context(), pgx.Identifier{"facts"}, strings.Fields("dossier_id seq kind at recorded_at actor_kind actor command_id body digest"), pgx.CopyFromRows(rows))
		require.NoError(w.t, err)
	}
	return w.count(`SELECT count(*) FROM facts`)
}
