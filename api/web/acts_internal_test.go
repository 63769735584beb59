package web

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/api/caller"
	"motcua/engine"
	"motcua/engine/calendar"
)

func TestActsAreTold(t *testing.T) {
	m := &engine.Machine{Definition: engine.Definition{
		Links:  []engine.LinkRule{{ID: "residence", Name: engine.Text{VI: "Đăng ký thường trú", EN: "Residence"}}},
		Ladder: []engine.Rung{{At: 75, Of: engine.OfStep}},
	}}
	vi := teller{names: names{lang: caller.VI}, machine: m}
	en := teller{names: names{lang: caller.EN}, machine: m}
	ref := func(v int) engine.CalendarRef { return engine.CalendarRef{Code: "vn-national", Version: v} }
	for _, c := range []struct {
		fact   engine.Fact
		vi, en string
	}{
		{
			engine.Fact{Kind: engine.FactCalendarChanged, Calendar: &engine.CalendarChange{From: ref(1), To: ref(2)}},
			"Tính lại thời hạn theo lịch vn-national phiên bản 2 (trước đó phiên bản 1)", "Limits re-projected by calendar vn-national version 2 (version 1 before)",
		},
		{
			engine.Fact{Kind: engine.FactDossierSuspended, Halt: &engine.Halt{Outage: true, Reason: "VNeID"}},
			"Tạm dừng mọi thời hạn: sự cố hệ thống VNeID", "All clocks suspended: outage VNeID",
		},
		{
			engine.Fact{Kind: engine.FactDossierSuspended, Comment: "Chờ tòa án", Halt: &engine.Halt{Reason: "Chờ tòa án"}}, // told as a comment
			"Tạm dừng mọi thời hạn", "All clocks suspended",
		},
		{
			engine.Fact{Kind: engine.FactRungAcknowledged, Alarm: &engine.Alarm{}},
			"Xác nhận đã biết cảnh báo: đã dùng 75% thời hạn của bước", "Warning acknowledged: 75% of the step limit",
		},
		{
			engine.Fact{Kind: engine.FactOverridden, Overrides: &engine.Overrides{Extend: calendar.Duration{Value: 2, Unit: calendar.WorkingDay}}},
			"Xử lý vượt quy trình: gia hạn thêm 2 ngày làm việc", "Overridden: limit extended by 2 working days",
		},
		{
			engine.Fact{Kind: engine.FactEventProposed, Proposal: &engine.Proposal{Event: "refuse", Approval: engine.RoleIn{Department: "office", Role: engine.RoleHead}}},
			"Đề xuất chờ phê duyệt: “refuse”, người phê duyệt: trưởng đơn vị · office", "Proposed: “refuse”, to be endorsed by: the head of department · office",
		},
		{
			engine.Fact{Kind: engine.FactRungClimbed, Rung: &engine.RungFiring{Rung: "75% of step", Told: []engine.Told{{Role: "head", Officers: []string{"mai.vu"}}}}},
			"Cảnh báo leo thang lên cấp trên: đã dùng 75% thời hạn của bước; báo cho: trưởng đơn vị (mai.vu)", "Warning climbed to the next supervisor: 75% of the step limit; told: the head of department (mai.vu)",
		},
		{
			engine.Fact{Kind: engine.FactLinkConcluded, Linked: &engine.Linked{Link: "residence", Dossier: "H00.102-261201-0001", Outcome: "resolved"}},
			"Hồ sơ liên thông kết thúc: Đăng ký thường trú (H00.102-261201-0001) – đã giải quyết", "Linked dossier concluded: Residence (H00.102-261201-0001) – resolved",
		},
	} {
		require.Equal(t, c.vi, vi.what(c.fact))
		require.Equal(t, c.en, en.what(c.fact))
	}
	require.Equal(t, "2 giờ làm việc kể từ khi tính thời hạn trả lời tiếp nhận", rungWord(caller.VI, "2wh into intake"))
}
