package api_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

const outagesPath = "/api/v1/outages"

func TestOutage(t *testing.T) {
	s, b := atBureau(t)
	body := `{"system":"VNeID","reason":"mất kết nối","basis":"Nghị định 301/2026 Điều 3.4"}`
	s.post("lan", outagesPath, body).refusal(t, http.StatusForbidden, engine.CodeWrongRole)
	declared := s.post("hoa", outagesPath, body, header("Idempotency-Key", "o1"))
	require.Equal(t, http.StatusAccepted, declared.StatusCode, declared.body)
	outage := declared.json(t)["outage"].(map[string]any)
	require.Equal(t, "H00.101", outage["agency"], "of the caller's own agency")
	require.Equal(t, "2026-11-17T08:00:00+07:00", outage["from"])
	id, hoa := outage["id"].(string), s.signedIn("hoa")
	require.Equal(t, "/api/v1/acts/"+id, declared.Header.Get("Location"))
	require.Eventually(t, func() bool { return s.get("/api/v1/acts/"+id, hoa).json(t)["state"] == "done" }, 5*time.Second, time.Millisecond)
	require.Equal(t, declared.Header.Get("Location"), s.post("hoa", outagesPath, body, header("Idempotency-Key", "o1")).Header.Get("Location"))
	require.Len(t, b.outages, 1)

	ended := s.post("hoa", outagesPath+"/"+id+"/end", `{"until":"2026-11-17T09:00:00+07:00","comment":"đã khôi phục"}`)
	require.Equal(t, http.StatusAccepted, ended.StatusCode, ended.body)
	require.Equal(t, "outage-end", ended.json(t)["act"].(map[string]any)["kind"])
	require.Equal(t, "hoa", s.get(outagesPath, hoa).json(t)["outages"].([]any)[0].(map[string]any)["ended_by"])
	require.Empty(t, s.get(outagesPath, as(elsewhereKey)).json(t)["outages"])
	s.post("hoa", outagesPath+"/none/end", `{}`).refusal(t, http.StatusNotFound, engine.CodeNotFound)

	acts := s.get("/api/v1/acts?kind=outage", hoa).json(t)["acts"].([]any)
	require.Len(t, acts, 1)
	require.Len(t, s.get("/api/v1/acts", hoa).json(t)["acts"], 2)
	results := s.get("/api/v1/acts/"+id+"/results?limit=1", hoa).json(t)
	require.Equal(t, "H00.101-261117-0001", results["next"])
	s.get("/api/v1/acts/none/results", hoa).refusal(t, http.StatusNotFound, engine.CodeNotFound)
}

func TestOutageInput(t *testing.T) {
	s, b := atBureau(t)
	for name, body := range map[string]string{
		"no system":        `{"reason":"x"}`,
		"no reason":        `{"system":"VNeID"}`,
		"a day for a time": `{"system":"VNeID","reason":"x","from":"2026-11-17"}`,
		"in the future":    `{"system":"VNeID","reason":"x","from":"2027-11-17T00:00:00+07:00"}`,
		"another agency":   `{"system":"VNeID","reason":"x","agency":"H99"}`,
	} {
		t.Run(name, func(t *testing.T) {
			s.post("hoa", outagesPath, body).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
		})
	}
	require.Empty(t, b.outages)
}

func TestDeparture(t *testing.T) {
	s, b := atBureau(t)
	path := "/api/v1/officers/duc/departure"
	left := s.post("hoa", path, `{"successor":"lan","reason":"nghỉ hưu"}`)
	require.Equal(t, http.StatusAccepted, left.StatusCode, left.body)
	require.Equal(t, "reassign", left.json(t)["kind"])
	require.Equal(t, "duc", left.json(t)["subject"])
	require.Equal(t, "/api/v1/acts/"+left.json(t)["id"].(string), left.Header.Get("Location"))
	s.post("hoa", path, `{}`).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
	s.post("hoa", "/api/v1/officers/nobody/departure", `{"reason":"x"}`).refusal(t, http.StatusUnprocessableEntity, engine.CodeOfficerUnknown)
	s.post("lan", path, `{"reason":"x"}`).refusal(t, http.StatusForbidden, engine.CodeWrongRole)
	require.Len(t, b.acts, 1)
}

func TestAbsences(t *testing.T) {
	s, _ := atBureau(t)
	const path = "/api/v1/absences"
	entered := s.post("lan", path, `{"substitute":"duc","from":"2026-12-01","to":"2026-12-05"}`)
	require.Equal(t, http.StatusCreated, entered.StatusCode, entered.body)
	require.Equal(t, "lan", entered.json(t)["officer"], "the caller's own, unless it says whose")
	s.post("lan", path, `{"officer":"duc","from":"2026-12-01","to":"2026-12-05"}`).refusal(t, http.StatusForbidden, engine.CodeForbidden)
	s.post("lan", path, `{"substitute":"duc","from":"2026-12-05","to":"2026-12-01"}`).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
	s.post("lan", path, `{"from":"soon","to":"2026-12-01"}`).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
	s.post("lan", path, `{"substitute":"nobody","from":"2026-12-01","to":"2026-12-05"}`).refusal(t, http.StatusUnprocessableEntity, engine.CodeOfficerUnknown)
	require.Len(t, s.get(path, s.signedIn("duc")).json(t)["absences"], 1)

	s.post("duc", path+"/lan/2026-12-01/end", "").refusal(t, http.StatusForbidden, engine.CodeForbidden)
	s.post("lan", path+"/lan/2026-12-02/end", "").refusal(t, http.StatusNotFound, engine.CodeNotFound)
	s.post("lan", path+"/lan/soon/end", "").refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
	require.Empty(t, s.post("lan", path+"/lan/2026-12-01/end", "").json(t)["absences"])
}

func TestChain(t *testing.T) {
	s, b := atBureau(t)
	code := s.started()
	require.Equal(t, []any{}, s.get("/api/v1/dossiers/"+code+"/chain", as(systemKey)).json(t)["parts"])
	b.parts = []engine.ChainPart{{ID: "l1", Procedure: "1.004222", Agency: "H00.201", Dossier: "H00.201-261117-0001", Status: "running"}}
	part := s.get("/api/v1/dossiers/"+code+"/chain", as(systemKey)).json(t)["parts"].([]any)[0].(map[string]any)
	require.Equal(t, "H00.201-261117-0001", part["dossier"])
	s.get("/api/v1/dossiers/"+code+"/chain", as(elsewhereKey)).refusal(t, http.StatusNotFound, engine.CodeNotFound)
}

// TestServerCarriesActs: a server takes up what was cut off when it starts,
// and cuts off what it works on when it stops.
func TestServerCarriesActs(t *testing.T) {
	s, b := atBureau(t)
	b.hold = make(chan struct{})
	require.NoError(t, s.server.Start(t.Context(), "127.0.0.1:0"))
	require.Eventually(t, func() bool { return b.resumed.Load() == 1 }, 5*time.Second, time.Millisecond)
	s.post("hoa", outagesPath, `{"system":"VNeID","reason":"x"}`)
	within, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	require.NoError(t, s.server.Stop(within))
	select {
	case <-b.cut:
	default:
		t.Fatal("the act goes on after the server has stopped")
	}
	require.Equal(t, engine.MigrationRunning, b.acts[0].State, "it stays pending")
	require.Equal(t, http.StatusAccepted, s.post("hoa", outagesPath, `{"system":"VNeID","reason":"y"}`).StatusCode)
	require.Equal(t, engine.MigrationRunning, b.acts[1].State, "nothing is begun any more")
	require.Contains(t, s.log.String(), "was cut off")
}
