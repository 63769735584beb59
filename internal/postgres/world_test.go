package postgres_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
	"motcua/internal/postgres"
	"motcua/internal/postgres/pgtest"
)

const (
	agency    = "H01.1"
	procedure = "1.000001"
)

// world is a ledger on a database of its own, with one agency, its people, the
// calendar that never closes and a procedure. The ledger works as the role of
// the serving processes; pool is the superuser's.
type world struct {
	*postgres.Ledger
	t    testing.TB
	url  string
	pool *pgxpool.Pool
}

func newWorld(t testing.TB, def engine.Definition) world {
	t.Helper()
	return worldAt(t, pgtest.URL(t), def)
}

func worldAt(t testing.TB, url string, def engine.Definition) world {
	t.Helper()
	w := world{t: t, url: url, pool: pgtest.Open(t, url)}
	w.Ledger = ledgerOn(pgtest.AsApp(t, url))
	require.NoError(t, w.PutCalendar(t.Context(), aroundTheClock()))
	require.NoError(t, w.PutOrganisation(t.Context(), organisation(agency)))
	w.publish(def)
	return w
}

// travelled is a ledger whose database believes that it is another time; the
// clock runs on from there. It has no calendar, agency or procedure yet.
func travelled(t testing.TB, to time.Time) world {
	t.Helper()
	url := pgtest.URL(t)
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	// A function of the same name that is found first: what the ledger asks for
	// the time by is unqualified.
	for _, sql := range []string{
		`CREATE SCHEMA travel`,
		`CREATE TABLE travel.shift AS SELECT '` + to.Format(time.RFC3339) + `'::timestamptz - pg_catalog.clock_timestamp() AS by`,
		`CREATE FUNCTION travel.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT pg_catalog.clock_timestamp() + by FROM travel.shift'`,
		`GRANT USAGE ON SCHEMA travel TO PUBLIC`,
		`GRANT SELECT ON travel.shift TO PUBLIC`,
		`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = travel, pg_catalog, public', current_database()); END $$`,
	} {
		_, err := conn.Exec(t.Context(), sql)
		require.NoError(t, err)
	}
	require.NoError(t, conn.Close(t.Context()))
	w := world{t: t, url: url, pool: pgtest.Open(t, url)}
	w.Ledger = ledgerOn(pgtest.AsApp(t, url))
	return w
}

func ledgerOn(pool *pgxpool.Pool) *postgres.Ledger {
	return postgres.New(pool, postgres.Options{Compile: compile, Keys: pgtest.Keys()})
}

// compile reads a definition written as JSON: the ledger does not mind the language.
func compile(text []byte) (*engine.Machine, error) {
	var def engine.Definition
	if err := json.Unmarshal(text, &def); err != nil {
		return nil, err
	}
	digest := sha256.Sum256(text)
	m, findings := engine.Compile(def, hex.EncodeToString(digest[:]))
	return m, findings.Err()
}

func textOf(t testing.TB, def engine.Definition) (*engine.Machine, []byte) {
	t.Helper()
	text, err := json.Marshal(def)
	require.NoError(t, err)
	m, err := compile(text)
	require.NoError(t, err)
	return m, text
}

func (w world) publish(def engine.Definition) {
	w.t.Helper()
	m, text := textOf(w.t, def)
	require.NoError(w.t, w.PutVersion(w.t.Context(), m, text))
}

func aroundTheClock() calendar.Spec {
	day := []calendar.Shift{{From: 0, To: calendar.EndOfDay}}
	return calendar.Spec{
		Code: "around-the-clock", Version: 1, KnownUntil: calendar.NewDate(9999, time.December, 31),
		Week: calendar.Week{Monday: day, Tuesday: day, Wednesday: day, Thursday: day, Friday: day, Saturday: day, Sunday: day},
	}
}

