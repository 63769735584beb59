package engine

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"motcua/engine/calendar"
)

// Text is the explanation as it is printed, in Vietnamese unless lang is "en":
// the limit, the due moment and the verdict; the rules; and a table of the
// stretches in which consecutive ordinary days are one row.
func (e Explanation) Text(lang string) string {
	var b strings.Builder
	for _, line := range e.head() {
		b.WriteString(line.In(lang) + "\n")
	}
	b.WriteString("\n")
	for _, rule := range e.Rules {
		b.WriteString("- " + rule.In(lang) + "\n")
	}
	b.WriteString("\n" + table(e.rows(), lang))
	return b.String()
}

func (e Explanation) head() []Text {
	limit, ok := limitWords[e.Kind]
	if !ok {
		limit = Text{VI: "Thời hạn", EN: "Limit"}
	}
	budget := durationText(e.Budget)
	if e.Budget.Value == 0 && e.Budget.Unit == calendar.WorkingDay {
		budget = Text{VI: "trong ngày làm việc", EN: "the same working day"}
	}
	return []Text{
		{VI: limit.VI + ": " + budget.VI, EN: limit.EN + ": " + budget.EN},
		e.dueText(),
		e.verdictText(),
	}
}

func (e Explanation) dueText() Text {
	if e.Due.IsZero() {
		return Text{VI: "Đến hạn: chưa xác định, đang tạm dừng tính thời hạn", EN: "Due: not known while the clock is suspended"}
	}
	due := MomentText(e.Due)
	out := Text{VI: "Đến hạn: " + due.VI, EN: "Due: " + due.EN}
	if e.Provisional {
		out = Text{VI: out.VI + " (tạm tính)", EN: out.EN + " (provisional)"}
	}
	return out
}

func (e Explanation) verdictText() Text {
	switch {
	case e.Verdict == VerdictSuperseded:
		end := MomentText(e.StoppedAt)
		return Text{VI: "Kết quả: thay bằng thời hạn khác lúc " + end.VI, EN: "Verdict: superseded " + end.EN}
	case e.Judgement != nil:
		end, minute, day := MomentText(e.StoppedAt), e.Judgement.Minute.Text(), e.Judgement.Day.Text()
		return Text{
			VI: fmt.Sprintf("Kết quả: xong lúc %s; %s tính đến phút, %s tính theo ngày", end.VI, minute.VI, day.VI),
			EN: fmt.Sprintf("Verdict: finished %s; %s to the minute, %s by the day", end.EN, minute.EN, day.EN),
		}
	case !e.StoppedAt.IsZero():
		end := MomentText(e.StoppedAt)
		return Text{VI: "Kết quả: kết thúc lúc " + end.VI + " khi đang tạm dừng", EN: "Verdict: ended " + end.EN + " while suspended"}
	}
	asOf := MomentText(e.AsOf)
	standing := Text{VI: "trong hạn", EN: "in time"}
	if e.Overdue {
		standing = Text{VI: "quá hạn", EN: "late"}
	}
	return Text{VI: "Lúc " + asOf.VI + ": " + standing.VI, EN: "At " + asOf.EN + ": " + standing.EN}
}

// table writes rows in three columns that stand below each other.
func table(rows []row, lang string) string {
	lines := [][2]string{{
		Text{VI: "Từ – đến", EN: "From – to"}.In(lang),
		Text{VI: "Tính", EN: "Counts"}.In(lang),
	}}
	reasons := []string{Text{VI: "Vì sao", EN: "Why"}.In(lang)}
	for _, r := range rows {
		lines = append(lines, [2]string{r.span().In(lang), r.counted().In(lang)})
		reasons = append(reasons, r.why().In(lang))
	}
	var width [2]int
	for _, line := range lines {
		for i, cell := range line {
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for i, line := range lines {
		for j, cell := range line {
			b.WriteString(cell + strings.Repeat(" ", width[j]-utf8.RuneCountInString(cell)+2))
		}
		b.WriteString(reasons[i] + "\n")
	}
	return b.String()
}
