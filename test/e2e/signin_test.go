package e2e_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSignInAtARealIssuer signs officers in at a real issuer, a process that
// signs its tokens, through the whole dance of redirects.
func TestSignInAtARealIssuer(t *testing.T) {
	r := newRealm(t)
	away := r.browser().open(r.api.base + "/")
	require.Equal(t, http.StatusServiceUnavailable, away.StatusCode)
	require.Contains(t, away.body, "chưa kết nối được với hệ thống đăng nhập")
	r.startIssuer()
	eventually(t, "the issuer is found once it is there", func() bool {
		return r.browser().open(r.api.base+"/sign-in").StatusCode == http.StatusOK
	})

	t.Run("an officer lands where they wanted to, acts, and leaves", func(t *testing.T) { officerSignsIn(t, r) })
	t.Run("nobody else gets in", func(t *testing.T) { strangersStayOut(t, r) })
	t.Run("a sign-in ends in the browser that began it", func(t *testing.T) { noPlantedSignIn(t, r) })
	t.Run("tokens that were tampered with are refused", func(t *testing.T) { tamperedTokens(t, r) })
	for _, secret := range []string{"s3cret", password, "code_verifier", "eyJ"} {
		require.NotContains(t, r.api.log.String(), secret, "the log tells no secrets")
	}
}

func officerSignsIn(t *testing.T, r *realm) {
	dossier := open(t)
	lan := r.browser()
	wrong := lan.signIn("/dossiers/"+dossier, reception, "a guess")
	require.NotContains(t, wrong.Request.URL.String(), r.api.base, "the issuer keeps who does not know the password")
	code, _ := r.me(lan.cookies())
	require.Equal(t, http.StatusUnauthorized, code)

	landed := lan.signIn("/dossiers/"+dossier, reception, password)
	require.Equal(t, http.StatusOK, landed.StatusCode, landed.body)
	require.Equal(t, r.api.base+"/dossiers/"+dossier, landed.Request.URL.String())
	require.Contains(t, landed.body, dossier)
	require.Contains(t, lan.open(r.api.base+"/").body, "Đăng xuất")
	code, who := r.me(lan.cookies())
	require.Equal(t, http.StatusOK, code)
	require.Contains(t, who, reception)

	acted := lan.submit(r.api.base+"/dossiers/"+dossier+"/events", url.Values{"event": {"accept"}})
	require.Equal(t, http.StatusOK, acted.StatusCode, acted.body)
	require.Equal(t, "accepted", show(t, dossier).State)
	all := facts(t, dossier)
	require.Equal(t, reception, all[len(all)-1].Actor, "the fact names who signed in")

	elsewhere, kept := r.browser(), lan.cookies()
	require.Equal(t, http.StatusOK, elsewhere.signIn("/", reception, password).StatusCode)
	out := lan.submit(r.api.base+"/sign-out", nil)
	require.Equal(t, http.StatusOK, out.StatusCode)
	_, end, found := strings.Cut(out.Header.Get("Refresh"), "url=")
	require.True(t, found)
	require.True(t, strings.HasPrefix(end, r.proxy.URL+"/end_session?"), end)
	back := lan.open(end)
	require.Equal(t, http.StatusOK, back.StatusCode, back.body)
	require.Equal(t, r.api.base+"/sign-in", back.Request.URL.String(), "the issuer sends the browser back")
	code, _ = r.me(kept)
	require.Equal(t, http.StatusUnauthorized, code, "a copy of the cookie is dead")
	code, _ = r.me(elsewhere.cookies())
	require.Equal(t, http.StatusOK, code, "other browsers stay signed in")
}

func strangersStayOut(t *testing.T, r *realm) {
	stranger := r.browser()
	landed := stranger.signIn("/", "nguoi.la", password)
	require.Equal(t, http.StatusForbidden, landed.StatusCode, landed.body)
	require.Contains(t, landed.body, "chưa được cấp quyền")
	require.NotContains(t, landed.body, "nguoi.la")
	code, _ := r.me(stranger.cookies())
	require.Equal(t, http.StatusUnauthorized, code)

	res := r.browser().submit(r.api.base+"/sign-in", url.Values{"officer": {reception}})
	require.Equal(t, http.StatusMethodNotAllowed, res.StatusCode, "there is no development sign-in here")
}

// noPlantedSignIn is login CSRF: the attacker begins a sign-in with their own
// account and sends its last step to the victim.
func noPlantedSignIn(t *testing.T, r *realm) {
	attacker, victim := r.browser(), r.browser()
	var last string
	attacker.http.CheckRedirect = func(req *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(req.URL.Path, "/sign-in/callback") {
			last = req.URL.String()
			return http.ErrUseLastResponse
		}
		return nil
	}
	attacker.signIn("/", reception, password)
	require.Contains(t, last, "code=")
	require.Equal(t, http.StatusUnauthorized, victim.open(last).StatusCode)
	victim.door("/sign-in") // not while they sign in themselves either
	require.Equal(t, http.StatusUnauthorized, victim.open(last).StatusCode)
	code, _ := r.me(victim.cookies())
	require.Equal(t, http.StatusUnauthorized, code)
}

func tamperedTokens(t *testing.T, r *realm) {
	defer r.tampering(nil)
	part := func(token string, i int) map[string]any {
		text, _ := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[i])
		out := map[string]any{}
		_ = json.Unmarshal(text, &out)
		return out
	}
	// with is the token with one thing changed in its header (0) or payload (1).
	with := func(i int, name string, value any) func(string) string {
		return func(token string) string {
			changed := part(token, i)
			changed[name] = value
			text, _ := json.Marshal(changed)
			parts := strings.Split(token, ".")
			parts[i] = base64.RawURLEncoding.EncodeToString(text)
			return strings.Join(parts, ".")
		}
	}
	for name, tamper := range map[string]func(string) string{
		"another officer":  with(1, "preferred_username", "hai.hoang"),
		"another audience": with(1, "aud", []string{"another"}),
		"another issuer":   with(1, "iss", "https://id.example.com"),
		"another nonce":    with(1, "nonce", "another"),
		"a longer life":    with(1, "exp", 9999999999),
		"an unknown key":   with(0, "kid", "another"),
		"no algorithm":     with(0, "alg", "none"),
		"no signature at all": func(token string) string {
			parts := strings.Split(with(0, "alg", "none")(token), ".")
			return parts[0] + "." + parts[1] + "."
		},
		"a cut signature": func(token string) string { return token[:len(token)-10] },
		"no token":        func(string) string { return "" },
	} {
		t.Run(name, func(t *testing.T) {
			r.tampering(tamper)
			browser := r.browser()
			landed := browser.signIn("/", reception, password)
			require.Equal(t, http.StatusUnauthorized, landed.StatusCode, landed.body)
			code, _ := r.me(browser.cookies())
			require.Equal(t, http.StatusUnauthorized, code)
		})
	}
	r.tampering(func(token string) string { return token })
	require.Equal(t, http.StatusOK, r.browser().signIn("/", reception, password).StatusCode, "the proxy itself does no harm")
}

// TestDevelopmentSignInIsForThisMachineOnly starts the real program.
func TestDevelopmentSignInIsForThisMachineOnly(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "[::]:0"} {
		_, err := w.start(t.Context(), "api", "MOTCUA_LISTEN="+address)
		require.ErrorContains(t, err, "must be a loopback address", address)
	}
}
