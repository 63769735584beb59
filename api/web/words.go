package web

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"motcua/api/caller"
	"motcua/engine"
	"motcua/engine/calendar"
)

// statusWord says the status of a record.
func statusWord(l caller.Lang, status string) string {
	switch status {
	case engine.StatusSuspended:
		return l.T("Tạm dừng tính thời hạn", "Clock suspended")
	case engine.StatusClosed:
		return l.T("Đã kết thúc", "Closed")
	default:
		return l.T("Đang xử lý", "In progress")
	}
}

func outcomeWord(l caller.Lang, outcome string) string {
	switch outcome {
	case "resolved":
		return l.T("Đã giải quyết", "Resolved")
	case "refused":
		return l.T("Từ chối giải quyết", "Refused")
	case "withdrawn":
		return l.T("Người nộp rút hồ sơ", "Withdrawn")
	case "stopped":
		return l.T("Dừng xử lý", "Stopped")
	case engine.OutcomeReleased:
		return l.T("Không còn phải chờ", "Nobody waits for it any more")
	default:
		return outcome
	}
}

func raiseWord(l caller.Lang, raise string) string {
	switch raise {
	case "due-soon":
		return l.T("sắp đến hạn", "due soon")
	case "overdue":
		return l.T("quá hạn", "overdue")
	case "escalated":
		return l.T("đã báo lên cấp trên", "escalated")
	default:
		return raise
	}
}

func channelWord(l caller.Lang, channel string) string {
	switch channel {
	case "direct":
		return l.T("Trực tiếp", "In person")
	case "online":
		return l.T("Trực tuyến", "Online")
	case "post":
		return l.T("Bưu chính công ích", "By post")
	default:
		return channel
	}
}

func clockWord(l caller.Lang, kind engine.ClockKind) string {
	switch kind {
	case engine.ClockStatutory:
		return l.T("Thời hạn theo quy định", "Statutory limit")
	case engine.ClockCommitted:
		return l.T("Thời hạn cam kết", "Committed limit")
	case engine.ClockStep:
		return l.T("Thời hạn của bước", "Step limit")
	case engine.ClockHandoff:
		return l.T("Thời hạn nhận bàn giao", "Handoff limit")
	case engine.ClockSuspension:
		return l.T("Thời hạn tạm dừng", "Suspension limit")
	case engine.ClockStandstill:
		return l.T("Tổng thời gian tạm dừng", "Limit of all suspensions")
	case engine.ClockWait:
		return l.T("Thời gian chờ", "Waiting period")
	case engine.ClockStage:
		return l.T("Thời hạn của giai đoạn", "Stage limit")
	case engine.ClockConsultation:
		return l.T("Thời hạn cho ý kiến", "Consultation limit")
	case engine.ClockIntake:
		return l.T("Thời hạn trả lời tiếp nhận", "Intake limit")
	case engine.ClockLink:
		return l.T("Thời hạn của hồ sơ liên thông", "Limit of the linked dossier")
	case engine.ClockReceipt:
		return l.T("Thời hạn xác nhận đã nhận liên thông", "Receipt limit")
	case engine.ClockAlarm:
		return l.T("Thời hạn xác nhận cảnh báo", "Acknowledgement limit")
	default:
		return string(kind)
	}
}

func verdictWord(l caller.Lang, verdict engine.Verdict) string {
	switch verdict {
	case engine.VerdictMet:
		return l.T("✓ đúng hạn", "✓ met")
	case engine.VerdictViolated:
		return l.T("⚠ quá hạn", "⚠ violated")
	case engine.VerdictSuperseded:
		return l.T("↻ thay bằng thời hạn khác", "↻ superseded")
	default:
		return string(verdict)
	}
}

// resultWord says how a consultation ended.
func resultWord(l caller.Lang, result string) string {
	switch result {
	case engine.ResultAgreed:
		return l.T("đồng ý", "agreed")
	case engine.ResultRefused:
		return l.T("không đồng ý", "refused")
	case engine.ResultWithdrawn:
		return l.T("không còn cần thiết", "withdrawn")
	}
	return result
}

func answerWord(l caller.Lang, says string) string {
	if says == engine.AnswerRefuse {
		return l.T("không đồng ý", "refuses")
	}
	return l.T("đồng ý", "agrees")
}

