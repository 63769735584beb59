package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/pprof"
	"slices"
	"strconv"
	"sync"
	"time"
)

// contender does the job in one way.
type contender interface {
	name() string
	// start opens a dossier and returns its id.
	start(ctx context.Context, key string) (string, error)
	// step fires the i-th event and says whether it closed the dossier.
	step(ctx context.Context, id string, i int) (bool, error)
	// workflow names the dossier's workflow; empty when there is none.
	workflow(id string) string
	// verify looks at what is left of a closed dossier.
	verify(ctx context.Context, id string) error
}

// lap is one contender in one round.
type lap struct {
	took          time.Duration
	starts, steps samples
	ids           []string
	errs          []error
	cpu           usage
	stages        map[string]samples
}

// contenders are those that the stack allows and the command line wants.
func contenders(o options, s *stack) ([]contender, error) {
	list := []contender{newViaAPI(s, slices.Max(o.concurrency))}
	if s.temporal != nil {
		v, err := newViaTemporal(s)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	if s.ledger != nil {
		list = append(list, newViaDriver(s), &viaLedger{s.alone})
	}
	list = slices.DeleteFunc(list, func(c contender) bool { return len(o.only) > 0 && !slices.Contains(o.only, c.name()) })
	if len(list) == 0 {
		return nil, errors.New("nobody to measure")
	}
	return list, nil
}

// measure runs the rounds. Who goes first changes from round to round.
func measure(ctx context.Context, o options, s *stack, r *report) error {
	list, err := contenders(o, s)
	if err != nil {
		return err
	}
	session := strconv.FormatInt(time.Now().UnixNano(), 36)
	for _, c := range list {
		warm := runDossiers(ctx, c, session+"/"+c.name(), 48, 16)
		if len(warm.errs) > 0 { // one says what all say
			return fmt.Errorf("warm up: %w", warm.errs[0])
		}
	}
	for round := range o.rounds {
		for _, atOnce := range o.concurrency {
			n := o.dossiers
			if atOnce == 1 {
				n /= 2
			}
			for i := range list {
				c := list[(i+round)%len(list)]
				l, err := s.lap(ctx, o, c, fmt.Sprintf("%s/%s/%d/%d", session, c.name(), round, atOnce), n, atOnce)
				if err != nil {
					return err
				}
				if err := r.add(ctx, s, c, atOnce, l); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (s *stack) lap(ctx context.Context, o options, c contender, key string, n, atOnce int) (lap, error) {
	settle()
	if o.profile != "" && c.name() == "motcua" {
		f, err := os.Create(fmt.Sprintf("%s.%d", o.profile, atOnce))
		if err != nil {
			return lap{}, err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return lap{}, err
		}
		defer pprof.StopCPUProfile()
	}
	s.stages.take()
	before := cpuNow()
	l := runDossiers(ctx, c, key, n, atOnce)
	l.cpu, l.stages = cpuNow().since(before), s.stages.take()
	return l, ctx.Err()
}

// runDossiers opens and closes n dossiers, some at once, each from start to closure.
func runDossiers(ctx context.Context, c contender, key string, n, atOnce int) lap {
	var l lap
	var mu sync.Mutex
	began := time.Now()
	parallel(n, atOnce, func(i int) {
		id, start, steps, err := one(ctx, c, fmt.Sprintf("%s/%d", key, i))
		mu.Lock()
		defer mu.Unlock()
		l.starts, l.steps = append(l.starts, start), append(l.steps, steps...)
		if err != nil {
			l.errs = append(l.errs, fmt.Errorf("%s %s: %w", c.name(), id, err))
			return
		}
		l.ids = append(l.ids, id)
	})
	l.took = time.Since(began)
	return l
}

// parallel does n things, some at once.
func parallel(n, atOnce int, do func(i int)) {
	next := make(chan int)
	var wg sync.WaitGroup
	for range atOnce {
		wg.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

func one(ctx context.Context, c contender, key string) (id string, start time.Duration, steps samples, err error) {
	began := time.Now()
	id, err = c.start(ctx, key)
	if start = time.Since(began); err != nil {
		return id, start, nil, err
	}
	closed := false
	for i := range events {
		began = time.Now()
		if closed, err = c.step(ctx, id, i); err != nil {
			return id, start, steps, err
		}
		steps = append(steps, time.Since(began))
	}
	if !closed {
		err = errors.New("is not closed after its last event")
	}
	return id, start, steps, err
}
