package scenario

import (
	"fmt"
	"strings"

	"motcua/engine"
)

// teller tells facts by the words of the procedure and the names of the
// organisation, as of the case before each.
type teller struct {
	Setting
	c engine.Case
}

func (t *teller) fact(f engine.Fact) Line {
	l := Line{At: f.At.In(zone), Kind: string(f.Kind), Actor: f.ActorKind, By: f.Actor, Who: t.who(f.ActorKind, f.Actor), Event: f.Event}
	if tell, known := tellers[f.Kind]; known {
		tell(t, f, &l)
	} else {
		l.What, l.Detail = engine.Text{VI: string(f.Kind), EN: string(f.Kind)}, leftover(f)
	}
	if f.OnBehalf != "" {
		l.Notes = append(l.Notes, engine.Text{VI: "Thay mặt " + t.name(f.OnBehalf), EN: "on behalf of " + t.name(f.OnBehalf)})
	}
	if f.Comment != "" && !told(f) {
		l.Notes = append(l.Notes, both("“"+f.Comment+"”"))
	}
	if f.Basis != "" {
		l.Notes = append(l.Notes, engine.Text{VI: "Căn cứ: " + f.Basis, EN: "by " + f.Basis})
	}
	return l
}

// told says whether a comment is part of the sentence already: the reason of a
// halt, the rung by which time reassigns.
func told(f engine.Fact) bool {
	return f.Halt != nil && f.Comment == f.Halt.Reason || f.Kind == engine.FactDossierReassigned && f.ActorKind == engine.ActorClock
}

// tellers say each kind of fact; one they do not know is told as it is.
var tellers = map[engine.FactKind]func(*teller, engine.Fact, *Line){
	engine.FactDossierStarted:     (*teller).started,
	engine.FactStateEntered:       (*teller).entered,
	engine.FactDossierClosed:      (*teller).closed,
	engine.FactComponentsReceived: (*teller).papers,
	engine.FactFormIssued:         (*teller).form,
	engine.FactClockStarted:       (*teller).clock,
	engine.FactClockSuspended:     (*teller).clock,
	engine.FactClockResumed:       (*teller).clock,
	engine.FactClockStopped:       (*teller).stopped,
	engine.FactRungFired:          (*teller).rung,
	engine.FactHandoffSent:        (*teller).handoff,
	engine.FactHandoffAccepted:    (*teller).handoff,
	engine.FactHandoffReturned:    (*teller).handoff,
	engine.FactDossierClaimed:     (*teller).held,
	engine.FactDossierReleased:    (*teller).held,
	engine.FactCommented:          (*teller).remark,
	engine.FactFieldsReceived:     (*teller).fields,
	engine.FactVariantChosen:      (*teller).variant,
	engine.FactEventFired:         (*teller).fired,
	engine.FactEventSigned:        (*teller).signed,
	engine.FactDeadlineExtended:   (*teller).extended,
	engine.FactDossierMigrated:    (*teller).migrated,

	engine.FactCalendarChanged:    (*teller).reprojected,
	engine.FactDossierSuspended:   (*teller).halted,
	engine.FactDossierResumed:     (*teller).halted,
	engine.FactDossierReassigned:  (*teller).reassigned,
	engine.FactOverridden:         (*teller).overridden,
	engine.FactEventProposed:      (*teller).proposed,
	engine.FactProposalEndorsed:   (*teller).proposed,
	engine.FactProposalTurnedDown: (*teller).proposed,
	engine.FactHandoffRecalled:    (*teller).handoff,
	engine.FactRungClimbed:        (*teller).alarm,
	engine.FactRungAcknowledged:   (*teller).alarm,
	engine.FactDossierEscalated:   (*teller).escalated,
	engine.FactLinkStarted:        (*teller).linked,
	engine.FactLinkOpened:         (*teller).linked,
	engine.FactLinkAcknowledged:   (*teller).linked,
	engine.FactLinkConcluded:      (*teller).linked,
	engine.FactDepartmentChanged:  (*teller).resettled,
	engine.FactPersonalErased:     (*teller).erased,

	engine.FactConsultationStarted:   (*teller).asked,
	engine.FactOpinionGiven:          (*teller).opinion,
	engine.FactConsultationConcluded: (*teller).concluded,
}

