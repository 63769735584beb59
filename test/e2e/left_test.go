package e2e_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// source is a place where something may be left behind.
type source struct {
	// read is all that lies there, by name.
	read func(context.Context) (map[string][]byte, error)
	// proofs are what must be found there, by the beginning of a name, once a
	// dossier has run from start to end: the place was really read.
	proofs map[string]string
	// plant leaves a text there, for the control.
	plant func(*testing.T, string)
}

// sources are all the places that are searched for personal values. Whoever
// lets motcua write somewhere else adds the place.
var sources = map[string]source{
	"logs of processes": {processLogs, map[string]string{
		"log of api": `msg=request .*route="POST /api/v1/dossiers/\{code\}/events" status=200`, "log of worker": `WorkflowID=dossier/H00\.101-\d{6}-\d{4}`,
	}, func(_ *testing.T, text string) {
		w.ran = append(w.ran, &process{name: "planted", log: &logbook{}})
		_, _ = w.ran[len(w.ran)-1].log.Write([]byte(text))
	}},
	"logs of servers": {serverLogs, map[string]string{
		"log of postgres": `(?s)INSERT INTO facts.*parameters: .*\\x`, "log of temporal": `"Started physicalTaskQueueManager|Started`,
	}, func(t *testing.T, text string) {
		log, err := os.OpenFile(w.postgres.LogFile(), os.O_APPEND|os.O_WRONLY, 0)
		require.NoError(t, err)
		_, err = log.WriteString(text + "\n")
		require.NoError(t, err)
		require.NoError(t, log.Close())
	}},
	"metrics": {metrics, map[string]string{
		"metrics of api":    `motcua_http_request_duration_seconds_count\{method="POST",route="/api/v1/dossiers/\{code\}/events",status="2xx"\} [1-9]`,
		"metrics of worker": `motcua_relay_errands_total\{kind="start",result="carried"\} [1-9]`,
	}, func(t *testing.T, text string) {
		shown := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, text) }))
		w.ran = append(w.ran, &process{name: "planted", log: &logbook{}, metrics: shown.URL})
		t.Cleanup(shown.Close)
	}},
	"spans": {sentSpans, map[string]string{
		"spans": `(?s)POST /api/v1/dossiers/\{code\}/events.*INSERT INTO facts`, "spans ": `dossier/H00\.101-\d{6}-\d{4}`,
	}, func(_ *testing.T, text string) {
		w.collector.mu.Lock()
		defer w.collector.mu.Unlock()
		w.collector.raw = append(w.collector.raw, text...)
	}},
	"databases": {tables, map[string]string{
		"motcua.public.facts": `dossier-closed`, "motcua.public.dossiers": `H00\.101-\d{6}-\d{4}`,
		"temporal.public.history_node": `dossier/H00\.101-\d{6}-\d{4}`, "temporal_visibility.public.executions_visibility": `dossier/H00\.101-\d{6}-\d{4}`,
	}, func(t *testing.T, text string) {
		conn, err := pgx.Connect(t.Context(), w.postgres.URL("temporal"))
		require.NoError(t, err)
		_, err = conn.Exec(t.Context(), `CREATE TABLE planted AS SELECT convert_to($1, 'UTF8') AS bytes`, text)
		require.NoError(t, err)
		t.Cleanup(func() {
			_, err := conn.Exec(context.Background(), `DROP TABLE planted`)
			require.NoError(t, err)
			require.NoError(t, conn.Close(context.Background()))
		})
	}},
}

// left is everything that is left behind, in all places.
func left(ctx context.Context) (map[string][]byte, error) {
	all := map[string][]byte{}
	for name, s := range sources {
		there, err := s.read(ctx)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for n, text := range there {
			all[n] = append(all[n], text...)
		}
	}
	return all, nil
}

// leaks says which values are in what is left behind, and where.
func leaks(all map[string][]byte, values ...string) []string {
	var said []string
	h := newHaystack(needles(values...))
	for name, text := range all {
		for _, n := range h.in(text) {
			said = append(said, fmt.Sprintf("%q (%s) is in %s", n.value, n.form, name))
		}
	}
	return said
}

// requireProofs checks that the places were really read.
func requireProofs(t *testing.T, all map[string][]byte) {
	t.Helper()
	for place, s := range sources {
		for beginning, pattern := range s.proofs {
			var read bytes.Buffer
			for name, text := range all {
				if strings.HasPrefix(name, beginning) {
					read.Write(text)
				}
			}
			require.True(t, regexp.MustCompile(pattern).Match(read.Bytes()), "%s: %s (%d bytes) has no %s", place, beginning, read.Len(), pattern)
		}
	}
}

// processLogs are what every process that was started has said, those that
// were killed too.
func processLogs(context.Context) (map[string][]byte, error) {
	all := map[string][]byte{}
	for i, p := range w.ran {
		all[fmt.Sprintf("log of %s, process %d", p.name, i)] = []byte(p.log.String())
	}
	return all, nil
}

func serverLogs(context.Context) (map[string][]byte, error) {
	all := map[string][]byte{}
	for name, file := range map[string]string{"log of postgres": w.postgres.LogFile(), "log of temporal": w.temporal.LogFile()} {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		before, err := os.ReadFile(file + ".old") // what was set aside at a start
		if err != nil && !os.IsNotExist(err) {
			return nil, err
		}
		all[name] = append(before, text...)
	}
	return all, nil
}

// sentSpans are what processes that were traced have sent, as it was sent.
func sentSpans(context.Context) (map[string][]byte, error) {
	_, raw := w.collector.all()
	return map[string][]byte{"spans received": raw}, nil
}

// metrics are those of the processes that live.
func metrics(ctx context.Context) (map[string][]byte, error) {
	all := map[string][]byte{}
	for i, p := range w.ran {
		if p.ended() || p.metrics == "" {
			continue
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.metrics, http.NoBody)
		if err != nil {
			return nil, err
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil || res.StatusCode != http.StatusOK {
			return nil, fmt.Errorf("%s: %s: %w", p.metrics, res.Status, err)
		}
		all[fmt.Sprintf("metrics of %s, process %d", p.name, i)] = text
	}
	return all, nil
}

// tables are every table of every database of the server: Temporal's and the
// ledger's.
func tables(ctx context.Context) (map[string][]byte, error) {
	all := map[string][]byte{}
	databases, err := names(ctx, "postgres", `SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate`)
	if err != nil {
		return nil, err
	}
	for _, database := range databases {
		if err := dump(ctx, database, all); err != nil {
			return nil, fmt.Errorf("%s: %w", database, err)
		}
	}
	return all, nil
}

func dump(ctx context.Context, database string, into map[string][]byte) error {
	list, err := names(ctx, database, `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables
		WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`)
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, w.postgres.URL(database))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	for _, table := range list {
		var b bytes.Buffer
		if _, err := conn.PgConn().CopyTo(ctx, &b, `COPY (SELECT * FROM `+table+`) TO STDOUT (FORMAT binary)`); err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
		into[database+"."+table] = b.Bytes()
	}
	return nil
}

func names(ctx context.Context, database, sql string) ([]string, error) {
	conn, err := pgx.Connect(ctx, w.postgres.URL(database))
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close(ctx) }()
	rows, err := conn.Query(ctx, sql)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
