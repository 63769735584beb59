package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"motcua/api/caller"
	"motcua/engine"
)

// Views keeps filters of lists under names. Errors: CodeWrongRole,
// CodeInvalid, CodeNotFound.
type Views interface {
	Views(ctx context.Context, a engine.Actor) ([]engine.View, error)
	View(ctx context.Context, a engine.Actor, id string) (engine.View, error)
	DropView(ctx context.Context, a engine.Actor, id string) error
}

// KeepFunc checks and keeps a view as whoever is signed in.
type KeepFunc func(ctx context.Context, v engine.View) (engine.View, error)

// view leads from the lasting address of a view to what it is now.
func (s *Site) view(w http.ResponseWriter, r *http.Request) error {
	v, err := s.Views.View(r.Context(), caller.From(r.Context()).Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	values, err := url.ParseQuery(v.Query)
	if err != nil {
		return err
	}
	values.Set("saved", v.ID)
	http.Redirect(w, r, "/?"+values.Encode(), http.StatusSeeOther)
	return nil
}

// keepView keeps the filter of the page the form stood on. Whom it is for is
// one choice: "own", "agency", or "in:" and a department.
func (s *Site) keepView(w http.ResponseWriter, r *http.Request) error {
	if err := parse(r); err != nil {
		return err
	}
	v := engine.View{Name: strings.TrimSpace(r.PostForm.Get("name")), Share: engine.Sharing(r.PostForm.Get("share")), Query: r.PostForm.Get("query")}
	if department, ok := strings.CutPrefix(string(v.Share), "in:"); ok {
		v.Share, v.Department = engine.ShareDepartment, department
	}
	if v.Name == "" || !acceptable(v.Name, 100) || !acceptable(v.Query, 1000) || !acceptable(v.Department, 64) {
		return engine.Errorf(engine.CodeInvalid, "a view needs a name of at most 100 characters")
	}
	kept, err := s.Keep(r.Context(), v)
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/views/"+kept.ID, http.StatusSeeOther)
	return nil
}

func (s *Site) dropView(w http.ResponseWriter, r *http.Request) error {
	if err := parse(r); err != nil {
		return err
	}
	if err := s.Views.DropView(r.Context(), caller.From(r.Context()).Actor, r.PathValue("id")); err != nil {
		return err
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
	return nil
}
