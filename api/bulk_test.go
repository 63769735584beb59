package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

const bulkPath = "/api/v1/bulk"

func TestBulk(t *testing.T) {
	s, _ := atBureau(t)
	first, second := s.started(), s.started()
	body := fmt.Sprintf(`{"event":"comment","reason":"nhắc tiến độ","dossiers":[%q,%q,"H00.101-261117-9999"]`, first, second)
	hoa := s.signedIn("hoa")

	preview := s.post("hoa", bulkPath, body+`,"preview":true}`)
	require.Equal(t, http.StatusOK, preview.StatusCode, preview.body)
	counts := preview.json(t)["counts"].(map[string]any)
	require.EqualValues(t, 2, counts["changed"])
	require.EqualValues(t, 1, counts["reasons"].(map[string]any)["not-found"], "each reason is counted")
	require.Len(t, preview.json(t)["outcomes"], 3)
	require.Empty(t, s.get("/api/v1/acts?kind=bulk", hoa).json(t)["acts"], "a preview is no act")

	begun := s.post("hoa", bulkPath, body+`}`, header("Idempotency-Key", "k1"))
	require.Equal(t, http.StatusAccepted, begun.StatusCode, begun.body)
	place := begun.Header.Get("Location")
	require.Equal(t, "/api/v1/acts/"+begun.json(t)["act"].(map[string]any)["id"].(string), place)
	require.Eventually(t, func() bool { return s.get(place, hoa).json(t)["state"] == "done" }, 5*time.Second, time.Millisecond)
	act := s.get(place, hoa).json(t)
	require.EqualValues(t, counts, act["counts"])
	require.Equal(t, "nhắc tiến độ", act["reason"])
	require.Equal(t, "hoa", act["bulk"].(map[string]any)["authority"].(map[string]any)["id"], "by which authority")
	require.Equal(t, place, s.post("hoa", bulkPath, body+`}`, header("Idempotency-Key", "k1")).Header.Get("Location"))

	again := s.post("hoa", place+"/retry", `{"reason":"thử lại"}`)
	require.Equal(t, http.StatusAccepted, again.StatusCode, again.body)
	require.EqualValues(t, 1, again.json(t)["counts"].(map[string]any)["total"], "the refused only")
	s.post("hoa", "/api/v1/acts/none/retry", `{}`).refusal(t, http.StatusNotFound, engine.CodeNotFound)
}

func TestBulkByFilter(t *testing.T) {
	s, b := atBureau(t)
	s.started()
	b.hold = make(chan struct{})
	begun := s.post("hoa", bulkPath, `{"event":"comment","reason":"nhắc","filter":{"department":"one-stop","overdue":"false"}}`)
	require.Equal(t, http.StatusAccepted, begun.StatusCode, begun.body)
	place := begun.Header.Get("Location")
	cancelled := s.post("hoa", place+"/cancel", "")
	require.Equal(t, http.StatusOK, cancelled.StatusCode, cancelled.body)
	require.Equal(t, "cancelled", cancelled.json(t)["state"])
	require.Equal(t, "hoa", cancelled.json(t)["cancelled_by"])
	require.EqualValues(t, 1, cancelled.json(t)["counts"].(map[string]any)["cancelled"])
	close(b.hold)
}

func TestBulkInput(t *testing.T) {
	s, b := atBureau(t)
	many := strings.Repeat(`"H00.101-1",`, engine.MaxBulk) + `"H00.101-2"`
	for name, body := range map[string]string{
		"an event of the definition":   `{"event":"accept","reason":"x","dossiers":["a"]}`,
		"no reason":                    `{"event":"comment","dossiers":["a"]}`,
		"neither list nor filter":      `{"event":"comment","reason":"x"}`,
		"both":                         `{"event":"comment","reason":"x","dossiers":["a"],"filter":{}}`,
		"no parameter of a list":       `{"event":"comment","reason":"x","filter":{"agency":"H99"}}`,
		"what goes with another event": `{"event":"comment","reason":"x","dossiers":["a"],"officer":"lan"}`,
		"a return to nowhere":          `{"event":"return-dossier","reason":"x","dossiers":["a"]}`,
		"an extension by nothing":      `{"event":"extend-limit","reason":"x","dossiers":["a"]}`,
		"too many":                     `{"event":"comment","reason":"x","dossiers":[` + many + `]}`,
	} {
		t.Run(name, func(t *testing.T) {
			s.post("hoa", bulkPath, body).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
		})
	}
	s.post("lan", bulkPath, `{"event":"comment","reason":"x","dossiers":["a"]}`).refusal(t, http.StatusForbidden, engine.CodeWrongRole)
	require.Empty(t, b.bulks)
}

func TestPreviewEvent(t *testing.T) {
	s, b := atBureau(t)
	code := s.started()
	path := "/api/v1/dossiers/" + code + "/preview"
	before := len(b.w.facts[code])
	p := s.post("hoa", path, `{"event":"escalate","comment":"x"}`)
	require.Equal(t, http.StatusOK, p.StatusCode, p.body)
	require.Equal(t, "event-not-permitted", p.json(t)["refusal"].(map[string]any)["code"], "a refusal is foreseen too: nobody is above a leader")

	p = s.post("hoa", path, `{"event":"override","comment":"kết luận thanh tra","overrides":{"to":"refused"}}`)
	require.Equal(t, http.StatusOK, p.StatusCode, p.body)
	require.Equal(t, true, p.json(t)["override"])
	require.Equal(t, "refused", p.json(t)["to"])
	require.Equal(t, true, p.json(t)["closed"])
	require.NotEmpty(t, p.json(t)["moves"])
	require.Contains(t, p.json(t)["facts"], "overridden")
	require.Len(t, b.w.facts[code], before, "nothing is written")
	require.Empty(t, b.w.commands, "and no command submitted")

	s.post("hoa", path, `{"event":"tick"}`).refusal(t, http.StatusUnprocessableEntity, engine.CodeEventUnknown)
	s.post("hoa", path, `{"event":"override","comment":"x"}`).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
	s.post("hoa", "/api/v1/dossiers/H00.101-990101-0001/preview", `{"event":"comment"}`).refusal(t, http.StatusNotFound, engine.CodeNotFound)
}

func TestWatch(t *testing.T) {
	s, _ := atBureau(t)
	code := s.started()
	path := "/api/v1/dossiers/" + code + "/watch"
	require.Equal(t, true, s.post("hoa", path, `{"watch":true}`).json(t)["watch"])
	list := s.get("/api/v1/watches", s.signedIn("hoa")).json(t)["watches"].([]any)
	require.Equal(t, code, list[0].(map[string]any)["dossier"])
	s.post("hoa", path, `{"watch":false}`)
	require.Empty(t, s.get("/api/v1/watches", s.signedIn("hoa")).json(t)["watches"])
	require.Equal(t, http.StatusForbidden, s.do(http.MethodPost, path, `{"watch":true}`, as(systemKey)).StatusCode)
}
