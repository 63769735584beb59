package engine

import (
	"strings"
	"time"
)

// Erasure orders that the personal data of a dossier be destroyed.
type Erasure struct {
	ID      string `json:"id"` // makes a repetition the same act
	Dossier string `json:"dossier"`
	Actor   Actor  `json:"-"`
	// Basis is the rule or decision it rests on; it goes on record.
	Basis string `json:"basis"`
	// Early is an order by which the time of retention is not waited for: the
	// person the data is about asked for it, or a court.
	Early bool `json:"early,omitempty"`
}

// Erased is what became of an [Erasure].
type Erased struct {
	Dossier string    `json:"dossier"`
	Seq     int64     `json:"seq"` // of the fact that says so
	At      time.Time `json:"at"`
	// Repeated says that it had been destroyed before.
	Repeated bool `json:"repeated,omitempty" doc:"It had been destroyed before"`
}

// Erase puts on record that the personal data of a closed dossier is
// destroyed. What it consisted of is not said; the dossier's case stays as it
// was. Keep is how long after its end a dossier is kept; negative: there is no
// rule, and so only an early order will do. Errors: CodeNotFound, CodeInvalid
// (no basis), CodeEventNotPermitted (not closed, or kept for longer).
func Erase(r Rules, c Case, e Erasure, keep time.Duration, now time.Time) (Decision, error) {
	switch {
	case !c.Started() || c.Agency != e.Actor.Agency:
		return Decision{}, Errorf(CodeNotFound, "no such dossier")
	case strings.TrimSpace(e.Basis) == "":
		return Decision{}, &Error{Code: CodeInvalid, Path: "/basis", Message: "an erasure names the rule or decision it rests on"}
	case !c.Closed():
		return Decision{}, refused(c, CodeEventNotPermitted, "personal data is needed until the dossier is closed")
	case !e.Early && (keep < 0 || now.Before(c.ClosedAt.Add(keep))):
		return Decision{}, refused(c, CodeEventNotPermitted, "the dossier is kept for longer; an early erasure takes an order")
	}
	now = now.Truncate(time.Millisecond)
	d := &decider{Rules: r, c: c, cmd: Command{ID: e.ID, Dossier: e.Dossier, Actor: e.Actor}, at: now, now: now, actor: e.Actor}
	d.record(Fact{Kind: FactPersonalErased, Basis: e.Basis})
	return d.decision(), nil
}