func organisation(code string) engine.Organisation {
	name := engine.Text{VI: "Ủy ban nhân dân xã Đồng Tâm"}
	own := func(id string) string {
		if code == agency {
			return id
		}
		return id + "@" + code
	}
	return engine.Organisation{
		Agency: engine.Agency{Code: code, Name: name, Level: "commune", Calendar: "around-the-clock"},
		Departments: []engine.Department{
			{Code: "appraisal", Name: name, Parent: "expertise"}, // before its parent: any order will do
			{Code: "office", Name: name},
			{Code: "one-stop", Name: name, Parent: "office"},
			{Code: "expertise", Name: name, Parent: "office"},
		},
		Officers: []engine.Officer{
			{ID: own("an"), Name: "Nguyễn Thị An", Roles: []engine.RoleIn{{Department: "one-stop", Role: "receptionist"}}},
			{ID: own("binh"), Name: "Trần Văn Bình", Roles: []engine.RoleIn{{Department: "one-stop", Role: "receptionist"}}},
			{ID: own("chi"), Name: "Lê Mai Chi", Roles: []engine.RoleIn{{Department: "appraisal", Role: "expert"}}},
			{ID: own("dung"), Name: "Phạm Tiến Dũng", Roles: []engine.RoleIn{{Department: "expertise", Role: "head"}}},
			{ID: own("giang"), Name: "Hoàng Giang", Roles: []engine.RoleIn{{Department: "office", Role: "head"}, {Department: "office", Role: "leader"}}},
			{ID: own("huong"), Name: "Đỗ Thu Hương", Roles: []engine.RoleIn{{Department: "office", Role: "archivist"}}},
		},
	}
}

// birth is a procedure with everything the ledger has to write: a handoff, a
// suspension, legal clocks, forms, papers and fields.
func birth() engine.Definition {
	seconds := func(n int64) calendar.Duration { return calendar.Duration{Value: n, Unit: calendar.Second} }
	name := engine.Text{VI: "Đăng ký khai sinh", EN: "Birth registration"}
	return engine.Definition{
		Motcua: 1, Code: procedure, Version: 1, Name: name, Field: "Hộ tịch", Level: "commune",
		LegalBasis: []engine.LegalBasis{{Ref: "60/2014/QH13"}},
		Effective:  engine.Effective{From: calendar.NewDate(2025, time.July, 1)},
		Limits:     engine.Limits{Statutory: seconds(9000), Committed: seconds(6000), Starts: "received"},
		Suspension: &engine.Suspension{Max: seconds(3600), OnExpiry: "close"},
		Components: []engine.Component{{ID: "declaration", Name: name, Required: engine.Always}, {ID: "certificate", Name: name}},
		Fields: []engine.Field{
			{ID: "child.name", Name: name, Type: "string", Required: engine.Always, Personal: true},
			{ID: "child.born", Name: name, Type: "date"},
			{ID: "child.order", Name: name, Type: "integer"},
			{ID: "in_hospital", Name: name, Type: "bool"},
		},
		States: []engine.State{
			{ID: "received", Name: name, Department: "one-stop", Role: "receptionist", Within: seconds(600), On: []engine.Transition{
				{Event: "accept", To: "under-appraisal", Name: name, Print: "receipt"},
				{Event: "request-supplement", To: "awaiting-supplement", Name: name, Comment: "required"},
				{Event: "refuse", To: "refused", Name: name},
			}},
			{ID: "under-appraisal", Name: name, Department: "appraisal", Role: "expert", Within: seconds(1200),
				Handoff: &engine.HandoffRule{AcceptWithin: seconds(300), MayReturn: true}, On: []engine.Transition{
					{Event: "submit", To: "result-ready", Name: name},
					{Event: "send-back", To: "received", Name: name},
				}},
			{ID: "awaiting-supplement", Name: name, Department: "one-stop", Role: "receptionist", Clock: "suspended", On: []engine.Transition{
				{Event: "supplement", To: "received", Name: name},
				{Event: "close", To: "refused", Name: name, By: engine.ByClock},
			}},
			{ID: "result-ready", Name: name, Department: "one-stop", Role: "receptionist", Within: seconds(600), Outcome: "resolved", PortalStatus: 9,
				On: []engine.Transition{{Event: "hand-over", To: "returned", Name: name}}},
			{ID: "returned", Name: name, Final: true, Outcome: "resolved", PortalStatus: 10},
			{ID: "refused", Name: name, Final: true, Outcome: "refused"},
		},
		Ladder: []engine.Rung{
			{At: 50, Of: engine.OfStep, Notify: []string{"holder"}, Raise: "due-soon"},
			{At: 100, Of: engine.OfStep, Notify: []string{"holder", "head"}, Raise: "overdue"},
			{After: seconds(60), Of: engine.OfDossier, Notify: []string{"leader"}, Raise: "escalated"},
		},
	}
}

