package web

import (
	"cmp"
	"strconv"
	"strings"

	"motcua/engine"
)

// act tells what supervisors, outages, calendars and linked dossiers do to a
// dossier; a fact of an unknown kind by its kind.
func (t teller) act(f engine.Fact) string {
	l := t.lang
	switch f.Kind {
	case engine.FactCalendarChanged:
		return l.T("Tính lại thời hạn", "Limits re-projected") + t.reprojected(f.Calendar)
	case engine.FactDossierSuspended:
		return l.T("Tạm dừng mọi thời hạn", "All clocks suspended") + t.halt(f)
	case engine.FactDossierResumed:
		return l.T("Tính tiếp mọi thời hạn", "All clocks resumed") + t.halt(f)
	case engine.FactDossierReassigned:
		return l.T("Phân công lại ", "Reassigned ") + t.reassigned(f)
	case engine.FactOverridden:
		return l.T("Xử lý vượt quy trình", "Overridden") + t.overrides(f.Overrides)
	case engine.FactEventProposed:
		return l.T("Đề xuất chờ phê duyệt: ", "Proposed: ") + t.proposal(f)
	case engine.FactProposalEndorsed:
		return l.T("Phê duyệt đề xuất: ", "Proposal endorsed: ") + t.proposal(f)
	case engine.FactProposalTurnedDown:
		return l.T("Không phê duyệt đề xuất: ", "Proposal turned down: ") + t.proposal(f)
	case engine.FactHandoffRecalled:
		return t.department(f.To) + l.T(" thu hồi bàn giao từ ", " recalled the handoff from ") + t.department(f.From)
	case engine.FactRungClimbed:
		return l.T("Cảnh báo leo thang lên cấp trên", "Warning climbed to the next supervisor") + t.alarm(f)
	case engine.FactRungAcknowledged:
		return l.T("Xác nhận đã biết cảnh báo", "Warning acknowledged") + t.alarm(f)
	case engine.FactDossierEscalated:
		return t.escalated(f)
	case engine.FactLinkStarted, engine.FactLinkOpened, engine.FactLinkAcknowledged, engine.FactLinkConcluded:
		return t.linked(f)
	case engine.FactPersonalErased:
		return l.T("Đã hủy dữ liệu cá nhân của hồ sơ", "Personal data of the dossier was erased")
	case engine.FactDepartmentChanged:
		return l.T("Đổi đơn vị theo sắp xếp tổ chức", "Department changed by a reorganisation") + t.resettled(f)
	default:
		return string(f.Kind)
	}
}

// resettled says from which department to which; nothing where only what others
// were asked has moved.
func (t teller) resettled(f engine.Fact) string {
	if f.To == "" {
		return ""
	}
	return ": " + t.department(f.From) + " → " + t.department(f.To)
}

func (t teller) reprojected(c *engine.CalendarChange) string {
	if c == nil {
		return ""
	}
	from, to := strconv.Itoa(c.From.Version), strconv.Itoa(c.To.Version)
	return t.lang.T(" theo lịch "+c.To.Code+" phiên bản "+to+" (trước đó phiên bản "+from+")", " by calendar "+c.To.Code+" version "+to+" (version "+from+" before)")
}

// halt says why all clocks stand still, and until when. A reason that stands
// beside it as a comment is not repeated.
func (t teller) halt(f engine.Fact) string {
	h := f.Halt
	if h == nil {
		return ""
	}
	why := h.Reason
	if why == f.Comment {
		why = ""
	}
	if h.Outage {
		why = strings.TrimSpace(t.lang.T("sự cố hệ thống ", "outage ") + why)
	}
	if why != "" {
		why = ": " + why
	}
	if f.Kind == engine.FactDossierSuspended && !h.Until.IsZero() {
		why += t.lang.T(", đến ", ", until ") + when(h.Until)
	}
	return why
}

func (t teller) reassigned(f engine.Fact) string {
	switch {
	case f.Officer == "":
		return t.lang.T("về hàng chờ của ", "to the pool of ") + t.department(f.Department)
	case f.Delegated:
		return t.lang.T("cho ", "to ") + t.officer(f.Officer) + t.lang.T(" (ủy quyền cho riêng hồ sơ này)", " (delegated, for this dossier only)")
	}
	return t.lang.T("cho ", "to ") + t.officer(f.Officer)
}

