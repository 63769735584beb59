package postgres

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"motcua/engine"
)

const (
	defaultPage = 50
	maxPage     = 500
)

func pageSize(limit int) int {
	if limit <= 0 {
		return defaultPage
	}
	return min(limit, maxPage)
}

// conditions gathers a WHERE clause and its arguments.
type conditions struct {
	list []string
	args []any
}

// add appends a condition; %s stands for the parameters of args, in order.
func (c *conditions) add(condition string, args ...any) {
	names := make([]any, len(args))
	for i, arg := range args {
		names[i] = c.param(arg)
	}
	c.list = append(c.list, fmt.Sprintf(condition, names...))
}

// param takes in an argument and names its parameter.
func (c *conditions) param(arg any) string {
	c.args = append(c.args, arg)
	return "$" + placeholder(len(c.args))
}

func (c *conditions) where() string { return " WHERE " + strings.Join(c.list, " AND ") }

func placeholder(n int) string { return strconv.Itoa(n) }

// selection turns a filter into conditions on dossiers d. It is the only place
// that does: lists, counts, acts on all that a filter selects and exports go
// through it. Its first parameter is the moment the filter is judged at.
func (s settled) selection() *conditions {
	c := &conditions{}
	c.param(s.At)
	c.reach(s.Reach)
	c.standing(s)
	c.status(s.Status)
	c.equal(s)
	c.period("started_at", s.Started)
	c.period("entered_at", s.Entered)
	c.closed(s.Closed)
	c.due(s.Due)
	if s.Overdue != nil {
		c.add("("+judgedAt(overdueSQL)+" OR "+judgedAt(stepOverdueSQL)+") = %s", *s.Overdue)
	}
	s.search.add(c)
	return c
}

// judgedAt lets an expression, which speaks of now, speak of the moment of the
// filter.
func judgedAt(sql string) string { return strings.ReplaceAll(sql, "now()", "$1::timestamptz") }

// reach is what whoever asks may see. It comes first and stands by itself: all
// other conditions can only narrow it.
func (c *conditions) reach(r engine.Reach) {
	c.add("d.agency = %s", r.Agency)
	switch {
	case r.Everything:
	case len(r.Departments) > 0:
		c.add("(d.last_department = ANY(%s) OR d.holder = nullif(%s, ''))", r.Departments, r.Officer)
	default:
		c.add("d.holder = nullif(%s, '')", r.Officer)
	}
}

// open keeps to the open dossiers, and shut to the closed, by the rank: the
// closed stand last, so the one is a range of the index as the other is. To say
// it of closed_at as well would be the same again, and the planner, who takes
// two conditions for independent, would expect hardly anything to pass both.
// The bound is written out: it is that of the index on open dossiers, which a
// parameter would not be known to keep to.
func (c *conditions) open() { c.list = append(c.list, "d.rank <= "+lastOpen) }

func (c *conditions) shut() { c.list = append(c.list, "d.rank > "+lastOpen) }

var lastOpen = strconv.FormatInt(rankNotDue, 10)

// standing keeps to one of the lists.
func (c *conditions) standing(s settled) {
	if s.List != "" {
		c.open()
		c.list = append(c.list, s.on(c, s.List))
	}
}

// on says, of an open dossier, whether a list has it. The rank of one is its
// soonest running due moment: before the moment of the filter is overdue, and
// so is what was when its clock stopped.
func (s settled) on(c *conditions, list engine.List) string {
	now := func() string { return c.param(s.At.UnixMicro()) }
	switch list {
	case engine.ListOverdue:
		return "(d.rank < " + now() + " OR d.due_breached)"
	case engine.ListDueSoon:
		return "(d.rank >= " + now() + " AND d.rank < " + c.param(s.soonBy.UnixMicro()) + " AND NOT d.due_breached)"
	case engine.ListStuck:
		return "(d.status = 'running' AND d.acted_at < " + c.param(s.idleSince) + ")"
	case engine.ListUnaccepted:
		return "d.handoff_pending"
	case engine.ListUnacknowledged:
		return "d.alarmed_at IS NOT NULL"
	case engine.ListUnanswered:
		return "d.asked_at IS NOT NULL"
	case engine.ListWaiting:
		return "d.waiting"
	case engine.ListReturned:
		return "d.returned_at IS NOT NULL"
	}
	return "false"
}

func (c *conditions) status(status string) {
	switch status {
	case "":
	case engine.StatusClosed:
		c.shut()
	default:
		c.open()
		c.add("d.status = %s", status)
	}
}

// equal are the conditions on one value each.
func (c *conditions) equal(s settled) {
	if s.Department != "" {
		c.add("d.last_department = ANY(%s)", s.departments)
	}
	if s.Holder == engine.HolderNobody {
		c.open()
		c.add("d.holder = ''")
	} else if s.Holder != "" {
		c.add("d.holder = %s", s.Holder)
	}
	for _, equal := range []struct{ column, value string }{
		{"procedure_code", s.Procedure}, {"channel", s.Channel}, {"state", s.State},
	} {
		if equal.value != "" {
			c.add("d."+equal.column+" = %s", equal.value)
		}
	}
}

func (c *conditions) period(column string, p engine.Period) {
	if !p.From.IsZero() {
		c.add("d."+column+" >= %s", p.From)
	}
	if !p.Before.IsZero() {
		c.add("d."+column+" < %s", p.Before)
	}
}

// closed also says it of the rank, which an index is on.
func (c *conditions) closed(p engine.Period) {
	if p.IsZero() {
		return
	}
	c.shut()
	c.period("closed_at", p)
	if !p.From.IsZero() {
		c.add("d.rank <= %s", rankClosed-p.From.UnixMicro())
	}
	if !p.Before.IsZero() {
		c.add("d.rank > %s", rankClosed-p.Before.UnixMicro())
	}
}

// due is of what is due at all: open, and not standing still.
func (c *conditions) due(p engine.Period) {
	if p.IsZero() {
		return
	}
	c.add("d.rank < %s", int64(rankNotDue))
	for _, end := range []struct {
		sign string
		at   time.Time
	}{{">=", p.From}, {"<", p.Before}} {
		if !end.at.IsZero() {
			c.add("d.rank "+end.sign+" %s", end.at.UnixMicro())
		}
	}
}

// likePrefix is the LIKE pattern of what begins with a text.
func likePrefix(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}
