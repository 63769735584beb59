package scenario

import (
	"cmp"
	"fmt"
	"strings"

	"motcua/engine"
)

// reprojected tells that another version of the calendar counts from now on.
func (t *teller) reprojected(f engine.Fact, l *Line) {
	l.What = engine.Text{VI: "tính lại thời hạn", EN: "limits re-projected"}
	l.shape = string(f.Kind)
	if c := f.Calendar; c != nil {
		l.Detail = engine.Text{
			VI: fmt.Sprintf("tính lại theo lịch %s phiên bản %d (trước đó phiên bản %d)", c.To.Code, c.To.Version, c.From.Version),
			EN: fmt.Sprintf("by calendar %s version %d (version %d before)", c.To.Code, c.To.Version, c.From.Version),
		}
	}
}

// halted tells that all clocks stop for a supervisor or an outage, or go on.
func (t *teller) halted(f engine.Fact, l *Line) {
	l.What = engine.Text{VI: "tạm dừng mọi thời hạn", EN: "all clocks suspended"}
	if f.Kind == engine.FactDossierResumed {
		l.What = engine.Text{VI: "tính tiếp mọi thời hạn", EN: "all clocks resumed"}
	}
	if f.ActorKind != engine.ActorClock {
		l.shape = string(f.Kind)
	}
	h := f.Halt
	if h == nil {
		return
	}
	l.Detail = both(h.Reason)
	if h.Outage {
		l.Detail = engine.Text{VI: "sự cố hệ thống " + h.Reason, EN: "outage: " + h.Reason}
	}
	if f.Kind == engine.FactDossierSuspended && !h.Until.IsZero() {
		l.Detail = engine.Text{VI: l.Detail.VI + ", đến " + engine.MomentText(h.Until).VI, EN: l.Detail.EN + ", until " + engine.MomentText(h.Until).EN}
	}
	if h.Basis != "" && f.Basis == "" {
		l.Notes = append(l.Notes, engine.Text{VI: "Căn cứ: " + h.Basis, EN: "by " + h.Basis})
	}
}

// reassigned tells to whom the dossier was given.
func (t *teller) reassigned(f engine.Fact, l *Line) {
	l.What = engine.Text{VI: "phân công lại", EN: "reassigned"}
	l.Detail = engine.Text{VI: "cho " + t.name(f.Officer), EN: "to " + t.name(f.Officer)}
	switch {
	case f.Officer == "":
		l.Detail = engine.Text{VI: "về hàng chờ của " + f.Department, EN: "to the pool of " + f.Department}
	case f.Delegated:
		l.Detail = engine.Text{VI: l.Detail.VI + " (ủy quyền cho riêng hồ sơ này)", EN: l.Detail.EN + " (delegated, for this dossier only)"}
	}
	if f.ActorKind != engine.ActorClock {
		l.shape = string(f.Kind) + ": " + cmp.Or(f.Officer, f.Department)
	}
}

// overridden tells what a supervisor did past what the definition allows.
func (t *teller) overridden(f engine.Fact, l *Line) {
	l.What = engine.Text{VI: "xử lý vượt quy trình", EN: "overridden"}
	l.shape = string(f.Kind)
	if f.Overrides == nil {
		return
	}
	l.Detail = t.overrides(*f.Overrides)
	if to := f.Overrides.To; to != "" {
		l.State, l.shape = to, l.shape+" → "+to
	}
}

func (t *teller) overrides(o engine.Overrides) engine.Text {
	var vi, en []string
	if o.To != "" {
		to := "→ " + o.To + ": " + t.state(o.To)
		vi, en = append(vi, to), append(en, to)
	}
	if !o.Extend.IsZero() {
		vi, en = append(vi, "gia hạn "+o.Extend.String()), append(en, "extended by "+o.Extend.String())
	}
	return engine.Text{VI: strings.Join(vi, "; "), EN: strings.Join(en, "; ")}
}

// proposed tells an event that waits to be endorsed, and what became of it.
func (t *teller) proposed(f engine.Fact, l *Line) {
	switch f.Kind {
	case engine.FactProposalEndorsed:
		l.What = engine.Text{VI: "phê duyệt đề xuất", EN: "proposal endorsed"}
	case engine.FactProposalTurnedDown:
		l.What = engine.Text{VI: "không phê duyệt đề xuất", EN: "proposal turned down"}
	default:
		l.What = engine.Text{VI: "đề xuất chờ phê duyệt", EN: "proposed"}
	}
	event := f.Event
	if p := f.Proposal; p != nil {
		event = cmp.Or(p.Event, event)
	}
	name := t.event(event, t.c.State, "")
	l.Detail = engine.Text{VI: name.VI + " (" + event + ")", EN: name.EN + " (" + event + ")"}
	if p := f.Proposal; p != nil && f.Kind == engine.FactEventProposed {
		by := p.Approval.Department + "/" + p.Approval.Role
		l.Detail = engine.Text{VI: l.Detail.VI + ", người phê duyệt: " + by, EN: l.Detail.EN + ", to be endorsed by " + by}
	}
	l.shape = string(f.Kind) + " " + event
}

