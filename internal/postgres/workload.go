package postgres

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// Workload says what each officer within reach has on their desk of what
// passes a filter, those with nothing too, and who else holds something of it:
// the most overdue first, then those who hold most. Errors: those of List.
func (l *Ledger) Workload(ctx context.Context, f engine.Filter) ([]engine.Workload, error) {
	f.Cursor = ""
	s, err := l.settle(ctx, f)
	if err != nil || s.cal == nil {
		return nil, err
	}
	list, err := l.desks(ctx, s)
	if err != nil {
		return nil, coded(err, "count what officers hold")
	}
	held := func(id string) func(engine.Workload) bool {
		return func(w engine.Workload) bool { return w.Officer == id }
	}
	for _, o := range s.org.Desks(s.Reach, s.departments) {
		if !slices.ContainsFunc(list, held(o.ID)) && (s.Holder == "" || s.Holder == o.ID) {
			list = append(list, engine.Workload{Officer: o.ID})
		}
	}
	if err := l.done(ctx, s, list); err != nil {
		return nil, coded(err, "count what officers did")
	}
	for i := range list {
		list[i].Name = list[i].Officer
		if o, ok := s.org.Officer(list[i].Officer); ok {
			list[i].Name = o.Name
		}
	}
	slices.SortFunc(list, func(a, b engine.Workload) int {
		return cmp.Or(b.Overdue-a.Overdue, b.Held-a.Held, strings.Compare(a.Officer, b.Officer))
	})
	return list, nil
}

// desks counts what is held, by officer.
func (l *Ledger) desks(ctx context.Context, s settled) ([]engine.Workload, error) {
	c := s.selection()
	c.open()
	c.add("d.holder <> ''")
	sql := "SELECT d.holder, count(*), count(*) FILTER (WHERE " + s.on(c, engine.ListOverdue) + "), count(*) FILTER (WHERE " +
		s.dueToday(c) + "), count(*) FILTER (WHERE " + s.on(c, engine.ListStuck) + ") FROM dossiers d" + c.where() + judgedAnyway + " GROUP BY d.holder"
	rows, err := l.pool.Query(ctx, sql, c.args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (w engine.Workload, err error) {
		return w, row.Scan(&w.Officer, &w.Held, &w.Overdue, &w.DueToday, &w.Stuck)
	})
}

// done counts the steps that officers have taken lately.
func (l *Ledger) done(ctx context.Context, s settled, list []engine.Workload) error {
	ids := make([]string, len(list))
	place := make(map[string]int, len(list))
	for i, w := range list {
		ids[i], place[w.Officer] = w.Officer, i
	}
	rows, err := l.pool.Query(ctx, `
		SELECT actor, count(*) FROM facts
		WHERE actor = ANY($1) AND at > $2 AND at <= $3 AND kind = 'state-entered' AND actor_kind = 'officer' GROUP BY actor`,
		ids, s.At.Add(-engine.DonePeriod), s.At)
	if err != nil {
		return err
	}
	var officer string
	var n int
	_, err = pgx.ForEachRow(rows, []any{&officer, &n}, func() error { list[place[officer]].Done = n; return nil })
	return err
}