func (t *teller) started(f engine.Fact, l *Line) {
	l.What = engine.Text{VI: "mở hồ sơ", EN: "dossier started"}
	if f.Start != nil {
		l.Detail = both(strings.TrimSuffix(f.Start.Agency+", "+f.Start.Channel, ", "))
	}
	l.shape = "started"
}

func (t *teller) entered(f engine.Fact, l *Line) {
	l.State = f.To
	l.What = engine.Text{VI: "vào bước", EN: "state entered"}
	name := t.event(f.Event, f.From, f.To)
	l.Detail = engine.Text{
		VI: fmt.Sprintf("%s (%s) → %s: %s", name.VI, f.Event, f.To, t.state(f.To)),
		EN: fmt.Sprintf("%s (%s) → %s: %s", name.EN, f.Event, f.To, t.state(f.To)),
	}
	l.shape = f.Event + " → " + f.To
}

func (t *teller) closed(f engine.Fact, l *Line) {
	l.What = engine.Text{VI: "kết thúc hồ sơ", EN: "dossier closed"}
	l.Detail = word(outcomes, f.Outcome)
	l.shape = "closed " + f.Outcome
}

func (t *teller) form(f engine.Fact, l *Line) {
	l.Form = f.Form
	l.What = engine.Text{VI: "in biểu mẫu", EN: "form printed"}
	l.Detail = word(formWords, f.Form)
	l.shape = "form " + f.Form
}

func (t *teller) handoff(f engine.Fact, l *Line) {
	switch f.Kind {
	case engine.FactHandoffAccepted:
		l.What = engine.Text{VI: "nhận bàn giao", EN: "handoff accepted"}
	case engine.FactHandoffReturned:
		l.What = engine.Text{VI: "trả lại bàn giao", EN: "handoff returned"}
	case engine.FactHandoffRecalled:
		l.What = engine.Text{VI: "thu hồi bàn giao", EN: "handoff recalled"}
	default:
		l.What = engine.Text{VI: "bàn giao", EN: "handoff sent"}
	}
	l.Detail = both(f.From + " → " + f.To)
	l.shape = string(f.Kind) + " " + f.From + " → " + f.To
}

func (t *teller) resettled(f engine.Fact, l *Line) {
	l.What = engine.Text{VI: "đổi đơn vị theo sắp xếp tổ chức", EN: "department changed"}
	if f.To != "" {
		l.Detail = both(f.From + " → " + f.To)
	}
	l.shape = string(f.Kind) + " " + f.From + " → " + f.To
}

func (t *teller) erased(f engine.Fact, l *Line) {
	l.What = engine.Text{VI: "hủy dữ liệu cá nhân", EN: "personal data erased"}
	l.Detail = both(f.Basis)
	l.shape = string(f.Kind)
}

func (t *teller) held(f engine.Fact, l *Line) {
	l.What = engine.Text{VI: "nhận xử lý", EN: "claimed"}
	if f.Kind == engine.FactDossierReleased {
		l.What = engine.Text{VI: "trả về hàng chờ", EN: "released"}
	}
	l.Detail = both(f.Department)
	l.shape = string(f.Kind)
}

func (t *teller) remark(_ engine.Fact, l *Line) {
	l.What = engine.Text{VI: "ghi chú", EN: "remark"}
	l.shape = "remark"
}

func (t *teller) migrated(f engine.Fact, l *Line) {
	l.What = engine.Text{VI: "chuyển phiên bản", EN: "version changed"}
	l.State = f.To
	states := fmt.Sprintf("%s → %s: %s", f.From, f.To, t.state(f.To))
	if m := f.Migrated; m != nil {
		states = fmt.Sprintf("%d → %d; %s", m.From.Version, m.To.Version, states)
	}
	l.Detail = both(states)
	l.shape = string(f.Kind) + " → " + f.To
}

func (t *teller) refused(r Refusal) Line {
	return Line{
		At: r.At.In(zone), Kind: KindRefused, Actor: r.Actor.Kind, By: r.Actor.ID, Who: t.who(r.Actor.Kind, r.Actor.ID),
		What:   engine.Text{VI: "bị từ chối", EN: "refused"},
		Detail: both(r.Event + ": " + r.Error.Error()),
		Event:  r.Event, State: r.State, Refused: r.Error.Code,
		shape: fmt.Sprintf("refused %s: %s", r.Event, r.Error.Code),
	}
}
