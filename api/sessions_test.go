package api_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/api"
	"motcua/api/caller"
	"motcua/engine"
)

const publicURL = "https://motcua.example.vn"

// office is a site that people reach over TLS and sign in to at an issuer.
type office struct {
	*site
	oracle *oracle
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &oracle{who: engine.Identity{Issuer: oracleName, Subject: "sub-1", Claimed: "lan"}, end: oracleName + "/end?client_id=motcua"}
	return &office{newSite(t, func(options *api.Options) {
		options.DevSignIn, options.Issuer, options.PublicURL, options.SessionLimits = false, o, publicURL, engine.SessionLimits{}
	}), o}
}

// carrying sends cookies along.
func carrying(cookies ...*http.Cookie) with {
	return func(r *http.Request) {
		for _, c := range cookies {
			r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
		}
	}
}

// begun is the cookie of a sign-in under way.
func (o *office) begun(next string) *http.Cookie {
	o.t.Helper()
	res := o.get("/sign-in/start?next=" + url.QueryEscape(next))
	require.Equal(o.t, http.StatusSeeOther, res.StatusCode, res.body)
	require.Equal(o.t, oracleName+"/auth?state="+o.oracle.state, res.Header.Get("Location"))
	return res.Cookies()[0]
}

func (o *office) back(cookies ...*http.Cookie) answer {
	return o.get("/sign-in/callback?code=code-1&state="+o.oracle.state, carrying(cookies...))
}

// in is the cookie of somebody signed in.
func (o *office) in() *http.Cookie {
	o.t.Helper()
	res := o.back(o.begun("/"))
	require.Equal(o.t, http.StatusSeeOther, res.StatusCode, res.body)
	return sessionOf(o.t, res)
}

func sessionOf(t *testing.T, res answer) *http.Cookie {
	t.Helper()
	i := slices.IndexFunc(res.Cookies(), func(c *http.Cookie) bool { return c.Name == caller.SessionCookie })
	require.GreaterOrEqual(t, i, 0, "%s sets a session", res.body)
	return res.Cookies()[i]
}

func TestSignInAtAnIssuer(t *testing.T) {
	t.Run("leads there and back", func(t *testing.T) {
		o := newOffice(t)
		door := o.get("/", header("Accept", "text/html"))
		require.Equal(t, "/sign-in?next=%2F", door.Header.Get("Location"))
		page := o.get("/sign-in?next=/?view=mine")
		require.Equal(t, http.StatusOK, page.StatusCode)
		require.Contains(t, page.body, `href="/sign-in/start?next=%2F%3Fview%3Dmine"`)
		require.Contains(t, page.body, "id.example.vn")
		require.NotContains(t, page.body, "Nguyễn Thị Lan", "who works here is not told to everybody")
		wellFormed(t, page.body)

		res := o.back(o.begun("/?view=mine"))
		require.Equal(t, http.StatusSeeOther, res.StatusCode, res.body)
		require.Equal(t, "/?view=mine", res.Header.Get("Location"))
		board := o.get("/?lang=vi", carrying(sessionOf(t, res)))
		require.Equal(t, http.StatusOK, board.StatusCode)
		require.Contains(t, board.body, "Nguyễn Thị Lan")
		require.Contains(t, o.log.String(), `route="GET /sign-in/callback" status=303`)
		require.Contains(t, o.log.String(), "actor=lan")
		require.NotContains(t, o.log.String(), "code-1")
	})
	t.Run("keeps both cookies from scripts, other sites and neighbours", func(t *testing.T) {
		o := newOffice(t)
		begun := o.begun("/")
		for _, c := range []*http.Cookie{begun, sessionOf(t, o.back(begun))} {
			require.True(t, strings.HasPrefix(c.Name, "__Host-"), c.Name)
			require.True(t, c.Secure)
			require.True(t, c.HttpOnly)
			require.Equal(t, http.SameSiteLaxMode, c.SameSite)
			require.Equal(t, "/", c.Path)
			require.Empty(t, c.Domain)
		}
		require.Zero(t, o.in().MaxAge, "a session ends with the browser")
	})
	t.Run("gives away nothing of the sign-in under way", func(t *testing.T) {
		o := newOffice(t)
		begun := o.begun("/")
		require.Len(t, o.oracle.verifier, 43, "256 bits")
		told := []string{o.oracle.state, o.oracle.nonce, o.oracle.verifier}
		for i, one := range told {
			require.NotContains(t, begun.Value, one)
			require.NotContains(t, told[i+1:], one)
		}
		second := o.begun("/")
		require.NotEqual(t, begun.Value, second.Value)
		require.NotContains(t, told, o.oracle.state)
	})
	t.Run("leads nowhere else afterwards", func(t *testing.T) {
		for _, next := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "/\t/evil.example", "", "/" + strings.Repeat("x", 1024)} {
			o := newOffice(t)
			require.Equal(t, "/", o.back(o.begun(next)).Header.Get("Location"), next)
		}
	})
}

