package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/audit"
	"motcua/engine/calendar"
)

const (
	// sealGrace is how long after its end a day may be sealed: longer than any
	// transaction that read its clock before midnight can take to commit.
	sealGrace = 15 * time.Minute
	// sealOverlap is how far into the day before each day looks for what was
	// not sealed with it, should one have been slower all the same.
	sealOverlap = time.Hour
)

// Seal signs every day that is over and not sealed yet, the earliest first,
// and returns the digests it made: after days of downtime those of all of
// them, because what a day held is computed from when facts were recorded.
// Processes that seal at once take turns, and one finds nothing left to do. A
// key that is not the ledger's is refused with CodeNeedsUnmet: see
// [Ledger.RotateAuditKey]. Further errors: CodeUnavailable.
func (l *Ledger) Seal(ctx context.Context, key audit.PrivateKey) ([]audit.Digest, error) {
	var all []audit.Digest
	for {
		var sealed []audit.Digest
		err := pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) (err error) {
			sealed, err = sealNext(ctx, tx, key)
			return err
		})
		if err != nil || len(sealed) == 0 {
			return all, coded(err, "seal a day")
		}
		all = append(all, sealed...)
	}
}

// sealing is the transaction that seals one day.
type sealing struct {
	pgx.Tx
	key audit.PrivateKey
	day calendar.Date
	now time.Time
}

// sealNext seals the next day that is over, if there is one and nobody else
// is at it.
func sealNext(ctx context.Context, tx pgx.Tx, key audit.PrivateKey) ([]audit.Digest, error) {
	s := &sealing{Tx: tx, key: key}
	// A day of a large ledger takes longer than a request may.
	if _, err := tx.Exec(ctx, `SELECT set_config('statement_timeout', '0', true)`); err != nil {
		return nil, err
	}
	var mine bool
	if err := tx.QueryRow(ctx, `SELECT pg_try_advisory_xact_lock(hashtextextended('motcua seal', 0))`).Scan(&mine); err != nil || !mine {
		return nil, err
	}
	if err := tx.QueryRow(ctx, `SELECT clock_timestamp()`).Scan(&s.now); err != nil {
		return nil, err
	}
	s.now = s.now.Truncate(time.Microsecond).In(calendar.Zone())
	first, err := s.first(ctx)
	if err != nil || first.IsZero() || !first.Before(calendar.DateOf(s.now.Add(-sealGrace))) {
		return nil, err
	}
	s.day = first
	if err := s.register(ctx); err != nil {
		return nil, err
	}
	return s.seal(ctx)
}

// first is the first day that is not sealed: the one after the last that is,
// or the first on which anything was recorded.
func (s *sealing) first(ctx context.Context) (calendar.Date, error) {
	var last *time.Time
	if err := s.QueryRow(ctx, `SELECT max(day)::timestamp FROM audit_digests WHERE book = $1`, audit.Common).Scan(&last); err != nil {
		return calendar.Date{}, err
	}
	if last != nil {
		return dayOf(*last).AddDays(1), nil
	}
	var begun *time.Time
	err := s.QueryRow(ctx, `
		SELECT least((SELECT min(recorded_at) FROM facts), (SELECT min(at) FROM procedure_events), (SELECT min(at) FROM calendar_events))`).Scan(&begun)
	if err != nil || begun == nil {
		return calendar.Date{}, err
	}
	return calendar.DateOf(begun.In(calendar.Zone())), nil
}

// dayOf is a day as PostgreSQL tells it, which has no zone.
func dayOf(t time.Time) calendar.Date { return calendar.NewDate(t.Year(), t.Month(), t.Day()) }

// register enters the key if the ledger has none, and refuses one that is not
// the ledger's: whoever can start a process must not begin to sign unnoticed.
func (s *sealing) register(ctx context.Context) error {
	last, ok, err := lastKey(ctx, s)
	if err != nil {
		return err
	}
	if !ok {
		return enterKey(ctx, s, audit.FirstKey(s.key.Public(), s.now))
	}
	if id := s.key.Public().ID(); last.ID != id {
		return engine.Errorf(engine.CodeNeedsUnmet, "the audit key %s is not the ledger's, %s: it takes over by motcua audit rotate", id, last.ID)
	}
	return nil
}

func lastKey(ctx context.Context, db queryer) (audit.SealKey, bool, error) {
	keys, err := auditKeys(ctx, db)
	if err != nil || len(keys) == 0 {
		return audit.SealKey{}, false, err
	}
	return keys[len(keys)-1], true, nil
}

func auditKeys(ctx context.Context, db queryer) ([]audit.SealKey, error) {
	rows, err := db.Query(ctx, `SELECT id, public_key, from_at, coalesce(replaces, ''), endorsement FROM audit_keys ORDER BY from_at, id`)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(r pgx.CollectableRow) (k audit.SealKey, err error) {
		var public string
		if err := r.Scan(&k.ID, &public, &k.From, &k.Replaces, &k.Endorsement); err != nil {
			return k, err
		}
		k.From = k.From.In(calendar.Zone())
		k.PublicKey, err = audit.ParsePublicKey(public)
		return k, err
	})
}

