package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// Act finds an act that concerns an agency, with its progress there: of an act
// of all agencies, only the dossiers of this one are counted. No agency means
// all of them. Errors: CodeNotFound, CodeUnavailable.
func (l *Ledger) Act(ctx context.Context, agency, id string) (engine.ActRecord, error) {
	s, r, err := findAct(ctx, l.pool, id)
	if err == nil && !s.concerns(agency) {
		err = notFound("no act %s", id)
	}
	if err == nil {
		err = l.countAct(ctx, agency, &r)
	}
	if err != nil {
		return engine.ActRecord{}, coded(err, "read act %s", id)
	}
	return r, nil
}

func (a act) concerns(agency string) bool {
	return agency == "" || a.agency == "" || a.agency == agency
}

// scopedSQL keeps of the results r of an act those of dossiers of an agency. An
// act of one agency lists what it was asked about, dossier or not.
const scopedSQL = `
($2 = '' OR EXISTS (SELECT FROM acts a WHERE a.id = r.act_id AND a.agency = $2)
	OR EXISTS (SELECT FROM dossiers d WHERE d.code = r.dossier AND d.agency = $2))`

func (l *Ledger) countAct(ctx context.Context, agency string, r *engine.ActRecord) error {
	if r.Agency == agency { // all of it is: no dossier need be looked up
		agency = ""
	}
	rows, err := l.pool.Query(ctx, `
		SELECT r.result, r.code, count(*), count(*) FILTER (WHERE json_array_length(r.moves) > 0)
		FROM act_results r WHERE r.act_id = $1 AND `+scopedSQL+` GROUP BY r.result, r.code`, r.ID, agency)
	if err != nil {
		return err
	}
	var result string
	var code engine.Code
	var n, moved int
	_, err = pgx.ForEachRow(rows, []any{&result, &code, &n, &moved}, func() error {
		r.Counts.Add(result, n)
		r.Counts.Because(result, code, n)
		r.Counts.Moved += moved
		return nil
	})
	return err
}

// ActResults lists what an act did with each dossier of an agency, or of all,
// in the order of their codes, behind a cursor. Errors: CodeNotFound,
// CodeUnavailable.
func (l *Ledger) ActResults(ctx context.Context, agency, id, cursor string, limit int) (engine.ActPage, error) {
	r, err := l.Act(ctx, agency, id)
	if err != nil {
		return engine.ActPage{}, err
	}
	limit = pageSize(limit)
	rows, err := l.pool.Query(ctx, `
		SELECT r.dossier, r.result, r.state, r.code, r.message, r.moves FROM act_results r
		WHERE r.act_id = $1 AND `+scopedSQL+` AND r.dossier > $3 COLLATE "C" ORDER BY r.dossier LIMIT $4`, id, agency, cursor, limit+1)
	if err != nil {
		return engine.ActPage{}, coded(err, "list results of act %s", id)
	}
	list, err := pgx.CollectRows(rows, scanOutcome)
	page := engine.ActPage{Outcomes: append([]engine.ActOutcome{}, list...)}
	if len(list) > limit {
		page.Outcomes, page.Next = page.Outcomes[:limit], list[limit-1].Dossier
	}
	if cursor == "" {
		page.Counts = &r.Counts
	}
	return page, coded(err, "list results of act %s", id)
}

func scanOutcome(row pgx.CollectableRow) (o engine.ActOutcome, err error) {
	err = row.Scan(&o.Dossier, &o.Result, &o.State, &o.Code, &o.Message, &o.Moves)
	o.Moves = zoned(o.Moves)
	return o, err
}

// zoned puts moments into the zone of the engine, so that they look the same
// before and after they were stored.
func zoned(moves []engine.Move) []engine.Move {
	var out []engine.Move
	for _, m := range moves {
		m.Old, m.New = orZero(moment(m.Old)), orZero(moment(m.New))
		out = append(out, m)
	}
	return out
}

// Acts lists the acts of a kind that concern an agency, or of every kind and
// of all agencies where none is named, newest first. Errors: CodeUnavailable.
func (l *Ledger) Acts(ctx context.Context, agency string, kind engine.ActKind, limit int) ([]engine.ActRecord, error) {
	rows, err := l.pool.Query(ctx, `
		SELECT `+actColumns+` FROM acts
		WHERE ($1 = '' OR kind = $1) AND ($2 = '' OR agency IS NULL OR agency = $2) ORDER BY created_at DESC, id LIMIT $3`,
		kind, agency, pageSize(limit))
	if err != nil {
		return nil, coded(err, "list acts")
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r engine.ActRecord, err error) {
		_, r, err = scanAct(row)
		return r, err
	})
	for i := range list {
		if err == nil {
			err = l.countAct(ctx, agency, &list[i])
		}
	}
	return list, coded(err, "list acts")
}
