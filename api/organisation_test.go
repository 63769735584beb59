package api_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

func (s *site) put(officer, path, text string, with ...with) answer {
	s.t.Helper()
	return s.do(http.MethodPut, path, text, append(with, s.signedIn(officer), header("Content-Type", "application/yaml"))...)
}

const organisationAt = "/api/v1/organisation"

func TestOrganisationExportAndImport(t *testing.T) {
	s := newSite(t)
	quan := s.signedIn("quan")
	text := s.get(organisationAt+"?format=yaml", quan)
	require.Equal(t, http.StatusOK, text.StatusCode, text.body)
	require.Contains(t, text.Header.Get("Content-Type"), "application/yaml")
	require.Equal(t, text.body, s.get(organisationAt, quan, header("Accept", "application/yaml")).body)
	var org engine.Organisation
	require.NoError(t, json.Unmarshal([]byte(s.get(organisationAt, quan).body), &org))
	require.Len(t, org.Officers, len(s.org.Officers))

	more := strings.Replace(text.body, "officers:\n", "officers:\n  - {id: moi, name: Người Mới, roles: [{department: one-stop, role: reception-officer}]}\n", 1)
	more = strings.Replace(more, "<script>alert(1)</script>", "Phạm Đức", 1)
	seen := s.put("quan", organisationAt+"?preview=true", more).json(t)
	require.Equal(t, true, seen["preview"])
	require.Len(t, seen["officers"], 2)
	require.Len(t, s.org.Officers, len(org.Officers), "a preview changes nothing")
	done := s.put("quan", organisationAt, more).json(t)
	delete(seen, "preview")
	require.Equal(t, seen, done, "what was previewed is what happened")
	require.Len(t, s.org.Officers, len(org.Officers)+1)

	s.put("lan", organisationAt, more).refusal(t, http.StatusForbidden, engine.CodeWrongRole)
	s.do(http.MethodPut, organisationAt, "{}", quan).refusal(t, http.StatusUnsupportedMediaType, "media-type-unsupported")
}

// TestOrganisationIsPlaced: what is wrong with a text has its line and column,
// whoever found it.
func TestOrganisationIsPlaced(t *testing.T) {
	s := newSite(t)
	text := s.get(organisationAt+"?format=yaml", s.signedIn("quan")).body
	for name, c := range map[string]struct{ from, to, code string }{
		"an unknown key":       {"level: commune", "levl: commune", "unknown-key"},
		"an unknown place":     {"{department: one-stop, role", "{department: one-stp, role", "unknown-department"},
		"the agency of others": {"code: H00.101", "code: H00.102", "invalid"},
	} {
		require.Contains(t, text, c.from, name)
		p := s.put("quan", organisationAt, strings.Replace(text, c.from, c.to, 1)).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
		findings, _ := p["findings"].([]any)
		require.NotEmpty(t, findings, "%s: %v", name, p)
		first, _ := findings[0].(map[string]any)
		require.NotZero(t, first["line"], name)
		require.NotZero(t, first["column"], name)
	}
}

func TestReorganiseRoute(t *testing.T) {
	s := newSite(t)
	body := `{"reason":"NQ 12","preview":true,"changes":[{"merge":["one-stop","civil-status"],"into":{"code":"centre","name":{"vi":"Trung tâm"}}}]}`
	seen := s.post("quan", organisationAt+"/reorganisations", body)
	require.Equal(t, http.StatusOK, seen.StatusCode, seen.body)
	require.Len(t, s.org.Successions, 0)
	res := s.post("quan", organisationAt+"/reorganisations", strings.Replace(body, `"preview":true,`, "", 1), header("Idempotency-Key", "k-1"))
	require.Equal(t, http.StatusAccepted, res.StatusCode, res.body)
	require.Contains(t, res.Header.Get("Location"), "/api/v1/acts/")
	require.Len(t, s.org.Successions, 2)

	p := s.post("quan", organisationAt+"/reorganisations", body).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
	require.Contains(t, p["errors"].([]any)[0].(map[string]any)["path"], "/changes/0", "%v", p)
	for _, officer := range []string{"lan", "hoa", "kim", "soi"} {
		s.post(officer, organisationAt+"/reorganisations", body).refusal(t, http.StatusForbidden, engine.CodeWrongRole)
	}
}

func TestKeyRoutes(t *testing.T) {
	s := newSite(t)
	const keys = "/api/v1/keys"
	body := `{"kind":"system","name":"portal-2","verbs":["dossier.start"],"days":30}`
	issued := s.post("quan", keys, body, header("Idempotency-Key", "k-1"))
	require.Equal(t, http.StatusCreated, issued.StatusCode, issued.body)
	k := issued.json(t)
	require.Equal(t, "mc_secret", k["secret"])
	again := s.post("quan", keys, body, header("Idempotency-Key", "k-1"))
	require.Equal(t, http.StatusOK, again.StatusCode)
	require.NotContains(t, again.body, "mc_secret", "the secret is shown once")
	require.Equal(t, k["id"], again.json(t)["id"])

	list := s.get(keys, s.signedIn("quan"))
	require.NotContains(t, list.body, "mc_")
	require.Contains(t, list.body, `"portal-2"`)

	id, _ := k["id"].(string)
	rotated := s.post("quan", keys+"/"+id+"/rotate", `{"overlap_hours":0}`).json(t)
	require.Equal(t, id, rotated["replaces"])
	require.Equal(t, "mc_other_secret", rotated["secret"])
	require.Equal(t, "revoked", s.post("quan", keys+"/"+id+"/revoke", "").json(t)["state"])
	s.post("quan", keys+"/none/revoke", "").refusal(t, http.StatusNotFound, engine.CodeNotFound)

	s.post("quan", keys, `{"kind":"system","name":"greedy","verbs":["key.manage"]}`).refusal(t, http.StatusForbidden, engine.CodeForbidden)
	s.post("quan", keys, `{"kind":"system","name":"odd","verbs":["dossier.fly"]}`).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
	s.post("quan", keys, `{"kind":"clock","name":"odd"}`).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
	for _, officer := range []string{"lan", "hoa", "kim", "tam", "soi"} {
		s.get(keys, s.signedIn(officer)).refusal(t, http.StatusForbidden, engine.CodeWrongRole)
		s.post(officer, keys, body).refusal(t, http.StatusForbidden, engine.CodeWrongRole)
	}
}
