package scenario

import (
	"encoding/json"
	"strings"

	"motcua/engine"
)

// both is a text that is the same in both languages.
func both(s string) engine.Text { return engine.Text{VI: s, EN: s} }

// word finds what a word of the language is called; one it does not know stays
// as it is.
func word(words map[string]engine.Text, id string) engine.Text {
	if w, ok := words[id]; ok {
		return w
	}
	return both(id)
}

var outcomes = map[string]engine.Text{
	"resolved":  {VI: "đã giải quyết", EN: "resolved"},
	"refused":   {VI: "từ chối", EN: "refused"},
	"withdrawn": {VI: "người nộp rút hồ sơ", EN: "withdrawn"},
	"stopped":   {VI: "dừng xử lý", EN: "stopped"},

	engine.OutcomeReleased: {VI: "không còn phải chờ", EN: "nobody waits for it any more"},
}

var clockWords = map[string]engine.Text{
	string(engine.ClockStatutory):    {VI: "thời hạn theo quy định", EN: "statutory limit"},
	string(engine.ClockCommitted):    {VI: "thời hạn cam kết", EN: "committed limit"},
	string(engine.ClockStep):         {VI: "hạn của bước", EN: "step limit"},
	string(engine.ClockStage):        {VI: "hạn của giai đoạn", EN: "stage limit"},
	string(engine.ClockHandoff):      {VI: "hạn nhận bàn giao", EN: "handoff limit"},
	string(engine.ClockSuspension):   {VI: "hạn tạm dừng", EN: "suspension limit"},
	string(engine.ClockStandstill):   {VI: "tổng thời gian tạm dừng", EN: "limit of all suspensions"},
	string(engine.ClockWait):         {VI: "thời gian chờ", EN: "waiting time"},
	string(engine.ClockConsultation): {VI: "hạn cho ý kiến", EN: "consultation limit"},
	string(engine.ClockIntake):       {VI: "hạn trả lời tiếp nhận", EN: "intake limit"},
	string(engine.ClockLink):         {VI: "hạn của hồ sơ liên thông", EN: "limit of the linked dossier"},
	string(engine.ClockReceipt):      {VI: "hạn xác nhận đã nhận liên thông", EN: "receipt limit"},
	string(engine.ClockAlarm):        {VI: "hạn xác nhận cảnh báo", EN: "acknowledgement limit"},
}

var verdicts = map[string]engine.Text{
	string(engine.VerdictMet):        {VI: "✓ đúng hạn", EN: "✓ met"},
	string(engine.VerdictViolated):   {VI: "⚠ quá hạn", EN: "⚠ violated"},
	string(engine.VerdictSuperseded): {VI: "↻ thay bằng thời hạn mới", EN: "↻ superseded"},
}

var raiseWords = map[string]engine.Text{
	"due-soon":  {VI: "sắp đến hạn", EN: "due soon"},
	"overdue":   {VI: "quá hạn", EN: "overdue"},
	"escalated": {VI: "đã báo lên cấp trên", EN: "escalated"},
}

var roleWords = map[string]engine.Text{
	engine.RoleHolder: {VI: "người đang xử lý", EN: "the holder"},
	engine.RoleHead:   {VI: "trưởng đơn vị", EN: "the head of department"},
	engine.RoleLeader: {VI: "lãnh đạo cơ quan", EN: "the leader of the agency"},
}

var formWords = map[string]engine.Text{
	"receipt":            {VI: "giấy tiếp nhận và hẹn trả kết quả (receipt)", EN: "receipt"},
	"supplement-request": {VI: "phiếu yêu cầu bổ sung hồ sơ (supplement-request)", EN: "supplement-request"},
	"refusal":            {VI: "phiếu từ chối (refusal)", EN: "refusal"},
	"stop-notice":        {VI: "thông báo dừng giải quyết (stop-notice)", EN: "stop-notice"},
	"tax-slip":           {VI: "phiếu chuyển thông tin thuế (tax-slip)", EN: "tax-slip"},
	"tax-notice":         {VI: "thông báo nghĩa vụ tài chính (tax-notice)", EN: "tax-notice"},
	"apology":            {VI: "phiếu xin lỗi và hẹn lại (apology)", EN: "apology"},
}

// rungWords says a rung from how the definition says it: "75% of step", "2wh
// into intake", "1wd before dossier", "4wh after step".
func rungWords(said string) engine.Text {
	if said == engine.EventEscalate {
		return engine.Text{VI: "báo lên cấp trên", EN: "escalation"}
	}
	parts := strings.Fields(said)
	if len(parts) != 3 {
		return both(said)
	}
	of := word(clockWords, parts[2])
	if parts[2] == engine.OfDossier {
		of = engine.Text{VI: "hạn trả kết quả", EN: "appointment"}
	}
	switch parts[1] {
	case "into":
		return engine.Text{VI: parts[0] + " kể từ khi tính " + of.VI, EN: parts[0] + " since the start of the " + of.EN}
	case "before":
		return engine.Text{VI: parts[0] + " trước khi hết " + of.VI, EN: parts[0] + " before the " + of.EN}
	case "after":
		return engine.Text{VI: parts[0] + " sau khi hết " + of.VI, EN: parts[0] + " after the " + of.EN}
	}
	return engine.Text{VI: "đã dùng " + parts[0] + " " + of.VI, EN: parts[0] + " of the " + of.EN}
}

// leftover tells a fact of an unknown kind by what it holds, so that nothing
// is lost: JSON without what the line says already.
func leftover(f engine.Fact) engine.Text {
	whole, err := json.Marshal(f)
	parts := map[string]any{}
	if err != nil || json.Unmarshal(whole, &parts) != nil {
		return engine.Text{}
	}
	for _, said := range []string{"seq", "kind", "at", "recorded_at", "actor_kind", "actor", "command", "comment", "basis"} {
		delete(parts, said)
	}
	text, _ := json.Marshal(parts) // in order of key; it was JSON a moment ago
	return both(string(text))
}
