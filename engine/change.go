package engine

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Position is a place in the feed of changes. The zero Position is before all.
type Position struct {
	Xact uint64 // the transaction that made the change
	ID   int64
}

// String writes a position as clients hand it back: "4711-12".
func (p Position) String() string {
	return strconv.FormatUint(p.Xact, 10) + "-" + strconv.FormatInt(p.ID, 10)
}

// ParsePosition reads what String wrote. Errors: CodeInvalid.
func ParsePosition(s string) (Position, error) {
	xact, id, _ := strings.Cut(s, "-")
	x, bad := strconv.ParseUint(xact, 10, 64)
	n, worse := strconv.ParseInt(id, 10, 64)
	if bad != nil || worse != nil || n < 0 {
		return Position{}, Errorf(CodeInvalid, "the position is not one of this feed")
	}
	return Position{Xact: x, ID: n}, nil
}

// After says whether the position lies behind another one.
func (p Position) After(q Position) bool {
	return p.Xact > q.Xact || p.Xact == q.Xact && p.ID > q.ID
}

// Change is one decision that changed a dossier, as others hear of it: what
// kinds of facts are new, and where the dossier stands now.
type Change struct {
	Position   Position   `json:"-"`
	Agency     string     `json:"-"`
	Dossier    string     `json:"dossier"`
	FromSeq    int64      `json:"from_seq"`
	Seq        int64      `json:"seq"`
	Facts      []FactKind `json:"facts"`
	At         time.Time  `json:"at"`
	State      string     `json:"state"`
	Status     string     `json:"status"`
	Department string     `json:"department,omitempty"`
	Holder     string     `json:"holder,omitempty"`
	// Touched are the departments that the new facts name.
	Touched []string `json:"-"`
}

// Within says whether a change is within somebody's reach: the dossier stands
// there now, or the change itself took it there or away.
func (c Change) Within(r Reach) bool {
	if c.Agency != r.Agency {
		return false
	}
	return r.Everything || r.Officer != "" && c.Holder == r.Officer || slices.Contains(r.Departments, c.Department) ||
		slices.ContainsFunc(c.Touched, func(d string) bool { return slices.Contains(r.Departments, d) })
}