// alarm tells a rung that was seen, or that nobody acknowledged in time.
func (t *teller) alarm(f engine.Fact, l *Line) {
	l.What = engine.Text{VI: "xác nhận đã biết cảnh báo", EN: "warning acknowledged"}
	if f.Kind == engine.FactRungClimbed {
		l.What = engine.Text{VI: "mốc cảnh báo leo thang lên cấp trên", EN: "warning climbed to the next supervisor"}
	}
	said := t.rungOf(f)
	l.Rung, l.Detail = said, rungWords(said)
	if f.Kind == engine.FactRungClimbed {
		l.Detail = t.climbed(l.Detail, f.Rung)
	}
	if f.ActorKind != engine.ActorClock {
		l.shape = string(f.Kind) + " " + said
	}
}

// climbed adds whom the next level above is; above the leader there is nobody.
func (t *teller) climbed(detail engine.Text, r *engine.RungFiring) engine.Text {
	switch {
	case r == nil:
		return detail
	case r.Nobody:
		return engine.Text{VI: detail.VI + "; không còn ai ở cấp trên", EN: detail.EN + "; nobody is left above"}
	}
	for _, told := range r.Told {
		who, names := word(roleWords, told.Role), t.names(told.Officers)
		detail = engine.Text{VI: detail.VI + "; báo cho " + who.VI + names, EN: detail.EN + "; told " + who.EN + names}
	}
	return detail
}

// escalated tells that somebody raised the dossier, or that it climbed on.
func (t *teller) escalated(f engine.Fact, l *Line) {
	l.What = engine.Text{VI: "báo lên cấp trên", EN: "escalated"}
	l.shape = string(f.Kind)
	e := f.Escalation
	switch {
	case e == nil:
		return
	case e.Nobody:
		l.Detail = engine.Text{VI: "không còn ai ở cấp trên", EN: "nobody is left above"}
		return
	}
	for _, told := range e.Told {
		who, names := word(roleWords, told.Role), t.names(told.Officers)
		l.Detail = engine.Text{VI: "báo cho " + who.VI + names, EN: "told " + who.EN + names}
	}
	if f.ActorKind == engine.ActorClock {
		l.What = engine.Text{VI: "chưa ai xác nhận, báo lên cấp trên nữa", EN: "not acknowledged, escalated further"}
	}
}

// rungOf is the rung of an alarm as the definition says it.
func (t *teller) rungOf(f engine.Fact) string {
	switch {
	case f.Alarm != nil && f.Alarm.Raised():
		return engine.EventEscalate
	case f.Rung != nil:
		return f.Rung.Rung
	case f.Alarm != nil && f.Alarm.Rung >= 0 && f.Alarm.Rung < len(t.Ladder):
		return t.Ladder[f.Alarm.Rung].String()
	}
	return ""
}

// linked tells what became of a linked dossier.
func (t *teller) linked(f engine.Fact, l *Line) {
	switch f.Kind {
	case engine.FactLinkOpened:
		l.What = engine.Text{VI: "đã mở hồ sơ liên thông", EN: "linked dossier opened"}
	case engine.FactLinkAcknowledged:
		l.What = engine.Text{VI: "cơ quan liên thông đã nhận", EN: "linked dossier acknowledged"}
	case engine.FactLinkConcluded:
		l.What = engine.Text{VI: "hồ sơ liên thông kết thúc", EN: "linked dossier concluded"}
	default:
		l.What = engine.Text{VI: "chuyển sang cơ quan liên thông", EN: "linked dossier started"}
	}
	part := f.Linked
	if part == nil {
		return
	}
	l.Detail = t.part(*part)
	if part.Dossier != "" {
		l.Detail = engine.Text{VI: l.Detail.VI + ", " + part.Dossier, EN: l.Detail.EN + ", " + part.Dossier}
	}
	if f.Kind == engine.FactLinkConcluded {
		outcome := word(outcomes, part.Outcome)
		l.Detail = engine.Text{VI: l.Detail.VI + ": " + outcome.VI, EN: l.Detail.EN + ": " + outcome.EN}
	}
	l.shape = strings.TrimSuffix(string(f.Kind)+" "+cmp.Or(part.Link, part.Procedure)+" "+part.Outcome, " ")
}

// part names a linked dossier and who carries it out; one a rung opened, by its
// procedure.
func (t *teller) part(part engine.Linked) engine.Text {
	name := both(cmp.Or(part.Link, part.Procedure))
	for _, k := range t.Links {
		if k.ID == part.Link {
			name = engine.Text{VI: k.Name.VI, EN: cmp.Or(k.Name.EN, k.Name.VI)}
		}
	}
	if part.Partner != "" {
		name = engine.Text{VI: name.VI + " → " + part.Partner, EN: name.EN + " → " + part.Partner}
	}
	return name
}
