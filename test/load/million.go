package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/definitions"
	"motcua/engine"
	"motcua/internal/devstack"
	"motcua/internal/postgres"
	"motcua/internal/postgres/pgtest"
)

// What the many dossiers are spread over.
const (
	manyAgencies   = 20
	manyProcedures = 60
	manyOfficers   = 20 // of each agency
	manyReaders    = 8  // at once
)

// manyDepartments are those of each agency, parents first.
var manyDepartments = []engine.Department{
	{Code: "office"}, {Code: "one-stop", Parent: "office"}, {Code: "expertise", Parent: "office"},
	{Code: "appraisal", Parent: "expertise"}, {Code: "signing", Parent: "office"},
}

// answered is one thing that people ask of many dossiers, and how long it took.
type answered struct {
	Name  string  `json:"name"`
	Rows  int     `json:"rows"`
	Calls int     `json:"calls"`
	P50   float64 `json:"p50_ms"`
	P99   float64 `json:"p99_ms"`
}

// million measures lists and counts among so many dossiers, on a database of
// its own and without Temporal.
func million(ctx context.Context, o options, out io.Writer) (err error) {
	dir := o.dir
	if dir == "" {
		if dir, err = os.MkdirTemp("", "motcua-million-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	pg, err := devstack.StartPostgres(ctx, devstack.PostgresOptions{Dir: dir, Settings: o.settings})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, pg.Stop()) }()
	if err := createDatabases(ctx, pg.URL("postgres"), "motcua_many"); err != nil {
		return err
	}
	url := pg.URL("motcua_many")
	if err := postgres.Migrate(ctx, url); err != nil {
		return err
	}
	pool, err := postgres.Open(ctx, url)
	if err != nil {
		return err
	}
	defer pool.Close()
	ledger := postgres.New(pool, postgres.Options{Compile: definitions.Compile, Keys: pgtest.Keys()})
	began := time.Now()
	conn, err := pgx.Connect(ctx, url) // without the pool's limit on a statement
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	if err := furnishMany(ctx, ledger, conn, o.million); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "%d dossiers in %s\n", o.million, time.Since(began).Round(time.Second))
	return readMany(ctx, ledger, o.reads, out)
}

// furnishMany makes the agencies, their people and the procedures by the
// ledger, and the dossiers by SQL. A ledger that has them keeps them.
func furnishMany(ctx context.Context, l *postgres.Ledger, conn *pgx.Conn, n int) error {
	var there bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM dossiers)`).Scan(&there); err != nil || there {
		return err
	}
	if err := furnish(ctx, l); err != nil {
		return err
	}
	for i := range manyAgencies {
		if err := l.PutOrganisation(ctx, manyOrganisation(i)); err != nil {
			return err
		}
	}
	for i := range manyProcedures {
		text := bytes.ReplaceAll(fiveText, []byte(procedureFive), fmt.Appendf(nil, "many-%02d", i))
		m, err := definitions.Compile(text)
		if err != nil {
			return err
		}
		if err := l.PutVersion(ctx, m, text); err != nil {
			return err
		}
	}
	return withoutIndexes(ctx, conn, func() error {
		for _, sql := range []string{manyDossiersSQL, manyFactsSQL} {
			if _, err := conn.Exec(ctx, sql, n); err != nil {
				return err
			}
		}
		return findable(ctx, conn)
	})
}

// findable lets the dossiers be found by names: one of ten surnames and of
// eight middle names, the first of each far more often than the last, and one
// of a hundred given names; and by an identity number each.
func findable(ctx context.Context, conn *pgx.Conn) error {
	surnames := strings.Fields("nguyen tran le pham hoang phan vu dang bui do")
	middle := strings.Fields("van thi huu duc ngoc minh thanh quoc")
	var given []string
	for i := range 100 {
		given = append(given, fmt.Sprintf("ten%02d", i))
	}
	digests := func(words []string) (out [][]byte) {
		for _, word := range words {
			out = append(out, pgtest.Keys().Index(word))
		}
		return out
	}
	_, err := conn.Exec(ctx, manyTermsSQL, digests(surnames), digests(middle), digests(given))
	return err
}

func manyOrganisation(i int) engine.Organisation {
	org := engine.Organisation{Agency: engine.Agency{
		Code: fmt.Sprintf("M%02d", i), Level: "commune", Calendar: calendarOfExamples(), Name: engine.Text{VI: fmt.Sprintf("Ủy ban nhân dân xã số %d", i)},
	}}
	for _, d := range manyDepartments {
		d.Name = engine.Text{VI: "Bộ phận " + d.Code}
		org.Departments = append(org.Departments, d)
	}
	for j := range manyOfficers {
		role := engine.RoleIn{Department: manyDepartments[j%len(manyDepartments)].Code, Role: "officer"}
		org.Officers = append(org.Officers, engine.Officer{ID: fmt.Sprintf("m%02d.o%02d", i, j), Name: fmt.Sprintf("Cán bộ %d", j), Roles: []engine.RoleIn{role}})
	}
	return org
}

// calendarOfExamples is the calendar that the example agencies go by.
func calendarOfExamples() string {
	organisations, err := definitions.ExampleOrganisations()
	if err != nil || len(organisations) == 0 {
		return ""
	}
	return organisations[0].Agency.Calendar
}

// withoutIndexes fills the table of dossiers without its indexes and makes
// them anew.
func withoutIndexes(ctx context.Context, conn *pgx.Conn, fill func() error) error {
	rows, err := conn.Query(ctx, `
		SELECT indexname::text, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'dossiers'
			AND indexname NOT IN (SELECT conname FROM pg_constraint)`)
	if err != nil {
		return err
	}
	type index struct{ Name, Definition string }
	indexes, err := pgx.CollectRows(rows, pgx.RowToStructByPos[index])
	if err != nil {
		return err
	}
	for _, i := range indexes {
		if _, err := conn.Exec(ctx, `DROP INDEX `+pgx.Identifier{i.Name}.Sanitize()); err != nil {
			return err
		}
	}
	if err := fill(); err != nil {
		return err
	}
	for _, i := range indexes {
		if _, err := conn.Exec(ctx, i.Definition); err != nil {
			return err
		}
	}
	_, err = conn.Exec(ctx, `VACUUM ANALYZE`)
	return err
}

// asked is one thing that is measured.
type asked struct {
	name string
	ask  func(ctx context.Context, i int) (int, error)
}

// readMany has eight readers ask for one thing after the other.
func readMany(ctx context.Context, l *postgres.Ledger, calls int, out io.Writer) error {
	all, err := asking(ctx, l)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "%-34s %8s %6s %9s %9s\n", "asked for", "rows", "calls", "p50 ms", "p99 ms")
	for _, a := range all {
		r, err := a.measure(ctx, calls)
		if err != nil {
			return fmt.Errorf("%s: %w", a.name, err)
		}
		_, _ = fmt.Fprintf(out, "%-34s %8d %6d %9.1f %9.1f\n", r.Name, r.Rows, r.Calls, r.P50, r.P99)
	}
	return nil
}

func (a asked) measure(ctx context.Context, calls int) (answered, error) {
	if _, err := a.ask(ctx, 0); err != nil { // what is cached is cached
		return answered{}, err
	}
	var mu sync.Mutex
	var took samples
	var failure error
	rows := 0
	parallel(calls, manyReaders, func(i int) {
		began := time.Now()
		n, err := a.ask(ctx, i)
		mu.Lock()
		defer mu.Unlock()
		took, rows = append(took, time.Since(began)), max(rows, n)
		if failure == nil {
			failure = err
		}
	})
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return answered{Name: strings.TrimSpace(a.name), Rows: rows, Calls: calls, P50: ms(took.quantile(.5)), P99: ms(took.quantile(.99))}, failure
}
