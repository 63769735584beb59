package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
	"motcua/engine/calendar"
)

// Staff changes who works at an agency, and when. Errors: CodeWrongRole,
// CodeForbidden, CodeOfficerUnknown, CodeInvalid, CodeNotFound,
// CodeIdempotencyConflict, CodeUnavailable.
type Staff interface {
	// Depart takes the roles of an officer who leaves, and puts the act on
	// record that gives the dossiers they hold to a successor or, without one,
	// back to their departments; it moves none yet. The same key is the same
	// departure.
	Depart(ctx context.Context, a engine.Actor, key, officer, successor, reason string) (engine.ActRecord, error)
	// PutAbsence enters an absence, or another end and substitute of the one
	// that begins on that day.
	PutAbsence(ctx context.Context, a engine.Actor, absence engine.Absence) error
	// Absences lists those of an agency that are not over, the earliest first.
	Absences(ctx context.Context, agency string) ([]engine.Absence, error)
	// EndAbsence ends the absence of an officer that begins on a day: yesterday
	// was its last one or, where it has not begun, there is none.
	EndAbsence(ctx context.Context, a engine.Actor, officer string, from calendar.Date) error
}

// DepartureBody says who takes over from an officer who leaves.
type DepartureBody struct {
	Successor string `json:"successor,omitempty" validate:"omitempty,max=64,id" doc:"Officer who takes the dossiers over; by default they go back to their departments"`
	Reason    string `json:"reason" validate:"required,max=4000,plain" doc:"Goes on the record of every dossier moved"`
}

// Resolve applies the rules of content.
func (b *DepartureBody) Resolve(huma.Context) []error { return check(b) }

// AbsenceBody says when an officer is away and who stands in.
type AbsenceBody struct {
	Officer    string `json:"officer,omitempty" validate:"omitempty,max=64,id" doc:"By default the caller"`
	Substitute string `json:"substitute,omitempty" validate:"omitempty,max=64,id" doc:"Who acts with the officer's roles meanwhile"`
	From       string `json:"from" format:"date" validate:"required" doc:"The first day" example:"2026-12-01"`
	To         string `json:"to" format:"date" validate:"required" doc:"The last day" example:"2026-12-05"`
	Present    bool   `json:"present,omitempty" doc:"The officer goes on acting beside the substitute: a delegation rather than a leave"`
	Basis      string `json:"basis,omitempty" validate:"max=500,plain" doc:"The decision it rests on"`
}

// Resolve applies the rules of content.
func (b *AbsenceBody) Resolve(huma.Context) []error { return check(b) }

type departureInput struct {
	ID   string `path:"id" maxLength:"64" doc:"Officer who leaves" example:"duc.pham"`
	Key  string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" doc:"A repetition under the same key is the same departure"`
	Body DepartureBody
}

type absenceInput struct {
	Key  string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" doc:"An absence is entered once, under whatever key"`
	Body AbsenceBody
}

type absenceOutput struct {
	Body engine.Absence
}

type absenceEndInput struct {
	Officer string `path:"officer" maxLength:"64" example:"duc.pham"`
	From    string `path:"from" format:"date" doc:"The first day of the absence" example:"2026-12-01"`
	Key     string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" doc:"An absence ends once, under whatever key"`
}

type absencesOutput struct {
	Body struct {
		Absences []engine.Absence `json:"absences"`
	}
}

const absencesPath = "/api/v1/absences"

func (m *machineAPI) registerOfficers(a huma.API) {
	register(a, operation{
		id: "depart-officer", method: http.MethodPost, path: "/api/v1/officers/{id}/departure", status: http.StatusAccepted,
		verb: engine.VerbDismissOfficer, tag: "officers", summary: "Let an officer leave: their dossiers go to a successor or back to their departments",
	}, m.depart)
	register(a, operation{
		id: "list-absences", method: http.MethodGet, path: absencesPath,
		verb: engine.VerbReadAbsences, tag: "officers", summary: "List who is away and who stands in",
	}, m.absences)
	register(a, operation{
		id: "enter-absence", method: http.MethodPost, path: absencesPath, status: http.StatusCreated,
		verb: engine.VerbEnterAbsence, tag: "officers", summary: "Enter when an officer is away and who stands in",
	}, m.enterAbsence)
	register(a, operation{
		id: "end-absence", method: http.MethodPost, path: absencesPath + "/{officer}/{from}/end", status: http.StatusOK,
		verb: engine.VerbEnterAbsence, tag: "officers", summary: "End an absence: the officer is back, or stays after all",
	}, m.endAbsence)
}

func (m *machineAPI) depart(ctx context.Context, in *departureInput) (*actOutput, error) {
	actor := caller.From(ctx).Actor
	act, err := m.Staff.Depart(ctx, actor, commandID(actor, "departure of "+in.ID, in.Key), in.ID, in.Body.Successor, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return &actOutput{Status: http.StatusAccepted, Location: m.begun(ctx, act.ID), Body: act}, nil
}

func (m *machineAPI) absences(ctx context.Context, _ *struct{}) (*absencesOutput, error) {
	list, err := m.Staff.Absences(ctx, caller.From(ctx).Actor.Agency)
	if err != nil {
		return nil, err
	}
	out := &absencesOutput{}
	out.Body.Absences = append([]engine.Absence{}, list...)
	return out, nil
}

func (m *machineAPI) enterAbsence(ctx context.Context, in *absenceInput) (*absenceOutput, error) {
	actor, b := caller.From(ctx).Actor, in.Body
	absence := engine.Absence{Officer: b.Officer, Substitute: b.Substitute, Present: b.Present, Basis: b.Basis}
	if absence.Officer == "" {
		absence.Officer = actor.ID
	}
	var err error
	if absence.From, err = day("/from", b.From); err != nil {
		return nil, err
	}
	if absence.To, err = day("/to", b.To); err != nil {
		return nil, err
	}
	if err := m.Staff.PutAbsence(ctx, actor, absence); err != nil {
		return nil, err
	}
	return &absenceOutput{Body: absence}, nil
}

func (m *machineAPI) endAbsence(ctx context.Context, in *absenceEndInput) (*absencesOutput, error) {
	from, err := day("", in.From)
	if err != nil {
		return nil, err
	}
	if err := m.Staff.EndAbsence(ctx, caller.From(ctx).Actor, in.Officer, from); err != nil {
		return nil, err
	}
	return m.absences(ctx, nil)
}

// day reads a day of the input; path points at it within the body, if it is there.
func day(path, text string) (calendar.Date, error) {
	var d calendar.Date
	if err := d.UnmarshalText([]byte(text)); err != nil {
		return d, &engine.Error{Code: engine.CodeInvalid, Path: path, Message: "not a day such as 2027-01-01"}
	}
	return d, nil
}
