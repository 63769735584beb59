package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"time"

	"motcua/engine"
	"motcua/engine/calendar"
)

//go:embed moving.yaml
var movingText []byte

const (
	procedureMoving = "load-moving"
	foreground      = 8  // dossiers that officers work on at once while the calendar changes
	stint           = 40 // dossiers between two looks at whether it is done
)

// change is what a new calendar did to many open dossiers, and to who worked
// meanwhile.
type change struct {
	Dossiers  int     `json:"dossiers"`
	Moved     int     `json:"moved"`
	PreviewMS float64 `json:"preview_ms"`
	Seconds   float64 `json:"seconds"`
	// Before and During are an officer's events without it and beside it.
	Before work `json:"before"`
	During work `json:"during"`
}

// work is how officers fared.
type work struct {
	Events int     `json:"events"`
	P50    float64 `json:"p50_ms"`
	P99    float64 `json:"p99_ms"`
}

// moving publishes a day off that moves the due moments of many open dossiers,
// while officers work on others. What happened must be what the preview said,
// and doing it again must change nothing.
func moving(ctx context.Context, o options, s *stack) (*change, error) {
	spec := movingCalendar(time.Now())
	if err := s.ledger.PutCalendar(ctx, spec); err != nil {
		return nil, err
	}
	v := &movingOnes{newViaAPI(s, 16)}
	errs := make([]error, o.moving)
	parallel(o.moving, 16, func(i int) { _, errs[i] = v.start(ctx, fmt.Sprintf("moving/%d", i)) })
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	for { // every dossier's workflow sleeps
		if idle, err := s.idle(ctx); err != nil || idle {
			break
		}
		settle()
	}
	settle()
	before := runDossiers(ctx, v.viaAPI, "moving/before", 3*stint, foreground)
	spec.Version++
	spec.Exceptions = []calendar.Exception{{Date: calendar.DateOf(time.Now()).AddDays(2), Kind: calendar.SwappedOff, Name: "Nghỉ hoán đổi"}}
	m, took, err := s.foresee(ctx, spec)
	if err != nil {
		return nil, err
	}
	during, elapsed, err := s.carryOut(ctx, v, spec)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(append(before.errs, during.errs...)...); err != nil {
		return nil, err
	}
	return &change{
		Dossiers: o.moving, Moved: m.Moved, PreviewMS: ms(took), Seconds: elapsed.Seconds(), Before: fared(before), During: fared(during),
	}, s.held(ctx, spec, m)
}

func fared(l lap) work {
	return work{Events: len(l.steps), P50: ms(l.steps.quantile(.5)), P99: ms(l.steps.quantile(.99))}
}

// movingCalendar is worked on every day, around the clock.
func movingCalendar(now time.Time) calendar.Spec {
	day := []calendar.Shift{{From: 0, To: calendar.EndOfDay}}
	return calendar.Spec{
		Code: procedureMoving, Version: 1, KnownUntil: calendar.DateOf(now).AddDays(400),
		Week: calendar.Week{Monday: day, Tuesday: day, Wednesday: day, Thursday: day, Friday: day, Saturday: day, Sunday: day},
	}
}

// The quality board's people: who writes a calendar, and who publishes it.
var (
	author   = board("tam.phan", engine.RoleProcedureAuthor)
	approver = board("yen.luu", engine.RoleProcedureApprover)
)

func board(id, role string) engine.Actor {
	return engine.Actor{Kind: engine.ActorOfficer, ID: id, Agency: agency, Roles: []engine.RoleIn{{Department: engine.DepartmentQuality, Role: role}}}
}

// foresee has the new version approved and asks what publishing would do.
func (s *stack) foresee(ctx context.Context, spec calendar.Spec) (engine.ActCounts, time.Duration, error) {
	if _, err := s.ledger.UploadCalendar(ctx, author, spec, false); err != nil {
		return engine.ActCounts{}, 0, err
	}
	approve := engine.VersionCommand{Code: spec.Code, Version: spec.Version, Action: engine.ActionApprove, Actor: approver}
	if _, err := s.ledger.ControlCalendar(ctx, approve); err != nil {
		return engine.ActCounts{}, 0, err
	}
	began := time.Now()
	page, err := s.ledger.PreviewCalendar(ctx, approver, spec.Code, spec.Version, "", 50)
	if err != nil {
		return engine.ActCounts{}, 0, err
	}
	return *page.Counts, time.Since(began), nil
}

// actOf is the id of the act.
const actOf = "load-moving-act"

// idle says whether the relay has carried every errand.
func (s *stack) idle(ctx context.Context) (idle bool, err error) {
	return idle, s.pool.QueryRow(ctx, `SELECT NOT EXISTS (SELECT FROM outbox)`).Scan(&idle)
}

// carryOut publishes and carries out the act while officers work, until every
// workflow has been told to look again.
func (s *stack) carryOut(ctx context.Context, v *movingOnes, spec calendar.Spec) (lap, time.Duration, error) {
	if _, err := s.ledger.PublishCalendar(ctx, approver, spec.Code, spec.Version, "", actOf); err != nil {
		return lap{}, 0, err
	}
	began := time.Now()
	var elapsed time.Duration
	var failure error
	var running sync.WaitGroup
	running.Go(func() {
		failure = s.ledger.RunAct(ctx, actOf)
		elapsed = time.Since(began)
	})
	var all lap
	for i := 0; ; i++ {
		l := runDossiers(ctx, v.viaAPI, fmt.Sprintf("moving/during/%d", i), stint, foreground)
		all.steps, all.errs = append(all.steps, l.steps...), append(all.errs, l.errs...)
		if idle, err := s.idle(ctx); err != nil || idle || len(all.errs) > 0 {
			running.Wait()
			return all, elapsed, errors.Join(failure, err)
		}
	}
}

// held compares what happened with what was foreseen, and does it once more.
func (s *stack) held(ctx context.Context, spec calendar.Spec, foreseen engine.ActCounts) error {
	for range 2 {
		r, err := s.ledger.Act(ctx, agency, actOf)
		if err != nil {
			return err
		}
		if !reflect.DeepEqual(r.Counts, foreseen) {
			return fmt.Errorf("the act did %+v, the preview said %+v", r.Counts, foreseen)
		}
		if err := s.ledger.RunAct(ctx, actOf); err != nil {
			return err
		}
	}
	if page, err := s.ledger.PreviewCalendar(ctx, approver, spec.Code, spec.Version, "", 1); err == nil && page.Counts.Moved > 0 {
		return fmt.Errorf("%d due moments would still move", page.Counts.Moved)
	}
	return nil
}

// movingOnes are dossiers of load-moving, which stay open.
type movingOnes struct{ *viaAPI }

func (v *movingOnes) start(ctx context.Context, key string) (string, error) {
	r := startFive(key)
	r.Procedure, r.Components, r.Fields = procedureMoving, nil, nil
	return v.open(ctx, r)
}
