package e2e_test

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"motcua/engine"
)

// TestBadInput sends what must be refused: each answer is a problem with its
// code, and nothing is half-done.
func TestBadInput(t *testing.T) {
	dossier := open(t)
	untouched, dossiers := caused(t, dossier), count(t)
	unknown, bare, fault := births(), births(), births()
	unknown["procedure"] = "9.999999"
	bare["fields"] = map[string]any{}
	fault["surprise"] = "001190012345"
	events := "/api/v1/dossiers/" + dossier + "/events"
	for name, c := range map[string]struct {
		who, path string
		body      any
		status    int
		code      engine.Code
	}{
		"an unknown event":                         {reception, events, map[string]string{"event": "acept"}, 422, engine.CodeEventUnknown},
		"an event out of place":                    {signer, events, map[string]string{"event": "sign"}, 409, engine.CodeEventNotPermitted},
		"an event by the wrong role":               {signer, events, map[string]string{"event": "accept"}, 403, engine.CodeWrongRole},
		"an event of another department's officer": {clerk, events, map[string]string{"event": "accept"}, 404, engine.CodeNotFound},
		"an event without its reason":              {reception, events, map[string]string{"event": "refuse"}, 422, engine.CodeCommentRequired},
		"nobody's event":                           {"", events, map[string]string{"event": "accept"}, 401, engine.CodeUnauthenticated},
		"a body of 10 MB":                          {reception, events, map[string]string{"event": "accept", "comment": strings.Repeat("x", 10<<20)}, 413, engine.CodeTooLarge},
		"an unknown procedure":                     {"portal", "/api/v1/dossiers", unknown, 422, engine.CodeProcedureUnknown},
		"a start without its fields":               {"portal", "/api/v1/dossiers", bare, 422, engine.CodeInvalid},
		"a key the API does not know":              {"portal", "/api/v1/dossiers", fault, 422, engine.CodeInvalid},
		"a dossier that is not there":              {reception, "/api/v1/dossiers/H00.101-260101-9999/events", map[string]string{"event": "accept"}, 404, engine.CodeNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			r := send(t, c.who, http.MethodPost, c.path, "", c.body)
			var p problem
			r.into(t, &p)
			require.Equal(t, c.status, r.Status, "%s", r.Body)
			require.Equal(t, c.status, p.Status)
			require.Equal(t, c.code, p.Code)
			require.Equal(t, "application/problem+json", r.Header.Get("Content-Type"))
			require.NotContains(t, string(r.Body), "001190012345", "a problem never repeats what was sent")
		})
	}
	require.Equal(t, untouched, caused(t, dossier), "a refused event leaves no trace in the dossier")
	require.Equal(t, dossiers, count(t), "a refused start leaves no dossier")
	require.Contains(t, w.api.log.String(), "event-not-permitted", "but it is logged")
	require.NoError(t, w.ledger.Verify(context.Background(), dossier))
}

// TestBrokenDefinition gives the command line a file that is not a procedure.
func TestBrokenDefinition(t *testing.T) {
	file := filepath.Join(t.TempDir(), "broken.yaml")
	require.NoError(t, os.WriteFile(file, []byte("motcua: 1\ncode: \"1.001193\"\nstates:\n  - id: received\n    colour: red\n"), 0o600))
	cmd := exec.Command(w.binary, "procedure", "lint", file)
	var out bytes.Buffer
	cmd.Stdout = &out
	err := cmd.Run()
	var exit *exec.ExitError
	require.ErrorAs(t, err, &exit)
	require.Equal(t, 3, exit.ExitCode())
	require.Contains(t, out.String(), file+":5:5: ")
	require.Contains(t, out.String(), "colour")
}

// count counts the dossiers of the commune.
func count(t *testing.T) int {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), w.database)
	require.NoError(t, err)
	defer func() { _ = conn.Close(context.Background()) }()
	var n int
	require.NoError(t, conn.QueryRow(context.Background(), `SELECT count(*) FROM dossiers WHERE agency = $1`, commune).Scan(&n))
	return n
}

// caused counts the facts that somebody, not time, brought about.
func caused(t *testing.T, dossier string) int {
	t.Helper()
	n := 0
	for _, f := range facts(t, dossier) {
		if f.ActorKind != engine.ActorClock {
			n++
		}
	}
	return n
}
