package api_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
)

// text is the stored text of the procedure below; the tests only care that it
// comes back byte for byte.
const text = "motcua: 1   # exactly as published\ncode: \"2.000908\"\n"

// rules compiles a small procedure with everything a page shows: a handoff
// between departments, a reason that is required, a suspension, two endings.
func rules(t *testing.T) engine.Rules {
	t.Helper()
	m, findings := engine.Compile(definition(), "f00d")
	require.NoError(t, findings.Err())
	office := []calendar.Shift{{From: calendar.Clock(7, 30), To: calendar.Clock(11, 30)}, {From: calendar.Clock(13, 30), To: calendar.Clock(17, 30)}}
	cal, err := calendar.New(calendar.Spec{
		Code: "office", Version: 1, Week: calendar.Week{Monday: office, Tuesday: office, Wednesday: office, Thursday: office, Friday: office},
		KnownUntil: calendar.NewDate(2026, time.December, 31),
	})
	require.NoError(t, err)
	return engine.Rules{Machine: m, Cal: cal}
}

func definition() engine.Definition {
	hours := func(n int64) calendar.Duration { return calendar.Duration{Value: n, Unit: calendar.WorkingHour} }
	return engine.Definition{
		Motcua: 1, Code: "2.000908", Version: 1, Name: engine.Text{VI: "Cấp bản sao từ sổ gốc", EN: "Copy from the register"},
		Level: "commune", Field: "Chứng thực", LegalBasis: []engine.LegalBasis{{Ref: "23/2015/NĐ-CP"}},
		Effective: engine.Effective{From: calendar.NewDate(2025, time.July, 1)},
		Limits: engine.Limits{
			Statutory: calendar.Duration{Value: 2, Unit: calendar.WorkingDay}, Starts: "under-appraisal", WorkingDay: hours(8),
		},
		Suspension: &engine.Suspension{Max: calendar.Duration{Value: 7, Unit: calendar.WorkingDay}, OnExpiry: "lapse"},
		Components: []engine.Component{{ID: "request", Name: engine.Text{VI: "Văn bản yêu cầu"}, Originals: 1}},
		Fields:     []engine.Field{{ID: "a", Name: engine.Text{VI: "A"}, Type: engine.TypeInteger}, {ID: "b", Name: engine.Text{VI: "B"}, Type: engine.TypeInteger}},
		States: []engine.State{
			{
				ID: "received", Name: engine.Text{VI: "Tiếp nhận", EN: "Received"}, Department: "one-stop", Role: "reception-officer", Within: hours(2),
				On: []engine.Transition{
					{Event: "accept", To: "under-appraisal", Name: engine.Text{VI: "Tiếp nhận hồ sơ", EN: "Accept"}, Print: "receipt"},
					{Event: "request-supplement", To: "awaiting-supplement", Name: engine.Text{VI: "Yêu cầu bổ sung", EN: "Request supplement"}, Comment: "required"},
				},
			},
			{
				ID: "under-appraisal", Name: engine.Text{VI: "Thẩm định", EN: "Under appraisal"}, Department: "civil-status", Role: "civil-status-officer", Within: hours(3),
				Handoff: &engine.HandoffRule{AcceptWithin: hours(1), MayReturn: true},
				On: []engine.Transition{
					{Event: "approve", To: "returned", Name: engine.Text{VI: "Duyệt", EN: "Approve"}},
					{Event: "refuse", To: "refused", Name: engine.Text{VI: "Từ chối", EN: "Refuse"}, Comment: "required"},
				},
			},
			{
				ID: "awaiting-supplement", Name: engine.Text{VI: "Chờ bổ sung", EN: "Awaiting supplement"}, Department: "one-stop", Role: "reception-officer", Clock: "suspended",
				On: []engine.Transition{
					{Event: "supplement", To: "received", Name: engine.Text{VI: "Nộp bổ sung", EN: "Supplement"}, By: engine.ByApplicant},
					{Event: "lapse", To: "refused", Name: engine.Text{VI: "Hết hạn bổ sung", EN: "Lapse"}, By: engine.ByClock},
				},
			},
			{ID: "returned", Name: engine.Text{VI: "Đã trả kết quả", EN: "Returned"}, Final: true, Outcome: "resolved", PortalStatus: 10},
			{ID: "refused", Name: engine.Text{VI: "Từ chối", EN: "Refused"}, Final: true, Outcome: "refused", PortalStatus: 8},
		},
		Ladder: []engine.Rung{{At: 100, Of: engine.OfStep, Notify: []string{"holder", "head"}, Raise: "overdue"}},
	}
}

// agency is who works on it. One officer's name is an attempt at a script.
func agency() engine.Organisation {
	return engine.Organisation{
		Agency: engine.Agency{Code: "H00.101", Name: engine.Text{VI: "UBND phường Thí Điểm", EN: "Thí Điểm Ward"}, Level: "commune", Calendar: "office"},
		Departments: []engine.Department{
			{Code: "one-stop", Name: engine.Text{VI: "Một cửa", EN: "One-stop centre"}},
			{Code: "civil-status", Name: engine.Text{VI: "Hộ tịch", EN: "Civil status"}},
			{Code: "leadership", Name: engine.Text{VI: "Lãnh đạo", EN: "Leadership"}},
			{Code: "quality", Name: engine.Text{VI: "Ban ISO", EN: "Quality board"}},
		},
		Officers: []engine.Officer{
			{ID: "lan", Name: "Nguyễn Thị Lan", Roles: []engine.RoleIn{{Department: "one-stop", Role: "reception-officer"}}},
			{ID: "duc", Name: "<script>alert(1)</script>", Roles: []engine.RoleIn{{Department: "civil-status", Role: "civil-status-officer"}}},
			{ID: "tam", Name: "Phan Thanh Tâm", Roles: []engine.RoleIn{{Department: "quality", Role: "procedure-author"}}},
			{ID: "yen", Name: "Lưu Hải Yến", Roles: []engine.RoleIn{{Department: "quality", Role: "procedure-approver"}}},
			{ID: "hoa", Name: "Lê Thu Hòa", Roles: []engine.RoleIn{{Department: "leadership", Role: engine.RoleLeader}}},
			{ID: "ban", Name: "Trần Ban", Roles: []engine.RoleIn{{Department: "quality", Role: "procedure-author"}, {Department: "quality", Role: "procedure-approver"}}},
			{ID: "kim", Name: "Vũ Thị Kim", Roles: []engine.RoleIn{{Department: "civil-status", Role: engine.RoleHead}}},
			{ID: "soi", Name: "Đinh Văn Soi", Roles: []engine.RoleIn{{Department: "quality", Role: engine.RoleAuditor}}},
			{ID: "quan", Name: "Lý Quân", Roles: []engine.RoleIn{{Department: "quality", Role: engine.RoleAdministrator}}},
			{ID: "kin", Name: "Mai Thị Kín", Roles: []engine.RoleIn{{Department: "quality", Role: engine.RolePrivacy}}},
		},
	}
}
