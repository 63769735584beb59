package scenario

import (
	"fmt"
	"slices"
	"time"

	"motcua/engine"
)

// maxSteps is the most steps a scenario may have.
const maxSteps = 500

// checker gathers what is wrong with a script.
type checker struct{ findings engine.Findings }

// check says what the form of the single values cannot: which belong together.
func check(s Script) engine.Findings {
	c := &checker{}
	c.names(s)
	if len(s.Steps) > maxSteps {
		c.errorf("/steps", "too-many", "%d steps are more than %d", "%d bước nhiều hơn mức cho phép là %d", len(s.Steps), maxSteps)
		return c.findings
	}
	for i, step := range s.Steps {
		c.step(fmt.Sprintf("/steps/%d", i), step)
	}
	c.expect("/start/expect", s.Start.Expect)
	return c.findings
}

func (c *checker) errorf(path, code, en, vi string, args ...any) {
	c.findings = append(c.findings, engine.Finding{
		Path: path, Code: code, Message: fmt.Sprintf(en, args...), MessageVI: fmt.Sprintf(vi, args...), Severity: engine.SeverityError,
	})
}

func (c *checker) names(s Script) {
	if s.Name.VI == "" {
		c.errorf("/name", "required", "name.vi is required: what happens here, in a few words", "thiếu name.vi: tóm tắt điều xảy ra trong kịch bản")
	}
	if s.Start.At.IsZero() {
		c.errorf("/start", "required", "start.at is required: the moment the dossier is opened", "thiếu start.at: thời điểm nộp hồ sơ")
	}
}

func (c *checker) step(path string, s Step) {
	said := 0
	for _, moment := range []bool{!s.At.IsZero(), !s.After.IsZero(), !s.Until.IsZero()} {
		if moment {
			said++
		}
	}
	passes := !s.Until.IsZero()
	switch {
	case said != 1:
		c.errorf(path, "when", "a step has exactly one of at, after and until", "mỗi bước có đúng một trong at, after và until")
	case passes && (s.Fire != "" || !s.By.IsZero()):
		c.errorf(path, "until-fires", "until lets time pass: what is fired has at or after", "until chỉ để thời gian trôi: muốn có thao tác thì dùng at hoặc after")
	case !passes && s.Fire == "":
		c.errorf(path, "required", "fire is required: the event that happens", "thiếu fire: thao tác được thực hiện")
	case slices.Contains(unfired, s.Fire):
		c.errorf(path+"/fire", "reserved-event", "%s is not fired: start opens the dossier, until lets time pass",
			"%s không phải là thao tác: start mở hồ sơ, until để thời gian trôi", s.Fire)
	case !passes && s.By.IsZero():
		c.errorf(path, "required", "by is required: who fires %s", "thiếu by: ai thực hiện %s", s.Fire)
	}
	c.answer(path, s)
	c.supervised(path, s)
	c.expect(path+"/expect", s.Expect)
}

func (c *checker) answer(path string, s Step) {
	switch {
	case (s.Fire == engine.EventAnswer || s.Fire == engine.EventWithdrawRequest) != (s.Answer != nil):
		c.errorf(path, "answer", "the events answer and withdraw-request go together with the key answer", "các thao tác answer và withdraw-request luôn đi cùng khóa answer")
	case s.Answer != nil && s.Answer.Consultation == "":
		c.errorf(path+"/answer", "required", "answer.consultation is required", "thiếu answer.consultation")
	case s.Fire == engine.EventWithdrawRequest && s.Answer.Says != "" || s.Fire == engine.EventAnswer && s.Answer.Department != "":
		c.errorf(path+"/answer", "answer", "an answer has says, a withdrawn request may have department", "answer có says, withdraw-request có thể có department")
	case s.Fire == engine.EventAnswer && !slices.Contains([]string{engine.AnswerAgree, engine.AnswerRefuse}, s.Answer.Says):
		c.errorf(path+"/answer/says", "answer", "an answer says agree or refuse", "says là agree hoặc refuse")
	}
}

func (c *checker) expect(path string, e *Expect) {
	if e != nil && e.Raised != "" && !slices.Contains(append(engine.Raises(), none), e.Raised) {
		c.errorf(path+"/raised", "value", "raised is due-soon, overdue, escalated or none", "raised là due-soon, overdue, escalated hoặc none")
	}
}

// unfired are the events no step fires.
var unfired = []string{engine.EventStart, engine.EventTick, engine.EventMigrate}

// none is how an expectation says that there is nothing.
const none = "none"

// written is a moment as scenarios write it.
func written(t time.Time) string {
	if t.IsZero() {
		return none
	}
	if t.Second() == 0 {
		return t.Format("2006-01-02 15:04")
	}
	return t.Format("2006-01-02 15:04:05")
}
