package scenario

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"motcua/engine"
	"motcua/engine/calendar"
)

// onRecord are facts of time and of other agencies, with how they are told.
var onRecord = []struct {
	fact   engine.Fact
	vi, en string // what and detail
}{
	{
		fact: engine.Fact{Kind: engine.FactCalendarChanged, Calendar: &engine.CalendarChange{
			From: engine.CalendarRef{Code: "vn-national", Version: 1}, To: engine.CalendarRef{Code: "vn-national", Version: 2},
		}},
		vi: "tính lại thời hạn: tính lại theo lịch vn-national phiên bản 2 (trước đó phiên bản 1)",
		en: "limits re-projected: by calendar vn-national version 2 (version 1 before)",
	},
	{
		fact: engine.Fact{Kind: engine.FactDossierSuspended, Halt: &engine.Halt{Outage: true, Reason: "VNeID"}},
		vi:   "tạm dừng mọi thời hạn: sự cố hệ thống VNeID", en: "all clocks suspended: outage: VNeID",
	},
	{
		fact: engine.Fact{Kind: engine.FactDossierSuspended, Halt: &engine.Halt{Reason: "Chờ tòa án", Until: time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)}},
		vi:   "tạm dừng mọi thời hạn: Chờ tòa án, đến T3 01/12/2026 17:00", en: "all clocks suspended: Chờ tòa án, until Tue 2026-12-01 17:00",
	},
	{
		fact: engine.Fact{Kind: engine.FactDossierReassigned, Officer: "mai.vu", Delegated: true},
		vi:   "phân công lại: cho Vũ Tuyết Mai (ủy quyền cho riêng hồ sơ này)", en: "reassigned: to Vũ Tuyết Mai (delegated, for this dossier only)",
	},
	{
		fact: engine.Fact{Kind: engine.FactDossierReassigned, Department: "police"},
		vi:   "phân công lại: về hàng chờ của police", en: "reassigned: to the pool of police",
	},
	{
		fact: engine.Fact{Kind: engine.FactOverridden, Overrides: &engine.Overrides{To: "signed", Extend: calendar.Duration{Value: 2, Unit: calendar.WorkingDay}}},
		vi:   "xử lý vượt quy trình: → signed: signed; gia hạn 2wd", en: "overridden: → signed: signed; extended by 2wd",
	},
	{
		fact: engine.Fact{Kind: engine.FactEventProposed, Proposal: &engine.Proposal{Event: "refuse", Approval: engine.RoleIn{Department: "leadership", Role: "leader"}}},
		vi:   "đề xuất chờ phê duyệt: refuse (refuse), người phê duyệt: leadership/leader", en: "proposed: refuse (refuse), to be endorsed by leadership/leader",
	},
	{
		fact: engine.Fact{Kind: engine.FactRungClimbed, Rung: &engine.RungFiring{Rung: "2wh into intake", Told: []engine.Told{{Role: "head", Officers: []string{"mai.vu"}}}}},
		vi:   "mốc cảnh báo leo thang lên cấp trên: 2wh kể từ khi tính hạn trả lời tiếp nhận; báo cho trưởng đơn vị (Vũ Tuyết Mai)",
		en:   "warning climbed to the next supervisor: 2wh since the start of the intake limit; told the head of department (Vũ Tuyết Mai)",
	},
	{
		fact: engine.Fact{Kind: engine.FactRungClimbed, Rung: &engine.RungFiring{Rung: "100% of step", Nobody: true}},
		vi:   "mốc cảnh báo leo thang lên cấp trên: đã dùng 100% hạn của bước; không còn ai ở cấp trên",
		en:   "warning climbed to the next supervisor: 100% of the step limit; nobody is left above",
	},
	{
		fact: engine.Fact{Kind: engine.FactRungAcknowledged, Alarm: &engine.Alarm{Rung: 0}},
		vi:   "xác nhận đã biết cảnh báo: đã dùng 75% hạn của bước", en: "warning acknowledged: 75% of the step limit",
	},
	{
		fact: engine.Fact{Kind: engine.FactLinkStarted, Linked: &engine.Linked{Link: "residence", Partner: "police"}},
		vi:   "chuyển sang cơ quan liên thông: Đăng ký thường trú → police", en: "linked dossier started: Residence → police",
	},
	{
		fact: engine.Fact{Kind: engine.FactLinkConcluded, Linked: &engine.Linked{Link: "residence", Dossier: "H00.102-261201-0001", Outcome: "refused"}},
		vi:   "hồ sơ liên thông kết thúc: Đăng ký thường trú, H00.102-261201-0001: từ chối",
		en:   "linked dossier concluded: Residence, H00.102-261201-0001: refused",
	},
}

func TestFactsOfTimeAndOfOtherAgenciesAreTold(t *testing.T) {
	t.Parallel()
	m := &engine.Machine{Definition: engine.Definition{
		Links:  []engine.LinkRule{{ID: "residence", Name: engine.Text{VI: "Đăng ký thường trú", EN: "Residence"}}},
		Ladder: []engine.Rung{{At: 75, Of: engine.OfStep}},
	}}
	tell := &teller{Setting: Setting{Rules: engine.Rules{Machine: m}, Organisation: engine.Organisation{
		Officers: []engine.Officer{{ID: "mai.vu", Name: "Vũ Tuyết Mai"}},
	}}}
	for _, c := range onRecord {
		l := tell.fact(c.fact)
		require.Equal(t, c.vi, l.What.VI+": "+l.Detail.VI)
		require.Equal(t, c.en, l.What.EN+": "+l.Detail.EN)
		require.True(t, norm.NFC.IsNormalString(l.What.VI+l.Detail.VI))
	}
}

// TestAFactThatLacksAPartIsTold keeps an old record readable.
func TestAFactThatLacksAPartIsTold(t *testing.T) {
	t.Parallel()
	tell := &teller{Setting: Setting{Rules: engine.Rules{Machine: &engine.Machine{}}}}
	for _, c := range onRecord {
		l := tell.fact(engine.Fact{Kind: c.fact.Kind, OnBehalf: "lan"})
		require.NotEmpty(t, l.What.VI)
		require.NotEqual(t, l.What.VI, l.What.EN)
		require.Contains(t, l.Notes, engine.Text{VI: "Thay mặt lan", EN: "on behalf of lan"})
	}
}
