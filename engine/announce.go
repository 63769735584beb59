package engine

import (
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"slices"
	"strings"
	"time"
)

// announcedPrefix begins the type of everything that subscribers are told.
const announcedPrefix = "vn.motcua."

// Types of announcement that no kind of fact has the name of.
const (
	// AnnouncedAccepted: the legal clock started; the citizen has an appointment.
	AnnouncedAccepted = announcedPrefix + "dossier.accepted"
	// AnnouncedPortal: the official status code is another one than before.
	AnnouncedPortal = announcedPrefix + "portal.status"
)

// quiet are the kinds of fact that subscribers are not told of: the inner
// works of clocks, what somebody handed in or wrote, signatures before a quorum.
var quiet = []FactKind{
	FactComponentsReceived, FactFieldsReceived, FactVariantChosen, FactCommented, FactEventSigned,
	FactClockStarted, FactClockSuspended, FactClockResumed, FactClockStopped,
}

// AnnouncementType is how subscribers know a kind of fact: "handoff-sent" is
// vn.motcua.handoff.sent. It is empty for what they are not told of.
func AnnouncementType(kind FactKind) string {
	switch {
	case slices.Contains(quiet, kind):
		return ""
	case kind == FactOverridden:
		return announcedPrefix + "dossier.overridden"
	}
	return announcedPrefix + strings.Replace(string(kind), "-", ".", 1)
}

// AnnouncementTypes lists every type a subscriber can ask for.
func AnnouncementTypes() []string {
	out := []string{AnnouncedAccepted, AnnouncedPortal}
	for _, kind := range FactKinds() {
		if t := AnnouncementType(kind); t != "" {
			out = append(out, t)
		}
	}
	return out
}

// statusTypes are what a subscriber that asks for changes of status only hears.
var statusTypes = []string{
	AnnouncedPortal, AnnouncedAccepted,
	AnnouncementType(FactDossierStarted), AnnouncementType(FactStateEntered), AnnouncementType(FactDossierClosed),
}

// Announcement is one thing that subscribers are told of a dossier. It follows
// from the facts alone, so however often it is made it is the same, id included.
type Announcement struct {
	ID      string    `json:"id"`
	Type    string    `json:"type"`
	Agency  string    `json:"agency"`
	Dossier string    `json:"dossier"`
	Time    time.Time `json:"time"`
	// Seq is that of the fact it is about; Part orders those about one fact.
	Seq  int64     `json:"seq"`
	Part int       `json:"part,omitempty"`
	Data Announced `json:"data"`
	// Departments are those concerned, for filters.
	Departments []string `json:"departments,omitempty"`
}

// Announced is what an announcement says: codes, names of states, moments and
// outcomes. Nothing in it is personal: neither applicant, fields nor comments.
type Announced struct {
	Dossier       string    `json:"dossier"`
	Seq           int64     `json:"seq"`
	Procedure     string    `json:"procedure"`
	Version       int       `json:"version"`
	ProcedureName Text      `json:"procedure_name"`
	State         string    `json:"state"`
	StateName     Text      `json:"state_name"`
	Status        string    `json:"status"`
	Portal        PortalRef `json:"portal"`
	Department    string    `json:"department,omitempty"`
	DueAt         time.Time `json:"due_at,omitzero"`
	StepDueAt     time.Time `json:"step_due_at,omitzero"`
	Provisional   bool      `json:"due_provisional,omitempty"`
	Outcome       string    `json:"outcome,omitempty"`

	Event  string        `json:"event,omitempty"`  // the imperative it follows from
	From   string        `json:"from,omitempty"`   // state or department
	To     string        `json:"to,omitempty"`     // state or department
	Form   string        `json:"form,omitempty"`   // that was issued
	Rung   string        `json:"rung,omitempty"`   // that fired, as the definition says it
	Raise  string        `json:"raise,omitempty"`  // what it raised the dossier to
	Late   bool          `json:"late,omitempty"`   // it fired late, under its own moment
	Linked string        `json:"linked,omitempty"` // code of the linked dossier
	Log    *ProcessEntry `json:"log,omitempty"`    // of a change of the portal's status
}

