package engine

import (
	"slices"
	"strconv"
)

// consult opens a round of each consultation: every department is asked at the
// same moment and has a clock of its own.
func (d *decider) consult(ids []string) {
	for _, id := range ids {
		c, _ := d.consultation(id)
		round := Consulted{ID: id + "-" + strconv.FormatInt(d.c.Seq+1, 10), Consultation: id, AskedAt: d.at}
		within := d.consultWithin(d.c.Variant, c)
		for _, who := range c.Ask {
			clock := d.begin(ClockConsultation, Clock{Subject: id, Department: who.Department}, within, nil)
			round.Opinions = append(round.Opinions, Opinion{Department: who.Department, Role: who.Role, Clock: clock})
		}
		d.record(Fact{Kind: FactConsultationStarted, Consulted: &round})
	}
}

// answer records the opinion of a department. One that comes after silence has
// spoken, or after the consultation was concluded, is on record and not counted.
func (d *decider) answer() error {
	round, i, err := d.addressee()
	if err != nil {
		return err
	}
	o := round.Opinions[i]
	switch {
	case d.cmd.Actor.Kind != ActorOfficer || d.cmd.Actor.Agency != d.c.Agency || !d.cmd.Actor.Has(o.Department, o.Role):
		return refused(d.c, CodeWrongRole, "the answer of department %s needs role %s there", o.Department, o.Role)
	case d.cmd.Answer.Says == AnswerRefuse && d.cmd.Comment == "":
		return refused(d.c, CodeCommentRequired, "a refusal needs a reason")
	case o.Officer != "":
		return refused(d.c, CodeEventNotPermitted, "department %s has answered", o.Department)
	case o.Withdrawn:
		return refused(d.c, CodeEventNotPermitted, "department %s is not asked any more", o.Department)
	}
	o.Officer, o.At = d.cmd.Actor.ID, d.at
	if o.Says != "" || round.Result != "" {
		o.Late = d.cmd.Answer.Says
	} else {
		o.Says = d.cmd.Answer.Says
	}
	d.give(round, i, o, "")
	return nil
}

// addressee finds what the command's answer belongs to: the last round.
func (d *decider) addressee() (Consulted, int, error) {
	a := d.cmd.Answer
	if a == nil || a.Says != AnswerAgree && a.Says != AnswerRefuse {
		return Consulted{}, 0, &Error{Code: CodeInvalid, Message: "an answer says agree or refuse", Path: "/answer/says"}
	}
	for i := len(d.c.Consulted) - 1; i >= 0; i-- {
		round := d.c.Consulted[i]
		if round.Consultation != a.Consultation {
			continue
		}
		j := slices.IndexFunc(round.Opinions, func(o Opinion) bool { return o.Department == a.Department && !o.Withdrawn })
		if j < 0 {
			j = slices.IndexFunc(round.Opinions, func(o Opinion) bool { return o.Department == a.Department })
		}
		if j < 0 {
			return Consulted{}, 0, &Error{Code: CodeInvalid, Message: "department " + a.Department + " was not asked", Path: "/answer/department"}
		}
		return round, j, nil
	}
	return Consulted{}, 0, refused(d.c, CodeEventNotPermitted, "consultation %q was not started", a.Consultation)
}

// give records an opinion, ends its clock and concludes the round when enough
// have spoken.
func (d *decider) give(round Consulted, i int, o Opinion, verdict Verdict) {
	round.Opinions = slices.Clone(round.Opinions)
	round.Opinions[i] = o
	event := EventAnswer
	if o.Withdrawn {
		event = EventWithdrawRequest
	}
	d.record(Fact{Kind: FactOpinionGiven, Event: event, Department: o.Department, Officer: o.Officer, Comment: d.remark(o), Consulted: &round})
	if k, ok := d.clockByID(o.Clock); ok {
		d.end(k, verdict)
	}
	if round.Result == "" {
		d.conclude(round)
	}
}

// remark is the comment of an answer; time says nothing.
func (d *decider) remark(o Opinion) string {
	if o.Silent {
		return ""
	}
	return d.cmd.Comment
}

// silence answers for a department that did not, as the definition says.
func (d *decider) silence(k Clock) {
	for _, round := range d.c.Consulted {
		i := slices.IndexFunc(round.Opinions, func(o Opinion) bool { return o.Clock == k.ID })
		if i < 0 {
			continue
		}
		c, _ := d.consultation(round.Consultation)
		o := round.Opinions[i]
		o.Says, o.At, o.Silent = c.Silence, d.at, true
		d.give(round, i, o, VerdictViolated)
		return
	}
	d.stopClock(k)
}

