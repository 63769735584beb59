package api_test

import (
	"context"
	"slices"
	"strings"

	"motcua/engine"
)

// selected are the codes that pass a filter, oldest first.
func (w *world) selected(f engine.Filter) ([]string, error) {
	if err := f.Check(); err != nil {
		return nil, err
	}
	if w.broken != nil {
		return nil, w.broken
	}
	var codes []string
	org := engine.NewDirectory(w.org)
	for code, c := range w.cases {
		if f.Selects(c, w.record(c), org, w.rules.Cal) && strings.HasPrefix(code, f.Query) {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	return codes, nil
}

func (w *world) List(_ context.Context, f engine.Filter) (engine.Page, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if f.At.IsZero() {
		f.At = w.now
	}
	codes, err := w.selected(f)
	page := engine.Page{At: f.At}
	for _, code := range codes {
		if code <= f.Cursor {
			continue
		}
		if len(page.Records) == f.Limit {
			page.Next = page.Records[len(page.Records)-1].Code
			break
		}
		page.Records = append(page.Records, w.record(w.cases[code]))
	}
	return page, err
}

func (w *world) Count(_ context.Context, f engine.Filter) (engine.Counted, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if f.At.IsZero() {
		f.At = w.now
	}
	codes, err := w.selected(f)
	return engine.Counted{Count: len(codes), At: f.At}, err
}

func (w *world) Board(ctx context.Context, f engine.Filter) (engine.Board, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if f.At.IsZero() {
		f.At = w.now
	}
	codes, err := w.selected(f)
	departments := map[string]engine.Tally{}
	b := engine.Board{At: f.At, Departments: []engine.DepartmentTally{}, Procedures: []engine.ProcedureTally{}}
	b.Total.Add(engine.Tally{})
	for _, code := range codes {
		c := w.cases[code]
		if c.Closed() {
			continue
		}
		t := w.tally(f, c)
		b.Total.Add(t)
		sum := departments[c.LastDepartment]
		sum.Add(t)
		departments[c.LastDepartment] = sum
	}
	b.Departments = engine.NewDirectory(w.org).Summed(f.Reach, departments)
	if b.Total.Open > 0 {
		b.Procedures = append(b.Procedures, engine.ProcedureTally{Procedure: w.rules.Code, Name: w.rules.Name, Tally: b.Total})
	}
	return b, err
}

func (w *world) tally(f engine.Filter, c engine.Case) engine.Tally {
	t := engine.Tally{Open: 1, Lists: map[engine.List]int{}}
	switch c.Status() {
	case engine.StatusRunning:
		t.Running = 1
	case engine.StatusSuspended:
		t.Suspended = 1
	}
	for _, list := range engine.Lists() {
		f.List = list
		if f.Selects(c, w.record(c), engine.NewDirectory(w.org), w.rules.Cal) {
			t.Lists[list] = 1
		}
	}
	t.Ageing.Under1 = t.Lists[engine.ListOverdue]
	return t
}

func (w *world) Workload(_ context.Context, f engine.Filter) ([]engine.Workload, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if f.At.IsZero() {
		f.At = w.now
	}
	org := engine.NewDirectory(w.org)
	var out []engine.Workload
	for _, o := range org.Desks(f.Reach, org.Below(f.Department)) {
		f.Holder = o.ID
		codes, err := w.selected(f)
		if err != nil {
			return nil, err
		}
		out = append(out, engine.Workload{Officer: o.ID, Name: o.Name, Held: len(codes)})
	}
	return out, nil
}
