package engine

import (
	"fmt"
	"slices"
	"strings"

	"motcua/engine/calendar"
)

// sums checks the limits: a statutory limit has a legal basis, the clock has a
// start, and the steps of each case add up to its limit. In every provincial
// step table read they add up to it exactly.
func (l *linter) sums() {
	if !l.hasClock(OfDossier) {
		return
	}
	if l.Limits.Starts == "" {
		l.errorf("/limits", "clock-start", "limits.starts is missing: the state whose first entering starts the clock", "thiếu limits.starts: bước mà khi hồ sơ vào lần đầu thì bắt đầu tính thời hạn")
		return
	}
	if s, ok := l.State(l.Limits.Starts); !ok || s.Final || s.Suspended() {
		l.errorf("/limits/starts", "clock-start", "limits.starts must name a state in which the clock can run, not %q", "limits.starts phải là bước mà thời hạn được tính, không thể là %q", l.Limits.Starts)
		return
	}
	if l.hasClock(OfStatutory) && len(l.LegalBasis) == 0 {
		l.errorf("/limits/statutory", "no-legal-basis", "a statutory limit needs a legal basis", "thời hạn theo quy định phải có căn cứ pháp lý")
	}
	l.promises()
	for _, s := range l.Sums() {
		l.sum(s)
		l.stageSums(s)
	}
}

// promises checks that no promise is longer than the law allows.
func (l *linter) promises() {
	for i, v := range l.variantIDs() {
		limits := l.LimitsOf(v)
		committed, statutory := l.spanOf(limits.Committed), l.spanOf(limits.Statutory)
		if limits.Committed.IsZero() || limits.Statutory.IsZero() || !committed.same(statutory) || committed.n <= statutory.n {
			continue
		}
		path := "/limits/committed"
		if i > 0 {
			path = fmt.Sprintf("/variants/%d", i-1)
		}
		l.errorf(path, "committed-over-statutory", "the committed limit %s is longer than the statutory limit %s", "thời hạn cam kết %s dài hơn thời hạn theo quy định %s", limits.Committed, limits.Statutory)
	}
}

// sum compares the steps of one case with its limit.
func (l *linter) sum(s Sum) {
	path, inEN, inVI := "/limits", "", ""
	if s.Variant != "" {
		path = "/variants/" + fmt.Sprint(slices.IndexFunc(l.Variants, func(v Variant) bool { return v.ID == s.Variant }))
		inEN, inVI = fmt.Sprintf(" of variant %q", s.Variant), fmt.Sprintf(" của trường hợp %q", s.Variant)
	}
	if !s.Comparable {
		l.warnf(path, "sum-unknown", "step limits and the limit %[3]s%[1]s are in units that cannot be compared", "hạn các bước và thời hạn %[3]s%[2]s có đơn vị không so sánh được", inEN, inVI, s.Limit)
		return
	}
	l.unlimited(s)
	totalEN, totalVI := span{s.kind, s.Total}.words()
	wantedEN, wantedVI := span{s.kind, s.Wanted}.words()
	zeroEN, zeroVI := notCounted(s)
	args := []any{inEN, inVI, totalEN, totalVI, s.Limit, wantedEN, wantedVI, zeroEN, zeroVI}
	switch {
	case s.Total > s.Wanted:
		l.errorf(path, "sum-over-limit", "the steps of the normal path%[1]s take %[3]s, more than the limit %[5]s (%[6]s)%[8]s",
			"tổng thời gian các bước%[2]s là %[4]s, nhiều hơn thời hạn %[5]s (%[7]s)%[9]s", args...)
	case s.Total < s.Wanted:
		l.warnf(path, "sum-under-limit", "the steps of the normal path%[1]s take %[3]s, less than the limit %[5]s (%[6]s)%[8]s",
			"tổng thời gian các bước%[2]s là %[4]s, ít hơn thời hạn %[5]s (%[7]s)%[9]s", args...)
	}
}

// notCounted names the steps that take no time.
func notCounted(s Sum) (en, vi string) {
	zero := s.ZeroTime()
	if len(zero) == 0 {
		return "", ""
	}
	return "; not counted: " + strings.Join(zero, ", "), "; không tính: " + strings.Join(zero, ", ")
}

// unlimited warns of steps on the normal path that say nothing of their time.
func (l *linter) unlimited(s Sum) {
	for _, t := range s.Steps {
		i := l.index[t.State]
		if t.Within.IsZero() && !t.Zero && !t.Shared && !l.States[i].Suspended() && s.Variant == "" {
			l.warnf(fmt.Sprintf("/states/%d", i), "step-without-limit", "step %q has no limit; say zero_time: true if that is meant", "bước %q chưa có thời hạn; nếu đúng là không tính thời gian, hãy ghi zero_time: true", t.State)
		}
	}
}

// stageSums compares the steps of each stage with its sub-total.
func (l *linter) stageSums(s Sum) {
	for i, stage := range l.Stages {
		within := l.stageWithin(s.Variant, stage.ID)
		total, wanted, used := span{s.kind, 0}, l.spanOf(within), false
		for _, t := range s.Steps {
			if t.Stage == stage.ID {
				total.n, used = total.n+t.span.n, true
			}
		}
		if within.IsZero() || !used || !total.same(wanted) || total.n == wanted.n {
			continue
		}
		totalEN, totalVI := total.words()
		l.stageSum(fmt.Sprintf("/stages/%d/within", i), total.n > wanted.n, stage.ID, totalEN, totalVI, within)
	}
}

func (l *linter) stageSum(path string, over bool, stage, totalEN, totalVI string, within calendar.Duration) {
	complain := l.warnf
	if over {
		complain = l.errorf
	}
	complain(path, "stage-sum", "the steps of stage %[1]q take %[2]s, not its sub-total %[4]s", "tổng thời gian các bước của giai đoạn %[1]q là %[3]s, không bằng mức của giai đoạn là %[4]s", stage, totalEN, totalVI, within)
}
