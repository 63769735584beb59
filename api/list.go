package api

import (
	"context"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
)

type listInput struct {
	Status     string       `query:"status" enum:"running,suspended,closed"`
	Department string       `query:"department" maxLength:"64"`
	Holder     string       `query:"holder" maxLength:"64" doc:"Id of an officer, or \"me\""`
	Procedure  string       `query:"procedure" maxLength:"64"`
	Overdue    optionalBool `query:"overdue" doc:"Whether the dossier or its present step is overdue"`
	DueBefore  time.Time    `query:"due_before" doc:"Dossier or step due before the moment"`
	Query      string       `query:"q" maxLength:"64" doc:"A dossier code, or the beginning of one"`
	Cursor     string       `query:"cursor" maxLength:"512" doc:"next of the page before"`
	Limit      int          `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type listOutput struct {
	Body struct {
		Dossiers []engine.Record `json:"dossiers"`
		Next     string          `json:"next,omitempty" doc:"Cursor of the next page; absent on the last"`
	}
}

func (m *machineAPI) list(ctx context.Context, in *listInput) (*listOutput, error) {
	actor := caller.From(ctx).Actor
	if in.Holder == "me" {
		in.Holder = actor.ID
	}
	page, err := m.Dossiers.List(ctx, engine.Filter{
		Agency: actor.Agency, Status: in.Status, Department: in.Department, Holder: in.Holder, Procedure: in.Procedure,
		Overdue: in.Overdue.pointer(), DueBefore: in.DueBefore, Query: in.Query, Cursor: in.Cursor, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	out := &listOutput{}
	out.Body.Dossiers, out.Body.Next = append([]engine.Record{}, page.Records...), page.Next
	return out, nil
}

// optionalBool is a query parameter that may be absent, which is not false.
type optionalBool struct {
	set bool
	// Into is where huma writes; it must be exported for that.
	Into bool
}

// Schema says the parameter is a plain boolean.
func (o *optionalBool) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeBoolean}
}

// Receiver is where huma puts the value.
func (o *optionalBool) Receiver() reflect.Value { return reflect.ValueOf(o).Elem().FieldByName("Into") }

// OnParamSet learns whether there was one.
func (o *optionalBool) OnParamSet(set bool, _ any) { o.set = set }

func (o *optionalBool) pointer() *bool {
	if !o.set {
		return nil
	}
	return &o.Into
}
