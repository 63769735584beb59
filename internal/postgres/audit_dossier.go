package postgres

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/audit"
	"motcua/engine/calendar"
)

// audited is a dossier's row as far as a verification holds it against the facts.
type audited struct {
	id       int64
	code     string
	agency   string
	snapshot []byte
	seq      int64
	digest   engine.Digest
	columns  caseColumns
}

// caseColumns are columns of a dossier's row that follow from its case alone.
type caseColumns struct {
	status, state, department, role, holder, outcome, procedure, calendar string
	version, calendarVersion                                              int
	closed                                                                *time.Time
}

func columnsOf(c engine.Case) caseColumns {
	return caseColumns{
		status: c.Status(), state: c.State, department: c.Department, role: c.Role, holder: c.Holder, outcome: c.Outcome,
		procedure: c.Procedure.Code, version: c.Procedure.Version, calendar: c.Calendar.Code, calendarVersion: c.Calendar.Version, closed: moment(c.ClosedAt),
	}
}

func (a caseColumns) equal(b caseColumns) bool {
	if (a.closed == nil) != (b.closed == nil) || a.closed != nil && !a.closed.Equal(*b.closed) {
		return false
	}
	a.closed, b.closed = nil, nil
	return a == b
}

const auditedSQL = `
SELECT id, code, agency, snapshot::text, seq, digest, status, state, department, role, holder, outcome,
	procedure_code, procedure_version, calendar_code, calendar_version, closed_at
FROM dossiers WHERE id = ANY($1) ORDER BY id`

func scanAudited(r pgx.CollectableRow) (a audited, err error) {
	c := &a.columns
	return a, r.Scan(&a.id, &a.code, &a.agency, &a.snapshot, &a.seq, &a.digest, &c.status, &c.state, &c.department, &c.role, &c.holder, &c.outcome,
		&c.procedure, &c.version, &c.calendar, &c.calendarVersion, &c.closed)
}

const auditedFactsSQL = `
SELECT dossier_id, seq, kind, at, recorded_at, actor_kind, actor, command_id, body::text, digest
FROM facts WHERE dossier_id = ANY($1) ORDER BY dossier_id, seq`

// storedRow is a fact as it is stored: the sealed bytes and the columns beside them.
type storedRow struct {
	dossier                         int64
	seq                             int64
	kind, actorKind, actor, command string
	at, recorded                    time.Time
	body                            []byte
	digest                          engine.Digest
}

func (f *storedRow) fields() []any {
	return []any{&f.dossier, &f.seq, &f.kind, &f.at, &f.recorded, &f.actorKind, &f.actor, &f.command, &f.body, &f.digest}
}

// says holds the columns, which queries trust, against the sealed body.
func (f *storedRow) says(fact engine.Fact) bool {
	recorded := fact.RecordedAt
	if recorded.IsZero() {
		recorded = fact.At
	}
	return string(fact.Kind) == f.kind && fact.At.Equal(f.at) && recorded.Equal(f.recorded) &&
		string(fact.ActorKind) == f.actorKind && fact.Actor == f.actor && fact.Command == f.command
}

// sealedHeads are the leaves of some dossiers by code, oldest first.
func sealedHeads(ctx context.Context, db queryer, kind string, names []string) (map[string][]audit.Sealed, error) {
	rows, err := db.Query(ctx, `SELECT name, day::timestamp, seq, digest FROM audit_leaves WHERE kind = $1 AND name = ANY($2) ORDER BY name, day, seq`, kind, names)
	if err != nil {
		return nil, err
	}
	out := map[string][]audit.Sealed{}
	s, day := audit.Sealed{}, time.Time{}
	_, err = pgx.ForEachRow(rows, []any{&s.Name, &day, &s.Seq, &s.Digest}, func() error {
		s.Kind, s.Day = kind, dayOf(day)
		out[s.Name] = append(out[s.Name], s)
		return nil
	})
	return out, err
}

// examination checks one dossier, fact by fact.
type examination struct {
	audited
	chain   audit.Chain
	folded  engine.Case
	sealed  int64     // the last sequence that was sealed
	closed  time.Time // what was recorded before is sealed, or was put there afterwards
	spoiled bool      // what the facts make cannot be told
}