func enterKey(ctx context.Context, db queryer, k audit.SealKey) error {
	_, err := db.Exec(ctx, `INSERT INTO audit_keys (id, public_key, from_at, replaces, endorsement) VALUES ($1, $2, $3, nullif($4, ''), $5)`,
		k.ID, k.PublicKey.String(), k.From, k.Replaces, k.Endorsement)
	return err
}

// RotateAuditKey lets another key take over, endorsed by the one it replaces.
// An unset old key says that it is lost: what follows is then sealed by a key
// that nobody endorsed, and every verification says so. A key that has taken
// over already changes nothing. Errors: CodeNeedsUnmet (no key to replace,
// another old key than the ledger's, a key used before), CodeUnavailable.
func (l *Ledger) RotateAuditKey(ctx context.Context, key, old audit.PrivateKey) (audit.SealKey, error) {
	var out audit.SealKey
	err := pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('motcua seal', 0))`); err != nil {
			return err
		}
		last, ok, err := lastKey(ctx, tx)
		switch {
		case err != nil:
			return err
		case !ok:
			return engine.Errorf(engine.CodeNeedsUnmet, "the ledger has no audit key yet: the first seal enters one")
		case last.ID == key.Public().ID():
			out = last
			return nil
		case old.Set() && old.Public().ID() != last.ID:
			return engine.Errorf(engine.CodeNeedsUnmet, "the ledger's audit key is %s, not %s", last.ID, old.Public().ID())
		}
		var now time.Time
		if err := tx.QueryRow(ctx, `SELECT clock_timestamp()`).Scan(&now); err != nil {
			return err
		}
		out = audit.Succeed(key.Public(), now.Truncate(time.Microsecond).In(calendar.Zone()), last.ID, old)
		if err = enterKey(ctx, tx, out); isState(err, "23505") {
			return engine.Errorf(engine.CodeNeedsUnmet, "the audit key %s was replaced before: make a new one", out.ID)
		}
		return err
	})
	return out, coded(err, "rotate the audit key")
}

// The leaves of a day: the heads of the chains that grew, acts as they were
// asked for, and what was added to tables that have no chain. The text that a
// row without a chain is hashed as names its columns, so that a column that is
// added later changes nothing.
const (
	dossierLeavesSQL = `
INSERT INTO audit_leaves (book, day, kind, name, seq, digest)
SELECT d.agency, $1::date, 'dossier', d.code, f.seq, f.digest
FROM (SELECT dossier_id, max(seq) AS seq FROM facts WHERE recorded_at >= $2 AND recorded_at < $3 GROUP BY dossier_id) h
JOIN facts f USING (dossier_id, seq) JOIN dossiers d ON d.id = h.dossier_id
WHERE NOT EXISTS (SELECT FROM audit_leaves l WHERE l.kind = 'dossier' AND l.name = d.code AND l.seq >= f.seq)`

	procedureLeavesSQL = `
INSERT INTO audit_leaves (book, day, kind, name, seq, digest)
SELECT '*', $1::date, 'procedure', e.code || '@' || e.version, e.seq, e.digest
FROM (SELECT code, version, max(seq) AS seq FROM procedure_events WHERE at >= $2 AND at < $3 GROUP BY code, version) h
JOIN procedure_events e USING (code, version, seq)
WHERE NOT EXISTS (SELECT FROM audit_leaves l WHERE l.kind = 'procedure' AND l.name = e.code || '@' || e.version AND l.seq >= e.seq)`

	calendarLeavesSQL = `
INSERT INTO audit_leaves (book, day, kind, name, seq, digest)
SELECT '*', $1::date, 'calendar', e.code || '@' || e.version, e.seq, e.digest
FROM (SELECT code, version, max(seq) AS seq FROM calendar_events WHERE at >= $2 AND at < $3 GROUP BY code, version) h
JOIN calendar_events e USING (code, version, seq)
WHERE NOT EXISTS (SELECT FROM audit_leaves l WHERE l.kind = 'calendar' AND l.name = e.code || '@' || e.version AND l.seq >= e.seq)`

	actDigestSQL = `encode(sha256(convert_to(jsonb_build_array(a.id, a.kind, a.agency, a.subject, a.body::text, a.digest, a.reason, a.actor,
	a.authority::text, extract(epoch FROM a.created_at))::text, 'UTF8')), 'hex')`

	actLeavesSQL = `
INSERT INTO audit_leaves (book, day, kind, name, seq, digest)
SELECT coalesce(a.agency, '*'), $1::date, 'act', a.id, 1, ` + actDigestSQL + `
FROM acts a WHERE a.created_at >= $2 AND a.created_at < $3
AND NOT EXISTS (SELECT FROM audit_leaves l WHERE l.kind = 'act' AND l.name = a.id)`
)

// unchained are the append-only tables without a chain of their own: of each,
// a leaf per agency and day says how many rows were added and what they say.
var unchained = []struct{ table, at, row string }{
	{"legal_changes", "created_at", `jsonb_build_array(id, ref, by_ref, effective_from, note, agency, actor, extract(epoch FROM created_at))`},
	{"readings", "at", `jsonb_build_array(id, dossier_id, extract(epoch FROM at), actor_kind, actor, agency, purpose, to_jsonb(parts), to_jsonb(fields))`},
	{"audit_reads", "at", `jsonb_build_array(id, extract(epoch FROM at), agency, actor, what, dossier)`},
}

// tableHeadsSQL lists agency, count and digest of what was added to a table in
// a stretch of time.
func tableHeadsSQL(table, at, row string) string {
	return `SELECT agency, count(*) AS n, encode(sha256(convert_to(string_agg(` + row + `::text, E'\n' ORDER BY id), 'UTF8')), 'hex') AS digest
