package scenario_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/definitions/scenario"
	"motcua/engine"
)

// head is a scenario up to its steps: seven lines of the archive.
const head = `what it shows
-- scenario.yaml --
name: {vi: Thử}
start:
  at: 2026-11-18 08:00
  components: [request]
  fields: [{id: original.kind, value: Giấy khai sinh}, {id: copies, value: 1}]
`

// machine is the small procedure of this package's tests.
func machine(t *testing.T) *engine.Machine {
	t.Helper()
	return compiled(t, filepath.Join("testdata", "copies.yaml"))
}

func compiled(t *testing.T, file string) *engine.Machine {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	m, findings := definitions.Read(file, text)
	require.NoError(t, findings.Err())
	return m
}

func TestReadSaysWhatIsWrongAndWhere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"unknown key":      {head + "steps:\n  - {after: 1wh, fires: accept, by: applicant}\n", `f:9:18: unknown-key: unknown key "fires"; did you mean fire?`},
		"no moment":        {head + "steps:\n  - {fire: accept, by: applicant}\n", "f:9:5: when: a step has exactly one of at, after and until"},
		"two moments":      {head + "steps:\n  - {at: 2026-11-18 09:00, after: 1wh, fire: accept, by: applicant}\n", "f:9:5: when: a step has exactly one of at, after and until"},
		"not a moment":     {head + "steps:\n  - {at: tomorrow, fire: accept, by: applicant}\n", `f:9:10: value: "tomorrow" is not a moment such as "2026-11-18 08:00" of the years 2000 to 2199`},
		"nobody":           {head + "steps:\n  - {after: 1wh, fire: accept}\n", "f:9:5: required: by is required: who fires accept"},
		"not somebody":     {head + "steps:\n  - {after: 1wh, fire: accept, by: lan}\n", `f:9:36: value: "lan" is not applicant, system, DEPARTMENT/ROLE or DEPARTMENT/ROLE/OFFICER`},
		"nothing happens":  {head + "steps:\n  - {after: 1wh, by: applicant}\n", "f:9:5: required: fire is required: the event that happens"},
		"until fires":      {head + "steps:\n  - {until: 2026-11-18 09:00, fire: accept, by: applicant}\n", "f:9:5: until-fires: until lets time pass: what is fired has at or after"},
		"a tick":           {head + "steps:\n  - {after: 1wh, fire: tick, by: applicant}\n", "f:9:24: reserved-event: tick is not fired: start opens the dossier, until lets time pass"},
		"answer to what":   {head + "steps:\n  - {after: 1wh, fire: answer, by: tax/specialist}\n", "f:9:5: answer: the events answer and withdraw-request go together with the key answer"},
		"answer and more":  {head + "steps:\n  - {after: 1wh, fire: answer, by: tax/specialist, answer: {consultation: a, says: agree, department: tax}}\n", "f:9:60: answer: an answer has says, a withdrawn request may have department"},
		"halt to whom":     {head + "steps:\n  - {after: 1wh, fire: accept, by: tax/head, halt: {basis: x}}\n", "f:9:52: misplaced-key: the key halt says nothing to the event accept"},
		"officer of what":  {head + "steps:\n  - {after: 1wh, fire: suspend, by: tax/head, officer: an}\n", "f:9:56: misplaced-key: the key officer says nothing to the event suspend"},
		"overrides what":   {head + "steps:\n  - {after: 1wh, fire: endorse, by: tax/head, overrides: {to: x}}\n", "f:9:58: misplaced-key: the key overrides says nothing to the event endorse"},
		"target of what":   {head + "steps:\n  - {after: 1wh, fire: override, by: tax/head, target: a}\n", "f:9:56: misplaced-key: the key target says nothing to the event override"},
		"not a rung":       {head + "steps:\n  - {until: 2026-11-18 09:00, expect: {raised: late}}\n", "f:9:48: value: raised is due-soon, overdue, escalated or none"},
		"no name":          {strings.Replace(head, "name: {vi: Thử}\n", "", 1), "f:3:1: required: name.vi is required: what happens here, in a few words"},
		"no start":         {"-- scenario.yaml --\nname: {vi: Thử}\n", "f:2:1: required: start.at is required: the moment the dossier is opened"},
		"no scenario":      {"-- timeline.txt --\nx\n", "f:1:1: no-scenario: the file has no section -- scenario.yaml --"},
		"unknown section":  {head + "-- timeline.text --\nx\n", `f:8:1: unknown-section: unknown section "timeline.text"; there are scenario.yaml, timeline.txt, definition.yaml, calendar.yaml, organisation.yaml`},
		"section twice":    {head + "-- scenario.yaml --\nname: {vi: Thử}\n", "f:8:1: duplicate-section: section scenario.yaml was already given"},
		"bad definition":   {head + "-- definition.yaml --\n# a comment\nmotcua: one\n", "f:10:9: wrong-type: motcua must be a whole number"},
		"bad organisation": {head + "-- organisation.yaml --\nagency: 5\n", "f:9:9: wrong-type: agency must be a mapping"},
		"bad calendar":     {head + "-- calendar.yaml --\ncode: x\nweeek: {}\n", "f:10:1: calendar: "},
		"empty":            {"", "f:1:1: empty: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, findings := scenario.Read("f", []byte(c.text))
			require.NotEmpty(t, findings)
			require.True(t, strings.HasPrefix(findings[0].String(), c.want), findings.Error())
			require.NotEmpty(t, findings[0].MessageVI)
		})
	}
}

