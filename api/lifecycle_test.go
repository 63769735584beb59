package api_test

import (
	"bytes"
	"cmp"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/api/bundle"
	"motcua/api/problem"
	"motcua/definitions"
	"motcua/engine"
)

const yamlType = "application/yaml"

// definitionText is a shipped definition as version 2.
func definitionText(t *testing.T) string {
	t.Helper()
	sources, err := definitions.Shipped()
	require.NoError(t, err)
	for _, s := range sources {
		if s.Machine.Code == "2.000908" {
			return string(bytes.Replace(s.Text, []byte("\nversion: 1\n"), []byte("\nversion: 2\n"), 1))
		}
	}
	t.Fatal("2.000908 does not ship")
	return ""
}

func (s *site) upload(officer, query, text string) answer {
	s.t.Helper()
	return s.do(http.MethodPost, "/api/v1/procedures"+query, text, s.signedIn(officer), header("Content-Type", yamlType))
}

// step takes one as an officer; body may be empty.
func (s *site) step(officer, action, body string) answer {
	s.t.Helper()
	return s.do(http.MethodPost, "/api/v1/procedures/2.000908/versions/2/"+action, body, s.signedIn(officer))
}

func TestLifecycle(t *testing.T) {
	s := newSite(t)
	text := definitionText(t)
	up := s.upload("tam", "", text)
	require.Equal(t, http.StatusCreated, up.StatusCode, up.body)
	require.Equal(t, "/api/v1/procedures/2.000908/versions/2", up.Header.Get("Location"))
	got := up.json(t)
	require.Equal(t, "checked", got["state"])
	require.Equal(t, true, got["created"])
	require.Equal(t, `"`+got["sha256"].(string)+`"`, up.Header.Get("ETag"))
	require.Equal(t, http.StatusOK, s.upload("ban", "", text+"# thêm\n").StatusCode, "replaced")

	require.Equal(t, http.StatusOK, s.step("yen", "approve", `{"comment":"đã đối chiếu"}`).StatusCode)
	require.Equal(t, http.StatusOK, s.step("yen", "reject", `{"comment":"thiếu căn cứ"}`).StatusCode)
	require.Equal(t, http.StatusOK, s.upload("tam", "", text).StatusCode)
	require.Equal(t, http.StatusOK, s.step("yen", "approve", "").StatusCode, "a comment is optional")
	published := s.step("yen", "publish", "{}")
	require.Equal(t, "published", published.json(t)["state"])

	read := s.get("/api/v1/procedures/2.000908/versions/2", as(systemKey))
	require.Equal(t, "published", read.json(t)["state"])
	require.Equal(t, got["sha256"], read.json(t)["sha256"])
	require.Equal(t, text, s.get("/api/v1/procedures/2.000908/versions/2?format=yaml", as(systemKey)).body)
	retired := s.step("yen", "retire", `{"to":"2027-01-01","comment":"bãi bỏ"}`)
	require.Equal(t, "2027-01-01", retired.json(t)["effective"].(map[string]any)["to"], retired.body)

	trail := s.get("/api/v1/procedures/2.000908/versions/2/trail", as(systemKey)).json(t)["trail"].([]any)
	var actions []string
	for _, e := range trail {
		actions = append(actions, e.(map[string]any)["actor"].(string)+" "+e.(map[string]any)["action"].(string))
	}
	require.Equal(t, []string{"tam upload", "ban upload", "yen approve", "yen reject", "tam upload", "yen approve", "yen publish", "yen retire"}, actions)
}

func TestListOfVersions(t *testing.T) {
	s := newSite(t)
	require.Equal(t, http.StatusCreated, s.upload("tam", "", definitionText(t)).StatusCode)
	versions := func(path string) int { return len(s.get(path, as(systemKey)).json(t)["procedures"].([]any)) }
	require.Equal(t, 1, versions("/api/v1/procedures"), "what is published")
	require.Equal(t, 1, versions("/api/v1/procedures?state=checked"))
	require.Equal(t, 0, versions("/api/v1/procedures?state=retired"))
	require.Equal(t, 2, versions("/api/v1/procedures/2.000908/versions"))
	s.get("/api/v1/procedures?state=burnt", as(systemKey)).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
}

func TestUploadOfABrokenDefinition(t *testing.T) {
	s := newSite(t)
	broken := bytes.Replace([]byte(definitionText(t)), []byte("to: accepted, name"), []byte("to: nowhere, name"), 1)
	res := s.upload("tam", "", string(broken))
	p := res.refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
	finding := p["findings"].([]any)[0].(map[string]any)
	require.Equal(t, "unknown-state", finding["code"], res.body)
	require.NotZero(t, finding["line"])
	require.NotZero(t, finding["column"])
	require.NotEmpty(t, finding["message"])
	require.NotEmpty(t, finding["message_vi"])
	require.Nil(t, s.library.find("2.000908", 2), "it was not stored")

	draft := s.upload("tam", "?draft=true", string(broken))
	require.Equal(t, http.StatusCreated, draft.StatusCode, draft.body)
	require.Equal(t, "draft", draft.json(t)["state"])
	require.NotEmpty(t, draft.json(t)["findings"])
	s.step("yen", "approve", "{}").refusal(t, http.StatusConflict, engine.CodeEventNotPermitted)
	require.NotContains(t, s.get("/api/v1/procedures/2.000908/versions/2", as(systemKey)).json(t), "definition")
	require.Equal(t, string(broken), s.get("/api/v1/procedures/2.000908/versions/2?format=yaml", as(systemKey)).body)
	s.get("/api/v1/procedures/2.000908/versions/2?format=svg", as(systemKey)).refusal(t, http.StatusNotAcceptable, problem.CodeNotAcceptable)

	for name, text := range map[string]string{
		"no YAML": "\t{", "no version": "code: \"2.000908\"\n", "a code that is a path": "code: ../x\nversion: 2\n", "another tongue": `{"a":`,
	} {
		t.Run(name, func(t *testing.T) {
			p := s.upload("tam", "?draft=true", text).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
			require.NotEmpty(t, p["findings"], "even a draft must say which version it is of")
		})
	}
}

