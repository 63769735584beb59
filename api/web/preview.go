package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"time"

	"motcua/api/caller"
	"motcua/engine"
)

// ForeseeFunc says what a command would do, and does nothing.
type ForeseeFunc func(ctx context.Context, cmd engine.Command) (engine.Preview, error)

// Watches keeps who wants to be told of every change of a dossier. Errors:
// CodeNotFound.
type Watches interface {
	Watch(ctx context.Context, a engine.Actor, dossier string, on bool) error
	Watches(ctx context.Context, a engine.Actor, dossier string) (bool, error)
}

// previewView is what an event would do to a dossier.
type previewView struct {
	dossierView
	engine.Preview
	Form url.Values // what was asked, to be sent again
}

func (v previewView) sent() [][2]string { return sentAgain(v.Form) }

// foreseen are the verbs a supervisor looks at before they happen.
func foreseen(event string) bool {
	return slices.Contains([]string{
		engine.EventReassign, engine.EventEscalate, engine.EventReturn, engine.EventExtend, engine.EventSuspend, engine.EventResume,
		engine.EventOverride, engine.EventWithdraw,
	}, event)
}

// actionPath is where the form of an event is sent: what a supervisor decides
// is looked at first.
func actionPath(p engine.Permitted) string {
	if foreseen(p.Event) {
		return "/preview"
	}
	return "/events"
}

func (s *Site) preview(w http.ResponseWriter, r *http.Request) error {
	if err := parse(r); err != nil {
		return err
	}
	cmd, _, err := command(r)
	if err != nil {
		return err
	}
	p, err := s.Foresee(r.Context(), cmd)
	if err != nil {
		return err
	}
	v, err := s.look(r, "")
	if err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, s.frame(r, v.Lang.T("Xem trước", "Preview")), previewPage(previewView{dossierView: v, Preview: p, Form: r.PostForm}))
	return nil
}

// watch begins or ends the watching of a dossier.
func (s *Site) watch(w http.ResponseWriter, r *http.Request) error {
	if err := parse(r); err != nil {
		return err
	}
	code := r.PathValue("code")
	if err := s.Watches.Watch(r.Context(), caller.From(r.Context()).Actor, code, r.PostForm.Get("watch") == "true"); err != nil {
		return err
	}
	http.Redirect(w, r, dossierHref(code), http.StatusSeeOther)
	return nil
}

// dueWord writes a due moment, and none as what that means.
func (v previewView) dueWord(t time.Time) string {
	if t.IsZero() {
		return "—"
	}
	return when(t)
}

// people names whom a role means.
func (v previewView) people(list []engine.ToldPeople) []string {
	out := make([]string, len(list))
	for i, told := range list {
		out[i] = roleWord(v.Lang, told.Role)
		for j, p := range told.Officers {
			sep := ", "
			if j == 0 {
				sep = ": "
			}
			out[i] += sep + p.Name
		}
	}
	return out
}