func examine(a audited, seals []audit.Sealed, until time.Time) *examination {
	e := &examination{audited: a, closed: until, chain: audit.Chain{
		Kind: audit.KindDossier, Name: a.code, Context: a.code, End: a.seq, EndLink: a.digest, Seals: seals,
	}}
	for _, s := range seals {
		e.sealed = max(e.sealed, s.Seq)
	}
	return e
}

func (e *examination) find(seq int64, what audit.What) {
	e.chain.Findings = append(e.chain.Findings, audit.Flaw{Kind: audit.KindDossier, Name: e.code, Seq: seq, What: what})
}

func (e *examination) add(f *storedRow) {
	var fact engine.Fact
	says := int64(0)
	if json.Unmarshal(f.body, &fact) == nil {
		says = fact.Seq
	}
	before := len(e.chain.Findings)
	e.chain.Add(audit.Row{Seq: f.seq, Body: f.body, Digest: f.digest, Says: says})
	if len(e.chain.Findings) > before {
		e.spoiled = true
		return
	}
	switch {
	case !f.says(fact):
		e.find(f.seq, audit.Contradicts)
	case f.seq > e.sealed && f.recorded.Before(e.closed):
		e.find(f.seq, audit.Backdated)
	}
	e.folded = engine.Evolve(e.folded, fact)
}

// close checks the ends and what the facts make, and returns what was found.
func (e *examination) close() []audit.Flaw {
	e.chain.Close()
	if e.spoiled || len(e.chain.Findings) > 0 {
		return e.chain.Findings
	}
	var stored engine.Case
	if err := json.Unmarshal(e.snapshot, &stored); err != nil {
		e.find(0, audit.OtherCase)
		return e.chain.Findings
	}
	if stored.Model == engine.CaseModel && !sameCase(e.folded, stored) { // one of an earlier program is made anew by the next change
		e.find(0, audit.OtherCase)
	} else if e.folded.Agency == e.agency && !columnsOf(e.folded).equal(e.columns) {
		e.find(0, audit.OtherColumn)
	}
	return e.chain.Findings
}

// sameCase compares by text: what the two cases say, not how their moments are held.
func sameCase(folded, stored engine.Case) bool {
	want, errWant := json.Marshal(folded)
	have, errHave := json.Marshal(stored)
	return errWant == nil && errHave == nil && string(want) == string(have)
}

// closedUntil is the moment before which everything recorded is sealed.
func closedUntil(sealed calendar.Date) time.Time {
	if sealed.IsZero() {
		return time.Time{}
	}
	return sealed.AddDays(1).Midnight().Add(-sealOverlap)
}

// auditDossiers checks some dossiers in one view of the ledger.
func auditDossiers(ctx context.Context, db queryer, ids []int64, until time.Time) (found []audit.Flaw, facts int64, err error) {
	rows, err := db.Query(ctx, auditedSQL, ids)
	if err != nil {
		return nil, 0, err
	}
	list, err := pgx.CollectRows(rows, scanAudited)
	if err != nil {
		return nil, 0, err
	}
	codes := make([]string, len(list))
	for i, a := range list {
		codes[i] = a.code
	}
	seals, err := sealedHeads(ctx, db, audit.KindDossier, codes)
	if err != nil {
		return nil, 0, err
	}
	if rows, err = db.Query(ctx, auditedFactsSQL, ids); err != nil {
		return nil, 0, err
	}
	next := 0
	var now *examination
	advance := func(to int64) { // closes those before
		for next < len(list) && (now == nil || now.id < to) {
			if now != nil {
				found = append(found, now.close()...)
			}
			now = examine(list[next], seals[list[next].code], until)
			next++
		}
	}
	f := &storedRow{}
	_, err = pgx.ForEachRow(rows, f.fields(), func() error {
		advance(f.dossier)
		facts++
		now.add(f)
		return nil
	})
	advance(1<<63 - 1)
	if now != nil {
		found = append(found, now.close()...)
	}
	return found, facts, err
}
