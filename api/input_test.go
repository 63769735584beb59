package api_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

// citizen is a planted identity number: it must come back nowhere.
const citizen = "001099012345"

func TestNothingSubmittedComesBack(t *testing.T) {
	bodies := map[string]string{
		"unknown property":       `{"procedure":"2.000908","channel":"direct","applicant":{"name":"A"},"cccd":"` + citizen + `"}`,
		"number as a property":   `{"procedure":"2.000908","channel":"direct","applicant":{"name":"A"},"` + citizen + `":1}`,
		"number as a nested one": `{"procedure":"2.000908","channel":"direct","applicant":{"name":"A","` + citizen + `":1}}`,
		"number as a field":      `{"procedure":"2.000908","channel":"direct","applicant":{"name":"A"},"fields":{"` + citizen + `":1}}`,
		"wrong type":             `{"procedure":"2.000908","channel":"direct","applicant":{"name":` + citizen[2:] + `}}`,
		"wrong choice":           `{"procedure":"2.000908","channel":"` + citizen + `","applicant":{"name":"A"}}`,
		"unknown procedure":      `{"procedure":"` + citizen + `","channel":"direct","applicant":{"name":"A"}}`,
		"unknown agency":         `{"agency":"` + citizen + `","procedure":"2.000908","channel":"direct","applicant":{"name":"A"}}`,
		"too long":               `{"procedure":"2.000908","channel":"direct","applicant":{"name":"A","phone":"` + strings.Repeat(citizen, 9) + `"}}`,
		"no address":             `{"procedure":"2.000908","channel":"direct","applicant":{"name":"A","email":"` + citizen + `"}}`,
		"broken JSON":            `{"procedure":"2.000908","applicant":{"id":"` + citizen + `"`,
		"an array":               `{"applicant":["` + citizen + `"]}`,
		"unknown component":      `{"procedure":"2.000908","channel":"direct","applicant":{"name":"A"},"components":["` + citizen + `"]}`,
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			res := s.do(http.MethodPost, "/api/v1/dossiers", body, as(systemKey))
			require.GreaterOrEqual(t, res.StatusCode, 400)
			require.Less(t, res.StatusCode, 500, res.body)
			require.NotContains(t, res.body, citizen[2:])
			require.NotContains(t, s.log.String(), citizen[2:])
			require.Empty(t, s.facts)
		})
	}

	t.Run("in an address", func(t *testing.T) {
		s := newSite(t)
		for _, path := range []string{"/api/v1/dossiers?limit=" + citizen, "/api/v1/dossiers?" + citizen + "=1", "/api/v1/dossiers/" + citizen, "/" + citizen} {
			res := s.get(path, as(systemKey))
			require.NotContains(t, res.body, citizen)
		}
		require.NotContains(t, s.log.String(), citizen)
	})
}

// TestFaults holds what a client is told of a body with many faults, in both
// languages, against files; UPDATE=1 writes them.
func TestFaults(t *testing.T) {
	bodies := map[string]string{
		"many":      `{"channel":"fax","applicant":{"email":"x"},"components":["a b",5],"nope":1,"comment":"a\u0007b"}`,
		"nested":    `{"procedure":"2.000908","channel":"direct","applicant":{"name":"A"},"fields":{"a":[[[[[[[[[1]]]]]]]]],"b":"x\u0000"}}`,
		"malformed": `{"procedure":`,
	}
	trace := regexp.MustCompile(`[0-9a-f]{32}`)
	for name, body := range bodies {
		for _, lang := range []string{"vi", "en"} {
			t.Run(name+" "+lang, func(t *testing.T) {
				s := newSite(t)
				res := s.do(http.MethodPost, "/api/v1/dossiers", body, as(systemKey), header("Accept-Language", lang))
				golden(t, "faults-"+name+"-"+lang+".json", trace.ReplaceAllString(res.body, "TRACE"))
			})
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if os.Getenv("UPDATE") != "" {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

func TestMachineryIsRefusedInTheSameShape(t *testing.T) {
	s := newSite(t)
	s.get("/api/v1/nowhere").refusal(t, http.StatusNotFound, engine.CodeNotFound)
	wrong := s.do(http.MethodDelete, "/api/v1/dossiers", "")
	wrong.refusal(t, http.StatusMethodNotAllowed, "method-not-allowed")
	require.Equal(t, "GET, HEAD, POST", wrong.Header.Get("Allow"))
	s.do(http.MethodPost, "/api/v1/dossiers", "<xml/>", as(systemKey), header("Content-Type", "application/xml")).
		refusal(t, http.StatusUnsupportedMediaType, "media-type-unsupported")
	s.do(http.MethodPost, "/api/v1/dossiers", "{", as(systemKey)).refusal(t, http.StatusBadRequest, "malformed")
	s.do(http.MethodPost, "/api/v1/dossiers", "", as(systemKey)).refusal(t, http.StatusBadRequest, "malformed")
	for _, address := range []string{"/api/v1/dossiers/a%00b", "/api/v1/dossiers?q=%00", "/api/v1/dossiers?q=%ff", "/api/v1/dossiers?q=%zz"} {
		s.get(address, as(systemKey)).refusal(t, http.StatusBadRequest, "malformed")
	}
}

func TestLanguageAndTrace(t *testing.T) {
	s := newSite(t)
	require.Equal(t, "Không tìm thấy", s.get("/api/x").json(t)["title"])
	require.Equal(t, "Not found", s.get("/api/x", header("Accept-Language", "en-GB,vi;q=0.5")).json(t)["title"])
	p := s.get("/api/x", header("Traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))
	require.Equal(t, "4bf92f3577b34da6a3ce929d0e0e4736", p.json(t)["trace_id"])
	require.Equal(t, "4bf92f3577b34da6a3ce929d0e0e4736", p.Header.Get("Trace-Id"))
	require.Equal(t, "https://motcua.dev/problems/not-found", p.json(t)["type"])
}

// endless gives as many bytes as are asked for and counts them.
type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	e.read += len(p)
	return len(p), nil
}

func TestLargeBody(t *testing.T) {
	for name, length := range map[string]int64{"of known length": 10 << 20, "of unknown length": -1} {
		for _, path := range []string{"/api/v1/dossiers", "/dossiers/{code}/events", "/sign-in"} {
			t.Run(name+" to "+path, func(t *testing.T) {
				s := newSite(t)
				code, lan := s.started(), s.signedIn("lan")
				source := &endless{}
				r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1"+strings.Replace(path, "{code}", code, 1), io.LimitReader(source, 10<<20))
				r.ContentLength = length
				kind := "application/json"
				if path != "/api/v1/dossiers" {
					kind = "application/x-www-form-urlencoded"
				}
				res := s.send(r, lan, header("Content-Type", kind))
				require.Equal(t, http.StatusRequestEntityTooLarge, res.StatusCode, res.body)
				require.Contains(t, res.body, "too-large")
				require.Less(t, source.read, 2<<20, "the rest is left unread")
			})
		}
	}

	t.Run("at the bound is read", func(t *testing.T) {
		s := newSite(t)
		body := starting + strings.Repeat(" ", 1<<20-len(starting))
		require.Equal(t, http.StatusCreated, s.do(http.MethodPost, "/api/v1/dossiers", body, as(systemKey)).StatusCode)
		require.Equal(t, http.StatusRequestEntityTooLarge, s.do(http.MethodPost, "/api/v1/dossiers", body+" ", as(systemKey)).StatusCode)
	})
}
