package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/api"
	"motcua/engine"
)

const calendarsPath = "/api/v1/calendars"

// calendarText is version 2 of the world's calendar: a day off more.
const calendarText = `code: office
version: 2
week:
  monday: [{from: "07:30", to: "11:30"}, {from: "13:30", to: "17:30"}]
  tuesday: [{from: "07:30", to: "11:30"}, {from: "13:30", to: "17:30"}]
  wednesday: [{from: "07:30", to: "11:30"}, {from: "13:30", to: "17:30"}]
  thursday: [{from: "07:30", to: "11:30"}, {from: "13:30", to: "17:30"}]
  friday: [{from: "07:30", to: "11:30"}, {from: "13:30", to: "17:30"}]
exceptions:
  - {date: 2026-11-19, kind: public-holiday, name: Ngày thử, basis: 1/QĐ-UBND}
known_until: 2026-12-31
`

// atBureau is a site whose calendars, acts and slips a test can see.
func atBureau(t *testing.T) (*site, *bureau) {
	t.Helper()
	var b *bureau
	s := newSite(t, func(o *api.Options) { b = o.Acts.(*bureau) })
	return s, b
}

func (s *site) calendar(officer, query, text string, with ...with) answer {
	s.t.Helper()
	return s.do(http.MethodPost, calendarsPath+query, text, append(with, s.signedIn(officer), header("Content-Type", "application/yaml"))...)
}

// post sends a JSON body as an officer.
func (s *site) post(officer, path, body string, with ...with) answer {
	s.t.Helper()
	return s.do(http.MethodPost, path, body, append(with, s.signedIn(officer))...)
}

func TestCalendarLifecycle(t *testing.T) {
	s, b := atBureau(t)
	up := s.calendar("tam", "", calendarText)
	require.Equal(t, http.StatusCreated, up.StatusCode, up.body)
	require.Equal(t, calendarsPath+"/office/versions/2", up.Header.Get("Location"))
	require.Equal(t, "checked", up.json(t)["state"])
	place := up.Header.Get("Location")

	s.post("tam", place+"/approve", `{}`).refusal(t, http.StatusForbidden, engine.CodeWrongRole)
	s.post("yen", place+"/reject", `{}`).refusal(t, http.StatusUnprocessableEntity, engine.CodeCommentRequired)
	s.post("yen", place+"/publish", `{}`).refusal(t, http.StatusConflict, engine.CodeEventNotPermitted)
	approved := s.post("yen", place+"/approve", `{"comment":"đúng"}`)
	require.Equal(t, http.StatusOK, approved.StatusCode, approved.body)
	require.Equal(t, "yen", approved.json(t)["approver"])

	yen := s.signedIn("yen")
	first := s.get(place+"/preview?limit=1", yen).json(t)
	require.Equal(t, 1.0, first["counts"].(map[string]any)["moved"])
	move := first["outcomes"].([]any)[0].(map[string]any)["moves"].([]any)[0].(map[string]any)
	require.Equal(t, "2026-11-19T08:00:00+07:00", move["old"])
	require.Equal(t, "Nghỉ bù 19/11/2026", move["rule"].(map[string]any)["vi"])
	second := s.get(place+"/preview?limit=1&cursor="+first["next"].(string), yen).json(t)
	require.NotContains(t, second, "counts")
	require.NotContains(t, second, "next")

	s.post("yen", place+"/publish", `{"sha256":"`+strings.Repeat("0", 64)+`"}`).refusal(t, http.StatusConflict, engine.CodeNeedsUnmet)
	b.hold = make(chan struct{})
	published := s.post("yen", place+"/publish", `{"comment":"ban hành"}`, header("Idempotency-Key", "k"))
	require.Equal(t, http.StatusAccepted, published.StatusCode, published.body)
	require.Equal(t, "published", published.json(t)["state"])
	act := published.Header.Get("Location")
	require.Equal(t, "/api/v1/acts/"+published.json(t)["act"].(string), act)
	require.Equal(t, "running", s.get(act, yen).json(t)["state"])
	close(b.hold)
	require.Eventually(t, func() bool { return s.get(act, yen).json(t)["state"] == "done" }, 5*time.Second, time.Millisecond)
	again := s.post("yen", place+"/publish", `{"comment":"ban hành"}`, header("Idempotency-Key", "k"))
	require.Equal(t, act, again.Header.Get("Location"), "the same key is the same publication")
	require.Len(t, b.acts, 1)

	trail := s.get(place+"/trail", as(systemKey)).json(t)["trail"].([]any)
	require.Len(t, trail, 2)
	require.Equal(t, "approve", trail[0].(map[string]any)["action"])
	require.Equal(t, "ban hành", trail[1].(map[string]any)["comment"])
	s.get(calendarsPath+"/office/versions/9/trail", as(systemKey)).refusal(t, http.StatusNotFound, engine.CodeNotFound)
}

func TestCalendarReading(t *testing.T) {
	s, _ := atBureau(t)
	require.Equal(t, http.StatusCreated, s.calendar("tam", "?draft=true", calendarText).StatusCode)
	list := s.get(calendarsPath, as(systemKey)).json(t)["calendars"].([]any)
	require.Len(t, list, 1, "what is published")
	versions := s.get(calendarsPath+"/office", as(systemKey)).json(t)["calendars"].([]any)
	require.Equal(t, "draft", versions[1].(map[string]any)["state"])
	one := s.get(calendarsPath+"/office/versions/2", as(systemKey))
	require.Equal(t, "office", one.json(t)["spec"].(map[string]any)["code"])
	require.NotEmpty(t, one.Header.Get("ETag"))

	text := s.get(calendarsPath+"/office/versions/2?format=yaml", as(systemKey))
	require.Equal(t, "application/yaml; charset=utf-8", text.Header.Get("Content-Type"))
	require.Contains(t, text.body, "Ngày thử")
	require.Equal(t, http.StatusCreated, s.calendar("tam", "", text.body).StatusCode, "what is read can be uploaded")

	s.get(calendarsPath+"/nowhere", as(systemKey)).refusal(t, http.StatusNotFound, engine.CodeNotFound)
	s.get(calendarsPath+"/office/versions/9", as(systemKey)).refusal(t, http.StatusNotFound, engine.CodeNotFound)
}

func TestCalendarUploadRefused(t *testing.T) {
	s, b := atBureau(t)
	s.calendar("lan", "", calendarText).refusal(t, http.StatusForbidden, engine.CodeWrongRole)
	s.do(http.MethodPost, calendarsPath, `{"code":"office"}`, s.signedIn("tam")).refusal(t, http.StatusUnsupportedMediaType, "media-type-unsupported")
	s.calendar("tam", "", strings.Replace(calendarText, "version: 2", "version: 7", 1)).refusal(t, http.StatusConflict, engine.CodeNeedsUnmet)

	broken := strings.Replace(calendarText, "kind: public-holiday", "kind: holiday", 1)
	finding := s.calendar("tam", "", broken).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)["findings"].([]any)[0].(map[string]any)
	require.Equal(t, 10.0, finding["line"])
	require.Equal(t, 30.0, finding["column"])
	require.Contains(t, finding["message"], "kind")
	unknown := s.calendar("tam", "", calendarText+"colour: red\n").refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)["findings"].([]any)[0].(map[string]any)
	require.Equal(t, 12.0, unknown["line"])
	require.Len(t, b.calendars, 1)
}
