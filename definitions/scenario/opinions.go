package scenario

import (
	"slices"
	"strings"

	"motcua/engine"
)

// asked tells a consultation that was opened, and whom it asks.
func (t *teller) asked(f engine.Fact, l *Line) {
	l.What = engine.Text{VI: "lấy ý kiến", EN: "consultation started"}
	departments := make([]string, len(f.Consulted.Opinions))
	for i, o := range f.Consulted.Opinions {
		departments[i] = o.Department
	}
	name, whom := t.consultation(f.Consulted.Consultation), strings.Join(departments, ", ")
	l.Detail = engine.Text{VI: name.VI + ": " + whom, EN: name.EN + ": " + whom}
	l.shape = "asked " + f.Consulted.Consultation + ": " + whom
}

// opinion tells what a department said, or what its silence means.
func (t *teller) opinion(f engine.Fact, l *Line) {
	i := slices.IndexFunc(f.Consulted.Opinions, func(o engine.Opinion) bool { return o.Department == f.Department })
	if i < 0 {
		l.Detail = leftover(f)
		return
	}
	o := f.Consulted.Opinions[i]
	l.What = engine.Text{VI: "cho ý kiến", EN: "opinion given"}
	says := word(answers, o.Says)
	switch {
	case o.Withdrawn:
		l.What = engine.Text{VI: "rút yêu cầu lấy ý kiến", EN: "request withdrawn"}
		says = engine.Text{VI: "không phải trả lời nữa", EN: "need not answer any more"}
	case o.Late != "":
		says = word(answers, o.Late)
		says = engine.Text{VI: says.VI + " (muộn, không tính)", EN: says.EN + " (late, not counted)"}
	case o.Silent:
		l.What = engine.Text{VI: "không trả lời", EN: "silence"}
		says = engine.Text{VI: "coi như " + says.VI, EN: "counted as: " + says.EN}
	}
	l.Detail = engine.Text{VI: f.Department + ": " + says.VI, EN: f.Department + ": " + says.EN}
	if f.ActorKind != engine.ActorClock {
		l.shape = "opinion of " + f.Department + ": " + says.EN
	}
}

// concluded tells the result of a consultation.
func (t *teller) concluded(f engine.Fact, l *Line) {
	l.What = engine.Text{VI: "kết thúc lấy ý kiến", EN: "consultation concluded"}
	name, result := t.consultation(f.Consulted.Consultation), word(results, f.Consulted.Result)
	l.Detail = engine.Text{VI: name.VI + ": " + result.VI, EN: name.EN + ": " + result.EN}
	if f.Event == engine.EventWithdrawRequest {
		l.Detail = engine.Text{VI: name.VI + ": đã rút yêu cầu", EN: name.EN + ": the request was withdrawn"}
	}
	l.shape = "concluded " + f.Consulted.Consultation + ": " + f.Consulted.Result
}

func (t *teller) consultation(id string) engine.Text {
	i := slices.IndexFunc(t.Consultations, func(c engine.Consultation) bool { return c.ID == id })
	if i < 0 {
		return both(id)
	}
	return listed([]string{id}, []engine.Text{t.Consultations[i].Name})
}

var answers = map[string]engine.Text{
	engine.AnswerAgree:  {VI: "đồng ý", EN: "agrees"},
	engine.AnswerRefuse: {VI: "không đồng ý", EN: "refuses"},
}

var results = map[string]engine.Text{
	engine.ResultAgreed:    {VI: "được đồng ý", EN: "agreed"},
	engine.ResultRefused:   {VI: "không được đồng ý", EN: "refused"},
	engine.ResultWithdrawn: {VI: "không cần nữa vì hồ sơ đã có kết quả", EN: "withdrawn, the dossier was decided"},
}
