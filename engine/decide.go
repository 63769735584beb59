package engine

import (
	"time"
)

// Decide answers a command on a case at a moment. First it lets time do what
// it had to do up to now (rungs, expiries, silence), in order; then it
// does what the command asks. Either all of it happens or, with an error,
// nothing does.
//
// Errors carry a code: CodeDossierClosed, CodeEventUnknown,
// CodeEventNotPermitted, CodeWrongRole, CodeNotHolder, CodeSameOfficer,
// CodeCommentRequired, CodeNeedsUnmet, CodeHandoffPending,
// CodeSuspensionExhausted, CodeExtensionRefused, CodeSuspended,
// CodeOfficerUnknown, CodeForbidden, CodeInvalid, CodePrecondition.
func Decide(r Rules, c Case, cmd Command, now time.Time) (Decision, error) {
	now = now.Truncate(time.Millisecond) // as the calendar counts, so that no due moment lies before its limit
	d := &decider{Rules: r, c: c, cmd: cmd, at: now, now: now, actor: cmd.Actor}
	if cmd.IfSeq > 0 && cmd.IfSeq != c.Seq {
		return Decision{}, refused(c, CodePrecondition, "the dossier is at sequence %d, not at %d", c.Seq, cmd.IfSeq)
	}
	d.catchUp()
	if err := d.obey(); err != nil {
		return Decision{}, err
	}
	d.tellParent(c)
	return d.decision(), nil
}

// Next is the next moment at which time alone changes something: a rung, an
// expiry, or a silence that speaks. It is zero when nothing is pending.
func (r Rules) Next(c Case) time.Time {
	if c.Closed() {
		return time.Time{}
	}
	if pending := r.pending(c); len(pending) > 0 {
		return pending[0].at
	}
	return time.Time{}
}

// decider gathers the facts of one decision. Every change of the case goes
// through record, so the case is at any time the fold of the facts so far.
type decider struct {
	Rules
	c     Case
	cmd   Command
	now   time.Time // when this is decided
	at    time.Time // the moment what is recorded now became true
	actor Actor     // who causes what is recorded now

	facts   []Fact
	notices []Notice
	stopped []Clock
	tells   []Tell

	advanced int // how many transitions followed of themselves
}

// decision is what was gathered.
func (d *decider) decision() Decision {
	opens := d.now
	if d.Cal != nil {
		opens = d.Cal.NextOpen(d.now)
	}
	return Decision{Facts: d.facts, Notices: d.notices, Stopped: d.stopped, Tells: d.tells, Case: d.c, Next: d.Rules.Next(d.c), Opens: opens}
}

func (d *decider) record(f Fact) {
	f.Seq, f.At = d.c.Seq+1, d.at
	if d.at.Before(d.now) {
		f.RecordedAt = d.now
	}
	f.ActorKind, f.Actor, f.Command = d.actor.Kind, d.actor.ID, d.cmd.ID
	if d.actor.Kind == ActorOfficer {
		f.OnBehalf = d.actor.For(d.c.Department, d.c.Role)
	}
	d.c = Evolve(d.c, f)
	d.facts = append(d.facts, f)
}

// catchUp does, in the order of their moments, everything that time had to
// do up to now. What it does may change what is pending, so it looks again
// after each; what expires ends its clock, so it ends.
func (d *decider) catchUp() {
	d.elapseAll(time.Time{})
	d.at, d.actor = d.now, d.cmd.Actor
}

// overtake lets happen at once what new rules or a new calendar made due: a
// rung nobody was warned by yet, an expiry. It became due by the change, so its
// moment is now and the record does not run backwards.
func (d *decider) overtake() { d.elapseAll(d.now) }

// elapseAll does everything that is due, nothing of it before a moment.
func (d *decider) elapseAll(earliest time.Time) {
	d.actor = Clockwork
	for !d.c.Closed() {
		pending := d.pending(d.c)
		if len(pending) == 0 || pending[0].at.After(d.now) {
			return
		}
		due := pending[0]
		due.at = later(due.at, earliest)
		d.at = due.at
		d.elapse(due)
	}
}

// elapse does what a moment brings.
func (d *decider) elapse(due moment) {
	switch {
	case due.rung == unhalt:
		d.goOn(due.halt, due.at, nil)
	case due.rung != lapse:
		d.fire(due)
	case due.clock.Kind == ClockConsultation:
		d.silence(due.clock)
	case due.clock.Kind == ClockAlarm:
		d.climb(due)
	default:
		d.expire(due.clock)
	}
}

func (d *decider) obey() error {
	switch {
	case d.cmd.Event == EventStart:
		return d.start()
	case !d.c.Started():
		return Errorf(CodeNotFound, "no such dossier")
	case d.cmd.Event == EventTick:
		return nil
	case d.c.Closed() && !d.outlives():
		return refused(d.c, CodeDossierClosed, "dossier is closed")
	}
	d.resettle(Clockwork, "")
	if d.c.Closed() && !d.outlives() { // what is one department now has nothing to wait for
		return refused(d.c, CodeDossierClosed, "dossier is closed")
	}
	if d.cmd.Event != EventReassign { // which says itself who comes after
		d.orphaned()
	}
	switch d.cmd.Event {
	case EventClaim, EventRelease, EventComment:
		return d.hold()
	case EventAcceptHandoff, EventReturnHandoff:
		return d.answerHandoff()
	case EventRecallHandoff:
		return d.recallHandoff()
	case EventAnswer:
		return d.answer()
	case EventWithdrawRequest:
		return d.withdrawRequest()
	case EventLinkOpened, EventLinkAcknowledged, EventLinkPaused, EventLinkResumed, EventLinkConcluded:
		return d.linked()
	}
	return d.supervise()
}

// supervise does what stands above the steps, or else fires an event.
func (d *decider) supervise() error {
	switch d.cmd.Event {
	case EventReassign:
		return d.reassign()
	case EventSuspend:
		return d.halt()
	case EventResume:
		return d.unhalt()
	case EventOverride:
		return d.override()
	case EventEndorse, EventTurnDown:
		return d.answerProposal()
	case EventAcknowledge:
		return d.acknowledge()
	case EventEscalate:
		return d.escalate()
	case EventReturn:
		return d.back()
	case EventWithdraw:
		return d.withdraw()
	case EventExtend:
		return d.prolong()
	}
	return d.event()
}

func (d *decider) start() error {
	if d.c.Started() {
		return refused(d.c, CodeEventNotPermitted, "dossier was started before")
	}
	if d.cmd.Start == nil {
		return Errorf(CodeInvalid, "start needs agency, procedure and calendar")
	}
	if err := d.mayStart(d.cmd.Actor, d.cmd.Start.Agency); err != nil {
		return err
	}
	if err := d.checkComponents(); err != nil {
		return err
	}
	if err := d.checkFields(d.asked(nil, true), true); err != nil {
		return err
	}
	d.record(Fact{Kind: FactDossierStarted, Event: EventStart, Dossier: d.cmd.Dossier, Start: d.cmd.Start, Comment: d.cmd.Comment})
	d.receive()
	d.enter(d.Initial(), entry{event: EventStart})
	d.actor = Clockwork // who starts a dossier does not stop its clocks
	for _, o := range d.cmd.Start.Outages {
		o.From = d.now
		d.stand(o, nil)
	}
	return nil
}
