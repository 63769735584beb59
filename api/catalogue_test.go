package api_test

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/api/bundle"
	"motcua/engine"
)

const zipType = "application/zip"

// packed is a bundle of texts, each under the code and version it is listed by.
func packed(t *testing.T, entries ...bundle.Entry) string {
	t.Helper()
	var versions []engine.VersionRecord
	for _, e := range entries {
		versions = append(versions, engine.VersionRecord{Version: engine.Version{Code: e.Code, Version: e.Version, SHA256: bundle.Sum(e.Text), Text: e.Text}})
	}
	data, err := bundle.New(versions, nil).Write()
	require.NoError(t, err)
	return string(data)
}

func (s *site) bring(officer, data string) answer {
	s.t.Helper()
	return s.do(http.MethodPost, "/api/v1/catalogue", data, s.signedIn(officer), header("Content-Type", zipType))
}

func TestCatalogueGoesFromOneServerToAnother(t *testing.T) {
	from := newSite(t)
	require.Equal(t, http.StatusCreated, from.upload("tam", "", definitionText(t)).StatusCode)
	require.Equal(t, http.StatusOK, from.step("yen", "approve", "{}").StatusCode)
	require.Equal(t, http.StatusOK, from.step("yen", "publish", "{}").StatusCode)
	from.library.records = from.library.records[1:] // the other one's text is not a real one

	out := from.get("/api/v1/catalogue", as(systemKey))
	require.Equal(t, zipType, out.Header.Get("Content-Type"))
	require.Equal(t, `"`+bundle.Sum([]byte(out.body))+`"`, out.Header.Get("ETag"))
	require.Equal(t, out.body, from.get("/api/v1/catalogue", as(systemKey)).body)

	to := newSite(t)
	result := func() map[string]any {
		in := to.bring("tam", out.body)
		require.Equal(t, http.StatusOK, in.StatusCode, in.body)
		return in.json(t)["procedures"].([]any)[0].(map[string]any)
	}
	require.Equal(t, "stored", result()["result"])
	v := to.library.find("2.000908", 2)
	require.Equal(t, engine.VersionChecked, v.State, "it has to be approved here too")
	require.Equal(t, []string{"tam"}, v.Authors)
	require.Equal(t, definitionText(t), string(v.Text))
	require.Equal(t, "identical", result()["result"])
}

func TestImportRefusals(t *testing.T) {
	s := newSite(t)
	text := []byte(definitionText(t))
	entry := func(version int, text []byte) bundle.Entry {
		return bundle.Entry{Code: "2.000908", Version: version, Text: text}
	}
	first := bytes.Replace(text, []byte("\nversion: 2\n"), []byte("\nversion: 1\n"), 1)
	p := s.bring("tam", packed(t, entry(1, first))).refusal(t, http.StatusConflict, engine.CodeNeedsUnmet)
	require.Equal(t, "/procedures/0", p["errors"].([]any)[0].(map[string]any)["path"])

	broken := bytes.Replace(text, []byte("to: accepted, name"), []byte("to: nowhere, name"), 1)
	p = s.bring("tam", packed(t, entry(2, broken))).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
	require.Equal(t, "procedures/2.000908@2.yaml", p["findings"].([]any)[0].(map[string]any)["file"])
	s.bring("tam", packed(t, entry(3, text))).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
	s.bring("tam", "no bundle").refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
	require.Len(t, s.library.records, 1, "nothing was stored")

	whole := packed(t, entry(2, text))
	s.bring("yen", whole).refusal(t, http.StatusForbidden, engine.CodeWrongRole)
	s.do(http.MethodPost, "/api/v1/catalogue", whole, as(systemKey), header("Content-Type", zipType)).refusal(t, http.StatusForbidden, engine.CodeForbidden)
	s.do(http.MethodPost, "/api/v1/catalogue", whole).refusal(t, http.StatusUnauthorized, engine.CodeUnauthenticated)
	s.get("/api/v1/catalogue").refusal(t, http.StatusUnauthorized, engine.CodeUnauthenticated)
	require.Equal(t, http.StatusUnprocessableEntity, s.bring("tam", string(make([]byte, 2<<20))).StatusCode, "a bundle may be larger than other bodies")
	s.bring("tam", string(make([]byte, 33<<20))).refusal(t, http.StatusRequestEntityTooLarge, engine.CodeTooLarge)
}
