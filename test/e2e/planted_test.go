package e2e_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
)

// marked are values that are planted wherever something personal is asked for.
var marked = []string{
	"Quách Thị Đánh Dấu-9431", "001194319431", "0994319431", "danhdau9431@example.vn", "ngách 9431", "Quách Minh Khuê-9431", "1994-03-19", "trạm y tế 9431",
	"Đào Văn Cha-9431", "lời dặn 9431",
}

// usual are the people of all other tests.
var usual = []string{applicant, remark, "001190012345", "0912345678", "Nguyễn Bí Mật", "Bệnh viện Bí Mật", "đã gọi điện cho người nộp"}

// TestPlantedValues runs a dossier from the portal to its end with marked
// values in every field and comment, refusals and a standstill on the way,
// while the database writes down every statement with its parameters, and looks
// for the values in everything that is left behind. Once all tests are over
// TestMain looks again, for the people of every test.
func TestPlantedValues(t *testing.T) {
	spans := traced(t)
	astray(t)
	everyStatement(t)
	dossier := plant(t)
	walk(t, dossier)
	requireReadable(t, dossier)
	requireSearched(t)
	open(t) // and one as the other tests make them

	last := send(t, reception, http.MethodGet, "/api/v1/dossiers/"+dossier, "", nil).Header.Get("Trace-Id")
	eventually(t, "the spans of what was done last have been sent", func() bool { return len(spans.of(last)) > 0 })

	all, err := left(t.Context())
	require.NoError(t, err)
	requireProofs(t, all)
	require.Empty(t, leaks(all, append(marked, usual...)...))
}

// TestPlantedValuesAreFound plants a value in each of the places: it must be
// found, or TestPlantedValues would find nothing whatever was there.
func TestPlantedValuesAreFound(t *testing.T) {
	const control = "Đối Chứng-7777"
	before, err := left(t.Context())
	require.NoError(t, err)
	require.Empty(t, leaks(before, control))
	began := w.ran
	defer func() { w.ran = began }()
	for place, s := range sources {
		t.Run(place, func(t *testing.T) {
			s.plant(t, `before {"name": "`+norm.NFD.String(control)+`"} after`)
			there, err := s.read(t.Context())
			require.NoError(t, err)
			require.NotEmpty(t, leaks(there, control))
		})
	}
}

// everyStatement lets the database log every statement with its parameters
// until the test ends: what is deleted again has passed by, too.
func everyStatement(t *testing.T) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), w.postgres.URL("postgres"))
	require.NoError(t, err)
	set := func(value string) {
		_, err := conn.Exec(context.Background(), `ALTER SYSTEM SET log_statement = `+value)
		require.NoError(t, err)
		_, err = conn.Exec(context.Background(), `SELECT pg_reload_conf()`)
		require.NoError(t, err)
	}
	set("'all'")
	t.Cleanup(func() { set("DEFAULT"); require.NoError(t, conn.Close(context.Background())) })
	eventually(t, "statements are logged", func() bool {
		var on string
		return conn.QueryRow(t.Context(), `SHOW log_statement`).Scan(&on) == nil && on == "all"
	})
}

// plant starts a dossier with marked values. Everything it sends is marked but
// what the procedure does not call personal.
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

// walk lets a planted dossier have everything that people write: remarks,
// refused events, a misspelt one, a standstill, a supplement.
func walk(t *testing.T, dossier string) {
	t.Helper()
	events := "/api/v1/dossiers/" + dossier + "/events"
	say := func(who, event string) { fireWith(t, who, dossier, event, "lời dặn 9431 của "+who) }
	say(reception, "comment")
	for event, status := range map[string]int{"sign": http.StatusConflict, "lời dặn 9431": http.StatusUnprocessableEntity} {
		r := send(t, signer, http.MethodPost, events, "", map[string]string{"event": event, "comment": "lời dặn 9431"})
		require.Equal(t, status, r.Status, "%s", r.Body)
	}
	r := send(t, head, http.MethodPost, events, "", map[string]any{
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
	require.NoError(t, w.ledger.Verify(t.Context(), dossier))
}

// requireReadable checks that every marked value was taken in and is kept: who
// worked on the dossier reads it in full.
func requireReadable(t *testing.T, dossier string) {
	t.Helper()
	var read strings.Builder
	for _, what := range []string{"", "/facts", "/personal-data"} {
		r := send(t, reception, http.MethodGet, "/api/v1/dossiers/"+dossier+what, "", nil)
		require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
		read.Write(r.Body)
	}
	for _, value := range marked {
		require.Contains(t, read.String(), value)
	}
}

// requireSearched looks for the dossier by what is planted, as people do: it is
// in URLs then, and what is answered is masked.
func requireSearched(t *testing.T) {
	t.Helper()
	for _, words := range []string{"Quách Thị Đánh Dấu-9431", "001194319431", norm.NFD.String("Quách Thị Đánh Dấu-9431")} {
		r := send(t, reception, http.MethodGet, "/api/v1/dossiers?q="+url.QueryEscape(words), "", nil)
		require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
		require.Contains(t, string(r.Body), `"code"`, "it is found by %s", words)
		require.NotContains(t, string(r.Body), "Đánh Dấu")
	}
}

// astray puts a name where none belongs: into the addresses of requests, which
// are refused.
func astray(t *testing.T) {
	t.Helper()
	for _, wrong := range []string{"/api/v1/dossiers?ten=", "/api/v1/dossiers/", "/"} {
		r := send(t, reception, http.MethodGet, wrong+url.PathEscape("Quách Thị Đánh Dấu-9431"), "", nil)
		require.GreaterOrEqual(t, r.Status, http.StatusBadRequest, wrong)
	}
}
