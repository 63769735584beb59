package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/api/filter"
	"motcua/api/problem"
	"motcua/engine"
)

// Boards reads what supervisors watch: how many, how late, and on whose desk.
// A filter selects the same dossiers here as in [Dossiers].List. Errors:
// CodeForbidden, CodeInvalid, CodeUnavailable.
type Boards interface {
	// Count says how many dossiers pass a filter.
	Count(ctx context.Context, f engine.Filter) (engine.Counted, error)
	// Board counts, among what passes a filter, every list, how late what is
	// overdue is, and both by department and by procedure.
	Board(ctx context.Context, f engine.Filter) (engine.Board, error)
	// Workload says what each officer within reach has on their desk, those
	// with nothing too.
	Workload(ctx context.Context, f engine.Filter) ([]engine.Workload, error)
}

type listInput struct {
	filter.Ordered
	Cursor string `query:"cursor" maxLength:"512" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type listOutput struct {
	Body struct {
		Dossiers []engine.Record `json:"dossiers"`
		Next     string          `json:"next,omitempty" doc:"Cursor of the next page; absent on the last"`
		At       time.Time       `json:"at" doc:"The moment the list was judged at; all its pages are judged at the same one"`
	}
}

// countInput takes the order of a list too, which does not matter here, so that
// what lists also counts.
type countInput struct{ filter.Ordered }

type countOutput struct{ Body engine.Counted }

type boardOutput struct{ Body engine.Board }

type workloadOutput struct {
	Body struct {
		Officers []engine.Workload `json:"officers"`
	}
}

func (m *machineAPI) registerLists(a huma.API) {
	register(a, operation{
		id: "list-dossiers", method: http.MethodGet, path: "/api/v1/dossiers",
		verb: engine.VerbListDossiers, tag: "dossiers", summary: "List dossiers, the most urgent first",
	}, m.list)
	register(a, operation{
		id: "count-dossiers", method: http.MethodGet, path: "/api/v1/dossiers/count",
		verb: engine.VerbListDossiers, tag: "dossiers", summary: "Count the dossiers that a filter selects",
	}, m.count)
	register(a, operation{
		id: "board", method: http.MethodGet, path: "/api/v1/board",
		verb: engine.VerbListDossiers, tag: "board", summary: "Count every list, with ageing, by department and by procedure",
	}, m.board)
	register(a, operation{
		id: "workload", method: http.MethodGet, path: "/api/v1/board/workload",
		verb: engine.VerbListDossiers, tag: "board", summary: "Say what each officer has on their desk",
	}, m.workload)
}

// reach is how far the caller may see in lists.
func reach(ctx context.Context) engine.Reach {
	call := caller.From(ctx)
	return engine.ReachOf(call.Actor, call.Scope)
}

func (m *machineAPI) list(ctx context.Context, in *listInput) (*listOutput, error) {
	f, err := in.Filter(reach(ctx))
	if err != nil {
		return nil, misasked(ctx, err)
	}
	f.Cursor, f.Limit = in.Cursor, in.Limit
	page, err := m.Dossiers.List(ctx, f)
	if err != nil {
		return nil, misasked(ctx, err)
	}
	out := &listOutput{}
	out.Body.Dossiers, out.Body.Next, out.Body.At = append([]engine.Record{}, page.Records...), page.Next, page.At
	return out, nil
}

func (m *machineAPI) count(ctx context.Context, in *countInput) (*countOutput, error) {
	f, err := in.Filter(reach(ctx))
	if err != nil {
		return nil, misasked(ctx, err)
	}
	n, err := m.Boards.Count(ctx, f)
	return &countOutput{Body: n}, misasked(ctx, err)
}

func (m *machineAPI) board(ctx context.Context, in *countInput) (*boardOutput, error) {
	f, err := in.Filter(reach(ctx))
	if err != nil {
		return nil, misasked(ctx, err)
	}
	b, err := m.Boards.Board(ctx, f)
	return &boardOutput{Body: b}, misasked(ctx, err)
}

func (m *machineAPI) workload(ctx context.Context, in *countInput) (*workloadOutput, error) {
	f, err := in.Filter(reach(ctx))
	if err != nil {
		return nil, misasked(ctx, err)
	}
	list, err := m.Boards.Workload(ctx, f)
	out := &workloadOutput{}
	out.Body.Officers = append([]engine.Workload{}, list...)
	return out, misasked(ctx, err)
}

// misasked says of what is wrong with a filter that it was in the address.
func misasked(ctx context.Context, err error) error {
	var said *engine.Error
	if err == nil || !errors.As(err, &said) || said.Code != engine.CodeInvalid || said.Path == "" {
		return err
	}
	p := problem.Of(ctx, err)
	for i := range p.Errors {
		p.Errors[i].In = "query"
	}
	return p
}
