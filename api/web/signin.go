package web

import (
	"net/http"
	"strings"

	"motcua/api/caller"
	"motcua/engine"
)

// signInForm leads to the issuer. For development it lists everybody: there
// anybody is anybody.
func (s *Site) signInForm(w http.ResponseWriter, r *http.Request) error {
	lang, next := caller.From(r.Context()).Lang, local(r.URL.Query().Get("next"))
	frame := s.frame(r, lang.T("Đăng nhập", "Sign in"))
	if s.DevSignIn {
		organisations, err := s.People.Officers(r.Context())
		if err != nil {
			return err
		}
		s.render(w, r, http.StatusOK, frame, devSignInPage(lang, organisations, next))
		return nil
	}
	status := http.StatusOK
	if err := s.Issuer.Ready(r.Context()); err != nil {
		status = http.StatusServiceUnavailable
		w.Header().Set("Retry-After", "10")
	}
	s.render(w, r, status, frame, signInPage(lang, s.issuerHost(), next, status == http.StatusOK))
	return nil
}

// devSignIn takes whoever is chosen at their word.
func (s *Site) devSignIn(w http.ResponseWriter, r *http.Request) error {
	if err := parse(r); err != nil {
		return err
	}
	if err := s.enter(w, r, engine.Session{Officer: r.PostForm.Get("officer")}); err != nil {
		return err
	}
	http.Redirect(w, r, local(r.PostForm.Get("next")), http.StatusSeeOther)
	return nil
}

// signOut ends the session here and then, where the issuer offers it, there.
// The browser goes on by itself rather than by a redirect: the target of a form
// is this server only, and browsers hold redirects against that.
func (s *Site) signOut(w http.ResponseWriter, r *http.Request) error {
	session, err := s.Sessions.End(w, r)
	if err != nil {
		return err
	}
	if s.Issuer != nil && session.Issuer == s.Issuer.Name() {
		if end := s.Issuer.EndURL(r.Context()); end != "" {
			lang := caller.From(r.Context()).Lang
			w.Header().Set("Refresh", "0; url="+end)
			s.render(w, r, http.StatusOK, s.frame(r, lang.T("Đã đăng xuất", "Signed out")), signedOutPage(lang, s.issuerHost(), end))
			return nil
		}
	}
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
	return nil
}

// local keeps a redirect on this server: browsers read "//host" and "/\host"
// as another one.
func local(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return "/"
	}
	return next
}
