package web

import (
	"cmp"
	"context"
	"strconv"
	"time"

	"motcua/api/caller"
	"motcua/api/filter"
	"motcua/engine"
)

// tab is a list one can choose, and how many dossiers it has.
type tab struct {
	Label, Value, Href, Class string
	Current                   bool
}

// plainly takes from an address what a tab sets.
func plainly(p *filter.Ordered) {
	p.List, p.Status, p.Holder, p.Sort, p.Overdue = "", "", "", "", filter.OptionalBool{}
}

// base is the filter of an address without what a tab sets: what all tabs and
// tables of the page are counted under.
func (s *Site) base(ctx context.Context, a address, at time.Time) (engine.Filter, error) {
	return s.ask(ctx, a.with(plainly), at)
}

// tabs counts every list under the rest of the address. The count of a list is
// of the very filter that lists it, at the same moment.
func (s *Site) tabs(ctx context.Context, a address, at time.Time) ([]tab, engine.Board, error) {
	lang := caller.From(ctx).Lang
	base, err := s.base(ctx, a, at)
	if err != nil {
		return nil, engine.Board{}, err
	}
	board, err := s.Boards.Board(ctx, base)
	if err != nil {
		return nil, board, err
	}
	var out []tab
	add := func(value, class string, set func(*filter.Ordered)) {
		here := a.with(func(p *filter.Ordered) { plainly(p); set(p) })
		out = append(out, tab{
			Label: captionOf(lang, here), Value: value, Href: here.href(), Class: class,
			Current: here.List == a.List && here.Status == a.Status && here.Holder == a.Holder && a.chosen(),
		})
	}
	mine := base
	mine.Holder = caller.From(ctx).Actor.ID
	held, err := s.Boards.Count(ctx, mine)
	if err != nil {
		return nil, board, err
	}
	add(strconv.Itoa(held.Count), "intime", func(p *filter.Ordered) { p.Holder = "me" })
	for _, list := range engine.Lists() {
		add(strconv.Itoa(board.Total.Lists[list]), tabClass(list), func(p *filter.Ordered) { p.List = string(list) })
	}
	add(strconv.Itoa(board.Total.Running), "intime", func(p *filter.Ordered) { p.Status = engine.StatusRunning })
	add(strconv.Itoa(board.Total.Suspended), "none", func(p *filter.Ordered) { p.Status = engine.StatusSuspended })
	add("…", "none", func(p *filter.Ordered) { p.Status = engine.StatusClosed })
	return out, board, nil
}

func tabClass(l engine.List) string {
	switch l {
	case engine.ListOverdue, engine.ListUnacknowledged:
		return "overdue"
	case engine.ListWaiting:
		return "none"
	}
	return "soon"
}

// captionOf names what an address lists.
func captionOf(l caller.Lang, a address) string {
	status := map[string]string{
		engine.StatusRunning: l.T("Đang xử lý", "In progress"), engine.StatusSuspended: l.T("Tạm dừng", "Suspended"),
		engine.StatusClosed: l.T("Đã kết thúc", "Closed"),
	}[a.Status]
	holder := map[string]string{"me": l.T("Tôi đang giữ", "Held by me"), engine.HolderNobody: l.T("Chưa ai nhận", "Held by nobody")}[a.Holder]
	return cmp.Or(l.Text(engine.List(a.List).Text()), status, holder, l.T("Hồ sơ", "Dossiers"))
}
