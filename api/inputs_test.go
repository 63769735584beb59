package api_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
)

// measuring is a site whose procedure takes fields with an event at reception,
// and asks the civil-status division for its opinion.
func measuring(t *testing.T) *site {
	t.Helper()
	def := definition()
	name := engine.Text{VI: "Diện tích", EN: "Area"}
	def.Fields = append(def.Fields,
		engine.Field{ID: "area", Name: name, Type: engine.TypeNumber, Required: engine.Always},
		engine.Field{ID: "remote", Name: engine.Text{VI: "Vùng sâu"}, Type: engine.TypeBool},
		engine.Field{ID: "use", Name: engine.Text{VI: "Mục đích"}, Type: engine.TypeChoice, Choices: []engine.Choice{{ID: "rice", Name: engine.Text{VI: "Đất trồng lúa"}}}})
	def.Consultations = []engine.Consultation{{
		ID: "opinion", Name: engine.Text{VI: "Ý kiến hộ tịch"}, Silence: engine.SilenceAgree, Within: calendar.Duration{Value: 1, Unit: calendar.WorkingDay},
		Ask: []engine.RoleIn{{Department: "civil-status", Role: "civil-status-officer"}},
	}}
	def.States[0].On = append(def.States[0].On,
		engine.Transition{Event: "measure", Name: engine.Text{VI: "Đo đạc"}, Fields: []string{"area", "remote", "use"}},
		engine.Transition{Event: "consult", Name: engine.Text{VI: "Hỏi ý kiến"}, Start: []string{"opinion"}})
	m, findings := engine.Compile(def, "f00d")
	require.NoError(t, findings.Err())
	s := newSite(t)
	s.rules.Machine = m
	return s
}

func TestInputsOfAnEvent(t *testing.T) {
	s := measuring(t)
	code := s.started()
	page := s.get("/dossiers/"+code, s.signedIn("lan")).body
	for _, shown := range []string{`name="field.number.area"`, `name="field.bool.remote"`, `name="field.choice.use"`, "Đất trồng lúa", "Diện tích"} {
		require.Contains(t, page, shown)
	}
	values := url.Values{"event": {"measure"}, "key": {"k"}, "field.number.area": {"120.5"}, "field.bool.remote": {"true"}, "field.choice.use": {"rice"}}
	require.Equal(t, http.StatusSeeOther, s.form("/dossiers/"+code+"/events", values, s.signedIn("lan")).StatusCode)
	require.Equal(t, []string{"area", "remote", "use"}, s.cases[code].Given)
	require.Contains(t, s.get("/dossiers/"+code, s.signedIn("lan")).body, "Ghi nhận thông tin: Diện tích, Vùng sâu, Mục đích")

	t.Run("what does not fit is refused", func(t *testing.T) {
		refused := s.form("/dossiers/"+code+"/events", url.Values{"event": {"measure"}, "key": {"k2"}, "field.number.area": {"rộng"}}, s.signedIn("lan"))
		require.Equal(t, http.StatusUnprocessableEntity, refused.StatusCode)
	})
	t.Run("over the API", func(t *testing.T) {
		s.do(http.MethodPost, "/api/v1/dossiers/"+code+"/events", `{"event":"measure","fields":{"area":"x"}}`, s.signedIn("lan")).
			refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
	})
}

func TestOpinionOfADepartment(t *testing.T) {
	s := measuring(t)
	code := s.started()
	require.Equal(t, http.StatusSeeOther, s.form("/dossiers/"+code+"/events", url.Values{"event": {"consult"}, "key": {"k"}}, s.signedIn("lan")).StatusCode)
	require.NotContains(t, s.get("/dossiers/"+code, s.signedIn("lan")).body, `name="says"`, "nobody else is asked")
	page := s.get("/dossiers/"+code, s.signedIn("duc")).body
	require.Contains(t, page, "Ý kiến hộ tịch")
	require.Contains(t, page, `value="refuse"`)

	answer := url.Values{"event": {"answer"}, "key": {"k2"}, "consultation": {"opinion"}, "department": {"civil-status"}, "says": {"refuse"}}
	require.Equal(t, http.StatusUnprocessableEntity, s.form("/dossiers/"+code+"/events", answer, s.signedIn("duc")).StatusCode, "a refusal has a reason")
	answer.Set("comment", "trái quy hoạch")
	answer.Set("key", "k3")
	require.Equal(t, http.StatusSeeOther, s.form("/dossiers/"+code+"/events", answer, s.signedIn("duc")).StatusCode)
	require.Equal(t, engine.ResultRefused, s.cases[code].Consulted[0].Result)
	s.pass(time.Minute)
	require.Contains(t, s.get("/dossiers/"+code, s.signedIn("lan")).body, "không đồng ý")
}

func TestWithdrawnRequestOnThePage(t *testing.T) {
	s := measuring(t)
	code := s.started()
	require.Equal(t, http.StatusSeeOther, s.form("/dossiers/"+code+"/events", url.Values{"event": {"consult"}, "key": {"k"}}, s.signedIn("lan")).StatusCode)
	require.Contains(t, s.get("/dossiers/"+code, s.signedIn("lan")).body, "Rút yêu cầu lấy ý kiến")
	values := url.Values{"event": {"withdraw-request"}, "key": {"k2"}, "consultation": {"opinion"}, "comment": {"không cần nữa"}}
	require.Equal(t, http.StatusSeeOther, s.form("/dossiers/"+code+"/events", values, s.signedIn("lan")).StatusCode)
	require.Equal(t, engine.ResultWithdrawn, s.cases[code].Consulted[0].Result)
	require.NotContains(t, s.get("/dossiers/"+code, s.signedIn("lan")).body, `value="withdraw-request"`)
}
