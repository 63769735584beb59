package web

import (
	"net/http"
	"strings"

	"motcua/api/caller"
	"motcua/engine"
)

// signInForm lists everybody: on a machine of development anybody is anybody.
func (s *Site) signInForm(w http.ResponseWriter, r *http.Request) error {
	organisations, err := s.People.Officers(r.Context())
	if err != nil {
		return err
	}
	lang := caller.From(r.Context()).Lang
	page := signInPage(lang, organisations, local(r.URL.Query().Get("next")))
	s.render(w, r, http.StatusOK, s.frame(r, lang.T("Đăng nhập", "Sign in")), page)
	return nil
}

func (s *Site) signIn(w http.ResponseWriter, r *http.Request) error {
	if err := parse(r); err != nil {
		return err
	}
	officer, _, err := s.People.Officer(r.Context(), r.PostForm.Get("officer"))
	if engine.CodeOf(err) == engine.CodeUnauthenticated {
		return engine.Errorf(engine.CodeForbidden, "no such officer")
	}
	if err != nil {
		return err
	}
	http.SetCookie(w, s.Sessions.Issue(officer.ID))
	http.Redirect(w, r, local(r.PostForm.Get("next")), http.StatusSeeOther)
	return nil
}

func (s *Site) signOut(w http.ResponseWriter, r *http.Request) error {
	http.SetCookie(w, s.Sessions.Forget())
	http.Redirect(w, r, "/sign-in", http.StatusSeeOther)
	return nil
}

// local keeps a redirect on this server: browsers read "//host" and "/\host"
// as another one.
func local(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n") {
		return "/"
	}
	return next
}