func (t teller) overrides(o *engine.Overrides) string {
	if o == nil {
		return ""
	}
	var did []string
	if o.To != "" {
		did = append(did, t.lang.T("chuyển đến bước ", "moved to step ")+quoted(t.state(o.To)))
	}
	if !o.Extend.IsZero() {
		did = append(did, t.lang.T("gia hạn thêm ", "limit extended by ")+budget(t.lang, o.Extend))
	}
	if len(did) == 0 {
		return ""
	}
	return ": " + strings.Join(did, ", ")
}

func (t teller) proposal(f engine.Fact) string {
	p := f.Proposal
	if p == nil {
		return quoted(t.event(f.Event, "", ""))
	}
	text := quoted(t.event(cmp.Or(p.Event, f.Event), "", "")) + t.overrides(p.Overrides)
	if f.Kind == engine.FactEventProposed {
		text += t.lang.T(", người phê duyệt: ", ", to be endorsed by: ") + roleWord(t.lang, p.Approval.Role) + " · " + t.department(p.Approval.Department)
	}
	return text
}

// alarm names the rung an alarm comes from, and who was told when it climbed.
func (t teller) alarm(f engine.Fact) string {
	r := f.Rung
	if r == nil {
		if a := f.Alarm; a != nil && a.Raised() {
			return ": " + rungWord(t.lang, engine.NoticeEscalated)
		} else if a != nil && a.Rung >= 0 && a.Rung < len(t.machine.Ladder) {
			return ": " + rungWord(t.lang, t.machine.Ladder[a.Rung].String())
		}
		return ""
	}
	text := ": " + rungWord(t.lang, r.Rung)
	if r.Nobody {
		return text + t.lang.T("; không còn ai ở cấp trên", "; nobody is left above")
	}
	return text + t.told(r.Told)
}

// escalated says to whom a dossier was raised, and whether it climbed there
// because nobody had acknowledged.
func (t teller) escalated(f engine.Fact) string {
	text := t.lang.T("Báo lên cấp trên", "Escalated")
	if f.ActorKind == engine.ActorClock {
		text = t.lang.T("Chưa ai xác nhận, báo lên cấp trên nữa", "Not acknowledged, escalated further")
	}
	e := f.Escalation
	switch {
	case e == nil:
		return text
	case e.Nobody:
		return text + t.lang.T("; không còn ai ở cấp trên", "; nobody is left above")
	}
	return text + t.told(e.Told)
}

// told says whom a rung told, by role.
func (t teller) told(list []engine.Told) string {
	if len(list) == 0 {
		return ""
	}
	roles := make([]string, len(list))
	for i, told := range list {
		roles[i] = t.heard(told)
	}
	return t.lang.T("; báo cho: ", "; told: ") + strings.Join(roles, "; ")
}

func (t teller) heard(told engine.Told) string {
	officers := make([]string, len(told.Officers))
	for i, id := range told.Officers {
		officers[i] = t.officer(id)
	}
	text := roleWord(t.lang, told.Role)
	if len(officers) > 0 {
		text += " (" + strings.Join(officers, ", ") + ")"
	}
	if told.Climbed {
		text += t.lang.T(", cấp trên vì không có ai giữ vai trò", ", from above, for nobody holds the role")
	}
	return text
}

// linked tells what became of a linked dossier.
func (t teller) linked(f engine.Fact) string {
	l, part, name := t.lang, f.Linked, ""
	if part != nil {
		name = ": " + t.part(*part)
	}
	switch f.Kind {
	case engine.FactLinkOpened:
		return l.T("Đã mở hồ sơ liên thông", "Linked dossier opened") + name
	case engine.FactLinkAcknowledged:
		return l.T("Cơ quan liên thông đã nhận hồ sơ", "Linked dossier acknowledged") + name
	case engine.FactLinkConcluded:
		if part != nil && part.Outcome != "" {
			name += " – " + strings.ToLower(outcomeWord(l, part.Outcome))
		}
		return l.T("Hồ sơ liên thông kết thúc", "Linked dossier concluded") + name
	default:
		return l.T("Chuyển sang cơ quan liên thông", "Linked dossier started") + name
	}
}

// part names a linked dossier, with its code once it is open; one a rung
// opened, by its procedure.
func (t teller) part(part engine.Linked) string {
	text := cmp.Or(part.Link, part.Procedure)
	for _, k := range t.machine.Links {
		if k.ID == part.Link {
			text = t.lang.Text(k.Name)
		}
	}
	if part.Dossier != "" {
		text += " (" + part.Dossier + ")"
	}
	return text
}
