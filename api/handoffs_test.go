package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

const handoffsPath = "/api/v1/handoffs"

func quotedList(codes ...string) string { return `["` + strings.Join(codes, `","`) + `"]` }

func TestHandoffWithOneSlip(t *testing.T) {
	s, _ := atBureau(t)
	var codes []string
	for range 20 {
		codes = append(codes, s.started())
	}
	s.event(codes[3], "withdraw", s.signedIn("lan")) // unknown there: changes nothing
	s.event(codes[4], "request-supplement", s.signedIn("lan"))
	body := `{"dossiers":` + quotedList(append(codes, "H00.101-261117-9999")...) + `,"event":"accept","comment":"đợt 1"}`
	sent := s.post("lan", handoffsPath, body, header("Idempotency-Key", "k"))
	require.Equal(t, http.StatusOK, sent.StatusCode, sent.body)
	answer := sent.json(t)
	require.Equal(t, 20.0, answer["done"])
	require.Equal(t, 1.0, answer["refused"])
	results := answer["results"].([]any)
	for i, code := range codes {
		require.Equal(t, map[string]any{"dossier": code, "result": "done", "state": "under-appraisal"}, results[i], "in the order of the request")
	}
	require.Equal(t, "not-found", results[20].(map[string]any)["code"])

	slip := answer["slip"].(string)
	again := s.post("lan", handoffsPath, body, header("Idempotency-Key", "k")).json(t)
	require.Equal(t, slip, again["slip"])
	require.Equal(t, 20.0, again["done"], "what was done is not refused when it is repeated")
	sends := 0
	for _, f := range s.facts[codes[0]] {
		if f.Kind == engine.FactHandoffSent {
			sends++
			require.Equal(t, slip, f.Handoff.Slip)
		}
	}
	require.Equal(t, 1, sends)

	duc := s.signedIn("duc")
	view := s.get(handoffsPath+"/"+slip, duc).json(t)
	require.Equal(t, 20.0, view["waiting"])
	require.Equal(t, "civil-status", view["dossiers"].([]any)[0].(map[string]any)["to_department"])
	require.Empty(t, s.post("lan", handoffsPath+"/"+slip+"/accept", "").json(t)["results"], "not sent to the caller's department")
	accepted := s.do(http.MethodPost, handoffsPath+"/"+slip+"/accept", `{"comment":"đủ"}`, duc, header("Idempotency-Key", "a")).json(t)
	require.Equal(t, 20.0, accepted["done"])
	require.Nil(t, s.cases[codes[7]].Handoff)
	require.Equal(t, 0.0, s.get(handoffsPath+"/"+slip, duc).json(t)["waiting"])
	s.get(handoffsPath+"/none", duc).refusal(t, http.StatusNotFound, engine.CodeNotFound)
}

func TestHandoffInput(t *testing.T) {
	s, _ := atBureau(t)
	code := s.started()
	many := make([]string, 201)
	for i := range many {
		many[i] = code
	}
	for name, body := range map[string]string{
		"none":             `{"dossiers":[],"event":"accept"}`,
		"too many":         `{"dossiers":` + quotedList(many...) + `,"event":"accept"}`,
		"one twice":        `{"dossiers":` + quotedList(code, code) + `,"event":"accept"}`,
		"a path":           `{"dossiers":["../x"],"event":"accept"}`,
		"no event":         `{"dossiers":` + quotedList(code) + `}`,
		"a reserved event": `{"dossiers":` + quotedList(code) + `,"event":"claim"}`,
	} {
		t.Run(name, func(t *testing.T) {
			s.post("lan", handoffsPath, body).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
		})
	}
	require.Empty(t, s.commands)
	refused := s.post("duc", handoffsPath, `{"dossiers":`+quotedList(code)+`,"event":"accept"}`).json(t)
	require.Equal(t, "wrong-role", refused["results"].([]any)[0].(map[string]any)["code"])
	s.do(http.MethodPost, handoffsPath, `{"dossiers":`+quotedList(code)+`,"event":"accept"}`, as(systemKey)).refusal(t, http.StatusForbidden, engine.CodeForbidden)
}

// TestEventExtras: what goes with some events only is refused with others, and
// reaches the ledger with those.
func TestEventExtras(t *testing.T) {
	s, _ := atBureau(t)
	code := s.started()
	fire := func(body string) answer { return s.post("lan", "/api/v1/dossiers/"+code+"/events", body) }
	for body, path := range map[string]string{
		`{"event":"accept","officer":"duc"}`:                                                                                "/officer",
		`{"event":"accept","halt":{"until":"2026-11-20T00:00:00+07:00"}}`:                                                   "/halt",
		`{"event":"suspend","comment":"x"}`:                                                                                 "/halt/until",
		`{"event":"suspend","comment":"x","halt":{"until":"soon"}}`:                                                         "/halt/until",
		`{"event":"accept","overrides":{"to":"returned"}}`:                                                                  "/overrides",
		`{"event":"override","comment":"x"}`:                                                                                "/overrides",
		`{"event":"override","comment":"x","overrides":{"extend":"much"}}`:                                                  "/overrides/extend",
		`{"event":"override","comment":"x","overrides":{"to":"../x"}}`:                                                      "/overrides/to",
		`{"event":"comment","comment":"x","target":"p1"}`:                                                                   "/target",
		`{"event":"claim","slip":"s1"}`:                                                                                     "/slip",
		`{"event":"accept","answer":{"consultation":"a","department":"b","says":"agree"}}`:                                  "/answer",
		`{"event":"answer","answer":{"consultation":"a","department":"b"}}`:                                                 "/answer/says",
		`{"event":"reassign","comment":"x","officer":"` + strings.Repeat("x", 65) + `"}`:                                    "/officer",
		`{"event":"endorse","target":"` + strings.Repeat("x", 101) + `"}`:                                                   "/target",
		`{"event":"suspend","comment":"x","halt":{"until":"2026-11-20T00:00:00+07:00","from":"2026-11-01T00:00:00+07:00"}}`: "/halt/from",
	} {
		p := fire(body).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
		require.Equal(t, path, p["errors"].([]any)[0].(map[string]any)["path"], body)
	}
	require.Empty(t, s.commands)

	fire(`{"event":"reassign","comment":"x","officer":"duc"}`)
	fire(`{"event":"suspend","comment":"x","halt":{"until":"2026-11-20T00:00:00+07:00","basis":"b"}}`)
	fire(`{"event":"override","comment":"x","overrides":{"to":"returned","extend":"2wd"}}`)
	fire(`{"event":"acknowledge","target":"alarm-3"}`)
	given := map[string]engine.Command{}
	for _, cmd := range s.commands {
		given[cmd.Event] = cmd
	}
	require.Equal(t, "duc", given["reassign"].Officer)
	require.Equal(t, "b", given["suspend"].Halt.Basis)
	require.Equal(t, 20, given["suspend"].Halt.Until.Day())
	require.Equal(t, "returned", given["override"].Overrides.To)
	require.Equal(t, "2wd", given["override"].Overrides.Extend.String())
	require.Equal(t, "alarm-3", given["acknowledge"].Target)
}
