package engine

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// why says for which reason the clocks stood still: that of the halt that ended
// last, after those that ended before it.
func (h Halt) why() Span {
	return Span{Reason: strings.Join(append(slices.Clone(h.Beside), h.Reason), "; "), Basis: h.Basis}
}

// beside lets the halts that are still open remember one that has ended.
func beside(open []Halt, ended Halt) []Halt {
	reason := ended.Reason
	if ended.Basis != "" {
		reason += " (" + ended.Basis + ")"
	}
	for i := range open {
		open[i].Beside = union(open[i].Beside, append(slices.Clone(ended.Beside), reason))
	}
	return open
}

// own says whether the halt is a supervisor's.
func (h Halt) own() bool { return !h.Outage && !h.Linked }

// Halted says whether a suspension is open that no state declares.
func (c Case) Halted() bool { return len(c.Halts) > 0 }

// halt stops all clocks of the dossier: for a supervisor, from now and until a
// moment; for a declared outage from when it began, which may lie in the past.
func (d *decider) halt() error {
	h, err := d.ordered()
	if err != nil {
		return err
	}
	switch {
	case slices.ContainsFunc(d.c.Halts, func(o Halt) bool { return o.ID == h.ID }):
		return nil // it came in while the outage lasted
	case h.own() && slices.ContainsFunc(d.c.Halts, Halt.own):
		return refused(d.c, CodeSuspended, "the dossier is suspended already, for the same reason")
	}
	over := !h.Until.IsZero() && !h.Until.After(d.now)
	if over && !h.Until.After(h.From) {
		return nil // an outage that was over before the dossier came in
	}
	d.stand(h, nil)
	if over {
		d.goOn(h, h.Until, nil)
	}
	return nil
}

// ordered is the halt that the command asks for, if it may.
func (d *decider) ordered() (Halt, error) {
	o := d.cmd.Halt
	if o == nil {
		return Halt{}, &Error{Code: CodeInvalid, Message: "a suspension needs its legal basis and its end", Path: "/halt"}
	}
	h := Halt{ID: "halt-" + strconv.FormatInt(d.c.Seq+1, 10), Reason: d.cmd.Comment, Basis: o.Basis, From: d.now, Until: o.Until}
	if o.Outage != "" {
		h.ID, h.Outage = o.Outage, true
		if !o.From.IsZero() {
			h.From = later(o.From, d.c.StartedAt)
		}
	}
	if err := d.mayHalt(*o); err != nil {
		return Halt{}, err
	}
	return h, d.checkHalt(h)
}

func (d *decider) checkHalt(h Halt) error {
	switch {
	case strings.TrimSpace(h.Reason) == "":
		return refused(d.c, CodeCommentRequired, "a suspension needs a reason")
	case h.From.After(d.now):
		return &Error{Code: CodeInvalid, Message: "a suspension begins now or has begun", Path: "/halt/from"}
	case h.Outage:
		return nil
	case strings.TrimSpace(h.Basis) == "":
		return &Error{Code: CodeInvalid, Message: "a suspension names the rule it rests on", Path: "/halt/basis"}
	case !h.Until.After(d.now):
		return &Error{Code: CodeInvalid, Message: "a suspension has an end, in the future", Path: "/halt/until"}
	}
	return nil
}

// mayHalt: a supervisor of the department that has the dossier; a declared
// outage takes who may declare one.
func (d *decider) mayHalt(o HaltOrder) error {
	a := d.cmd.Actor
	switch {
	case a.Agency != d.c.Agency:
		return refused(d.c, CodeForbidden, "only the dossier's own agency may suspend it")
	case o.Outage != "":
		return MayDeclare(a)
	case !a.Supervises(d.c.Department):
		return refused(d.c, CodeWrongRole, "suspending takes a supervisor of department %s", d.c.Department)
	}
	return nil
}

// stand lets every running clock stand still from the beginning of the halt;
// part is the linked dossier that caused it.
func (d *decider) stand(h Halt, part *Linked) {
	d.record(Fact{Kind: FactDossierSuspended, Event: EventSuspend, Halt: &h, Comment: h.Reason, Basis: h.Basis, Linked: part})
	for _, k := range d.c.Clocks {
		if k.Running() {
			raised := d.raisedBy(k, h.From)
			k = d.Rules.suspend(k, later(h.From, d.Rules.standstill(k)))
			k.Raised = raised
			d.record(Fact{Kind: FactClockSuspended, Clock: &k})
		}
	}
}

// raisedBy is what the rungs of a clock had raised it to at a moment: those
// that fell into an outage, before it was declared, raised it for nothing.
func (d *decider) raisedBy(k Clock, at time.Time) string {
	if k.Kind == ClockAlarm { // which no rung raises
		return k.Raised
	}
	raised := ""
	for _, i := range k.Fired {
		if g := d.Ladder[i]; g.Raise != "" && !d.rungAt(g, k).After(at) {
			raised = g.Raise
		}
	}
	return raised
}

// unhalt ends a suspension before its time. An outage that the dossier did not
// know of, because it came in meanwhile, costs it nothing all the same.
func (d *decider) unhalt() error {
	o := d.cmd.Halt
	if o == nil {
		o = &HaltOrder{}
	}
	if err := d.mayHalt(*o); err != nil {
		return err
	}
	at := d.now
	if o.Outage != "" && !o.Until.IsZero() {
		at = earlier(o.Until, d.now)
	}
	i := slices.IndexFunc(d.c.Halts, func(h Halt) bool { return h.ID == o.Outage || o.Outage == "" && h.own() })
	switch {
	case i >= 0:
		d.goOn(d.c.Halts[i], later(at, d.c.Halts[i].From), nil)
	case o.Outage == "":
		return refused(d.c, CodeSuspended, "the dossier is not suspended")
	case !o.From.IsZero() && at.After(later(o.From, d.c.StartedAt)):
		h := Halt{ID: o.Outage, Outage: true, Reason: d.cmd.Comment, Basis: o.Basis, From: later(o.From, d.c.StartedAt), Until: at}
		d.stand(h, nil)
		d.goOn(h, at, nil)
	}
	return nil
}

// goOn ends a halt at a moment. When it was the last one, every clock runs on
// from there that the state of the dossier lets run.
func (d *decider) goOn(h Halt, at time.Time, part *Linked) {
	h.Until = at
	d.record(Fact{Kind: FactDossierResumed, Event: EventResume, Halt: &h, Linked: part})
	if d.c.Halted() {
		return
	}
	here, _ := d.State(d.c.State)
	for _, k := range d.c.Clocks {
		if k.Running() || !runsIn(k, here) {
			continue
		}
		k = d.Rules.resume(k, later(at, d.Rules.standstill(k)), h.why())
		d.record(Fact{Kind: FactClockResumed, Clock: &k})
	}
}

// runsIn says whether a clock runs while a dossier stands in a state.
func runsIn(k Clock, s State) bool {
	switch k.Kind {
	case ClockStatutory, ClockCommitted, ClockStage:
		return !s.Suspended()
	case ClockStandstill:
		return s.AwaitsApplicant()
	}
	return true
}
