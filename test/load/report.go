package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/temporal"
)

// report is everything that was measured, and on what.
type report struct {
	Command  string            `json:"command"`
	At       time.Time         `json:"at"`
	Versions map[string]string `json:"versions"`
	Results  []*result         `json:"results"`
	Ratios   []ratio           `json:"ratios"`
	Lateness *delay            `json:"lateness,omitempty"`
	Moving   *change           `json:"moving,omitempty"`
	Failed   int               `json:"failed"`
	Errors   []string          `json:"errors,omitempty"`
}

// result is one contender at one concurrency, over all rounds.
type result struct {
	Contender   string    `json:"contender"`
	Concurrency int       `json:"concurrency"`
	Dossiers    int       `json:"dossiers"`
	Rounds      []float64 `json:"dossiers_per_second_by_round"`
	PerSecond   float64   `json:"dossiers_per_second"` // median of the rounds
	Steps       float64   `json:"transitions_per_second"`
	StartP50    float64   `json:"start_p50_ms"`
	StartP99    float64   `json:"start_p99_ms"`
	StepP50     float64   `json:"transition_p50_ms"`
	StepP99     float64   `json:"transition_p99_ms"`
	Events      float64   `json:"history_events_per_dossier,omitempty"`
	// CPU is milliseconds of processor time per dossier, by who used it.
	CPU    map[string]float64 `json:"cpu_ms_per_dossier,omitempty"`
	Stages []stage            `json:"stages,omitempty"`

	starts, steps samples
	events        int64
	cpu           usage
	took          map[string]samples
}

// stage is one port: how often a dossier calls it and how long it takes.
type stage struct {
	Name  string  `json:"name"`
	Calls float64 `json:"calls_per_dossier"`
	Mean  float64 `json:"mean_ms"`
	P99   float64 `json:"p99_ms"`
}

// ratio compares motcua with another in the same round, by dossiers a second.
type ratio struct {
	To          string  `json:"to"`
	Concurrency int     `json:"concurrency"`
	Median      float64 `json:"median"`
	Lowest      float64 `json:"lowest"`
	Highest     float64 `json:"highest"`
}

func (s *stack) report(ctx context.Context, args []string) (*report, error) {
	v := s.versions
	v["go"], v["machine"] = runtime.Version(), fmt.Sprintf("%s/%s, %d processors", runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	v["temporal sdk"] = temporal.SDKVersion
	if s.temporal != nil {
		info, err := s.temporal.WorkflowService().GetSystemInfo(ctx, &workflowservice.GetSystemInfoRequest{})
		if err != nil {
			return nil, fmt.Errorf("temporal: %w", err)
		}
		v["temporal server"] = info.GetServerVersion()
	}
	return &report{Command: strings.Join(append([]string{"go run ./test/load"}, args...), " "), At: time.Now().UTC().Truncate(time.Second), Versions: v}, nil
}

// add takes over one lap, after looking at what it left.
func (r *report) add(ctx context.Context, s *stack, c contender, atOnce int, l lap) error {
	events, err := check(ctx, s, c, l.ids)
	if err != nil {
		l.errs = append(l.errs, err)
	}
	r.Failed += len(l.errs)
	for _, err := range l.errs[:min(len(l.errs), 3)] {
		r.Errors = append(r.Errors, err.Error())
	}
	if len(l.ids) == 0 {
		return errors.Join(append(l.errs, errors.New("not one dossier came through"))...)
	}
	t := r.result(c.name(), atOnce)
	t.Dossiers += len(l.ids)
	t.Rounds = append(t.Rounds, float64(len(l.ids))/l.took.Seconds())
	t.starts, t.steps = append(t.starts, l.starts...), append(t.steps, l.steps...)
	for _, n := range events {
		t.events += n
	}
	for who, used := range l.cpu {
		t.cpu[who] += used
	}
	for name, took := range l.stages {
		t.took[name] = append(t.took[name], took...)
	}
	fmt.Fprintf(os.Stderr, "%-8s c=%-3d %6.1f dossiers/s\n", c.name(), atOnce, t.Rounds[len(t.Rounds)-1])
	return nil
}

func (r *report) result(name string, atOnce int) *result {
	for _, t := range r.Results {
		if t.Contender == name && t.Concurrency == atOnce {
			return t
		}
	}
	t := &result{Contender: name, Concurrency: atOnce, cpu: usage{}, took: map[string]samples{}}
	r.Results = append(r.Results, t)
	return t
}

// finish computes what is derived from the laps.
func (r *report) finish() {
	order := []string{"motcua", "no-api", "temporal", "ledger"}
	slices.SortFunc(r.Results, func(a, b *result) int {
		return cmp.Or(cmp.Compare(a.Concurrency, b.Concurrency), cmp.Compare(slices.Index(order, a.Contender), slices.Index(order, b.Contender)))
	})
	var own *result // of the same concurrency: it comes first
	for _, t := range r.Results {
		t.finish()
		switch {
		case t.Contender == order[0]:
			own = t
		case own != nil && own.Concurrency == t.Concurrency && len(own.Rounds) == len(t.Rounds):
			r.Ratios = append(r.Ratios, compare(own, t))
		}
	}
}

func (t *result) finish() {
	n := float64(t.Dossiers)
	t.PerSecond = median(t.Rounds)
	t.Steps = t.PerSecond * float64(len(events))
	t.StartP50, t.StartP99 = ms(t.starts.quantile(.5)), ms(t.starts.quantile(.99))
	t.StepP50, t.StepP99 = ms(t.steps.quantile(.5)), ms(t.steps.quantile(.99))
	t.Events = float64(t.events) / n
	t.CPU = map[string]float64{}
	for who, used := range t.cpu {
		t.CPU[who] = ms(used) / n
	}
	for name, took := range t.took {
		t.Stages = append(t.Stages, stage{name, float64(len(took)) / n, ms(took.mean()), ms(took.quantile(.99))})
	}
	slices.SortFunc(t.Stages, func(a, b stage) int { return cmp.Compare(a.Name, b.Name) })
}

func compare(own, other *result) ratio {
	pairs := make([]float64, len(own.Rounds))
	for i := range pairs {
		pairs[i] = own.Rounds[i] / other.Rounds[i]
	}
	return ratio{other.Contender, own.Concurrency, median(pairs), slices.Min(pairs), slices.Max(pairs)}
}

func median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(list))
	half := len(sorted) / 2
	if len(sorted)%2 == 0 {
		return (sorted[half-1] + sorted[half]) / 2
	}
	return sorted[half]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