func TestReadSaysItInVietnamese(t *testing.T) {
	t.Parallel()
	_, findings := scenario.Read("f", []byte(head+"steps:\n  - {at: mai, fire: accept, by: lan}\n"))
	require.Len(t, findings, 2)
	require.Equal(t, `f:9:10: value: "mai" không phải là thời điểm: viết năm-tháng-ngày giờ:phút, ví dụ "2026-11-18 08:00", từ năm 2000 đến 2199`, findings[0].In("vi"))
	require.Equal(t, `f:9:33: value: "lan" không phải là người thực hiện: viết applicant, system, ĐƠN-VỊ/VAI-TRÒ hoặc ĐƠN-VỊ/VAI-TRÒ/CÁN-BỘ`, findings[1].In("vi"))
}

func TestPlayRefusesWhatCannotBePlayed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want string }{
		"backwards":        {head + "steps:\n  - {until: 2026-11-18 07:00}\n", "f:9:5: order: 2026-11-18 07:00 lies before the step before, 2026-11-18 08:00"},
		"without end":      {head + "steps:\n  - {after: 999999mo, fire: accept, by: applicant}\n", "f:9:5: value: the step lies after the year 2199"},
		"a role not held":  {head + "steps:\n  - {after: 1wh, fire: sign, by: leadership/signer/duc.pham}\n", "f:9:34: unknown-role: officer duc.pham does not hold role signer in department leadership"},
		"unknown calendar": {strings.Replace(head, "start:", "calendar: lunar\nstart:", 1), `f:4:11: unknown-calendar: no calendar "lunar" ships`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, findings := scenario.Read("f", []byte(c.text))
			require.NoError(t, findings.Err())
			_, err := s.Play(machine(t))
			require.EqualError(t, err, c.want)
		})
	}
	t.Run("no definition", func(t *testing.T) {
		t.Parallel()
		s, _ := scenario.Read("f", []byte(head))
		_, err := s.Play(nil)
		require.Equal(t, engine.CodeInvalid, engine.CodeOf(err))
	})
}

func TestWithTimelineKeepsTheRest(t *testing.T) {
	t.Parallel()
	once := scenario.WithTimeline([]byte(head), "one\n")
	require.Equal(t, head+"-- timeline.txt --\none\n", string(once))
	require.Equal(t, head+"-- timeline.txt --\ntwo\n", string(scenario.WithTimeline(once, "two\n")))
}
