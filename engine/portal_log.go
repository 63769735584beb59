package engine

import (
	"slices"
	"time"

	"motcua/engine/calendar"
)

// ProcessEntry is one line of the process log (quá trình xử lý) that goes to
// the national portal with the status: exactly the five fields it asks for.
type ProcessEntry struct {
	// Person (người) is the officer or system that acted, by id; empty where
	// time alone did.
	Person string `json:"person"`
	// At (thời điểm) is written yyyyMMddHHmmss, in Vietnam's time.
	At string `json:"at"`
	// Content (nội dung) is what happened: the event and where it led.
	Content string `json:"content"`
	// Status (trạng thái) is the official code after it.
	Status PortalCode `json:"status"`
	// Due (ngày kết thúc theo quy định) is until when the dossier is due by
	// rule after it, yyyyMMddHHmmss; empty while no legal clock runs.
	Due string `json:"due"`
}

// Machines finds the machine of the version a case is pinned to.
type Machines func(ProcedureRef) (*Machine, error)

// PortalTime writes a moment as the exchange of statuses does; no moment is
// empty.
func PortalTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(calendar.Zone()).Format("20060102150405")
}

// PortalChannel is the code of how a dossier came in: 1 in person, 2 online, 3
// by post; 0 where it is none of these.
func PortalChannel(channel string) int {
	switch channel {
	case "direct":
		return 1
	case "online":
		return 2
	case "postal":
		return 3
	}
	return 0
}

// ProcessLog reads the log out of a dossier's whole record, oldest first: every
// step that was entered, every extension, and every halt and its end. A dossier
// that was migrated is read by the version it ran under at the time. Errors:
// those of machines.
func ProcessLog(facts []Fact, machines Machines) ([]ProcessEntry, error) {
	var out []ProcessEntry
	err := stretches(facts, 1, machines, func(s stretch) {
		for _, f := range s.facts {
			if content := s.content(f); content != "" {
				out = append(out, s.entry(f, content))
			}
		}
	})
	return out, err
}

// stretch is a run of facts of one moment and one command, of which one at most
// enters a state. What they say together is true once the last of them is.
type stretch struct {
	facts         []Fact
	before, after Case
	machine       *Machine   // that the dossier runs under after it
	was           PortalCode // the status before it, by the version of then
}

// stretches folds a record and shows it stretch by stretch from a sequence on.
func stretches(facts []Fact, from int64, machines Machines, show func(stretch)) error {
	var c Case
	for i := 0; i < len(facts); {
		s := stretch{before: c}
		for ; i < len(facts) && s.takes(facts[i]); i++ {
			c = Evolve(c, facts[i])
			s.facts = append(s.facts, facts[i])
		}
		if s.after = c; c.Seq < from {
			continue
		}
		if err := s.judge(machines); err != nil {
			return err
		}
		show(s)
	}
	return nil
}

// takes says whether a fact belongs to the stretch.
func (s *stretch) takes(f Fact) bool {
	if len(s.facts) == 0 {
		return true
	}
	first := s.facts[0]
	entered := func(f Fact) bool { return f.Kind == FactStateEntered }
	return f.Command == first.Command && f.At.Equal(first.At) && !(entered(f) && slices.ContainsFunc(s.facts, entered))
}

// judge finds the machine, and the status that the dossier had before.
func (s *stretch) judge(machines Machines) (err error) {
	if s.before.Started() {
		if s.machine, err = machines(s.before.Procedure); err != nil {
			return err
		}
		s.was = s.machine.PortalStatus(s.before)
	}
	if s.before.Procedure != s.after.Procedure {
		s.machine, err = machines(s.after.Procedure)
	}
	return err
}

// content is what the log says of a fact; empty: it does not mention it.
func (s stretch) content(f Fact) string {
	switch f.Kind {
	case FactStateEntered:
		to, _ := s.machine.State(f.To)
		if name := s.machine.EventName(f.Event, f.From, f.To); name.VI != "" {
			return name.VI + ": " + to.Name.VI
		}
		return to.Name.VI
	case FactDeadlineExtended:
		return "Gia hạn"
	case FactDossierSuspended:
		return "Tạm dừng tính thời hạn"
	case FactDossierResumed:
		return "Tiếp tục tính thời hạn"
	default:
		return ""
	}
}

func (s stretch) entry(f Fact, content string) ProcessEntry {
	e := ProcessEntry{At: PortalTime(f.At), Content: content, Status: s.machine.PortalStatus(s.after)}
	if f.ActorKind != ActorClock {
		e.Person = f.Actor
	}
	if k, ok := s.after.Appointment(); ok {
		e.Due = PortalTime(k.Due)
	}
	return e
}
