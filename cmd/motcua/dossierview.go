package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"motcua/api"
	"motcua/engine"
)

// printAnswer prints what became of a start or an event.
func printAnswer(w io.Writer, out api.Answer) {
	fmt.Fprintln(w, out.Code)
	columns(w, func(t io.Writer) {
		row(t, "state", stateText(out.State, out.StateName)+when(out.Closed, ", closed"))
		if !out.DueAt.IsZero() {
			row(t, "due", rfc3339(out.DueAt))
		}
		if !out.StepDueAt.IsZero() {
			row(t, "step due", rfc3339(out.StepDueAt))
		}
	})
	printPermitted(w, out.Permitted)
}

func stateText(id string, name engine.Text) string {
	return id + when(name.VI != "", " ("+name.VI+")")
}

func printPermitted(w io.Writer, list []engine.Permitted) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintln(w, "\nyou may")
	columns(w, func(t io.Writer) {
		for _, p := range list {
			row(t, "  "+p.Event, p.Name.VI, prefixed("→ ", p.To), strings.TrimSpace(when(p.Comment, "with --comment")+prefixed(" --target ", p.Target)))
		}
	})
}

// printEvidence prints a dossier, its clocks and its facts.
func printEvidence(w io.Writer, e dossierEvidence) {
	fmt.Fprintln(w, e.Code)
	columns(w, func(t io.Writer) {
		row(t, "procedure", fmt.Sprintf("%s %s, version %d", e.Procedure, e.ProcedureName.VI, e.Version))
		row(t, "applicant", e.Applicant.Name)
		row(t, "status", e.Status+": "+stateText(e.State, e.StateName)+prefixed(", outcome ", e.Outcome))
		if e.Department != "" {
			row(t, "with", place(e.Department, e.Role)+prefixed(", held by ", e.Holder)+when(e.HandoffPending, ", handoff not accepted yet"))
		}
		row(t, "started", rfc3339(e.StartedAt))
		if !e.DueAt.IsZero() {
			row(t, "due", rfc3339(e.DueAt)+when(e.Overdue, " OVERDUE")+when(e.DueProvisional, " (provisional)"))
		}
		if !e.StepDueAt.IsZero() {
			row(t, "step due", rfc3339(e.StepDueAt)+when(e.StepOverdue, " OVERDUE"))
		}
		if e.Raised != "" {
			row(t, "raised", e.Raised)
		}
		if !e.ClosedAt.IsZero() {
			row(t, "closed", rfc3339(e.ClosedAt))
		}
	})
	printStandstill(w, e.DossierView)
	printPermitted(w, e.Permitted)
	fmt.Fprintln(w, "\nclocks")
	columns(w, func(t io.Writer) {
		row(t, "  KIND", "STATE", "BUDGET", "STARTED", "DUE", "NOW")
		for _, k := range e.Clocks {
			row(t, "  "+string(k.Kind), dash(k.Subject), k.Budget.String(), rfc3339(k.StartedAt), moment(k.Due, k.Overdue), clockNow(k))
		}
	})
	fmt.Fprintln(w, "\nfacts")
	columns(w, func(t io.Writer) {
		row(t, "  SEQ", "AT", "FACT", "BY", "DETAIL")
		for _, f := range e.Facts {
			row(t, "  "+strconv.FormatInt(f.Seq, 10), rfc3339(f.At), string(f.Kind), dash(f.Actor), detail(f.Fact))
		}
	})
}

// clockNow is what a clock does, or how it ended.
func clockNow(k api.ClockView) string {
	switch {
	case !k.Open():
		return strings.TrimRight("stopped "+rfc3339(k.StoppedAt)+" "+string(k.Verdict), " ")
	case k.Running():
		return "running" + when(k.Overdue, ", overdue") + prefixed(", raised ", k.Raised)
	}
	return "suspended"
}

// detail says of a fact what its kind, moment and actor do not.
func detail(f engine.Fact) string {
	var parts []string
	add := func(text string) {
		if text != "" {
			parts = append(parts, text)
		}
	}
	if f.From != "" || f.To != "" {
		add(strings.TrimLeft(f.From+" → "+f.To, " "))
	}
	if f.Rung != nil {
		add(f.Rung.Rung + prefixed(" raises ", f.Rung.Raise) + when(f.Rung.Late, ", late"))
	}
	if f.Clock != nil {
		add(string(f.Clock.Kind) + " " + f.Clock.Budget.String() + prefixed(" ", string(f.Clock.Verdict)))
	}
	add(prefixed("event ", f.Event))
	add(prefixed("form ", f.Form))
	add(prefixed("fields ", strings.Join(f.Given, " ")))
	add(prefixed("variant ", f.Variant))
	add(prefixed("by ", f.By.String()))
	if c := f.Consulted; c != nil {
		add("consultation " + c.Consultation + prefixed(" ", c.Result))
	}
	if m := f.Migrated; m != nil {
		add(fmt.Sprintf("version %d → %d", m.From.Version, m.To.Version))
	}
	add(prefixed("basis ", f.Basis))
	add(prefixed("outcome ", f.Outcome))
	add(prefixed("held by ", f.Officer))
	add(strings.Join(f.Components, " "))
	if f.Comment != "" {
		add(strconv.Quote(f.Comment))
	}
	if !f.RecordedAt.IsZero() {
		add("recorded " + rfc3339(f.RecordedAt))
	}
	return strings.Join(parts, ", ")
}

// printPage prints a page of the list as a table.
func printPage(w io.Writer, page dossierPage) {
	if len(page.Dossiers) == 0 {
		fmt.Fprintln(w, "no dossiers")
		return
	}
	columns(w, func(t io.Writer) {
		row(t, "CODE", "PROCEDURE", "STATUS", "STATE", "DEPARTMENT", "HOLDER", "DUE", "STEP DUE", "RAISED")
		for _, d := range page.Dossiers {
			row(t, d.Code, d.Procedure, d.Status, d.State, dash(d.Department), dash(d.Holder),
				moment(d.DueAt, d.Overdue), moment(d.StepDueAt, d.StepOverdue), dash(d.Raised))
		}
	})
	if page.Next != "" {
		fmt.Fprintln(w, "more: --cursor", page.Next)
	}
}

func moment(t time.Time, overdue bool) string {
	if t.IsZero() {
		return "-"
	}
	return rfc3339(t) + when(overdue, " !")
}

func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
