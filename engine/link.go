package engine

import (
	"slices"
	"strconv"
)

func (m *Machine) linkRule(id string) (LinkRule, bool) {
	for _, l := range m.Links {
		if l.ID == id {
			return l, true
		}
	}
	return LinkRule{}, false
}

// link asks for linked dossiers. They are opened by the ledger, which can only
// do so once this is decided; until then the clocks here say how long it takes.
func (d *decider) link(ids []string) {
	for _, id := range ids {
		rule, _ := d.linkRule(id)
		part := Linked{Link: id, Procedure: rule.Procedure, Partner: rule.Partner, AskedAt: d.at}
		k := Clock{Subject: id, Department: d.c.Department}
		part.Receipt = d.begin(ClockReceipt, k, rule.AcknowledgeWithin, nil)
		part.Clock = d.begin(ClockLink, k, rule.Within, rule.Cutoff)
		d.ask(part)
	}
}

// openDossier asks for the dossier that a rung opens, at the same agency.
func (d *decider) openDossier(g Rung) {
	d.ask(Linked{Procedure: g.Open, AskedAt: d.at})
}

func (d *decider) ask(part Linked) {
	part.ID = "part-" + strconv.FormatInt(d.c.Seq+1, 10)
	d.record(Fact{Kind: FactLinkStarted, Linked: &part})
}

// linked records what the ledger tells of a linked dossier. What was told
// before changes nothing.
func (d *decider) linked() error {
	said := d.cmd.Linked
	if d.cmd.Actor.Kind != ActorSystem || d.cmd.Actor.ID != LinkActor || d.cmd.Actor.Agency != d.c.Agency {
		return refused(d.c, CodeForbidden, "only linked dossiers themselves tell what becomes of them")
	}
	i := slices.IndexFunc(d.c.Linked, func(l Linked) bool { return said != nil && l.ID == said.ID })
	if i < 0 {
		return refused(d.c, CodeEventNotPermitted, "no such dossier is linked")
	}
	part := d.c.Linked[i]
	switch {
	case d.cmd.Event == EventLinkOpened && part.Dossier == "":
		part.Dossier, part.OpenedAt = said.Dossier, d.at
		d.record(Fact{Kind: FactLinkOpened, Linked: &part})
	case d.cmd.Event == EventLinkAcknowledged && part.AcknowledgedAt.IsZero() && part.Outcome == "":
		d.acknowledged(part)
	case d.cmd.Event == EventLinkPaused || d.cmd.Event == EventLinkResumed:
		d.pausing(part, *said)
	case d.cmd.Event == EventLinkConcluded && part.Outcome == "":
		d.concluded(part, said.Outcome)
		d.advance()
	}
	return nil
}

// outlives says whether the command tells of a dossier that a rung opened: one
// of corrective action is opened though its cause has ended meanwhile.
func (d *decider) outlives() bool {
	said := d.cmd.Linked
	return d.cmd.Event == EventLinkOpened && said != nil && slices.ContainsFunc(d.c.Linked, func(l Linked) bool { return l.ID == said.ID && l.Link == "" })
}

// pausing lets the whole stand still, or go on, with a part, where the
// definition says so. What was overtaken by later news is not heard.
func (d *decider) pausing(part, said Linked) {
	rule, _ := d.linkRule(part.Link)
	if !rule.Pauses || part.Outcome != "" || said.Seq <= part.Seq {
		return
	}
	part.Seq, part.At = said.Seq, earlier(later(said.At, part.AskedAt), d.now)
	i := d.c.haltBy(part)
	h := Halt{ID: part.ID, Linked: true, Reason: "hồ sơ liên thông tạm dừng: " + rule.Name.VI, Basis: rule.Basis, From: part.At}
	switch {
	case d.cmd.Event == EventLinkPaused && i < 0:
		d.stand(h, &part)
	case d.cmd.Event == EventLinkPaused:
	case i >= 0:
		d.goOn(d.c.Halts[i], later(part.At, d.c.Halts[i].From), &part)
	default: // it went on before we heard that it stood still
		d.record(Fact{Kind: FactDossierResumed, Event: EventResume, Halt: &h, Linked: &part})
	}
}

