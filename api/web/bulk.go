package web

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"motcua/api/caller"
	"motcua/api/filter"
	"motcua/engine"
)

// Many carries a supervisor's verb to many dossiers, as whoever is signed in;
// Start and Again answer the id of the act. Errors: those of the engine's
// bulk acts.
type Many struct {
	Preview func(ctx context.Context, b engine.Bulk, cursor string) (engine.ActPage, error)
	Start   func(ctx context.Context, b engine.Bulk, key string) (act string, err error)
	Again   func(ctx context.Context, act, key string) (again string, err error)
	Cancel  func(ctx context.Context, act string) error
}

func (m Many) complete() bool {
	return m.Preview != nil && m.Start != nil && m.Again != nil && m.Cancel != nil
}

// chosenMost bounds the dossiers a page lists to be ticked; all that pass the
// filter can be chosen at once.
const chosenMost = 200

// bulkView is the page on which many dossiers are chosen, or the preview of
// what would be done with them.
type bulkView struct {
	Lang    caller.Lang
	Key     string
	Address string // the filter, as the board's address has it
	Filter  url.Values
	Rows    []engine.Record
	More    bool
	names   names

	// Of a preview:
	Asked engine.Bulk
	Form  url.Values // what was asked, to be sent again
	Page  engine.ActPage
}

// choose lists what passes the filter of the address, to be ticked.
func (s *Site) choose(w http.ResponseWriter, r *http.Request) error {
	ctx, call := r.Context(), caller.From(r.Context())
	p, err := filter.Parse(r.URL.Query())
	if err != nil {
		return err
	}
	f, err := p.Filter(engine.BulkReach(call.Actor))
	if err != nil {
		return err
	}
	if f.Status == "" && f.List == "" {
		f.Status = engine.StatusRunning
	}
	f.Limit = chosenMost
	page, err := s.Dossiers.List(ctx, f)
	if err != nil {
		return err
	}
	v := bulkView{Lang: call.Lang, Key: caller.RandomID(), Address: p.Values().Encode(), Filter: p.Values(), Rows: page.Records, More: page.Next != "", names: s.names(ctx)}
	s.render(w, r, http.StatusOK, s.frame(r, call.Lang.T("Xử lý nhiều hồ sơ", "Many dossiers")), choosePage(v))
	return nil
}

// asked reads what a form asks for: the verb with what goes with it, and the
// dossiers that are ticked or the filter.
func asked(r *http.Request) (engine.Bulk, error) {
	if err := parse(r); err != nil {
		return engine.Bulk{}, err
	}
	form := r.PostForm
	cmd := engine.Command{Event: form.Get("event")}
	if err := supervision(form, &cmd); err != nil {
		return engine.Bulk{}, err
	}
	b := engine.Bulk{
		Event: cmd.Event, Reason: written(r, "reason"), Officer: cmd.Officer, Halt: cmd.Halt, Overrides: cmd.Overrides, Extend: cmd.Extend, Target: cmd.Target,
	}
	if !acceptable(b.Event, 64) || !acceptable(b.Reason, 4000) || !acceptable(form.Get("key"), 200) || !acceptable(form.Get("filter"), 2000) {
		return b, engine.Errorf(engine.CodeInvalid, "a value is too long or holds control characters")
	}
	if form.Get("all") != "true" {
		b.Dossiers = form["dossier"]
		return b, nil
	}
	values, err := url.ParseQuery(form.Get("filter"))
	if err != nil {
		return b, engine.Errorf(engine.CodeInvalid, "the filter cannot be read")
	}
	p, err := filter.Parse(values)
	if err != nil {
		return b, err
	}
	f, err := p.Params.Filter(engine.BulkReach(caller.From(r.Context()).Actor))
	if f.Status == "" && f.List == "" {
		f.Status = engine.StatusRunning
	}
	b.Filter = &f
	return b, err
}

func (s *Site) previewBulk(w http.ResponseWriter, r *http.Request) error {
	ctx, call := r.Context(), caller.From(r.Context())
	b, err := asked(r)
	if err != nil {
		return err
	}
	page, err := s.Bureau.Many.Preview(ctx, b, "")
	if err != nil {
		return err
	}
	v := bulkView{Lang: call.Lang, Key: r.PostForm.Get("key"), Address: r.PostForm.Get("filter"), Asked: b, Form: r.PostForm, Page: page, names: s.names(ctx)}
	title := call.Lang.T("Xem trước: ", "Preview: ") + call.Lang.Text(engine.ReservedName(b.Event))
	s.render(w, r, http.StatusOK, s.frame(r, title), outcomesPage(outcomesView{Lang: call.Lang, Title: title, Page: page, Confirm: &v}))
	return nil
}

func (s *Site) startBulk(w http.ResponseWriter, r *http.Request) error {
	b, err := asked(r)
	if err != nil {
		return err
	}
	act, err := s.Bureau.Many.Start(r.Context(), b, r.PostForm.Get("key"))
	if err != nil {
		return err
	}
	http.Redirect(w, r, actHref(act), http.StatusSeeOther)
	return nil
}

func (s *Site) cancelAct(w http.ResponseWriter, r *http.Request) error {
	if err := s.Bureau.Many.Cancel(r.Context(), r.PathValue("id")); err != nil {
		return err
	}
	http.Redirect(w, r, actHref(r.PathValue("id")), http.StatusSeeOther)
	return nil
}

func (s *Site) retryAct(w http.ResponseWriter, r *http.Request) error {
	if err := parse(r); err != nil {
		return err
	}
	key := r.PostForm.Get("key")
	if !acceptable(key, 200) {
		return engine.Errorf(engine.CodeInvalid, "a value is too long or holds control characters")
	}
	act, err := s.Bureau.Many.Again(r.Context(), r.PathValue("id"), key)
	if err != nil {
		return err
	}
	http.Redirect(w, r, actHref(act), http.StatusSeeOther)
	return nil
}

// listed says how many dossiers are listed, and whether there are more.
func (v bulkView) listed() string {
	if v.More {
		return strconv.Itoa(len(v.Rows)) + "+"
	}
	return strconv.Itoa(len(v.Rows))
}

// sent lists the inputs of a form, to be sent once more.
func (v bulkView) sent() [][2]string { return sentAgain(v.Form) }

func sentAgain(form url.Values) [][2]string {
	var out [][2]string
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, value := range form[name] {
			out = append(out, [2]string{name, value})
		}
	}
	return out
}

// reasons are the codes of what was refused, in their order.
func reasons(c *engine.ActCounts) []engine.Code {
	if c == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(c.Reasons))
}
