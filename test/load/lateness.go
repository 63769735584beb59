package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"motcua/engine"
	"motcua/engine/calendar"
)

const (
	lead         = 15 * time.Second // before the common due moment, besides the time the starts take
	startsASec   = 20               // dossiers that are surely started in a second
	recordWithin = 2 * time.Minute
)

// delay is how long after its moment a rung was on record.
type delay struct {
	Dossiers int     `json:"dossiers"`
	P50      float64 `json:"p50_ms"`
	P99      float64 `json:"p99_ms"`
	Max      float64 `json:"max_ms"`
}

// lateness lets many dossiers fall due at one instant, as all those do whose
// limit ends with the working day, and measures how long after it the rung is
// recorded.
func lateness(ctx context.Context, o options, s *stack) (*delay, error) {
	due, err := s.closing(ctx, lead+time.Duration(o.late)*time.Second/startsASec)
	if err != nil {
		return nil, err
	}
	v := &lateOnes{newViaAPI(s, 16)}
	ids, errs := make([]string, o.late), make([]error, o.late)
	parallel(o.late, 16, func(i int) { ids[i], errs[i] = v.start(ctx, fmt.Sprintf("late/%s/%d", due.Format(time.RFC3339), i)) })
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if time.Now().After(due) {
		return nil, errors.New("the starts took longer than the time until they fell due")
	}
	if err := pause(ctx, time.Until(due)); err != nil {
		return nil, err
	}
	var took samples
	deadline := time.Now().Add(recordWithin)
	for _, id := range ids {
		d, err := s.recorded(ctx, id, due, deadline)
		if err != nil {
			return nil, err
		}
		took = append(took, d)
	}
	parallel(len(ids), 16, func(i int) { _, errs[i] = v.step(ctx, ids[i], 0) })
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if _, err := check(ctx, s, v, ids); err != nil {
		return nil, err
	}
	return &delay{len(took), ms(took.quantile(.5)), ms(took.quantile(.99)), ms(took.quantile(1))}, nil
}

// closing publishes a calendar whose every working day ends at the next full
// minute that is far enough ahead, and returns that moment.
func (s *stack) closing(ctx context.Context, ahead time.Duration) (time.Time, error) {
	for {
		due := time.Now().Add(ahead + time.Minute).Truncate(time.Minute)
		today := calendar.DateOf(time.Now())
		minutes := int(due.Sub(today.Midnight()).Minutes())
		if minutes > int(calendar.EndOfDay) { // the day is too short: let the next begin
			if err := pause(ctx, time.Until(today.AddDays(1).Midnight())); err != nil {
				return due, err
			}
			continue
		}
		hours := []calendar.Shift{{From: 0, To: calendar.TimeOfDay(minutes)}}
		return due, s.ledger.PutCalendar(ctx, calendar.Spec{
			Code: procedureLate, Version: int(due.Unix() / 60), KnownUntil: today.AddDays(1),
			Week: calendar.Week{Monday: hours, Tuesday: hours, Wednesday: hours, Thursday: hours, Friday: hours, Saturday: hours, Sunday: hours},
		})
	}
}

// pause sleeps, unless the time limit comes first.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// recorded waits for the rung of a dossier and returns how late it was.
func (s *stack) recorded(ctx context.Context, id string, due, deadline time.Time) (time.Duration, error) {
	for {
		facts, err := s.ledger.Facts(ctx, agency, id)
		if err != nil {
			return 0, err
		}
		for _, f := range facts {
			switch {
			case f.Kind != engine.FactRungFired:
			case !f.At.Equal(due):
				return 0, fmt.Errorf("%s fell due at %s, not at %s", id, f.At, due)
			case f.RecordedAt.IsZero():
				return 0, nil
			default:
				return f.RecordedAt.Sub(f.At), nil
			}
		}
		if time.Now().After(deadline) {
			return 0, fmt.Errorf("%s: nothing recorded of its due moment", id)
		}
		time.Sleep(250 * time.Millisecond)
	}
}

// lateOnes are dossiers of load-late: one event, fired after they fell due.
type lateOnes struct{ *viaAPI }

func (v *lateOnes) start(ctx context.Context, key string) (string, error) {
	r := startFive(key)
	r.Procedure, r.Components, r.Fields = procedureLate, nil, nil
	return v.open(ctx, r)
}

func (v *lateOnes) step(ctx context.Context, id string, _ int) (bool, error) {
	return v.fire(ctx, id, "finish")
}