// PortalRef is an official status, and of a change the one before.
type PortalRef struct {
	Code     PortalCode `json:"code"`
	Name     Text       `json:"name"`
	Previous PortalCode `json:"previous,omitempty"`
}

// Announcements lists what there is to tell of a dossier from a sequence on, in
// order, out of its whole record. Errors: those of machines.
func Announcements(facts []Fact, from int64, machines Machines) ([]Announcement, error) {
	var out []Announcement
	err := stretches(facts, from, machines, func(s stretch) {
		for _, f := range s.facts {
			if f.Seq >= from {
				out = append(out, s.announce(f)...)
			}
		}
		out = append(out, s.portal()...)
	})
	return out, err
}

// Parts order what is told of one fact.
const (
	partFact = iota
	partAccepted
	partPortal
)

// announce makes what a fact has subscribers told.
func (s stretch) announce(f Fact) []Announcement {
	var out []Announcement
	if t := AnnouncementType(f.Kind); t != "" {
		out = append(out, s.told(f, t, partFact))
	}
	legal := f.Kind == FactClockStarted && (f.Clock.Kind == ClockStatutory || f.Clock.Kind == ClockCommitted)
	if legal && s.before.AcceptedAt.IsZero() && !slices.ContainsFunc(s.facts, func(g Fact) bool {
		return g.Seq < f.Seq && g.Kind == FactClockStarted && g.Clock.Kind == ClockStatutory
	}) {
		out = append(out, s.told(f, AnnouncedAccepted, partAccepted))
	}
	return out
}

// portal tells that the stretch gave the dossier another official status.
func (s stretch) portal() []Announcement {
	last := s.facts[len(s.facts)-1]
	after := s.machine.PortalStatus(s.after)
	if s.was == after || after == 0 {
		return nil
	}
	cause := s.facts[0]
	content := s.content(cause)
	for _, f := range s.facts {
		if content == "" {
			cause, content = f, s.content(f)
		}
	}
	a := s.told(last, AnnouncedPortal, partPortal)
	a.Data.Portal.Previous = s.was
	a.Data.Event, a.Data.From, a.Data.To = cause.Event, cause.From, cause.To
	entry := s.entry(cause, content)
	if content == "" {
		entry.Content = after.Name().VI
	}
	a.Data.Log = &entry
	return []Announcement{a}
}

func (s stretch) told(f Fact, kind string, part int) Announcement {
	c := s.after
	a := Announcement{
		ID: messageID(c.Dossier, f.Seq, kind), Type: kind, Agency: c.Agency, Dossier: c.Dossier, Time: f.At, Seq: f.Seq, Part: part,
		Data: s.standing(f),
	}
	for _, d := range []string{c.Department, s.before.Department, f.Department} {
		if d != "" {
			a.Departments = union(a.Departments, []string{d})
		}
	}
	return a
}

// standing is where the dossier stands, and what the fact says of how it got there.
func (s stretch) standing(f Fact) Announced {
	c, m := s.after, s.machine
	state, _ := m.State(c.State)
	code := m.PortalStatus(c)
	d := Announced{
		Dossier: c.Dossier, Seq: f.Seq, Procedure: m.Code, Version: m.Version, ProcedureName: m.Name,
		State: c.State, StateName: state.Name, Status: c.Status(), Portal: PortalRef{Code: code, Name: code.Name()},
		Department: c.Department, StepDueAt: c.StepDue(), Outcome: c.Outcome,
		Event: f.Event, From: f.From, To: f.To, Form: f.Form,
	}
	if k, ok := c.Appointment(); ok {
		d.DueAt, d.Provisional = k.Due, k.Provisional
	}
	if f.Rung != nil {
		d.Rung, d.Raise, d.Late = f.Rung.Rung, f.Rung.Raise, f.Rung.Late
	}
	if f.Linked != nil {
		d.Linked = f.Linked.Dossier
	}
	return d
}

// messageID is the id of an announcement, the same whenever it is made. It
// holds no full stop, which separates it from the rest of what is signed.
func messageID(dossier string, seq int64, kind string) string {
	digest := sha256.Sum256(fmt.Appendf(nil, "%s/%d/%s", dossier, seq, kind))
	return "msg_" + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(digest[:15]))
}
