package definitions_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/engine"
)

// chained is a procedure that uses, soundly, what the language says of time
// before acceptance, of other agencies and of rungs that act.
const chained = `motcua: 1
code: "T.1"
version: 1
name: {vi: Khai sinh liên thông, en: Linked birth registration}
level: commune
legal_basis: [{ref: 118/2025/NĐ-CP}]
effective: {from: 2026-01-01}
limits:
  statutory: 3wd
  starts: accepted
  starts_on: receipt
  cutoff: {before_close: 1h, counts_from: next-working-day}
  intake: {within: 8wh, channels: [online]}
  working_day: 8wh
extension: {max: 1wd, notice: 1wd}
override: {by: [head, leader], approval: {department: leadership, role: leader}}
fields:
  - {id: child.name, name: {vi: Tên trẻ}, type: string, personal: true}
components:
  - {id: certificate, name: {vi: Giấy chứng sinh}, originals: 1}
consultations:
  - {id: opinions, name: {vi: Lấy ý kiến, en: Opinions}, ask: [{department: police, role: captain}, {department: office, role: clerk}], within: 8wh, silence: agree, lead: police}
links:
  - id: residence
    name: {vi: Đăng ký thường trú, en: Residence}
    procedure: "1.004222"
    partner: police
    within: 2wd
    acknowledge_within: 2wh
    fields: [{id: child.name, as: person.name}]
    components: [{id: certificate}]
    cancel: withdraw
states:
  - id: received
    name: {vi: Tiếp nhận}
    department: one-stop
    role: clerk
    on:
      - {event: accept, to: accepted, name: {vi: Tiếp nhận}}
      - {event: decline, to: refused, name: {vi: Từ chối}, approval: {department: leadership, role: head}}
  - id: accepted
    name: {vi: Thẩm tra}
    department: civil-status
    role: civil-status-officer
    within: 8wh
    handoff: {accept_within: 1wh, may_return: true, cutoff: {at: "15:00", counts_from: next-working-day}, in_transit: receiver, step_clock: remaining}
    on:
      - {event: prolong, name: {vi: Gia hạn}, extend: 1wd, print: apology}
      - {event: consult, name: {vi: Lấy ý kiến, en: Consult}, start: [opinions]}
      - {event: submit, to: linking, name: {vi: Liên thông, en: Link}, link: [residence]}
  - id: linking
    name: {vi: Chờ liên thông}
    department: civil-status
    role: civil-status-officer
    within: 16wh
    on:
      - {event: conclude, to: refused, name: {vi: Kết luận, en: Conclude}, by: links, when: 'links["residence"] == "refused"'}
      - {event: conclude, to: resolved, name: {vi: Kết luận, en: Conclude}, by: links}
      - {event: return, to: accepted, name: {vi: Làm lại}, step_clock: remaining}
      - {event: grant, to: resolved, name: {vi: Coi như xong}, by: clock}
  - {id: resolved, name: {vi: Xong}, final: true, outcome: resolved}
  - {id: refused, name: {vi: Từ chối}, final: true, outcome: refused}
ladder:
  - {since: 2wh, of: intake, notify: [head], acknowledge_within: 1wh}
  - {before: 1wd, of: dossier, notify: [holder]}
  - {at: 100%, of: receipt, notify: [leader]}
  - {at: 100%, of: link, reassign: head, open: QT.KPH}
  - {after: 1wd, of: statutory, fire: grant, basis: Điều 7}
`

func TestChained(t *testing.T) {
	m, findings := definitions.Read("chained.yaml", []byte(chained))
	require.Equal(t, []string{
		`68:39: warning: rung-unanswered: event "grant" is not answered, whatever the conditions, in accepted: the rung fires nothing there`,
	}, said(findings))
	require.NotNil(t, m)

	drawn := definitions.MermaidIn(m, "en", "")
	require.Contains(t, drawn, "s_accepted --> s_linking : Link · links#58; Residence (police)")
	require.Contains(t, drawn, "Consult · starts#58; Opinions (lead#58; police)")
	require.Contains(t, drawn, "when the linked dossiers are concluded")

	chart, err := definitions.SCXML(m)
	require.NoError(t, err)
	require.Contains(t, string(chart), `<motcua:link link="residence" procedure="1.004222" partner="police"></motcua:link>`)
	require.Contains(t, string(chart), `<motcua:start consultation="opinions" lead="police"></motcua:start>`)
	require.Contains(t, string(chart), `motcua:approval="leadership/head"`)
}

// TestLinksInConditions holds what conditions know of linked dossiers.
func TestLinksInConditions(t *testing.T) {
	m, _ := definitions.Read("chained.yaml", []byte(chained))
	require.NotNil(t, m)
	refused := engine.Condition(`links["residence"] == "refused"`)
	for name, c := range map[string]struct {
		linked []engine.Linked
		holds  bool
	}{
		"none was started":         {},
		"it runs":                  {linked: []engine.Linked{{Link: "residence"}}},
		"it was refused":           {linked: []engine.Linked{{Link: "residence", Outcome: "refused"}}, holds: true},
		"refused, and asked again": {linked: []engine.Linked{{Link: "residence", Outcome: "refused"}, {Link: "residence", Outcome: "resolved"}}},
		"a rung opened another":    {linked: []engine.Linked{{Link: "residence", Outcome: "refused"}, {Procedure: "QT.KPH"}}, holds: true},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, c.holds, m.Holds(refused, engine.Case{Linked: c.linked}))
		})
	}
}
