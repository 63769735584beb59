package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"motcua/api/caller"
	"motcua/engine"
	"motcua/engine/calendar"
)

// How much the board shows. Counting stops at countLimit and says so.
const (
	shortList     = 20
	longList      = 50
	countLimit    = 100
	notifications = 20
)

// view is one thing the board can list.
type view struct {
	id    string
	label engine.Text
	class string
	// narrow sets what the view adds to the filter of the address.
	narrow func(f *engine.Filter, now time.Time, officer string)
}

// views are what the board can list: one filter for a list and for its count,
// so that the two can never disagree.
var views = []view{
	{"overdue", engine.Text{VI: "Quá hạn", EN: "Overdue"}, "overdue", func(f *engine.Filter, _ time.Time, _ string) {
		f.List = engine.ListOverdue
	}},
	{"soon", engine.Text{VI: "Sắp đến hạn", EN: "Due soon"}, "soon", func(f *engine.Filter, now time.Time, _ string) {
		f.List = engine.ListDueSoon
	}},
	{"mine", engine.Text{VI: "Tôi đang xử lý", EN: "Held by me"}, "intime", func(f *engine.Filter, _ time.Time, officer string) {
		f.Holder = officer
	}},
	{"running", engine.Text{VI: "Đang xử lý", EN: "In progress"}, "intime", func(f *engine.Filter, _ time.Time, _ string) {
		f.Status = engine.StatusRunning
	}},
	{"suspended", engine.Text{VI: "Tạm dừng", EN: "Suspended"}, "none", func(f *engine.Filter, _ time.Time, _ string) {
		f.Status = engine.StatusSuspended
	}},
	{"closed", engine.Text{VI: "Đã kết thúc", EN: "Closed"}, "none", func(f *engine.Filter, _ time.Time, _ string) {
		f.Status = engine.StatusClosed
	}},
}

// scope is the filter as the address carries it; the address is its only place.
type scope struct{ View, Department, Holder, Procedure, Query, Cursor string }

func scopeOf(r *http.Request) scope {
	q := r.URL.Query()
	chosen := q.Get("view")
	if !slices.ContainsFunc(views, func(v view) bool { return v.id == chosen }) {
		chosen = "" // the board itself
	}
	return scope{chosen, q.Get("department"), q.Get("holder"), q.Get("procedure"), q.Get("q"), q.Get("cursor")}
}

// href is the board under the scope.
func (sc scope) href() string {
	return "/?" + query("view", sc.View, "department", sc.Department, "holder", sc.Holder, "procedure", sc.Procedure, "q", sc.Query, "cursor", sc.Cursor)
}

// with changes one part of the scope and goes back to its first page.
func (sc scope) with(change func(*scope)) scope {
	sc.Cursor = ""
	change(&sc)
	return sc
}

func (sc scope) narrowed() bool {
	return sc.Department != "" || sc.Holder != "" || sc.Procedure != "" || sc.Query != ""
}

func (s *Site) filter(ctx context.Context, sc scope, view, limit int) engine.Filter {
	actor := caller.From(ctx).Actor
	f := engine.Filter{
		Reach: engine.ReachOf(actor, caller.From(ctx).Scope), Department: sc.Department, Holder: sc.Holder, Procedure: sc.Procedure,
		Query: sc.Query, Cursor: sc.Cursor, Limit: limit,
	}
	views[view].narrow(&f, s.Now(), actor.ID)
	return f
}

// row is a dossier on the board.
type row struct {
	engine.Record
	State, Department, Holder string
	Dossier, Step             standing
}

type listing struct {
	Caption, Empty string
	Rows           []row
	Next           string // address of the next page
}

type count struct {
	Label, Value, Href, Class string
	Current                   bool
}

type boardView struct {
	Lang    caller.Lang
	Agency  string
	Scope   scope
	Counts  []count
	Lists   []listing
	Notices []engine.Notification
	names   names
}

func (s *Site) board(w http.ResponseWriter, r *http.Request) error {
	ctx, sc := r.Context(), scopeOf(r)
	call := caller.From(ctx)
	v := boardView{Lang: call.Lang, Scope: sc, names: s.names(ctx)}
	v.Agency = v.names.agency()
	for i, view := range views {
		here := sc.with(func(c *scope) { c.View = view.id })
		page, err := s.Dossiers.List(ctx, s.filter(ctx, here, i, countLimit))
		if err != nil {
			return err
		}
		v.Counts = append(v.Counts, count{
			Label: call.Lang.Text(view.label), Value: counted(page), Href: here.href(), Class: view.class, Current: sc.View == view.id,
		})
		if sc.View == "" && i < 2 { // overdue and due soon
			list := s.listing(ctx, v.names, i, engine.Page{Records: page.Records[:min(shortList, len(page.Records))]})
			if len(page.Records) > shortList {
				list.Next = here.href()
			}
			v.Lists = append(v.Lists, list)
		}
		if sc.View == view.id {
			list, err := s.full(ctx, v.names, sc, i)
			if err != nil {
				return err
			}
			v.Lists = append(v.Lists, list)
		}
	}
	var err error
	if v.Notices, err = s.People.Notifications(ctx, call.Actor.ID, notifications); err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, s.frame(r, call.Lang.T("Bảng theo dõi", "Board")), boardPage(v))
	return nil
}

// full lists one view, page by page.
func (s *Site) full(ctx context.Context, n names, sc scope, view int) (listing, error) {
	page, err := s.Dossiers.List(ctx, s.filter(ctx, sc, view, longList))
	if err != nil {
		return listing{}, err
	}
	list := s.listing(ctx, n, view, page)
	if page.Next != "" {
		sc.Cursor = page.Next
		list.Next = sc.href()
	}
	return list, nil
}

func counted(p engine.Page) string {
	if p.Next != "" {
		return strconv.Itoa(len(p.Records)) + "+"
	}
	return strconv.Itoa(len(p.Records))
}

func (s *Site) listing(ctx context.Context, n names, view int, page engine.Page) listing {
	list := listing{
		Caption: n.lang.Text(views[view].label),
		Empty:   n.lang.T("Không có hồ sơ nào.", "No dossiers."),
	}
	for _, record := range page.Records {
		cal := s.calendar(ctx, record)
		list.Rows = append(list.Rows, row{
			Record: record, State: n.lang.Text(record.StateName),
			Department: n.department(record.Department), Holder: n.officer(record.Holder),
			Dossier: s.standing(n.lang, record.DueAt, record.Overdue, cal),
			Step:    s.standing(n.lang, record.StepDueAt, record.StepOverdue, cal),
		})
	}
	return list
}

// calendar finds the calendar a dossier is pinned to, to tell working time; a
// row without one tells plain time.
func (s *Site) calendar(ctx context.Context, record engine.Record) *calendar.Calendar {
	if record.DueAt.IsZero() && record.StepDueAt.IsZero() {
		return nil
	}
	_, c, err := s.Dossiers.Get(ctx, record.Agency, record.Code)
	if err != nil {
		return nil
	}
	r, err := s.Dossiers.Rules(ctx, c)
	if err != nil {
		return nil
	}
	return r.Cal
}
