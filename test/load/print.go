package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"
)

// print writes the report as JSON or as tables.
func (r *report) print(w io.Writer, output string) error {
	r.finish()
	if output == "json" {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}
	fmt.Fprintf(w, "%s\n%s\n", r.Command, r.At.Format(time.RFC3339))
	for _, name := range slices.Sorted(maps.Keys(r.Versions)) {
		fmt.Fprintf(w, "  %s: %s\n", name, r.Versions[name])
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	r.speed(t)
	r.ratios(t)
	r.processors(t)
	r.ports(t)
	if err := t.Flush(); err != nil {
		return err
	}
	if d := r.Lateness; d != nil {
		fmt.Fprintf(w, "\nlateness of %d dossiers due at one instant, ms: p50 %.0f, p99 %.0f, max %.0f\n", d.Dossiers, d.P50, d.P99, d.Max)
	}
	if m := r.Moving; m != nil {
		fmt.Fprintf(w, "\na new calendar for %d open dossiers: %d moved in %.1f s (preview %.0f ms); an event of an officer, p50/p99 ms: %.0f/%.0f before, %.0f/%.0f during\n",
			m.Dossiers, m.Moved, m.Seconds, m.PreviewMS, m.Before.P50, m.Before.P99, m.During.P50, m.During.P99)
	}
	for _, e := range r.Errors {
		fmt.Fprintln(w, "failed:", e)
	}
	return nil
}

func (r *report) speed(w io.Writer) {
	fmt.Fprintln(w, "\nat once\tcontender\tdossiers\tdossiers/s\ttransitions/s\tstart p50\tp99 ms\ttransition p50\tp99 ms\thistory events\t")
	for _, t := range r.Results {
		fmt.Fprintf(w, "%d\t%s\t%d\t%.1f\t%.0f\t%.1f\t%.1f\t%.1f\t%.1f\t%.1f\t\n",
			t.Concurrency, t.Contender, t.Dossiers, t.PerSecond, t.Steps, t.StartP50, t.StartP99, t.StepP50, t.StepP99, t.Events)
	}
}

func (r *report) ratios(w io.Writer) {
	if len(r.Ratios) == 0 {
		return
	}
	fmt.Fprintln(w, "\nat once\tmotcua to\tmedian\tlowest\thighest\t")
	for _, q := range r.Ratios {
		fmt.Fprintf(w, "%d\t%s\t%.3f\t%.3f\t%.3f\t\n", q.Concurrency, q.To, q.Median, q.Lowest, q.Highest)
	}
}

func (r *report) processors(w io.Writer) {
	fmt.Fprintln(w, "\nat once\tcontender\tCPU ms per dossier\t\t")
	for _, t := range r.Results {
		for _, who := range slices.Sorted(maps.Keys(t.CPU)) {
			if t.CPU[who] >= 0.05 {
				fmt.Fprintf(w, "%d\t%s\t%s\t%.1f\t\n", t.Concurrency, t.Contender, who, t.CPU[who])
			}
		}
	}
}

func (r *report) ports(w io.Writer) {
	fmt.Fprintln(w, "\nat once\tport\tcalls per dossier\tmean ms\tp99 ms\t")
	for _, t := range r.Results {
		for _, s := range t.Stages {
			if t.Contender == "motcua" {
				fmt.Fprintf(w, "%d\t%s\t%.2f\t%.2f\t%.1f\t\n", t.Concurrency, s.Name, s.Calls, s.Mean, s.P99)
			}
		}
	}
}
