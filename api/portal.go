package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
)

// PortalView is a dossier as the national portal of public services exchanges
// it: the official status, and the log of how it got there.
type PortalView struct {
	Code    string                `json:"code" doc:"Mã hồ sơ"`
	Channel int                   `json:"channel" doc:"Kênh nộp: 1 trực tiếp, 2 trực tuyến, 3 bưu chính; 0 khác"`
	Status  engine.PortalCode     `json:"status" doc:"Mã trạng thái, 1 đến 10" minimum:"0" maximum:"10"`
	Name    engine.Text           `json:"name" doc:"Tên trạng thái"`
	Started string                `json:"started" doc:"Ngày nộp, yyyyMMddHHmmss"`
	Due     string                `json:"due" doc:"Ngày hẹn trả, yyyyMMddHHmmss; rỗng khi chưa có"`
	Closed  string                `json:"closed" doc:"Ngày kết thúc, yyyyMMddHHmmss; rỗng khi chưa kết thúc"`
	Log     []engine.ProcessEntry `json:"log" doc:"Quá trình xử lý: người, thời điểm, nội dung, trạng thái, ngày kết thúc theo quy định"`
}

type portalOutput struct{ Body PortalView }

func (m *machineAPI) registerPortal(a huma.API) {
	register(a, operation{
		id: "get-portal-status", method: http.MethodGet, path: "/api/v1/dossiers/{code}/portal",
		verb: engine.VerbReadPortal, tag: "dossiers", summary: "Read the official status code and the process log, as the national portal exchanges them",
	}, m.portal)
}

func (m *machineAPI) portal(ctx context.Context, in *dossierInput) (*portalOutput, error) {
	agency := caller.From(ctx).Actor.Agency
	r, c, err := m.Dossiers.Get(ctx, agency, in.Code)
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
	machines := func(ref engine.ProcedureRef) (*engine.Machine, error) {
		of := c
		of.Procedure = ref
		rules, err := m.Dossiers.Rules(ctx, of)
		return rules.Machine, err
	}
	log, err := engine.ProcessLog(facts, machines)
	if err != nil {
		return nil, err
	}
	machine, err := machines(c.Procedure)
	if err != nil {
		return nil, err
	}
	status := machine.PortalStatus(c)
	return &portalOutput{Body: PortalView{
		Code: r.Code, Channel: engine.PortalChannel(r.Channel), Status: status, Name: status.Name(), Started: engine.PortalTime(r.StartedAt),
		Due: engine.PortalTime(r.DueAt), Closed: engine.PortalTime(r.ClosedAt), Log: append([]engine.ProcessEntry{}, log...),
	}}, nil
}