func TestSignInIsRefused(t *testing.T) {
	refused := func(t *testing.T, res answer, status int, words string) {
		t.Helper()
		require.Equal(t, status, res.StatusCode, res.body)
		require.Contains(t, res.body, words)
		require.Contains(t, res.body, `href="/sign-in"`)
		for _, c := range res.Cookies() {
			require.Negative(t, c.MaxAge, "no cookie is left: %s", c.Name)
		}
		wellFormed(t, res.body)
	}
	const stale, stranger, away = "Xin đăng nhập lại từ đầu", "chưa được cấp quyền", "chưa kết nối được"

	t.Run("in a browser that did not begin it", func(t *testing.T) {
		o := newOffice(t)
		o.begun("/")
		refused(t, o.back(), http.StatusUnauthorized, stale)
	})
	t.Run("in a browser that began another", func(t *testing.T) {
		o := newOffice(t)
		victim := o.begun("/")
		o.begun("/") // the attacker's, whose code and state are sent to the victim
		refused(t, o.back(victim), http.StatusUnauthorized, stale)
	})
	t.Run("with a cookie that is none", func(t *testing.T) {
		o := newOffice(t)
		begun := o.begun("/")
		for _, value := range []string{"", ".", "x", begun.Value[1:], strings.Split(begun.Value, ".")[0] + ".!", "AAAA." + strings.Split(begun.Value, ".")[1]} {
			refused(t, o.back(&http.Cookie{Name: begun.Name, Value: value}), http.StatusUnauthorized, stale)
		}
	})
	t.Run("without state, without code, with an error", func(t *testing.T) {
		o := newOffice(t)
		for _, query := range []string{"code=code-1", "state=STATE", "state=STATE&error=access_denied&code=code-1", "code=code-1&state=STATE&iss=https%3A%2F%2Fevil.example"} {
			begun := o.begun("/")
			query = strings.ReplaceAll(query, "STATE", o.oracle.state)
			refused(t, o.get("/sign-in/callback?"+query, carrying(begun)), http.StatusUnauthorized, stale)
		}
		begun := o.begun("/")
		named := o.get("/sign-in/callback?code=code-1&state="+o.oracle.state+"&iss="+url.QueryEscape(oracleName), carrying(begun))
		require.Equal(t, http.StatusSeeOther, named.StatusCode, "an issuer may say its name")
	})
	t.Run("with a token that is not valid", func(t *testing.T) {
		o := newOffice(t)
		o.oracle.fault = engine.Errorf(engine.CodeUnauthenticated, "the token of the issuer is not valid")
		refused(t, o.back(o.begun("/")), http.StatusUnauthorized, stale)
	})
	t.Run("for whoever is no officer, in the same words", func(t *testing.T) {
		o := newOffice(t)
		var bodies []string
		for _, claimed := range []string{"nobody", "", "gone"} {
			o.oracle.who.Claimed = claimed
			res := o.back(o.begun("/"))
			refused(t, res, http.StatusForbidden, stranger)
			require.NotContains(t, res.body, "nobody")
			require.NotContains(t, res.body, "code-1", "not even in the link to the other language")
			bodies = append(bodies, strings.ReplaceAll(res.body, res.Header.Get("Trace-Id"), ""))
		}
		require.Len(t, slices.Compact(bodies), 1)
	})
	t.Run("while the issuer is away", func(t *testing.T) {
		o := newOffice(t)
		begun := o.begun("/")
		o.oracle.away = engine.Errorf(engine.CodeUnavailable, "the issuer of sign-ins cannot be reached")
		page := o.get("/sign-in?lang=en&next=/?view=mine")
		require.Equal(t, http.StatusServiceUnavailable, page.StatusCode)
		require.NotEmpty(t, page.Header.Get("Retry-After"))
		require.Contains(t, page.body, "cannot be reached")
		require.NotContains(t, page.body, "/sign-in/start")
		require.Contains(t, page.body, `href="/sign-in?next=%2F%3Fview%3Dmine"`)
		o.oracle.fault = o.oracle.away
		refused(t, o.back(begun), http.StatusServiceUnavailable, away)
		refused(t, o.get("/sign-in/start"), http.StatusServiceUnavailable, away)
	})
	t.Run("for the development's form", func(t *testing.T) {
		o := newOffice(t)
		res := o.form("/sign-in", url.Values{"officer": {"lan"}})
		require.Equal(t, http.StatusMethodNotAllowed, res.StatusCode)
	})
}

