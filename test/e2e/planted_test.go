package e2e_test

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// marked are values that are planted wherever something personal is asked for.
var marked = []string{
	"Quách Thị Đánh Dấu-9431", "001194319431", "0994319431", "danhdau9431@", "ngách 9431", "Quách Minh Khuê-9431", "1994-03-19", "trạm y tế 9431",
	"Đào Văn Cha-9431", "lời dặn 9431",
}

// TestPlantedValues runs a dossier from the portal to its end with marked
// values in every field and comment, a refusal and a standstill on the way,
// and looks for them in everything that is left behind: each table of every
// database of Temporal and of the ledger, the logs and the metrics.
func TestPlantedValues(t *testing.T) {
	dossier := plant(t)
	say := func(who, event string) { fireWith(t, who, dossier, event, "lời dặn 9431 của "+who) }
	say(reception, "comment")
	send(t, signer, http.MethodPost, "/api/v1/dossiers/"+dossier+"/events", "", map[string]string{"event": "sign", "comment": "lời dặn 9431"})
	send(t, signer, http.MethodPost, "/api/v1/dossiers/"+dossier+"/events", "", map[string]string{"event": "lời dặn 9431"})
	r := send(t, head, http.MethodPost, "/api/v1/dossiers/"+dossier+"/events", "", map[string]any{
		"event": "suspend", "comment": "lời dặn 9431", "halt": map[string]any{"basis": "Điều 3", "until": time.Now().Add(time.Hour)}})
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	fire(t, head, dossier, "resume")
	say(reception, "request-supplement")
	say("portal", "supplement")
	say(reception, "accept")
	for _, step := range theRest {
		say(step[0], step[1])
	}
	eventually(t, "its workflow has ended", func() bool { return ended(t, dossier) })
	require.NoError(t, w.ledger.Verify(context.Background(), dossier))

	shown := send(t, reception, http.MethodGet, "/api/v1/dossiers/"+dossier, "", nil)
	require.Contains(t, string(shown.Body), "Quách Thị Đánh Dấu-9431", "who worked on it may read it: the values are there")
	require.Contains(t, string(send(t, reception, http.MethodGet, "/api/v1/dossiers/"+dossier+"/facts", "", nil).Body), "lời dặn 9431")
	require.NotContains(t, string(send(t, reception, http.MethodGet, "/api/v1/dossiers?q=9431", "", nil).Body), "Đánh Dấu")

	left := map[string][]byte{"log of the api": []byte(w.api.log.String()), "log of the worker": []byte(w.worker.log.String())}
	for _, name := range []string{"temporal/temporal.log", "postgres/postgres.log"} {
		if text, err := os.ReadFile(filepath.Join(w.dir, name)); err == nil {
			left[name] = text
		}
	}
	left["metrics"] = send(t, "", http.MethodGet, "/metrics", "", nil).Body
	tables := dumped(t)
	var temporal, ledger int
	for name, text := range tables {
		left[name] = text
		if bytes.Contains(text, []byte(dossier)) {
			if strings.HasPrefix(name, "motcua.") {
				ledger++
			} else {
				temporal++
			}
		}
	}
	require.Positive(t, temporal, "the search finds what is in Temporal's databases")
	require.Positive(t, ledger, "and in the ledger")
	require.NotEmpty(t, left["log of the api"])
	for name, text := range left {
		for _, value := range marked {
			require.False(t, bytes.Contains(text, []byte(value)), "%q is in %s", value, name)
		}
	}
}

// plant starts a dossier with marked values.
func plant(t *testing.T) string {
	t.Helper()
	r := send(t, "portal", http.MethodPost, "/api/v1/dossiers", "", map[string]any{
		"procedure": birth, "channel": "direct", "components": []string{"declaration"}, "comment": "lời dặn 9431 khi nộp",
		"applicant": map[string]any{
			"name": "Quách Thị Đánh Dấu-9431", "id": "001194319431", "phone": "0994319431", "email": "danhdau9431@example.vn", "address": "ngách 9431"},
		"fields": map[string]any{
			"child.full_name": "Quách Minh Khuê-9431", "child.born_on": "1994-03-19", "child.birthplace": "trạm y tế 9431", "father.full_name": "Đào Văn Cha-9431"},
	})
	require.Equal(t, http.StatusCreated, r.Status, "%s", r.Body)
	var started struct{ Code string }
	r.into(t, &started)
	return started.Code
}

// dumped is every table of every database of the server, as bytes.
func dumped(t *testing.T) map[string][]byte {
	t.Helper()
	ctx, out := context.Background(), map[string][]byte{}
	for _, database := range names(t, "postgres", `SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate`) {
		conn, err := pgx.Connect(ctx, w.postgres.URL(database))
		require.NoError(t, err)
		for _, table := range names(t, database, `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`) {
			var b bytes.Buffer
			_, err := conn.PgConn().CopyTo(ctx, &b, `COPY (SELECT * FROM `+table+`) TO STDOUT (FORMAT binary)`)
			require.NoError(t, err, table)
			out[database+"."+table] = b.Bytes()
		}
		require.NoError(t, conn.Close(ctx))
	}
	return out
}

func names(t *testing.T, database, sql string) []string {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), w.postgres.URL(database))
	require.NoError(t, err)
	defer func() { _ = conn.Close(context.Background()) }()
	rows, err := conn.Query(context.Background(), sql)
	require.NoError(t, err)
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return list
}
