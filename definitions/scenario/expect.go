package scenario

import (
	"cmp"
	"strconv"
	"time"

	"motcua/engine"
)

// compare holds what happened against what was expected, and says whether the
// scenario can go on: not after a refusal nobody expected.
func (r *runner) compare(path string, c engine.Case, e *Expect, refusal *engine.Error) bool {
	if e == nil {
		e = &Expect{}
	}
	if refusal != nil && e.Refused == "" {
		r.errorf(path, "refused", "the event was refused: %s", "thao tác bị từ chối: %s", refusal)
		return false
	}
	said := ""
	if refusal != nil {
		said = string(refusal.Code)
	}
	r.same(path+"/expect/refused", e.Refused, cmp.Or(said, none))
	r.same(path+"/expect/state", e.State, c.State)
	r.same(path+"/expect/raised", e.Raised, cmp.Or(c.Raised(), none))
	r.same(path+"/expect/variant", e.Variant, cmp.Or(c.Variant, none))
	r.due(path+"/expect/due", e.Due, appointment(c))
	r.due(path+"/expect/step_due", e.StepDue, c.StepDue())
	if e.Closed != nil {
		r.same(path+"/expect/closed", strconv.FormatBool(*e.Closed), strconv.FormatBool(c.Closed()))
	}
	return true
}

func (r *runner) same(path, want, got string) {
	if want != "" && want != got {
		r.errorf(path, "expected", "expected %s, got %s", "chờ đợi %s, kết quả là %s", want, got)
	}
}

func (r *runner) due(path string, want *Due, got time.Time) {
	if want != nil {
		r.same(path, written(want.Time), written(got))
	}
}

// appointment is when the result was promised; zero while no clock runs.
func appointment(c engine.Case) time.Time {
	k, _ := c.Appointment()
	return k.Due
}