// stretchWord says what a stretch of a clock's life was.
func stretchWord(l caller.Lang, kind string) string { return l.Text(engine.StretchText(kind)) }

// roleWord says a role the ladder can name beside those of steps.
func roleWord(l caller.Lang, role string) string {
	switch role {
	case engine.RoleHolder:
		return l.T("người đang xử lý", "the holder")
	case engine.RoleHead:
		return l.T("trưởng đơn vị", "the head of department")
	case engine.RoleLeader:
		return l.T("lãnh đạo cơ quan", "the leader of the agency")
	default:
		return role
	}
}

// rungWord says a rung of the ladder, from how the definition says it: "75% of
// step", "2wh into intake", "1wd before dossier", "4wh after step".
func rungWord(l caller.Lang, said string) string {
	if said == engine.NoticeEscalated {
		return l.T("báo lên cấp trên", "escalation")
	}
	parts := strings.Fields(said)
	if len(parts) != 3 {
		return said
	}
	kind := engine.ClockKind(parts[2])
	if parts[2] == engine.OfDossier {
		kind = engine.ClockCommitted // the promise is what the appointment rests on
	}
	clock := strings.ToLower(clockWord(l, kind))
	if parts[1] == "of" {
		return l.T(choose(parts[0] == "100%", "hết ", "đã dùng "+parts[0]+" ")+clock, parts[0]+" of the "+clock)
	}
	d, err := calendar.ParseDuration(parts[0])
	if err != nil {
		return said
	}
	if parts[1] == "into" {
		return budget(l, d) + " " + l.T("kể từ khi tính ", "since the start of the ") + clock
	}
	before := parts[1] == "before"
	return budget(l, d) + " " + l.T(choose(before, "trước khi hết ", "sau khi hết ")+clock, choose(before, "before the end of the ", "after the end of the ")+clock)
}

func choose(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

// watchedWord says what happened to a dossier that is watched.
func watchedWord(l caller.Lang, kind engine.FactKind) string {
	switch kind {
	case engine.FactDossierClosed:
		return l.T("hồ sơ bạn theo dõi đã kết thúc", "a dossier you watch was closed")
	case engine.FactStateEntered:
		return l.T("hồ sơ bạn theo dõi sang bước khác", "a dossier you watch entered another step")
	case engine.FactDossierReassigned, engine.FactDossierClaimed, engine.FactDossierReleased:
		return l.T("hồ sơ bạn theo dõi đổi người xử lý", "a dossier you watch changed hands")
	case engine.FactOverridden:
		return l.T("hồ sơ bạn theo dõi được xử lý vượt quy trình", "a dossier you watch was overridden")
	case engine.FactDossierSuspended, engine.FactDossierResumed, engine.FactDeadlineExtended, engine.FactCalendarChanged:
		return l.T("hồ sơ bạn theo dõi thay đổi thời hạn", "the limits of a dossier you watch changed")
	case engine.FactRungFired, engine.FactRungClimbed, engine.FactDossierEscalated:
		return l.T("hồ sơ bạn theo dõi có cảnh báo", "a warning on a dossier you watch")
	default:
		return l.T("hồ sơ bạn theo dõi có thay đổi", "a dossier you watch changed")
	}
}

// formWord names the forms of one-stop work.
func formWord(l caller.Lang, form string) string {
	switch form {
	case "receipt":
		return l.T("giấy tiếp nhận và hẹn trả kết quả", "receipt with appointment date")
	case "supplement-request":
		return l.T("phiếu yêu cầu bổ sung hồ sơ", "request for supplement")
	case "refusal":
		return l.T("phiếu từ chối", "refusal")
	case "tax-slip":
		return l.T("phiếu chuyển thông tin thuế", "slip to the tax office")
	case "tax-notice":
		return l.T("thông báo nghĩa vụ tài chính", "notice of financial duty")
	case "stop-notice":
		return l.T("thông báo dừng giải quyết", "notice of stopping")
	case "apology":
		return l.T("phiếu xin lỗi và hẹn lại", "apology slip")
	case "control-slip":
		return l.T("phiếu kiểm soát", "control slip")
	default:
		return form
	}
}

func quoted(s string) string { return "“" + s + "”" }

func upperFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
