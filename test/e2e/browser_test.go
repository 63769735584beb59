package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"motcua/engine"
)

// privacy sees personal data of everybody, for a purpose.
const privacy = "mat.kieu"

// accepted is what the state after acceptance is called.
const accepted = "Đã tiếp nhận, số hóa và chuyển hồ sơ"

// tools is where the browser is installed and its scenarios are.
var tools = filepath.Join("..", "..", "tools", "browser")

// browse plays a scenario of tools/browser in a real browser. It is given the
// address of an API and whatever else it needs to know; what it says is the
// failure. Pictures of the pages it failed on are kept.
func browse(t *testing.T, script string, given map[string]any) {
	t.Helper()
	require.DirExists(t, filepath.Join(tools, "node_modules"), "run tools/browser/install.sh first; make e2e does")
	shots, err := os.MkdirTemp("", "motcua-browser-") // not of the test, which would take it along
	require.NoError(t, err)
	all := map[string]any{"base": w.api.base, "shots": shots}
	maps.Copy(all, given)
	input, err := json.Marshal(all)
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), "node", script+".mjs")
	cmd.Dir = tools
	cmd.Stdin = bytes.NewReader(input)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", script, err, out)
	}
	t.Logf("%s", out)
	require.NoError(t, os.RemoveAll(shots))
}

// TestBrowserSignsInAtARealIssuer goes the whole way from a link to a dossier
// through the issuer's form in a browser.
func TestBrowserSignsInAtARealIssuer(t *testing.T) {
	r := newRealm(t)
	r.startIssuer()
	browse(t, "signin", map[string]any{
		"base": r.api.base, "issuer": r.proxy.URL, "dossier": open(t), "officer": reception, "name": "Nguyễn Thị Lan",
		"password": password, "stranger": "nguoi.la", "applicant": applicant,
	})
}

// TestBrowserBoard is a supervisor's way from the board to a late dossier, and
// an officer's answer to it.
func TestBrowserBoard(t *testing.T) {
	filed(t, 52) // more than one page of them
	late, elsewhere := open(t), open(t)
	eventually(t, "it is late", func() bool { return overdue(t, late) })
	browse(t, "board", map[string]any{
		"procedure": copies, "late": late, "elsewhere": elsewhere, "head": head, "officer": toTakeOver, "name": "Trần Văn Minh",
		"clerk": clerk, "accepted": accepted,
	})
	require.Equal(t, "accepted", show(t, late).State)
}

// TestBrowserBulk carries a verb to many dossiers and watches it to its end.
// One of them is held back until the page has shown that the act runs.
func TestBrowserBulk(t *testing.T) {
	for name, scripts := range map[string]bool{"its page follows it": true, "without scripts its page is read anew": false} {
		t.Run(name, func(t *testing.T) {
			codes := passedOn(t, 12)
			release := heldBack(t, codes[0])
			browse(t, "bulk", map[string]any{
				"procedure": copies, "state": "accepted", "total": len(codes), "head": head, "officer": toTakeOver, "scripts": scripts, "release": release,
			})
			for _, code := range codes {
				require.Equal(t, toTakeOver, show(t, code).Holder)
				fire(t, toTakeOver, code, "forward") // nothing else stays in the state
			}
		})
	}
}

// passedOn starts copies from the register and accepts them: nothing else is in
// that state.
func passedOn(t *testing.T, n int) []string {
	t.Helper()
	codes := make([]string, n)
	for i := range codes {
		r := send(t, "portal", http.MethodPost, "/api/v1/dossiers", "", map[string]any{
			"procedure": copies, "channel": "direct", "components": []string{"request"}, "applicant": map[string]any{"name": applicant},
			"fields": map[string]any{"original.kind": "Giấy khai sinh", "copies": 1},
		})
		require.Equal(t, http.StatusCreated, r.Status, "%s", r.Body)
		var started struct{ Code string }
		r.into(t, &started)
		codes[i] = started.Code
		fire(t, reception, started.Code, "accept")
	}
	return codes
}

