package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
)

// DepartmentShare is how much of a dossier's life one department had, in
// milliseconds, which is as exactly as facts tell time.
type DepartmentShare struct {
	Department string `json:"department"`
	Elapsed    int64  `json:"elapsed_ms" doc:"All of it: the sum of the four below"`
	Working    int64  `json:"working_ms" doc:"The dossier stood there"`
	InTransit  int64  `json:"in_transit_ms" doc:"It was sent and not accepted yet"`
	Waiting    int64  `json:"waiting_ms" doc:"The step waited for the applicant or somebody else"`
	Halted     int64  `json:"halted_ms" doc:"A supervisor or an outage had stopped all clocks"`
	Office     int64  `json:"office_ms" doc:"Working time by the calendar within working and in transit"`
}

// TimeView says whose the time of a dossier was.
type TimeView struct {
	Code        string            `json:"code"`
	From        time.Time         `json:"from,omitzero" doc:"Its start"`
	To          time.Time         `json:"to,omitzero" doc:"Its closing or, while it runs, now"`
	Elapsed     int64             `json:"elapsed_ms" doc:"From start to end; the departments' times sum up to it"`
	Departments []DepartmentShare `json:"departments" doc:"In the order in which they first had it"`
	Shares      []engine.Share    `json:"shares" doc:"Every stretch of its life, without gaps, and the one department it belongs to"`
}

type timeOutput struct{ Body TimeView }

func (m *machineAPI) registerShares(a huma.API) {
	register(a, operation{
		id: "get-time", method: http.MethodGet, path: "/api/v1/dossiers/{code}/time",
		verb: engine.VerbReadEvidence, tag: "evidence", summary: "Read whose every minute of a dossier was",
	}, m.time)
}

func (m *machineAPI) time(ctx context.Context, in *dossierInput) (*timeOutput, error) {
	agency := caller.From(ctx).Actor.Agency
	_, r, err := m.pinned(ctx, agency, in.Code)
	if err != nil {
		return nil, err
	}
	stored, err := m.Dossiers.Facts(ctx, agency, in.Code)
	if err != nil {
		return nil, err
	}
	facts := make([]engine.Fact, len(stored))
	for i, f := range stored {
		facts[i] = f.Fact
	}
	shares := engine.Attribute(facts, m.Now())
	out := &timeOutput{Body: TimeView{Code: in.Code, Departments: []DepartmentShare{}, Shares: append([]engine.Share{}, shares...)}}
	for _, d := range engine.Totals(shares, r.Cal) {
		out.Body.Departments = append(out.Body.Departments, share(d))
	}
	if n := len(shares); n > 0 {
		out.Body.From, out.Body.To = shares[0].From, shares[n-1].To
		out.Body.Elapsed = out.Body.To.Sub(out.Body.From).Milliseconds()
	}
	return out, nil
}

func share(d engine.DepartmentTime) DepartmentShare {
	return DepartmentShare{
		Department: d.Department, Elapsed: d.Elapsed.Milliseconds(), Working: d.Working.Milliseconds(), InTransit: d.InTransit.Milliseconds(),
		Waiting: d.Waiting.Milliseconds(), Halted: d.Halted.Milliseconds(), Office: d.Office.Milliseconds(),
	}
}