FROM ` + table + ` WHERE ` + at + ` >= $1 AND ` + at + ` < $2 GROUP BY agency`
}

// seal writes the leaves of the day and signs the books, the common one last:
// it holds what the others come to.
func (s *sealing) seal(ctx context.Context) ([]audit.Digest, error) {
	from, until := s.day.Midnight(), s.day.AddDays(1).Midnight()
	for _, sql := range []string{dossierLeavesSQL, procedureLeavesSQL, calendarLeavesSQL, actLeavesSQL} {
		if _, err := s.Exec(ctx, sql, s.day.String(), from.Add(-sealOverlap), until); err != nil {
			return nil, err
		}
	}
	for _, u := range unchained {
		_, err := s.Exec(ctx, `INSERT INTO audit_leaves (book, day, kind, name, seq, digest)
			SELECT agency, $3::date, 'table', $4, n, digest FROM (`+tableHeadsSQL(u.table, u.at, u.row)+`) h`, from, until, s.day.String(), u.table)
		if err != nil {
			return nil, err
		}
	}
	rows, err := s.Query(ctx, `SELECT book FROM audit_digests UNION SELECT book FROM audit_leaves WHERE day = $1::date AND book <> '*' ORDER BY 1`, s.day.String())
	if err != nil {
		return nil, err
	}
	books, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, err
	}
	var out []audit.Digest
	for _, book := range books {
		if book == audit.Common {
			continue
		}
		d, err := s.book(ctx, book)
		if err != nil {
			return nil, err
		}
		out = append(out, d)
		if _, err := s.Exec(ctx, `INSERT INTO audit_leaves (book, day, kind, name, seq, digest) VALUES ('*', $1::date, 'book', $2, $3, $4)`,
			s.day.String(), book, d.Leaves, d.Digest); err != nil {
			return nil, err
		}
	}
	d, err := s.book(ctx, audit.Common)
	return append(out, d), err
}

// book signs what one book held.
func (s *sealing) book(ctx context.Context, book string) (audit.Digest, error) {
	tree := audit.NewTree()
	if err := eachLeaf(ctx, s, book, s.day, tree.Add); err != nil {
		return audit.Digest{}, err
	}
	st := audit.Statement{Book: book, Day: s.day, Leaves: tree.Leaves(), Root: tree.Root(), SealedAt: s.now}
	err := s.QueryRow(ctx, `SELECT digest FROM audit_digests WHERE book = $1 ORDER BY day DESC LIMIT 1`, book).Scan(&st.Previous)
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return audit.Digest{}, err
	}
	d := st.Sign(s.key)
	_, err = s.Exec(ctx, `
		INSERT INTO audit_digests (book, day, leaves, root, previous, sealed_at, key, digest, signature)
		VALUES ($1, $2::date, $3, $4, $5, $6, $7, $8, $9)`,
		d.Book, d.Day.String(), d.Leaves, d.Root, d.Previous, d.SealedAt, d.Key, d.Digest, d.Signature)
	return d, err
}

// eachLeaf reads the leaves of a book's day in the order of its tree.
func eachLeaf(ctx context.Context, db queryer, book string, day calendar.Date, add func(audit.Leaf)) error {
	rows, err := db.Query(ctx, `SELECT kind, name, seq, digest FROM audit_leaves WHERE book = $1 AND day = $2::date ORDER BY kind, name`, book, day.String())
	if err != nil {
		return err
	}
	var leaf audit.Leaf
	_, err = pgx.ForEachRow(rows, []any{&leaf.Kind, &leaf.Name, &leaf.Seq, &leaf.Digest}, func() error {
		add(leaf)
		return nil
	})
	return err
}

// RecordAuditRead puts on record that somebody read or exported audit data.
// Errors: CodeUnavailable.
func (l *Ledger) RecordAuditRead(ctx context.Context, a engine.Actor, what, dossier string) error {
	_, err := l.pool.Exec(ctx, `INSERT INTO audit_reads (agency, actor, what, dossier) VALUES ($1, $2, $3, nullif($4, ''))`, a.Agency, a.ID, what, dossier)
	return coded(err, "record that audit data was read")
}

// unmarshalSeq is the sequence a sealed body gives itself; 0 when it cannot be
// read.
func unmarshalSeq(body []byte) int64 {
	var said struct {
		Seq int64 `json:"seq"`
	}
	if json.Unmarshal(body, &said) != nil {
		return 0
	}
	return said.Seq
}