// hasty is birth with a rung ten milliseconds into each step of a second, and
// one when it is due: time enough to see it pass.
func hasty(notify ...string) engine.Definition {
	def := birth()
	for i := range def.States {
		if !def.States[i].Within.IsZero() {
			def.States[i].Within = calendar.Duration{Value: 1, Unit: calendar.Second}
		}
	}
	def.Ladder = []engine.Rung{{At: 50, Of: engine.OfStep, Notify: notify, Raise: "due-soon"}}
	return def
}

var portal = engine.Actor{Kind: engine.ActorSystem, ID: "portal", Agency: agency}

func (w world) officer(id string) engine.Actor {
	w.t.Helper()
	_, a, err := w.Officer(w.t.Context(), id)
	require.NoError(w.t, err)
	return a
}

func request(key string) engine.StartRequest {
	return engine.StartRequest{
		Key: key, Digest: "digest of " + key, Actor: portal, Agency: agency, Procedure: procedure, Channel: "online",
		Applicant: engine.Applicant{Name: "Đặng Văn Ưỡng", ID: "001099000001"},
		Fields:    map[string]any{"child.name": "Đặng Ánh Dương"},
	}
}

func (w world) start(key string) engine.Started {
	w.t.Helper()
	s, err := w.Start(w.t.Context(), request(key))
	require.NoError(w.t, err)
	return s
}

var ids atomic.Int64

// submit puts a command of an officer on record and returns its id.
func (w world) submit(dossier, event string, a engine.Actor) string {
	w.t.Helper()
	cmd := engine.Command{ID: "c" + strconv.FormatInt(ids.Add(1), 10), Dossier: dossier, Event: event, Comment: "vì thiếu giấy tờ", Actor: a}
	decided, err := w.Submit(w.t.Context(), cmd)
	require.NoError(w.t, err)
	require.Nil(w.t, decided)
	return cmd.ID
}

func (w world) fire(dossier, event string, a engine.Actor) engine.Outcome {
	w.t.Helper()
	o, err := w.Fire(w.t.Context(), dossier, w.submit(dossier, event, a))
	require.NoError(w.t, err)
	return o
}

// accepted fires an event that must be accepted.
func (w world) accepted(dossier, event, officer string) engine.Outcome {
	w.t.Helper()
	o := w.fire(dossier, event, w.officer(officer))
	require.Nil(w.t, o.Refusal, "%s was refused: %+v", event, o.Refusal)
	return o
}

func (w world) get(dossier string) (engine.Record, engine.Case) {
	w.t.Helper()
	r, c, err := w.Get(w.t.Context(), agency, dossier)
	require.NoError(w.t, err)
	return r, c
}

func (w world) exec(sql string, args ...any) {
	w.t.Helper()
	_, err := w.pool.Exec(w.t.Context(), sql, args...)
	require.NoError(w.t, err)
}

func (w world) count(sql string, args ...any) int {
	w.t.Helper()
	var n int
	require.NoError(w.t, w.pool.QueryRow(w.t.Context(), sql, args...).Scan(&n))
	return n
}

// passed waits until the database's clock has passed a moment.
func (w world) passed(at time.Time) {
	w.t.Helper()
	require.Eventually(w.t, func() bool {
		return w.count(`SELECT (clock_timestamp() > $1)::int`, at) == 1
	}, 10*time.Second, 5*time.Millisecond)
}

func requireCode(t testing.TB, code engine.Code, err error) {
	t.Helper()
	require.Error(t, err)
	require.Equal(t, code, engine.CodeOf(err), "%v", err)
}

// parallel calls f n times at once and returns what each call said.
func parallel[T any](n int, f func(i int) T) []T {
	out := make([]T, n)
	var ready, done sync.WaitGroup
	gate := make(chan struct{})
	ready.Add(n)
	for i := range n {
		done.Go(func() {
			ready.Done()
			<-gate
			out[i] = f(i)
		})
	}
	ready.Wait()
	close(gate)
	done.Wait()
	return out
}

// answer is what a call returned.
type answer[T any] struct {
	value T
	err   error
}

func (a answer[T]) String() string { return fmt.Sprintf("%+v, %v", a.value, a.err) }