func TestUploadRefusals(t *testing.T) {
	s := newSite(t)
	text := definitionText(t)
	s.do(http.MethodPost, "/api/v1/procedures", text, s.signedIn("tam"), header("Content-Type", "application/json")).
		refusal(t, http.StatusUnsupportedMediaType, problem.CodeMediaType)
	s.upload("tam", "", "").refusal(t, http.StatusBadRequest, problem.CodeMalformed)
	s.upload("tam", "", text+"#"+string(bytes.Repeat([]byte("x"), 1<<20))).refusal(t, http.StatusRequestEntityTooLarge, engine.CodeTooLarge)
	published := bytes.Replace([]byte(text), []byte("\nversion: 2\n"), []byte("\nversion: 1\n"), 1)
	p := s.upload("tam", "", string(published)).refusal(t, http.StatusConflict, engine.CodeEventNotPermitted)
	require.Equal(t, "published", p["state"])
}

func TestStepRefusals(t *testing.T) {
	s := newSite(t)
	s.step("yen", "approve", "{}").refusal(t, http.StatusNotFound, engine.CodeNotFound)
	require.Equal(t, http.StatusCreated, s.upload("ban", "", definitionText(t)).StatusCode)
	s.step("ban", "approve", "{}").refusal(t, http.StatusForbidden, engine.CodeSameOfficer)
	s.step("yen", "publish", "{}").refusal(t, http.StatusConflict, engine.CodeEventNotPermitted)
	s.step("yen", "reject", "{}").refusal(t, http.StatusUnprocessableEntity, engine.CodeCommentRequired)
	other := `{"sha256":"` + string(bytes.Repeat([]byte("0"), 64)) + `"}`
	s.step("yen", "approve", other).refusal(t, http.StatusConflict, engine.CodeNeedsUnmet)
	s.step("yen", "approve", `{"sha256":"short"}`).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
	for name, body := range map[string]string{
		"no day": `{"to":"","comment":"x"}`, "no such day": `{"to":"2026-02-30","comment":"x"}`, "no reason": `{"to":"2027-01-01","comment":""}`, "nothing": `{}`,
	} {
		t.Run(name, func(t *testing.T) {
			s.step("yen", "retire", body).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
		})
	}
}

// TestWhoMayControl is the matrix of callers and routes that change versions.
func TestWhoMayControl(t *testing.T) {
	const (
		upload  = "/api/v1/procedures"
		bring   = "/api/v1/catalogue"
		version = "/api/v1/procedures/2.000908/versions/2"
	)
	bodies := map[string]string{
		upload: definitionText(t), version + "/approve": "{}", version + "/reject": `{"comment":"x"}`, version + "/publish": "{}",
		version + "/retire": `{"to":"2027-01-01","comment":"x"}`, lawPath: `{"by_ref":"1/2026/QH16","effective_from":"2027-01-01"}`,
		bring: packed(t, bundle.Entry{Code: "2.000908", Version: 2, Text: []byte(definitionText(t))}),
	}
	kinds := map[string]string{upload: yamlType, bring: zipType}
	author, approver := []string{upload, bring, lawPath}, []string{version + "/approve", version + "/reject", version + "/publish", version + "/retire"}
	s := newSite(t)
	for name, c := range map[string]struct {
		who  with
		may  []string
		lost int
	}{
		"nobody":             {func(*http.Request) {}, nil, http.StatusUnauthorized},
		"a wrong key":        {as("Bearer mc_portal_guess"), nil, http.StatusUnauthorized},
		"a system":           {as(systemKey), nil, http.StatusForbidden},
		"a system elsewhere": {as(elsewhereKey), nil, http.StatusForbidden},
		"an officer":         {s.signedIn("lan"), nil, http.StatusForbidden},
		"an author":          {s.signedIn("tam"), author, http.StatusForbidden},
		"an approver":        {s.signedIn("yen"), approver, http.StatusForbidden},
		"who is both":        {s.signedIn("ban"), append(author, approver...), http.StatusForbidden},
		"both, by another site": {func(r *http.Request) {
			s.signedIn("ban")(r)
			r.Header.Set("Sec-Fetch-Site", "cross-site")
		}, nil, http.StatusForbidden},
	} {
		for path, body := range bodies {
			t.Run(name+" "+path, func(t *testing.T) {
				s.library.records = s.library.records[:1] // each on its own
				res := s.do(http.MethodPost, path, body, c.who, header("Content-Type", cmp.Or(kinds[path], "application/json")))
				if !slices.Contains(c.may, path) {
					require.Equal(t, c.lost, res.StatusCode, res.body)
					return
				}
				require.NotContains(t, []int{http.StatusUnauthorized, http.StatusForbidden}, res.StatusCode, res.body)
			})
		}
	}
	for _, path := range []string{upload, version[:len(version)-1] + "1", version[:len(version)-1] + "1/trail", "/api/v1/procedures/2.000908/versions", bring, "/api/v1/legal-documents"} {
		require.Equal(t, http.StatusOK, s.get(path, as(systemKey)).StatusCode, "a system may read %s", path)
		require.Equal(t, http.StatusUnauthorized, s.get(path).StatusCode, path)
	}
}
