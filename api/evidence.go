package api

import (
	"context"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/api/web"
	"motcua/engine"
)

type factsOutput struct {
	Body struct {
		Code  string              `json:"code"`
		Facts []engine.StoredFact `json:"facts"`
	}
}

// ClockView is a clock with the account of how its due moment came about.
type ClockView struct {
	engine.Clock
	Overdue     bool               `json:"overdue"`
	Explanation engine.Explanation `json:"explanation"`
}

// ClocksView are all clocks of a dossier.
type ClocksView struct {
	Code   string      `json:"code"`
	Clocks []ClockView `json:"clocks" doc:"Oldest first; stopped and superseded ones too"`
}

type clocksInput struct {
	Code    string `path:"code" maxLength:"64" doc:"Code of the dossier" example:"H26-261120-0001"`
	Format  string `query:"format" enum:"json,text" doc:"text is the explanation as it is printed"`
	Purpose string `query:"purpose" enum:"processing,supervision,complaint,audit,data-subject" doc:"Why the reasons that officers wrote are read in full"`
	Lang    string `query:"lang" enum:"vi,en" doc:"Language of the text; by default that of Accept-Language, else Vietnamese"`
}

type clocksOutput struct {
	ContentType string `header:"Content-Type"`
	Body        any    // a ClocksView, or its text
}

const mediaText = "text/plain"

func (m *machineAPI) registerEvidence(a huma.API) {
	register(a, operation{
		id: "list-facts", method: http.MethodGet, path: "/api/v1/dossiers/{code}/facts",
		verb: engine.VerbReadEvidence, tag: "evidence", summary: "Read what happened, each fact with its link in the chain",
	}, m.facts)
	clocks := operation{
		id: "list-clocks", method: http.MethodGet, path: "/api/v1/dossiers/{code}/clocks",
		verb: engine.VerbReadEvidence, tag: "evidence", summary: "Read the clocks, each with the explanation of its due moment and the verdict on it",
	}
	register(a, clocks, m.clocks)
	responses(a, clocks)["200"].Content = map[string]*huma.MediaType{
		mediaJSON: {Schema: a.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[ClocksView](), true, "ClocksView")},
		mediaText: {Schema: &huma.Schema{Type: huma.TypeString}},
	}
	m.registerShares(a)
}

func (m *machineAPI) facts(ctx context.Context, in *readInput) (*factsOutput, error) {
	agency := caller.From(ctx).Actor.Agency
	_, c, err := m.Dossiers.Get(ctx, agency, in.Code)
	if err != nil {
		return nil, err
	}
	d, err := m.disclose(ctx, c, in.Purpose, engine.PartComments)
	if err != nil {
		return nil, err
	}
	var facts []engine.StoredFact
	if d != nil {
		facts = d.Facts
	} else if facts, err = m.Dossiers.Facts(ctx, agency, in.Code); err != nil {
		return nil, err
	}
	out := &factsOutput{}
	out.Body.Code, out.Body.Facts = in.Code, append([]engine.StoredFact{}, facts...)
	return out, nil
}

// pinned is a dossier's case with the rules it is pinned to.
func (m *machineAPI) pinned(ctx context.Context, agency, code string) (engine.Case, engine.Rules, error) {
	_, c, err := m.Dossiers.Get(ctx, agency, code)
	if err != nil {
		return c, engine.Rules{}, err
	}
	r, err := m.Dossiers.Rules(ctx, c)
	return c, r, err
}

func (m *machineAPI) clocks(ctx context.Context, in *clocksInput) (*clocksOutput, error) {
	agency := caller.From(ctx).Actor.Agency
	c, r, err := m.pinned(ctx, agency, in.Code)
	if err != nil {
		return nil, err
	}
	d, err := m.disclose(ctx, c, in.Purpose, engine.PartComments)
	if err != nil {
		return nil, err
	}
	var clocks []engine.Clock
	if d != nil {
		clocks = d.Clocks
	} else if clocks, err = m.Dossiers.Clocks(ctx, agency, in.Code); err != nil {
		return nil, err
	}
	now, view := m.Now(), ClocksView{Code: in.Code, Clocks: make([]ClockView, len(clocks))}
	for i, k := range clocks {
		by, err := web.RulesOf(ctx, m.Dossiers, r, c, k)
		if err != nil {
			return nil, err
		}
		view.Clocks[i] = ClockView{Clock: k, Overdue: k.Overdue(now), Explanation: by.Explain(k, now)}
	}
	if in.Format != "text" {
		return &clocksOutput{ContentType: mediaJSON, Body: view}, nil
	}
	lang := caller.From(ctx).Lang
	if chosen, ok := caller.ParseLang(in.Lang); ok {
		lang = chosen
	}
	return &clocksOutput{ContentType: mediaText + "; charset=utf-8", Body: []byte(printed(view, r, lang))}, nil
}

// printed is the account of every clock, one after the other, as it goes into
// a file on paper.
func printed(view ClocksView, r engine.Rules, lang caller.Lang) string {
	var b strings.Builder
	b.WriteString(lang.T("Hồ sơ ", "Dossier ") + view.Code + "\n")
	for _, k := range view.Clocks {
		b.WriteString("\n" + strings.Repeat("=", 72) + "\n" + k.ID)
		if s, ok := r.State(k.Subject); ok {
			b.WriteString(": " + lang.Text(s.Name))
		}
		if k.Succeeds != "" {
			b.WriteString(lang.T(", thay cho ", ", in place of ") + k.Succeeds)
		}
		b.WriteString("\n\n" + k.Explanation.Text(lang.Tag()))
	}
	return b.String()
}
