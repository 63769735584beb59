package e2e_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

const password = "mật khẩu của mọi người"

// realm is an API whose people sign in at a real issuer, a process of its own.
// Whoever stands between the two may change what the issuer answers: that is
// the proxy through which both browsers and the API reach it.
type realm struct {
	t      *testing.T
	api    *process
	issuer *process
	proxy  *httptest.Server

	mu     sync.Mutex
	behind string                    // address of the issuer; empty: it is away
	tamper func(token string) string // changes an ID token on its way
}

// newRealm starts the API alone: the issuer is away.
func newRealm(t *testing.T) *realm {
	t.Helper()
	r := &realm{t: t}
	r.proxy = httptest.NewServer(http.HandlerFunc(r.pass))
	t.Cleanup(r.proxy.Close)
	address := freeAddress(t)
	api, err := w.start(t.Context(), "api", "MOTCUA_LISTEN="+address, "MOTCUA_PUBLIC_URL=http://"+address, "MOTCUA_DEV_SIGN_IN=false",
		"MOTCUA_OIDC_ISSUER="+r.proxy.URL, "MOTCUA_OIDC_CLIENT_ID=motcua", "MOTCUA_OIDC_CLIENT_SECRET=s3cret")
	require.NoError(t, err)
	t.Cleanup(api.kill)
	r.api = api
	return r
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// startIssuer builds the issuer and starts it behind the proxy.
func (r *realm) startIssuer() {
	r.t.Helper()
	binary := filepath.Join(w.dir, "issuer")
	build := exec.CommandContext(r.t.Context(), "go", "build", "-o", binary, ".")
	build.Dir = filepath.Join("..", "peers", "issuer")
	out, err := build.CombinedOutput()
	require.NoError(r.t, err, "%s", out)
	organisations, err := filepath.Abs(filepath.Join("..", "..", "definitions", "organisations"))
	require.NoError(r.t, err)
	cmd := exec.Command(binary, "--issuer", r.proxy.URL, "--client", "motcua", "--secret", "s3cret", "--password", password, //nolint:noctx // it outlives the call
		"--organisations", organisations, "--redirect", r.api.base+"/sign-in/callback", "--signed-out", r.api.base+"/sign-in")
	r.issuer, err = launch(r.t.Context(), cmd)
	require.NoError(r.t, err)
	r.t.Cleanup(r.issuer.kill)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.behind = r.issuer.base
}

// pass is the proxy.
func (r *realm) pass(out http.ResponseWriter, in *http.Request) {
	r.mu.Lock()
	behind, tamper := r.behind, r.tamper
	r.mu.Unlock()
	target, err := url.Parse(behind)
	if err != nil || behind == "" {
		http.Error(out, "away", http.StatusBadGateway)
		return
	}
	proxy := &httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) { p.SetURL(target) }}
	if tamper != nil && in.URL.Path == "/oauth/token" {
		proxy.ModifyResponse = func(res *http.Response) error { return rewrite(res, tamper) }
	}
	proxy.ServeHTTP(out, in)
}

// rewrite changes the ID token of an answer.
func rewrite(res *http.Response, tamper func(string) string) error {
	var answer map[string]any
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		return err
	}
	_ = res.Body.Close()
	token, _ := answer["id_token"].(string)
	answer["id_token"] = tamper(token)
	text, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	res.Header.Del("Content-Length")
	return nil
}

func (r *realm) tampering(f func(string) string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tamper = f
}

// surfer is a browser: it keeps cookies and follows redirects.
type surfer struct {
	*realm
	http *http.Client
}

func (r *realm) browser() *surfer {
	jar, err := cookiejar.New(nil)
	require.NoError(r.t, err)
	return &surfer{r, &http.Client{Jar: jar, Timeout: patience}}
}

// page is where a browser has come to.
type page struct {
	*http.Response
	body string
}

func (s *surfer) come(res *http.Response, err error) page {
	s.t.Helper()
	require.NoError(s.t, err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	require.NoError(s.t, err)
	return page{res, string(body)}
}

func (s *surfer) open(address string) page {
	s.t.Helper()
	return s.come(s.http.Get(address))
}

func (s *surfer) submit(address string, form url.Values) page {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	require.NoError(s.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", req.URL.Scheme+"://"+req.URL.Host)
	return s.come(s.http.Do(req))
}

var (
	startLink = regexp.MustCompile(`href="(/sign-in/start[^"]*)"`)
	requestID = regexp.MustCompile(`name="id" value="([^"]+)"`)
)

// door goes to a page and from there to the issuer's form, without filling it in.
func (s *surfer) door(path string) page {
	s.t.Helper()
	login := s.open(s.api.base + path)
	link := startLink.FindStringSubmatch(login.body)
	require.NotNil(s.t, link, login.body)
	return s.open(s.api.base + strings.ReplaceAll(link[1], "&amp;", "&"))
}

// signIn goes the whole way, and says where it ended.
func (s *surfer) signIn(path, username, password string) page {
	s.t.Helper()
	form := s.door(path)
	require.Equal(s.t, s.proxy.URL+"/login/username", s.proxy.URL+form.Request.URL.Path, form.body)
	id := requestID.FindStringSubmatch(form.body)
	require.NotNil(s.t, id, form.body)
	return s.submit(s.proxy.URL+"/login/username", url.Values{"id": {id[1]}, "username": {username}, "password": {password}})
}

// cookies are those of the API.
func (s *surfer) cookies() []*http.Cookie {
	u, err := url.Parse(s.api.base)
	require.NoError(s.t, err)
	return s.http.Jar.Cookies(u)
}

// me asks the API who somebody with these cookies is.
func (r *realm) me(cookies []*http.Cookie) (int, string) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, r.api.base+"/api/v1/me", nil)
	require.NoError(r.t, err)
	for _, c := range cookies {
		req.AddCookie(c)
	}
	res, err := (&http.Client{Timeout: patience}).Do(req)
	require.NoError(r.t, err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	require.NoError(r.t, err)
	return res.StatusCode, string(body)
}
