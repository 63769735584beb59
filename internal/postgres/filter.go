package postgres

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"

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

// place is where a dossier stands in the order of lists.
type place struct {
	rank, id int64
}

// cursor writes a place so that clients take it for what it is: opaque.
func (p place) cursor() string {
	raw := binary.BigEndian.AppendUint64([]byte{1}, uint64(p.rank)) //nolint:gosec // the bits, both ways
	return base64.RawURLEncoding.EncodeToString(binary.BigEndian.AppendUint64(raw, uint64(p.id)))
}

func parseCursor(cursor string) (place, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || len(raw) != 17 || raw[0] != 1 {
		return place{}, &engine.Error{Code: engine.CodeInvalid, Message: "the cursor is not one of ours", Path: "/cursor"}
	}
	return place{rank: int64(binary.BigEndian.Uint64(raw[1:])), id: int64(binary.BigEndian.Uint64(raw[9:]))}, nil //nolint:gosec // the bits, both ways
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
		c.args = append(c.args, arg)
		names[i] = "$" + placeholder(len(c.args))
	}
	c.list = append(c.list, fmt.Sprintf(condition, names...))
}

func placeholder(n int) string { return strconv.Itoa(n) }

// selection turns a filter into a WHERE clause on dossiers d. Who has no
// agency sees nothing, so a filter without one is refused rather than wide.
func selection(f engine.Filter) (string, []any, error) {
	if f.Agency == "" {
		return "", nil, engine.Errorf(engine.CodeForbidden, "dossiers are listed for one agency")
	}
	c := &conditions{}
	c.add("d.agency = %s", f.Agency)
	if err := c.status(f.Status); err != nil {
		return "", nil, err
	}
	for _, equal := range []struct{ condition, value string }{
		{"d.closed_at IS NULL AND d.department = %s", f.Department}, // a closed dossier is nobody's
		{"d.holder = %s", f.Holder},
		{"d.procedure_code = %s", f.Procedure},
	} {
		if equal.value != "" {
			c.add(equal.condition, equal.value)
		}
	}
	if f.Overdue != nil {
		c.add("("+overdueSQL+" OR "+stepOverdueSQL+") = %s", *f.Overdue)
	}
	if !f.DueBefore.IsZero() {
		c.add("(d.due_running AND d.due_at < %s OR d.step_due_at < %s)", f.DueBefore, f.DueBefore)
	}
	if f.Query != "" {
		c.add("d.code LIKE %s", likePrefix(f.Query))
	}
	if f.Cursor != "" {
		p, err := parseCursor(f.Cursor)
		if err != nil {
			return "", nil, err
		}
		c.add("(d.rank, d.id) > (%s, %s)", p.rank, p.id)
	}
	return " WHERE " + strings.Join(c.list, " AND "), c.args, nil
}

// status also bounds the rank, so that the closed, who stand last, are not
// looked for among the open, nor the open among the closed.
func (c *conditions) status(status string) error {
	switch status {
	case "":
		return nil
	case engine.StatusClosed:
		c.add("d.closed_at IS NOT NULL AND d.rank > %s", int64(rankNotDue))
	case engine.StatusRunning, engine.StatusSuspended:
		c.add("d.closed_at IS NULL AND d.status = %s AND d.rank <= %s", status, int64(rankNotDue))
	default:
		return &engine.Error{Code: engine.CodeInvalid, Message: "status must be running, suspended or closed", Path: "/status"}
	}
	return nil
}

// likePrefix is the LIKE pattern of what begins with a text.
func likePrefix(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}
