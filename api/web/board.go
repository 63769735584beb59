package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"motcua/api/caller"
	"motcua/api/filter"
	"motcua/engine"
	"motcua/engine/calendar"
)

// How much the board shows.
const (
	shortList     = 20
	longList      = 50
	notifications = 20
)

// Boards reads what supervisors watch. A filter selects the same dossiers here
// as in [Dossiers].List. Errors: CodeForbidden, CodeInvalid, CodeUnavailable.
type Boards interface {
	Count(ctx context.Context, f engine.Filter) (engine.Counted, error)
	Board(ctx context.Context, f engine.Filter) (engine.Board, error)
	Workload(ctx context.Context, f engine.Filter) ([]engine.Workload, error)
}

// address is the board as its address says it; the address is its only place.
type address struct {
	filter.Ordered
	Cursor string
	Saved  string // the view it came from
}

func addressOf(r *http.Request) (address, error) {
	q := r.URL.Query()
	p, err := filter.Parse(q)
	return address{Ordered: p, Cursor: q.Get("cursor"), Saved: q.Get("saved")}, err
}

// href is the board under the address.
func (a address) href() string {
	values := a.Values()
	for name, value := range map[string]string{"cursor": a.Cursor, "saved": a.Saved} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if len(values) == 0 {
		return "/"
	}
	return "/?" + values.Encode()
}

// with changes one part of the filter and goes back to its first page.
func (a address) with(change func(*filter.Ordered)) address {
	a.Cursor, a.Saved = "", ""
	change(&a.Ordered)
	return a
}

// chosen says whether the address asks for a list rather than for the board.
func (a address) chosen() bool { return len(filter.Without(a.Values(), "department", "sort")) > 0 }

// narrowed says whether there is anything to clear.
func (a address) narrowed() bool { return len(a.Values()) > 0 }

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

type boardView struct {
	Lang    caller.Lang
	Agency  string
	Address address
	Tabs    []tab
	Lists   []listing
	Board   engine.Board
	Work    []engine.Workload
	Views   []engine.View
	Actor   engine.Actor
	Notices []engine.Notification
	names   names
}

func (s *Site) board(w http.ResponseWriter, r *http.Request) error {
	ctx, call := r.Context(), caller.From(r.Context())
	a, err := addressOf(r)
	if err != nil {
		return err
	}
	v := boardView{Lang: call.Lang, Address: a, Actor: call.Actor, names: s.names(ctx)}
	v.Agency = v.names.agency()
	at := s.Now() // everything on the page is judged at one moment
	if v.Tabs, v.Board, err = s.tabs(ctx, a, at); err != nil {
		return err
	}
	if v.Lists, err = s.lists(ctx, v.names, a, at); err != nil {
		return err
	}
	base, err := s.base(ctx, a, at)
	if err != nil {
		return err
	}
	if v.Work, err = s.Boards.Workload(ctx, base); err != nil {
		return err
	}
	if v.Views, err = s.Views.Views(ctx, call.Actor); err != nil {
		return err
	}
	if v.Notices, err = s.People.Notifications(ctx, call.Actor.ID, notifications); err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, s.frame(r, call.Lang.T("Bảng theo dõi", "Board")), boardPage(v))
	return nil
}

// ask is the filter of an address for whoever is signed in.
func (s *Site) ask(ctx context.Context, a address, at time.Time) (engine.Filter, error) {
	call := caller.From(ctx)
	f, err := a.Filter(engine.ReachOf(call.Actor, call.Scope))
	f.At = at
	return f, err
}

// lists are what the page lists: what the address asks for or, where it asks
// for nothing, what is the officer's own, is overdue and is due soon.
func (s *Site) lists(ctx context.Context, n names, a address, at time.Time) ([]listing, error) {
	if a.chosen() {
		list, err := s.listing(ctx, n, a, at, longList)
		return []listing{list}, err
	}
	var out []listing
	for _, t := range []func(*filter.Ordered){
		func(p *filter.Ordered) { p.Holder = "me" },
		func(p *filter.Ordered) { p.List = string(engine.ListOverdue) },
		func(p *filter.Ordered) { p.List = string(engine.ListDueSoon) },
	} {
		here := a.with(t)
		list, err := s.listing(ctx, n, here, at, shortList)
		if err != nil {
			return nil, err
		}
		if here.Holder == "me" && len(list.Rows) == 0 {
			continue // a supervisor who holds nothing is not told so each time
		}
		if list.Next != "" {
			list.Next = here.href()
		}
		out = append(out, list)
	}
	return out, nil
}

func (s *Site) listing(ctx context.Context, n names, a address, at time.Time, limit int) (listing, error) {
	f, err := s.ask(ctx, a, at)
	if err != nil {
		return listing{}, err
	}
	f.Cursor, f.Limit = a.Cursor, limit
	page, err := s.Dossiers.List(ctx, f)
	if err != nil {
		return listing{}, err
	}
	list := listing{Caption: captionOf(n.lang, a), Empty: n.lang.T("Không có hồ sơ nào.", "No dossiers.")}
	for _, record := range page.Records {
		cal := s.calendar(ctx, record)
		list.Rows = append(list.Rows, row{
			Record: record, State: n.lang.Text(record.StateName),
			Department: n.department(record.Department), Holder: n.officer(record.Holder),
			Dossier: s.standing(n.lang, record.DueAt, record.Overdue, cal),
			Step:    s.standing(n.lang, record.StepDueAt, record.StepOverdue, cal),
		})
	}
	if page.Next != "" {
		a.Cursor = page.Next
		list.Next = a.href()
	}
	return list, nil
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

// sorted is where the head of a column leads: the other way round if the list
// is sorted by it already.
func (v boardView) sorted(by engine.Order) string {
	return v.Address.with(func(p *filter.Ordered) {
		if p.Sort == string(by) || p.Sort == "" && by == engine.OrderDue {
			by = "-" + by
		}
		p.Sort = string(by)
	}).href()
}

// sortable says whether the lists of the page can be in an order.
func (v boardView) sortable(by engine.Order) bool {
	f := engine.Filter{Reach: engine.Reach{Agency: "any"}, List: engine.List(v.Address.List), Status: v.Address.Status, Sort: by}
	return v.Address.chosen() && f.Check() == nil
}

// direction is how a column is sorted, as ARIA says it.
func (v boardView) direction(by engine.Order) string {
	switch v.Address.Sort {
	case string(by):
		return "ascending"
	case "-" + string(by):
		return "descending"
	}
	if by == engine.OrderDue && v.Address.Sort == "" {
		return "ascending"
	}
	return "none"
}

// sharable are the departments the officer may keep a view for.
func (v boardView) sharable() []engine.Department {
	mine := append(v.Actor.Departments(), v.Actor.Oversees...)
	return slices.DeleteFunc(slices.Clone(v.names.org.Departments), func(d engine.Department) bool { return !slices.Contains(mine, d.Code) })
}

// keepable is the filter of the page as a view keeps it.
func (v boardView) keepable() url.Values { return filter.Without(v.Address.Values(), "q") }

func number0(n int) string {
	if n == 0 {
		return "–"
	}
	return strconv.Itoa(n)
}

func dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return calendar.DateOf(t).String()
}