func TestSessionIsNeverFixed(t *testing.T) {
	o := newOffice(t)
	planted := &http.Cookie{Name: caller.SessionCookie, Value: newToken()}
	in := sessionOf(t, o.back(o.begun("/"), planted))
	require.NotEqual(t, planted.Value, in.Value, "a token the browser came with is not taken over")
	require.Equal(t, http.StatusUnauthorized, o.get("/api/v1/me", carrying(planted)).StatusCode)

	again := sessionOf(t, o.back(o.begun("/"), in))
	require.NotEqual(t, in.Value, again.Value, "signing in again takes a new token")
	require.Equal(t, http.StatusUnauthorized, o.get("/api/v1/me", carrying(in)).StatusCode, "and ends the session before")
	require.Equal(t, http.StatusOK, o.get("/api/v1/me", carrying(again)).StatusCode)

	neighbours := &http.Cookie{Name: caller.DevSessionCookie, Value: again.Value}
	require.Equal(t, http.StatusUnauthorized, o.get("/api/v1/me", carrying(neighbours)).StatusCode, "a name that neighbours could set is not read")
}

func TestSessionEnds(t *testing.T) {
	t.Run("when idle", func(t *testing.T) {
		o := newOffice(t)
		in := o.in()
		o.pass(29 * time.Minute)
		in = sessionOf(t, o.get("/api/v1/me", carrying(in)))
		o.pass(29 * time.Minute)
		in = sessionOf(t, o.get("/api/v1/me", carrying(in)))
		o.pass(30 * time.Minute)
		require.Equal(t, http.StatusUnauthorized, o.get("/api/v1/me", carrying(in)).StatusCode)
	})
	t.Run("on a page it leads to the door", func(t *testing.T) {
		o := newOffice(t)
		in := o.in()
		o.pass(31 * time.Minute)
		require.Equal(t, "/sign-in?next=%2F%3Fview%3Dmine", o.get("/?view=mine", carrying(in)).Header.Get("Location"))
	})
	t.Run("its token is exchanged before", func(t *testing.T) {
		o := newOffice(t)
		in := o.in()
		o.pass(10 * time.Minute)
		require.Empty(t, o.get("/api/v1/me", carrying(in)).Cookies())
		o.pass(10 * time.Minute)
		require.NotEqual(t, in.Value, sessionOf(t, o.get("/api/v1/me", carrying(in))).Value)
	})
	t.Run("by signing out, wherever the token went", func(t *testing.T) {
		o := newOffice(t)
		in := o.in()
		require.Equal(t, http.StatusForbidden, o.do(http.MethodPost, "/sign-out", "", carrying(in), header("Sec-Fetch-Site", "cross-site")).StatusCode)
		require.Equal(t, http.StatusOK, o.get("/api/v1/me", carrying(in)).StatusCode)

		out := o.form("/sign-out", nil, carrying(in))
		require.Equal(t, http.StatusOK, out.StatusCode)
		require.Negative(t, sessionOf(t, out).MaxAge)
		require.Equal(t, "0; url="+o.oracle.end, out.Header.Get("Refresh"))
		require.Contains(t, out.body, `href="https://id.example.vn/end?client_id=motcua"`)
		require.NotContains(t, out.body, "Nguyễn Thị Lan")
		wellFormed(t, out.body)
		require.Equal(t, http.StatusUnauthorized, o.get("/api/v1/me", carrying(in)).StatusCode, "a copy of the cookie is dead")
		require.Equal(t, "/sign-in", o.form("/sign-out", nil, carrying(in)).Header.Get("Location"), "who is not signed in is signed out")
	})
	t.Run("by signing out at an issuer that offers nothing", func(t *testing.T) {
		o := newOffice(t)
		in := o.in()
		o.oracle.end = ""
		require.Equal(t, "/sign-in", o.form("/sign-out", nil, carrying(in)).Header.Get("Location"))
		require.Equal(t, http.StatusUnauthorized, o.get("/api/v1/me", carrying(in)).StatusCode)
	})
	t.Run("only when that can be written down", func(t *testing.T) {
		o := newOffice(t)
		in := o.in()
		o.door.broken = engine.Errorf(engine.CodeUnavailable, "the ledger cannot be reached or is too busy")
		require.Equal(t, http.StatusServiceUnavailable, o.get("/api/v1/me", carrying(in)).StatusCode)
		out := o.form("/sign-out", nil, carrying(in))
		require.Equal(t, http.StatusServiceUnavailable, out.StatusCode)
		require.Empty(t, out.Cookies(), "nobody believes to be signed out who is not")
		o.door.broken = nil
		require.Equal(t, http.StatusOK, o.get("/api/v1/me", carrying(in)).StatusCode)
	})
	t.Run("when the officer has left", func(t *testing.T) {
		o := newOffice(t)
		in := o.in()
		o.org.Officers = slices.DeleteFunc(slices.Clone(o.org.Officers), func(f engine.Officer) bool { return f.ID == "lan" })
		require.Equal(t, http.StatusUnauthorized, o.get("/api/v1/me", carrying(in)).StatusCode)
	})
}

