package nationalportal

import (
	"fmt"
	"slices"
	"strings"

	"motcua/definitions/draft"
)

// told keeps the published steps and conditions, from which whoever finishes
// the draft divides the work.
func (m *maker) told() {
	if steps := m.text(keySteps); steps != "" {
		m.remark("/states", "Trình tự thực hiện (as published):\n"+excerpt(steps, 6000))
	}
	if conditions := m.text(keyConditions); conditions != "" {
		m.remark("/components", "Yêu cầu, điều kiện (as published):\n"+excerpt(conditions, 3000))
	}
}

// facts are keys that the language has no place for, with their titles.
var facts = []struct{ key, title string }{
	{keyURL, "Nguồn"},
	{keyDecision, "Số quyết định"},
	{keyType, "Loại thủ tục"},
	{keyLevel, "Cấp thực hiện"},
	{keyAuthority, "Cơ quan có thẩm quyền"},
	{keyAgency, "Cơ quan thực hiện"},
	{keyDelegated, "Cơ quan được ủy quyền"},
	{keyWith, "Cơ quan phối hợp"},
	{keyReception, "Địa chỉ tiếp nhận hồ sơ"},
	{keyApplicants, "Đối tượng thực hiện"},
	{keyRelated, "Thủ tục liên quan"},
	{keyMinistry, "Bộ"},
}

// head says where the draft comes from, what in it is not from there, and what
// is doubtful.
func (m *maker) head() {
	lines := []string{
		"DRAFT, made from a record of the national database of administrative procedures. Not from the record: the states, the",
		"times of the steps (a division of the limit), the suspension and the ladder. Read every remark before publishing.",
	}
	for _, f := range facts {
		if value := m.line(f.key); value != "" {
			lines = append(lines, f.title+": "+excerpt(value, 700))
		}
	}
	lines = append(lines, m.doubtful()...)
	m.remarks[""] = append([]string{strings.Join(lines, "\n")}, m.remarks[""]...)
}

// doubtful lists the kinds of doubt of the draft.
func (m *maker) doubtful() []string {
	var lines []string
	for _, k := range kinds {
		n := 0
		for _, d := range m.doubts {
			if d.Kind == k.kind {
				n++
			}
		}
		if n > 0 {
			lines = append(lines, fmt.Sprintf("doubt: %s ×%d: %s (%s)", k.kind, n, k.name.VI, k.name.EN))
		}
	}
	for _, d := range m.doubts {
		if d.Place == "" {
			lines = append(lines, string(d.Kind)+": "+excerpt(d.Text, 300))
		}
	}
	return slices.Clip(lines)
}

// excerpt is the beginning of a text, saying how much more there is.
func excerpt(text string, most int) string {
	short, cut := draft.Cut(text, max(most, 1))
	switch {
	case !cut:
		return text
	case most < leastRoom:
		return ""
	}
	return fmt.Sprintf("%s (%d characters in all)", short, len([]rune(text)))
}

func place(list string, i int) string { return fmt.Sprintf("/%s/%d", list, i) }

func join(words []string) string { return strings.Join(words, "-") }

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
