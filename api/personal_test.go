package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/api"
	"motcua/engine"
)

const wholeName = "Trần Văn An"

// TestWhoReadsPersonalData asks for one dossier as everybody.
func TestWhoReadsPersonalData(t *testing.T) {
	s := newSite(t)
	code := s.started()
	path := "/api/v1/dossiers/" + code
	for name, c := range map[string]struct {
		who     with
		purpose string
		shown   string
		on      engine.Purpose // record
	}{
		"the officer of the step":        {s.signedIn("lan"), "", wholeName, engine.PurposeProcessing},
		"the system that supplied it":    {as(systemKey), "", wholeName, engine.PurposeProcessing},
		"a leader who says nothing":      {s.signedIn("hoa"), "", "T*** V*** A***", ""},
		"a leader for a complaint":       {s.signedIn("hoa"), "?purpose=complaint", wholeName, engine.PurposeComplaint},
		"the privacy officer":            {s.signedIn("kin"), "?purpose=data-subject", wholeName, engine.PurposeSubject},
		"an auditor, who reads no names": {s.signedIn("soi"), "", "T*** V*** A***", ""},
	} {
		s.read = nil
		res := s.get(path+c.purpose, c.who)
		require.Equal(t, http.StatusOK, res.StatusCode, "%s: %s", name, res.body)
		require.Equal(t, c.shown, res.json(t)["applicant"].(map[string]any)["name"], name)
		if c.on == "" {
			require.Equal(t, "masked", res.json(t)["personal"], name)
			require.Empty(t, s.read, name)
			require.NotContains(t, res.body, "Minh Khôi", name)
			continue
		}
		require.Equal(t, "full", res.json(t)["personal"], name)
		require.Len(t, s.read, 1, name)
		require.Equal(t, c.on, s.read[0].Purpose, name)
		require.Equal(t, code, s.read[0].Dossier)
	}
	s.read = nil
	s.get(path+"?purpose=audit", s.signedIn("soi")).refusal(t, http.StatusForbidden, engine.CodeWrongRole)
	s.get(path+"?purpose=curiosity", s.signedIn("hoa")).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
	s.get(path+"/personal-data", s.signedIn("hoa")).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
	require.Empty(t, s.read)

	for _, list := range []string{"/api/v1/dossiers", "/api/v1/dossiers?q=" + url.QueryEscape("an")} {
		require.NotContains(t, s.get(list, s.signedIn("lan")).body, wholeName, "lists are masked for everybody")
	}
	require.Empty(t, s.read)
	require.Contains(t, s.get(path+"/personal-data?purpose=data-subject", s.signedIn("kin")).body, "Minh Khôi")
	listed := s.get(path+"/readings", s.signedIn("kin"))
	require.Equal(t, http.StatusOK, listed.StatusCode, listed.body)
	require.Contains(t, listed.body, `"purpose":"data-subject"`)
	require.NotContains(t, listed.body, wholeName)
	require.NotContains(t, listed.body, "Minh Khôi")
}

func TestPageAsksForAPurpose(t *testing.T) {
	s := newSite(t)
	code := s.started()
	hoa := s.signedIn("hoa")
	page := s.get("/dossiers/"+code, hoa)
	require.NotContains(t, page.body, wholeName)
	require.Contains(t, page.body, "T*** V*** A***")
	require.Contains(t, page.body, `action="/dossiers/`+code+`/personal-data"`)
	require.Empty(t, s.read)

	shown := s.form("/dossiers/"+code+"/personal-data", url.Values{"purpose": {"supervision"}}, hoa)
	require.Equal(t, http.StatusOK, shown.StatusCode, shown.body)
	require.Contains(t, shown.body, wholeName)
	require.Len(t, s.read, 1)
	require.Equal(t, engine.PurposeSupervision, s.read[0].Purpose)
	require.Equal(t, http.StatusUnprocessableEntity, s.form("/dossiers/"+code+"/personal-data", url.Values{}, hoa).StatusCode)

	require.Contains(t, s.get("/dossiers/"+code, s.signedIn("lan")).body, wholeName, "who works on it need not ask")
	require.NotContains(t, s.get("/", s.signedIn("lan")).body, wholeName, "the board is a list")
	require.NotContains(t, s.log.String(), "Văn An", "no log says who it was")
}

func TestErasure(t *testing.T) {
	s := newSite(t, func(o *api.Options) { o.Keep = 24 * time.Hour })
	code := s.started()
	path, kin := "/api/v1/dossiers/"+code+"/erasure", s.signedIn("kin")
	s.do(http.MethodPost, path, `{"basis":"Điều 14"}`, s.signedIn("hoa")).refusal(t, http.StatusForbidden, engine.CodeWrongRole)
	s.do(http.MethodPost, path, `{"basis":"Điều 14"}`, kin).refusal(t, http.StatusConflict, engine.CodeEventNotPermitted)
	s.do(http.MethodPost, path, `{"basis":""}`, kin).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
	closed := s.cases[code]
	closed.ClosedAt = s.now
	s.cases[code] = closed
	s.do(http.MethodPost, path, `{"basis":"Điều 14"}`, kin).refusal(t, http.StatusConflict, engine.CodeEventNotPermitted)
	require.JSONEq(t, `{"dossiers":[]}`, s.get("/api/v1/erasures/due", kin).body)
	s.now = s.now.Add(25 * time.Hour)
	kin = s.signedIn("kin") // the session is over
	require.JSONEq(t, `{"dossiers":["`+code+`"]}`, s.get("/api/v1/erasures/due", kin).body)
	res := s.do(http.MethodPost, path, `{"basis":"Điều 14 Luật 91/2025/QH15"}`, kin)
	require.Equal(t, http.StatusOK, res.StatusCode, res.body)
	require.Len(t, s.erased, 1)
	require.True(t, strings.HasPrefix(s.erased[0].Basis, "Điều 14"))
}
