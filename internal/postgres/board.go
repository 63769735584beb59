package postgres

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
)

// Board counts, among the open dossiers that pass a filter, every list, how
// late what is overdue is, and both by department and by procedure, in one
// pass. What it counts of a list is what List lists of it under the same
// filter, judged at the same moment. Errors: those of List.
func (l *Ledger) Board(ctx context.Context, f engine.Filter) (engine.Board, error) {
	f.Cursor = ""
	s, err := l.settle(ctx, f)
	if err != nil {
		return engine.Board{}, err
	}
	board := engine.Board{At: s.At, Departments: []engine.DepartmentTally{}, Procedures: []engine.ProcedureTally{}}
	board.Total.Add(engine.Tally{}) // every list has a number, none too
	if s.cal == nil {
		return board, nil
	}
	cells, err := l.cells(ctx, s)
	if err != nil {
		return engine.Board{}, coded(err, "count dossiers")
	}
	departments, procedures := map[string]engine.Tally{}, map[string]engine.Tally{}
	for _, cell := range cells {
		board.Total.Add(cell.Tally)
		into(departments, cell.department, cell.Tally)
		into(procedures, cell.procedure, cell.Tally)
	}
	board.Departments = s.org.Summed(s.Reach, departments)
	board.Departments = slices.DeleteFunc(board.Departments, func(d engine.DepartmentTally) bool {
		return s.Department != "" && !slices.Contains(s.departments, d.Department)
	})
	names, err := l.procedureNames(ctx, slices.Collect(maps.Keys(procedures)))
	if err != nil {
		return engine.Board{}, coded(err, "name procedures")
	}
	for code, tally := range procedures {
		board.Procedures = append(board.Procedures, engine.ProcedureTally{Procedure: code, Name: names[code], Tally: tally})
	}
	slices.SortFunc(board.Procedures, func(a, b engine.ProcedureTally) int {
		return cmp.Or(b.Lists[engine.ListOverdue]-a.Lists[engine.ListOverdue], b.Open-a.Open, strings.Compare(a.Procedure, b.Procedure))
	})
	return board, nil
}

// procedureNames are what procedures are called in their latest version.
func (l *Ledger) procedureNames(ctx context.Context, procedures []string) (map[string]engine.Text, error) {
	names := make(map[string]engine.Text, len(procedures))
	rows, err := l.pool.Query(ctx, `
		SELECT DISTINCT ON (code) code, name FROM procedure_versions
		WHERE code = ANY($1) AND state IN ('published', 'retired') ORDER BY code, version DESC`, procedures)
	if err != nil {
		return nil, err
	}
	var code string
	var name engine.Text
	_, err = pgx.ForEachRow(rows, []any{&code, &name}, func() error { names[code] = name; return nil })
	return names, err
}

func into(tallies map[string]engine.Tally, key string, t engine.Tally) {
	sum := tallies[key]
	sum.Add(t)
	tallies[key] = sum
}

// cell is what is counted of one procedure in one department.
type cell struct {
	department, procedure string
	engine.Tally
}

// cells counts by department and procedure. The conditions are those of the
// lists themselves.
func (l *Ledger) cells(ctx context.Context, s settled) ([]cell, error) {
	c := s.selection()
	c.open()
	counted := []string{"count(*)"}
	count := func(condition string) { counted = append(counted, "count(*) FILTER (WHERE "+condition+")") }
	count("d.status = 'running'")
	count("d.status = 'suspended'")
	count(s.dueToday(c))
	for _, list := range engine.Lists() {
		count(s.on(c, list))
	}
	for _, age := range s.ages(c) {
		count(age)
	}
	rows, err := l.pool.Query(ctx, "SELECT d.last_department, d.procedure_code, "+strings.Join(counted, ", ")+
		" FROM dossiers d"+c.where()+judgedAnyway+" GROUP BY d.last_department, d.procedure_code", c.args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, scanCell)
}

func scanCell(row pgx.CollectableRow) (cell, error) {
	lists := make([]int, len(engine.Lists()))
	var one cell
	into := []any{&one.department, &one.procedure, &one.Open, &one.Running, &one.Suspended, &one.DueToday}
	for i := range lists {
		into = append(into, &lists[i])
	}
	a := &one.Ageing
	err := row.Scan(append(into, &a.Under1, &a.From1, &a.From3, &a.From7, &a.Standing)...)
	one.Lists = make(map[engine.List]int, len(lists))
	for i, list := range engine.Lists() {
		one.Lists[list] = lists[i]
	}
	return one, err
}

// dueToday says, of an open dossier, whether it is due before the day is over.
func (s settled) dueToday(c *conditions) string {
	tomorrow := calendar.DateOf(s.At).AddDays(1).Midnight()
	return "d.rank >= " + c.param(s.At.UnixMicro()) + " AND d.rank < " + c.param(tomorrow.UnixMicro()) + " AND NOT d.due_breached"
}

// ages say, of an open dossier, how late it is, in the order of [engine.Ageing].
func (s settled) ages(c *conditions) []string {
	now, since := s.At.UnixMicro(), engine.AgeingSince(s.cal, s.At)
	one, three, seven := since[0].UnixMicro(), since[1].UnixMicro(), since[2].UnixMicro()
	between := func(from, before int64) string {
		return "d.rank >= " + c.param(from) + " AND d.rank < " + c.param(min(before, now))
	}
	return []string{
		between(one, now), between(three, one), between(seven, three), "d.rank < " + c.param(min(seven, now)),
		"d.due_breached AND d.rank >= " + c.param(now),
	}
}
