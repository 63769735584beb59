package main

import (
	"context"
	"fmt"
	"time"

	"motcua/engine"
	"motcua/internal/postgres"
)

// everythingOf is the reach of a leader of one of the agencies. The first has
// three in ten of all dossiers, the others share the rest.
func everythingOf(agency int) engine.Reach {
	return engine.Reach{Agency: fmt.Sprintf("M%02d", agency), Everything: true}
}

// asking lists what is measured: of the largest agency, which is the worst
// case, and of all the others in turn.
func asking(ctx context.Context, l *postgres.Ledger) ([]asked, error) {
	list := func(f engine.Filter) func(context.Context, int) (int, error) {
		return func(ctx context.Context, _ int) (int, error) {
			page, err := l.List(ctx, f)
			return len(page.Records), err
		}
	}
	largest := engine.Filter{Reach: everythingOf(0)}
	var all []asked
	for _, name := range engine.Lists() {
		f := largest
		f.List = name
		all = append(all, asked{"largest: " + string(name), list(f)})
	}
	with := func(name string, change func(*engine.Filter)) {
		f := largest
		change(&f)
		all = append(all, asked{"largest: " + name, list(f)})
	}
	with("everything", func(*engine.Filter) {})
	with("overdue below a department", func(f *engine.Filter) { f.List, f.Department = engine.ListOverdue, "expertise" })
	with("overdue of an officer", func(f *engine.Filter) { f.List, f.Holder = engine.ListOverdue, "m00.o03" })
	with("stuck, longest first", func(f *engine.Filter) { f.List, f.Sort = engine.ListStuck, engine.OrderActed })
	with("everything, latest first", func(f *engine.Filter) { f.Sort = "-" + engine.OrderStarted })
	with("closed last", func(f *engine.Filter) { f.Status = engine.StatusClosed })
	with("an officer's reach", func(f *engine.Filter) {
		f.Reach = engine.Reach{Agency: "M00", Departments: []string{"appraisal"}, Officer: "m00.o03"}
	})
	with("search by code", func(f *engine.Filter) { f.Query = "M00-" + time.Now().AddDate(0, 0, -30).Format("060102") })
	with("search by name", func(f *engine.Filter) { f.Query = "nguyen van ten07" })
	with("search by the commonest word", func(f *engine.Filter) { f.Query = "nguyen" })
	with("open ones by name", func(f *engine.Filter) { f.List, f.Query = engine.ListOverdue, "nguyen van ten07" })
	with("search by procedure", func(f *engine.Filter) { f.Query = "do tai nam buoc" })
	with("search for what is not there", func(f *engine.Filter) { f.Query = "khong co thu tuc nay" })
	deep, err := deepPage(ctx, l, largest, 200)
	if err != nil {
		return nil, err
	}
	all = append(all, asked{"largest: page 200", list(deep)})
	for _, agency := range []int{0, -1} {
		of := func(i int) engine.Filter {
			if agency == 0 {
				return largest
			}
			return engine.Filter{Reach: everythingOf(1 + i%(manyAgencies-1))}
		}
		name := map[int]string{0: "largest: ", -1: "others: "}[agency]
		all = append(all, asked{name + "count overdue", func(ctx context.Context, i int) (int, error) {
			f := of(i)
			f.List = engine.ListOverdue
			n, err := l.Count(ctx, f)
			return n.Count, err
		}}, asked{name + "count everything", func(ctx context.Context, i int) (int, error) {
			n, err := l.Count(ctx, of(i))
			return n.Count, err
		}}, asked{name + "board, all counts", func(ctx context.Context, i int) (int, error) {
			b, err := l.Board(ctx, of(i))
			return b.Total.Open, err
		}}, asked{name + "workload", func(ctx context.Context, i int) (int, error) {
			w, err := l.Workload(ctx, of(i))
			return len(w), err
		}}, asked{name + "first page of overdue", func(ctx context.Context, i int) (int, error) {
			f := of(i)
			f.List = engine.ListOverdue
			page, err := l.List(ctx, f)
			return len(page.Records), err
		}})
	}
	return all, nil
}

// deepPage is the filter of a page far behind the first.
func deepPage(ctx context.Context, l *postgres.Ledger, f engine.Filter, page int) (engine.Filter, error) {
	for range page - 1 {
		p, err := l.List(ctx, f)
		if err != nil || p.Next == "" {
			return f, err
		}
		f.Cursor = p.Next
	}
	return f, nil
}
