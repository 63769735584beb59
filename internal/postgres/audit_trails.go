package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/audit"
)

// trailKinds are the trails: where the rows are, and what their links are
// bound to. The version's row says how its trail must end.
var trailKinds = []struct {
	kind, events, versions string
	bound                  func(code string) string
}{
	{audit.KindProcedure, "procedure_events", "procedure_versions", func(code string) string { return code }},
	{audit.KindCalendar, "calendar_events", "calendars", calendarTrail},
}

// trails verifies the trails of procedures and calendars.
func (r *auditRun) trails(ctx context.Context) error {
	return r.look(ctx, func(tx pgx.Tx) error {
		for _, k := range trailKinds {
			w := &trailWalk{run: r, kind: k.kind, bound: k.bound}
			if err := w.walk(ctx, tx, k.events, k.versions); err != nil {
				return err
			}
		}
		return nil
	})
}

// trailWalk goes through the trails of one kind, in order.
type trailWalk struct {
	run   *auditRun
	kind  string
	bound func(string) string
	seals map[string][]audit.Sealed

	chain       *audit.Chain
	state, last string // of the version, and of its last entry
}

type trailRow struct {
	code, actor, action, sha256, state, text string
	version                                  int
	seq                                      int64
	body                                     []byte
	digest                                   engine.Digest
}

func (w *trailWalk) walk(ctx context.Context, tx pgx.Tx, events, versions string) error {
	rows, err := tx.Query(ctx, `SELECT DISTINCT name FROM audit_leaves WHERE kind = $1`, w.kind)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	if w.seals, err = sealedHeads(ctx, tx, w.kind, names); err != nil {
		return err
	}
	rows, err = tx.Query(ctx, `
		SELECT e.code, e.version, e.seq, e.actor, e.action, e.sha256, e.body::text, e.digest, v.state, v.sha256
		FROM `+events+` e JOIN `+versions+` v ON v.code = e.code AND v.version = e.version ORDER BY e.code, e.version, e.seq`)
	if err != nil {
		return err
	}
	var t trailRow
	_, err = pgx.ForEachRow(rows, []any{&t.code, &t.version, &t.seq, &t.actor, &t.action, &t.sha256, &t.body, &t.digest, &t.state, &t.text}, func() error {
		w.add(t)
		return nil
	})
	w.close()
	// A trail of which nothing is left.
	for _, name := range names {
		if seals, ok := w.seals[name]; ok {
			w.run.find(audit.Flaw{Kind: w.kind, Name: name, What: audit.Gone, Day: seals[len(seals)-1].Day})
		}
	}
	return err
}

func (w *trailWalk) add(t trailRow) {
	name := t.code + "@" + strconv.Itoa(t.version)
	if w.chain == nil || w.chain.Name != name {
		w.close()
		w.chain = &audit.Chain{Kind: w.kind, Name: name, Context: w.bound(t.code) + "@" + strconv.Itoa(t.version), Seals: w.seals[name]}
		delete(w.seals, name)
	}
	before := len(w.chain.Findings)
	w.chain.Add(audit.Row{Seq: t.seq, Body: t.body, Digest: t.digest, Says: unmarshalSeq(t.body)})
	var e engine.VersionEvent
	if json.Unmarshal(t.body, &e) == nil && len(w.chain.Findings) == before &&
		(e.Actor != t.actor || string(e.Action) != t.action || e.SHA256 != t.sha256) {
		w.chain.Findings = append(w.chain.Findings, audit.Flaw{Kind: w.kind, Name: name, Seq: t.seq, What: audit.Contradicts})
	}
	w.state, w.last = t.state+" "+t.text, string(e.State)+" "+e.SHA256
}

func (w *trailWalk) close() {
	if w.chain == nil {
		return
	}
	w.chain.Close()
	if len(w.chain.Findings) == 0 && w.state != w.last {
		w.chain.Findings = append(w.chain.Findings, audit.Flaw{Kind: w.kind, Name: w.chain.Name, What: audit.OtherHead})
	}
	w.run.report.Trails++
	w.run.find(w.chain.Findings...)
	w.chain = nil
}

// texts verifies that definitions and calendars have the SHA-256 that is
// recorded of them.
func (r *auditRun) texts(ctx context.Context) error {
	return r.look(ctx, func(tx pgx.Tx) error {
		return errors.Join(
			r.textsOf(ctx, tx, audit.KindProcedure, `SELECT code, version FROM procedure_versions WHERE encode(sha256(text), 'hex') <> sha256 ORDER BY 1, 2`),
			r.textsOf(ctx, tx, audit.KindCalendar, `SELECT code, version FROM calendars WHERE encode(sha256(convert_to(spec, 'UTF8')), 'hex') <> sha256 ORDER BY 1, 2`),
		)
	})
}

func (r *auditRun) textsOf(ctx context.Context, tx pgx.Tx, kind, sql string) error {
	rows, err := tx.Query(ctx, sql)
	if err != nil {
		return err
	}
	var code string
	var version int
	_, err = pgx.ForEachRow(rows, []any{&code, &version}, func() error {
		r.find(audit.Flaw{Kind: kind, Name: code + "@" + strconv.Itoa(version), What: audit.OtherText})
		return nil
	})
	return err
}