// acknowledged: somebody there has taken the part up.
func (d *decider) acknowledged(part Linked) {
	if k, ok := d.clockByID(part.Receipt); ok {
		d.stopClock(k)
	}
	part.AcknowledgedAt = d.at
	d.record(Fact{Kind: FactLinkAcknowledged, Linked: &part})
}

// concluded ends a part with its result.
func (d *decider) concluded(part Linked, outcome string) {
	for _, id := range []string{part.Receipt, part.Clock} {
		if k, ok := d.clockByID(id); ok {
			d.stopClock(k)
		}
	}
	part.Outcome, part.ConcludedAt = outcome, d.at
	d.record(Fact{Kind: FactLinkConcluded, Linked: &part})
	if i := d.c.haltBy(part); i >= 0 {
		d.goOn(d.c.Halts[i], d.at, nil)
	}
}

// haltBy is the index of the halt a part causes, -1 for none.
func (c Case) haltBy(part Linked) int {
	return slices.IndexFunc(c.Halts, func(h Halt) bool { return h.Linked && h.ID == part.ID })
}

// linking says whether a linked dossier is open.
func (c Case) linking() bool {
	return slices.ContainsFunc(c.Linked, func(l Linked) bool { return l.Link != "" && l.Outcome == "" })
}

// unopened lists the linked dossiers that were asked for and are not open yet.
func (c Case) unopened() []string {
	var out []string
	for _, l := range c.Linked {
		if l.Dossier == "" && l.Outcome == "" {
			out = append(out, l.ID)
		}
	}
	return out
}

// cancelLinks ends what this dossier had linked and is not concluded when it
// is closed: a part that is open is told, where the definition says by which
// event; any other goes on without it. What a rung opened goes on in any case.
func (d *decider) cancelLinks() {
	for _, part := range d.c.Linked {
		if part.Link == "" || part.Outcome != "" {
			continue
		}
		rule, _ := d.linkRule(part.Link)
		if part.Dossier != "" && rule.Cancel != "" {
			d.tells = append(d.tells, Tell{Dossier: part.Dossier, Event: rule.Cancel, Comment: "hồ sơ liên thông " + d.c.Dossier + " đã kết thúc", Key: "cancel/" + part.ID})
		}
		d.concluded(part, OutcomeReleased)
	}
}

// OutcomeReleased is that of a linked dossier nobody waits for any more.
const OutcomeReleased = "released"

// tellParent tells the dossier this one is a part of that somebody has taken
// it up, with the first thing an officer does here; and that its limit stands
// still, or runs again.
func (d *decider) tellParent(before Case) {
	p := d.c.Parent
	if p == nil {
		return
	}
	if p.Acknowledged && (before.Parent == nil || !before.Parent.Acknowledged) {
		d.tells = append([]Tell{{Dossier: p.Dossier, Event: EventLinkAcknowledged, Key: "acknowledged", Linked: &Linked{ID: p.Linked, Dossier: d.c.Dossier}}}, d.tells...)
	}
	k, runs := d.c.Appointment()
	if still := d.c.standsStill(); runs && still != before.standsStill() {
		said := Tell{Dossier: p.Dossier, Event: EventLinkResumed, Linked: &Linked{ID: p.Linked, Dossier: d.c.Dossier, Seq: d.c.Seq, At: d.Rules.standstill(k)}}
		if still {
			said.Event = EventLinkPaused
		}
		said.Key = said.Event + "/" + strconv.FormatInt(d.c.Seq, 10)
		d.tells = append(d.tells, said)
	}
}

// standsStill says whether the limit that was promised does not run.
func (c Case) standsStill() bool {
	k, ok := c.Appointment()
	return ok && !k.Running() && len(k.Spans) > 0
}

// tellConcluded tells it the result, as soon as it is decided: what is left,
// such as handing the result over, is done where the citizen filed.
func (d *decider) tellConcluded(outcome string) {
	if p := d.c.Parent; p != nil {
		d.tells = append(d.tells, Tell{
			Dossier: p.Dossier, Event: EventLinkConcluded, Key: "concluded", Linked: &Linked{ID: p.Linked, Dossier: d.c.Dossier, Outcome: outcome},
		})
	}
}