func TestAdministratorSignsOut(t *testing.T) {
	s := newSite(t)
	one, two, admin := s.signedIn("lan"), s.signedIn("lan"), s.signedIn("quan")
	s.do(http.MethodPost, "/api/v1/officers/lan/sign-out", "", one).refusal(t, http.StatusForbidden, engine.CodeWrongRole)
	s.do(http.MethodPost, "/api/v1/officers/nobody/sign-out", "", admin).refusal(t, http.StatusUnprocessableEntity, engine.CodeOfficerUnknown)
	res := s.do(http.MethodPost, "/api/v1/officers/lan/sign-out", "", admin)
	require.Equal(t, http.StatusOK, res.StatusCode, res.body)
	require.EqualValues(t, 2, res.json(t)["ended"])
	for _, who := range []with{one, two} {
		s.get("/api/v1/me", who).refusal(t, http.StatusUnauthorized, engine.CodeUnauthenticated)
	}
	require.Equal(t, http.StatusOK, s.get("/api/v1/me", admin).StatusCode)
	require.Contains(t, s.log.String(), "an officer was signed out")
}

func TestAdministratorLinksAnAccount(t *testing.T) {
	o := newOffice(t)
	o.oracle.who = engine.Identity{Issuer: oracleName, Subject: "sub-quan", Claimed: "quan"}
	admin, path := o.in(), "/api/v1/officers/lan/account"
	o.oracle.who = engine.Identity{Issuer: oracleName, Subject: "sub-9", Claimed: "somebody"}
	require.Equal(t, http.StatusForbidden, o.back(o.begun("/")).StatusCode)

	body := `{"subject":"sub-9"}`
	res := o.do(http.MethodPost, path, body, carrying(admin))
	require.Equal(t, http.StatusOK, res.StatusCode, res.body)
	require.JSONEq(t, `{"officer":"lan","issuer":"https://id.example.vn","subject":"sub-9"}`, res.body)
	lan := o.in()
	require.Contains(t, o.get("/api/v1/me", carrying(lan)).body, "Nguyễn Thị Lan")
	o.do(http.MethodPost, path, body, carrying(lan)).refusal(t, http.StatusForbidden, engine.CodeWrongRole)
	o.do(http.MethodPost, path, `{"subject":"a\u0007b"}`, carrying(admin)).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)

	dev := newSite(t)
	dev.do(http.MethodPost, path, body, dev.signedIn("quan")).refusal(t, http.StatusUnprocessableEntity, engine.CodeInvalid)
}

func TestIssuerTakesNoBackDoor(t *testing.T) {
	w := newWorld(rules(t))
	for name, o := range map[string]api.Options{
		"the development sign-in beside it": {Issuer: &oracle{}, PublicURL: publicURL, DevSignIn: true},
		"no public address":                 {Issuer: &oracle{}},
	} {
		o.People = w
		_, err := api.New(o)
		require.ErrorContains(t, err, "an issuer takes a public URL and no development sign-in", name)
	}
}

func TestPublicAddressBehindAProxy(t *testing.T) {
	o := newOffice(t)
	in := o.in()
	origin := header("Origin", publicURL)
	res := o.form("/sign-out", nil, origin, func(r *http.Request) { r.Header.Del("Sec-Fetch-Site") }, carrying(in))
	require.Equal(t, http.StatusOK, res.StatusCode, "a proxy may pass requests on under another name")
	require.Equal(t, http.StatusForbidden, o.do(http.MethodPost, "/sign-out", "", header("Origin", "https://evil.example"), carrying(in)).StatusCode)
}