// conclude ends a round once as many have spoken as must, the lead among them
// where there is one: its answer is the result then.
func (d *decider) conclude(round Consulted) {
	c, _ := d.consultation(round.Consultation)
	spoken, asked, result := 0, 0, ResultAgreed
	led := c.Lead == ""
	for _, o := range round.Opinions {
		if o.Withdrawn {
			continue
		}
		asked++
		if o.Says == "" {
			continue
		}
		spoken++
		if o.Department == c.Lead {
			led, result = true, ResultAgreed
		}
		if o.Says == AnswerRefuse && (c.Lead == "" || o.Department == c.Lead) {
			result = ResultRefused
		}
	}
	switch {
	case asked == 0:
		d.endRound(round, ResultWithdrawn)
	case led && spoken >= min(c.Join.Of(asked), asked):
		d.endRound(round, result)
	default:
		return
	}
	d.advance()
}

// endRound gives a round its result; who had not spoken need not any more.
func (d *decider) endRound(round Consulted, result string) {
	d.closeRound(round, result, Fact{})
}

// closeRound is endRound with what else there is to say of it.
func (d *decider) closeRound(round Consulted, result string, f Fact) {
	for _, o := range round.Opinions {
		if k, ok := d.clockByID(o.Clock); ok {
			d.end(k, VerdictSuperseded)
		}
	}
	round.Result, round.ConcludedAt = result, d.at
	f.Kind, f.Consulted = FactConsultationConcluded, &round
	d.record(f)
}

// withdrawOpinions ends what is still asked once the result is decided.
func (d *decider) withdrawOpinions() {
	for _, round := range d.c.Consulted {
		if round.Result == "" {
			d.endRound(round, ResultWithdrawn)
		}
	}
}

// OpinionOn finds whose answer the clock of an id waits for.
func (c Case) OpinionOn(clock string) (Opinion, bool) {
	for _, round := range c.Consulted {
		for _, o := range round.Opinions {
			if o.Clock == clock {
				return o, true
			}
		}
	}
	return Opinion{}, false
}

// consulting says whether a consultation is open.
func (c Case) consulting() bool {
	return slices.ContainsFunc(c.Consulted, func(r Consulted) bool { return r.Result == "" })
}

// withdrawRequest ends what is asked before it was answered: of one department
// or, with none named, of all.
func (d *decider) withdrawRequest() error {
	round, i, err := d.pendingRequest()
	if err != nil {
		return err
	}
	here, _ := d.State(d.c.State)
	if err := mayAct(here, d.c, d.cmd.Actor); err != nil && !d.cmd.Actor.Supervises(d.c.Department) {
		return err
	}
	if d.cmd.Comment == "" {
		return refused(d.c, CodeCommentRequired, "withdrawing a request needs a reason")
	}
	if i < 0 {
		d.closeRound(round, ResultWithdrawn, Fact{Event: EventWithdrawRequest, Comment: d.cmd.Comment})
		d.advance()
		return nil
	}
	o := round.Opinions[i]
	o.Withdrawn, o.At = true, d.at
	d.give(round, i, o, VerdictSuperseded)
	return nil
}

// pendingRequest finds what is to be withdrawn: a round that is open and, below
// it, an opinion that was not given; -1 means all of them.
func (d *decider) pendingRequest() (Consulted, int, error) {
	a := d.cmd.Answer
	if a == nil {
		return Consulted{}, 0, &Error{Code: CodeInvalid, Message: "say which consultation", Path: "/answer/consultation"}
	}
	for _, round := range d.c.Consulted {
		if round.Consultation != a.Consultation || round.Result != "" {
			continue
		}
		if a.Department == "" {
			return round, -1, nil
		}
		i := slices.IndexFunc(round.Opinions, func(o Opinion) bool { return o.Department == a.Department && o.Says == "" && !o.Withdrawn })
		if i >= 0 {
			return round, i, nil
		}
	}
	return Consulted{}, 0, refused(d.c, CodeEventNotPermitted, "nothing is asked of department %q in consultation %q", a.Department, a.Consultation)
}

// advance does what waits for the conclusion of consultations or of linked
// dossiers: the first transition by them that is to happen. It is bounded by
// the number of states, for a chain of such transitions that leads round.
func (d *decider) advance() {
	if d.c.Closed() || d.c.Handoff != nil || d.advanced > len(d.States) {
		return
	}
	here, _ := d.State(d.c.State)
	for _, t := range here.On {
		if !d.follows(t) || !d.Holds(t.When, d.c) {
			continue
		}
		to, _ := d.State(t.To)
		actor := d.actor
		d.actor, d.advanced = Clockwork, d.advanced+1
		d.happen(t, to, t.Basis)
		d.actor = actor
		return
	}
}

// follows says whether what a transition waits for is concluded. One by linked
// dossiers that has a condition waits for that alone: it may hold with the
// first of them.
func (d *decider) follows(t Transition) bool {
	switch t.By {
	case ByConsultation:
		return len(d.c.Consulted) > 0 && !d.c.consulting()
	case ByLinks:
		return slices.ContainsFunc(d.c.Linked, func(l Linked) bool { return l.Link != "" }) && (!t.When.IsZero() || !d.c.linking())
	}
	return false
}

func (d *decider) clockByID(id string) (Clock, bool) {
	i := slices.IndexFunc(d.c.Clocks, func(k Clock) bool { return k.ID == id })
	if i < 0 {
		return Clock{}, false
	}
	return d.c.Clocks[i], true
}
