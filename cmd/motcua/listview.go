package main

import (
	"fmt"
	"io"
	"strings"

	"motcua/engine"
)

func printCount(w io.Writer, out engine.Counted) {
	fmt.Fprintf(w, "%s at %s\n", plural(out.Count, "dossier"), rfc3339(out.At))
}

// printBoard prints the figures of every list: for all, by department and by
// procedure, and how late the overdue are.
func printBoard(w io.Writer, b engine.Board) {
	columns(w, func(t io.Writer) {
		head := []string{"DEPARTMENT", "OPEN", "SUSPENDED", "DUE TODAY"}
		for _, l := range engine.Lists() {
			head = append(head, strings.ToUpper(string(l)))
		}
		row(t, head...)
		row(t, figures("(all)", b.Total)...)
		for _, d := range b.Departments {
			row(t, figures(d.Department, d.Tally)...)
		}
	})
	g := b.Total.Ageing
	fmt.Fprintf(w, "\noverdue by working days: under one: %d, 1 to 2: %d, 3 to 6: %d, 7 and more: %d, standing still: %d\n\n", g.Under1, g.From1, g.From3, g.From7, g.Standing)
	columns(w, func(t io.Writer) {
		row(t, "PROCEDURE", "OPEN", "OVERDUE", "DUE-SOON", "STUCK", "NAME")
		for _, p := range b.Procedures {
			row(t, p.Procedure, fmt.Sprint(p.Open), fmt.Sprint(p.Lists[engine.ListOverdue]), fmt.Sprint(p.Lists[engine.ListDueSoon]),
				fmt.Sprint(p.Lists[engine.ListStuck]), p.Name.VI)
		}
	})
}

// figures is a line of the board.
func figures(name string, t engine.Tally) []string {
	line := []string{name, fmt.Sprint(t.Open), fmt.Sprint(t.Suspended), fmt.Sprint(t.DueToday)}
	for _, l := range engine.Lists() {
		line = append(line, fmt.Sprint(t.Lists[l]))
	}
	return line
}

func printWorkload(w io.Writer, officers []engine.Workload) {
	columns(w, func(t io.Writer) {
		row(t, "OFFICER", "HELD", "OVERDUE", "DUE TODAY", "STUCK", "DONE IN 7 DAYS", "NAME")
		for _, o := range officers {
			row(t, o.Officer, fmt.Sprint(o.Held), fmt.Sprint(o.Overdue), fmt.Sprint(o.DueToday), fmt.Sprint(o.Stuck), fmt.Sprint(o.Done), o.Name)
		}
	})
}

func printViews(w io.Writer, views []engine.View) {
	if len(views) == 0 {
		fmt.Fprintln(w, "no views")
		return
	}
	columns(w, func(t io.Writer) {
		row(t, "ID", "NAME", "OWNER", "SHARED WITH", "FILTER")
		for _, v := range views {
			row(t, v.ID, v.Name, v.Owner, string(v.Share)+prefixed(" ", v.Department), v.Query)
		}
	})
}
