package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"motcua/engine"
)

// entry is one fact in words.
type entry struct {
	At         time.Time
	RecordedAt time.Time // zero unless it was written down later
	Who, What  string
	Comment    string
	Kind       engine.FactKind
	Seq        int64
}

// teller tells facts in a language, by the words of the procedure.
type teller struct {
	names
	machine *engine.Machine
}

func (t teller) timeline(facts []engine.StoredFact) []entry {
	out := make([]entry, len(facts))
	for i, f := range facts {
		out[i] = entry{
			At: f.At, RecordedAt: f.RecordedAt, Who: t.who(f.Fact), What: t.what(f.Fact),
			Comment: f.Comment, Kind: f.Kind, Seq: f.Seq,
		}
	}
	return out
}

func (t teller) who(f engine.Fact) string {
	switch f.ActorKind {
	case engine.ActorClock:
		return t.lang.T("Đồng hồ thời hạn", "The clock")
	case engine.ActorSystem:
		return t.lang.T("Hệ thống ", "System ") + f.Actor
	default:
		return t.officer(f.Actor)
	}
}

func (t teller) what(f engine.Fact) string {
	l := t.lang
	switch f.Kind {
	case engine.FactDossierStarted:
		return l.T("Mở hồ sơ", "Dossier started") + t.channel(f.Start)
	case engine.FactStateEntered:
		return t.entered(f)
	case engine.FactDossierClosed:
		return l.T("Kết thúc hồ sơ: ", "Dossier closed: ") + outcomeWord(l, f.Outcome)
	case engine.FactComponentsReceived:
		return l.T("Nhận giấy tờ: ", "Papers received: ") + t.components(f.Components)
	case engine.FactFormIssued:
		return l.T("Phát hành biểu mẫu: ", "Form issued: ") + formWord(l, f.Form)
	case engine.FactRungFired:
		return t.rung(f.Rung)
	case engine.FactHandoffSent:
		return l.T("Bàn giao hồ sơ: ", "Handed over: ") + t.department(f.From) + " → " + t.department(f.To)
	case engine.FactHandoffAccepted:
		return t.department(f.To) + l.T(" nhận bàn giao", " accepted the handoff")
	case engine.FactHandoffReturned:
		return t.department(f.From) + l.T(" trả lại bàn giao cho ", " returned the handoff to ") + t.department(f.To)
	case engine.FactDossierClaimed:
		return t.officer(f.Officer) + l.T(" nhận xử lý", " claimed the dossier")
	case engine.FactDossierReleased:
		return t.officer(f.Officer) + l.T(" trả hồ sơ về hàng chờ", " released the dossier")
	case engine.FactCommented:
		return l.T("Ghi chú", "Remark")
	case engine.FactFieldsReceived:
		return l.T("Ghi nhận thông tin: ", "Data received: ") + t.fields(f.Given)
	case engine.FactVariantChosen:
		return l.T("Áp dụng trường hợp: ", "Variant: ") + t.variant(f.Variant)
	case engine.FactEventFired:
		return quoted(t.event(f.Event, f.To, ""))
	case engine.FactEventSigned:
		return t.officer(f.Officer) + l.T(" biểu quyết ", " voted for ") + quoted(t.event(f.Event, "", ""))
	case engine.FactDeadlineExtended:
		return l.T("Gia hạn thêm ", "Limit extended by ") + budget(l, f.By)
	case engine.FactDossierMigrated:
		return l.T("Chuyển hồ sơ sang phiên bản ", "Migrated to version ") + t.migrated(f.Migrated)
	case engine.FactConsultationStarted, engine.FactOpinionGiven, engine.FactConsultationConcluded:
		return t.consulted(f)
	case engine.FactClockStarted, engine.FactClockSuspended, engine.FactClockResumed, engine.FactClockStopped:
		return t.clock(f)
	default:
		return t.act(f)
	}
}

func (t teller) migrated(m *engine.Migrated) string {
	if m == nil {
		return ""
	}
	return strconv.Itoa(m.To.Version) + t.lang.T(" của quy trình", " of the procedure")
}

func (t teller) channel(s *engine.Start) string {
	if s == nil || s.Channel == "" {
		return ""
	}
	return " (" + strings.ToLower(channelWord(t.lang, s.Channel)) + ")"
}

func (t teller) entered(f engine.Fact) string {
	to := t.lang.T("vào bước ", "entered step ") + quoted(t.state(f.To))
	if f.Department != "" {
		to += ", " + t.department(f.Department)
	}
	if f.Event == "" || f.Event == engine.EventStart {
		return upperFirst(to)
	}
	return quoted(t.event(f.Event, f.From, f.To)) + ": " + to
}

func (t teller) clock(f engine.Fact) string {
	l, k := t.lang, f.Clock
	if k == nil {
		return string(f.Kind)
	}
	name := clockWord(l, k.Kind)
	due := ""
	if !k.Due.IsZero() {
		due = l.T(", hạn ", ", due ") + when(k.Due)
	}
	switch f.Kind {
	case engine.FactClockStarted:
		return l.T("Bắt đầu tính: ", "Clock started: ") + name + due
	case engine.FactClockSuspended:
		return l.T("Tạm dừng tính: ", "Clock suspended: ") + name
	case engine.FactClockResumed:
		return l.T("Tính tiếp: ", "Clock resumed: ") + name + due
	default:
		return l.T("Ngừng tính: ", "Clock stopped: ") + name + " (" + verdictWord(l, k.Verdict) + ")"
	}
}

func (t teller) rung(r *engine.RungFiring) string {
	if r == nil {
		return t.lang.T("Cảnh báo", "Warning")
	}
	text := t.lang.T("Cảnh báo: ", "Warning: ") + rungWord(t.lang, r.Rung)
	switch {
	case r.Nobody:
		text += t.lang.T(" – không tìm thấy ai để báo, kể cả cấp trên", " – nobody found to tell, nor anybody above")
	case r.Raise != "":
		text += " – " + raiseWord(t.lang, r.Raise)
	}
	switch {
	case r.Nobody:
	case len(r.Told) > 0:
		text += t.told(r.Told)
	case len(r.Notify) > 0: // as it was written before whom it told was on record
		text += t.lang.T("; báo cho: ", "; told: ") + t.roles(r.Notify)
	}
	if r.Late {
		text += t.lang.T(" (ghi nhận muộn)", " (noticed late)")
	}
	return text
}

func (t teller) roles(roles []string) string {
	words := make([]string, len(roles))
	for i, role := range roles {
		words[i] = roleWord(t.lang, role)
	}
	return strings.Join(words, ", ")
}

func (t teller) state(id string) string {
	if s, ok := t.machine.State(id); ok {
		return t.lang.Text(s.Name)
	}
	return id
}

// event names an event as the state it left does, else as any state does.
func (t teller) event(event, from, to string) string {
	return cmp.Or(t.lang.Text(t.machine.EventName(event, from, to)), event)
}

func (t teller) components(ids []string) string {
	words := slices.Clone(ids)
	for i, id := range ids {
		at := slices.IndexFunc(t.machine.Components, func(c engine.Component) bool { return c.ID == id })
		if at >= 0 {
			words[i] = t.lang.Text(t.machine.Components[at].Name)
		}
	}
	return strings.Join(words, "; ")
}