// heldBack keeps a dossier from being decided until somebody posts to the
// address it returns.
func heldBack(t *testing.T, dossier string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), w.database)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	tx, err := conn.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `SELECT FROM dossiers WHERE code = $1 FOR UPDATE`, dossier)
	require.NoError(t, err)
	door := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { _ = tx.Rollback(context.Background()) }))
	t.Cleanup(door.Close)
	return door.URL
}

// TestBrowserAccess holds every page to WCAG 2.2 A and AA.
func TestBrowserAccess(t *testing.T) {
	filed(t, 3)
	dossier, stale, linked := open(t), open(t), lifeEvent(t)
	fire(t, reception, dossier, "accept")
	eventually(t, "it has been warned of", func() bool { return len(rungs(t, dossier)) > 0 })
	slip, handed := handedOver(t, 2)
	halted := open(t)
	halt := send(t, head, http.MethodPost, "/api/v1/dossiers/"+halted+"/events", "", map[string]any{
		"event": "suspend", "comment": "chờ kết luận", "halt": map[string]any{"until": time.Now().Add(48 * time.Hour), "basis": "Quyết định số 1"},
	})
	require.Equal(t, http.StatusOK, halt.Status, "%s", halt.Body)
	act := send(t, head, http.MethodPost, "/api/v1/bulk", "", map[string]any{"event": "comment", "reason": "nhắc tiến độ", "dossiers": []string{dossier, "H00.101-260101-9999"}})
	require.Equal(t, http.StatusAccepted, act.Status, "%s", act.Body)
	var begun struct{ Act engine.ActRecord }
	act.into(t, &begun)
	eventually(t, "the act is over", func() bool { return progress(t, begun.Act.ID).State == engine.MigrationDone })

	type pages struct {
		Who   string   `json:"who"`
		Paths [][2]any `json:"paths"`
	}
	browse(t, "access", map[string]any{
		"head": head, "officer": reception, "privacy": privacy, "dossier": dossier, "stale": stale, "applicant": applicant,
		"pages": []pages{
			{"", [][2]any{{"/sign-in", 200}, {"/docs", 200}, {"/docs/operations/fire-event", 200}, {"/docs/schemas/Record", 200}}},
			{head, [][2]any{
				{"/", 200}, {"/?list=overdue", 200}, {"/?procedure=9.999999&due_from=2026-01-01", 200}, {"/dossiers/" + dossier, 200},
				{"/dossiers/" + dossier + "/evidence", 200}, {"/bulk", 200}, {"/operations/acts/" + begun.Act.ID, 200}, {"/handoffs/" + slip, 200},
			}},
			{signer, [][2]any{{"/operations", 200}, {"/dossiers/" + linked, 200}, {"/dossiers/" + handed, 200}, {"/dossiers/" + halted, 200}}},
			{privacy, [][2]any{{"/dossiers/" + dossier, 200}}},
			{reception, [][2]any{{"/", 200}, {"/bulk", 403}, {"/dossiers/H00.101-260101-9999", 404}}},
		},
	})
}

// handedOver hands copies from the register over on one slip and returns it
// with one of them.
func handedOver(t *testing.T, n int) (slip, dossier string) {
	t.Helper()
	codes := passedOn(t, n)
	r := send(t, reception, http.MethodPost, "/api/v1/handoffs", "", map[string]any{"event": "forward", "dossiers": codes})
	require.Less(t, r.Status, 300, "%s", r.Body)
	var sent struct{ Slip string }
	r.into(t, &sent)
	require.NotEmpty(t, sent.Slip, "%s", r.Body)
	return sent.Slip, codes[0]
}

// TestBrowserByKeyboard works with nothing but the keyboard.
func TestBrowserByKeyboard(t *testing.T) {
	browse(t, "keyboard", map[string]any{"dossier": open(t), "name": "Nguyễn Thị Lan", "accepted": accepted})
}

// TestBrowserWithoutScripts works in a browser that runs none.
func TestBrowserWithoutScripts(t *testing.T) {
	dossier := open(t)
	browse(t, "plain", map[string]any{"dossier": dossier, "officer": reception, "accepted": accepted})
	require.Equal(t, "accepted", show(t, dossier).State)
}

// TestBrowserComplains is the control of the others.
func TestBrowserComplains(t *testing.T) { browse(t, "control", nil) }
