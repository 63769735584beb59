package definitions_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/engine"
	"motcua/engine/calendar"
)

// office is a small procedure to compare with itself.
func office() engine.Definition {
	hours := func(n int64) calendar.Duration { return calendar.Duration{Value: n, Unit: calendar.WorkingHour} }
	return engine.Definition{
		Version: 1, Calendar: "agency", Limits: engine.Limits{Statutory: hours(24)},
		Suspension: &engine.Suspension{Max: calendar.Duration{Value: 30, Unit: calendar.Day}, MaxTimes: 2, OnExpiry: "lapse"},
		Components: []engine.Component{{ID: "request", Name: engine.Text{VI: "Đơn đề nghị", EN: "Request"}}},
		States: []engine.State{
			{
				ID: "submitted", Name: engine.Text{VI: "Chờ tiếp nhận", EN: "Awaiting reception"}, Department: "one-stop", Role: "clerk", Within: hours(8),
				ISO: &engine.ISO{Clause: "8.2"}, On: []engine.Transition{{Event: "accept", To: "appraised", Name: engine.Text{VI: "Tiếp nhận", EN: "Accept"}}},
			},
			{ID: "appraised", Name: engine.Text{VI: "Thẩm định"}, Department: "police", Role: "officer", Within: hours(16)},
			{ID: "withdrawn", Name: engine.Text{VI: "Rút hồ sơ", EN: "Withdrawn"}, Final: true, Outcome: "withdrawn", PortalStatus: 7},
		},
		Ladder: []engine.Rung{{At: 75, Of: engine.OfStep, Notify: []string{"holder"}, Raise: "due-soon"}},
	}
}

// altered compares it with itself after a change.
func altered(change func(d *engine.Definition)) []definitions.Change {
	after := office()
	change(&after)
	return definitions.Diff(&engine.Machine{Definition: office()}, &engine.Machine{Definition: after})
}

func TestDiff(t *testing.T) {
	for name, test := range map[string]struct {
		change func(d *engine.Definition)
		want   []string
	}{
		"a step's limit": {
			func(d *engine.Definition) { d.States[1].Within.Value = 12 },
			[]string{`changed substance /states/1/within: bước "Thẩm định": 16wh → 12wh | step "Thẩm định": 16wh → 12wh`},
		},
		"a legal limit": {
			func(d *engine.Definition) {
				d.Limits.Committed, d.Limits.Statutory = d.Limits.Statutory, calendar.Duration{}
			},
			[]string{
				"removed substance /limits/statutory: bỏ thời hạn theo quy định 24wh | statutory limit 24wh removed",
				"added substance /limits/committed: thêm thời hạn cam kết 24wh | committed limit 24wh added",
			},
		},
		"a new event": {
			func(d *engine.Definition) {
				d.States[1].On = []engine.Transition{{Event: "consult", Name: engine.Text{VI: "Lấy ý kiến", EN: "Consult"}, Start: []string{"land", "tax"}}}
			},
			[]string{`added substance /states/1/on/0: sự kiện mới "consult" (Lấy ý kiến) ở bước "Thẩm định": mở việc lấy ý kiến "land", "tax"` +
				` | new event "consult" (Consult) in step "Thẩm định": opens consultation "land", "tax"`},
		},
		"the guard of an event": {
			func(d *engine.Definition) { d.States[0].On[0].When = "fields.capital > 10" },
			[]string{`changed substance /states/0/on/0/when: bước "Chờ tiếp nhận", sự kiện "Tiếp nhận": điều kiện luôn đúng → fields.capital > 10` +
				` | step "Awaiting reception", event "Accept": condition always → fields.capital > 10`},
		},
		"another event for another guard": {
			func(d *engine.Definition) {
				second := d.States[0].On[0]
				second.When, second.To = "fields.capital > 10", "withdrawn"
				d.States[0].On = []engine.Transition{second, d.States[0].On[0]}
			},
			[]string{`added substance /states/0/on/0: sự kiện mới "accept" (Tiếp nhận) ở bước "Chờ tiếp nhận": chuyển đến bước "withdrawn", điều kiện fields.capital > 10` +
				` | new event "accept" (Accept) in step "Awaiting reception": leads to "withdrawn", condition fields.capital > 10`},
		},
		"another id of a step": {
			func(d *engine.Definition) { d.States[2].ID = "given-up" },
			[]string{
				`removed substance /states/2: bỏ bước "withdrawn" (Rút hồ sơ): kết thúc hồ sơ có, kết luận "withdrawn", mã trạng thái trên cổng 7` +
					` | removed step "withdrawn" (Withdrawn): closes the dossier yes, outcome "withdrawn", portal status 7`,
				`added substance /states/2: bước mới "given-up" (Rút hồ sơ), trùng tên với "withdrawn" đã bỏ: kết thúc hồ sơ có, kết luận "withdrawn", mã trạng thái trên cổng 7` +
					` | new step "given-up" (Withdrawn), by the name of the removed "withdrawn": closes the dossier yes, outcome "withdrawn", portal status 7`,
			},
		},
		"steps in another order": {
			func(d *engine.Definition) { d.States[1], d.States[2] = d.States[2], d.States[1] },
			[]string{"changed substance /states: thứ tự các bước đã thay đổi | the step order has changed"},
		},
		"another first step": {
			func(d *engine.Definition) { d.States = d.States[1:] },
			[]string{
				`removed substance /states/0: bỏ bước "submitted" (Chờ tiếp nhận): đơn vị "one-stop", vai trò "clerk", thời hạn 8wh, ISO (điều khoản "8.2"), sự kiện "accept"` +
					` | removed step "submitted" (Awaiting reception): department "one-stop", role "clerk", limit 8wh, ISO (clause "8.2"), event "accept"`,
				`changed substance /states/0: hồ sơ bắt đầu ở bước "Thẩm định" thay cho "Chờ tiếp nhận" | dossiers start in step "Thẩm định" instead of "Awaiting reception"`,
			},
		},
		"a name": {
			func(d *engine.Definition) { d.Components[0].Name.VI = "Tờ khai" },
			[]string{`changed wording /components/0/name/vi: thành phần hồ sơ "Tờ khai": tên "Đơn đề nghị" → "Tờ khai" | component "Request": name "Đơn đề nghị" → "Tờ khai"`},
		},
		"a paper that is required from now on": {
			func(d *engine.Definition) { d.Components[0].Required = engine.Always },
			[]string{`changed substance /components/0/required: thành phần hồ sơ "Đơn đề nghị": bắt buộc không → có | component "Request": required no → yes`},
		},
		"a rung at another moment": {
			func(d *engine.Definition) { d.Ladder[0].At = 80 },
			[]string{
				`removed substance /ladder/0: bỏ mốc cảnh báo "75% of step": báo cho "holder", đánh dấu "due-soon" | removed rung "75% of step": notifies "holder", raises "due-soon"`,
				`added substance /ladder/0: mốc cảnh báo mới "80% of step": báo cho "holder", đánh dấu "due-soon" | new rung "80% of step": notifies "holder", raises "due-soon"`,
			},
		},
		"the bound of suspensions": {
			func(d *engine.Definition) { d.Suspension = nil },
			[]string{`removed substance /suspension: bỏ quy định tạm dừng: mỗi lần tối đa 30d, số lần tối đa 2, sự kiện khi hết hạn "lapse"` +
				` | removed suspension rule: longest 30d, most times 2, event on expiry "lapse"`},
		},
		"what would hold anyway": {
			func(d *engine.Definition) {
				d.Calendar, d.States[0].Clock, d.States[0].On[0].By, d.Components[0].Required = "", "running", engine.ByOfficer, engine.Never
				d.States[0].On[0].When = engine.Always
			},
			nil,
		},
		"who fires an event": {
			func(d *engine.Definition) { d.States[0].On[0].By = engine.BySystem },
			[]string{`changed substance /states/0/on/0/by: bước "Chờ tiếp nhận", sự kiện "Tiếp nhận": người thực hiện "officer" → "system"` +
				` | step "Awaiting reception", event "Accept": fired by "officer" → "system"`},
		},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, test.want, written(altered(test.change))) })
	}
}

func written(changes []definitions.Change) []string {
	var lines []string
	for _, c := range changes {
		lines = append(lines, fmt.Sprintf("%s %s %s: %s | %s", c.Kind, c.Weight, c.Path, c.Text.VI, c.Text.EN))
	}
	return lines
}

func TestDiffOfShippedWithThemselves(t *testing.T) {
	for _, s := range shipped(t) {
		again, err := definitions.Compile(append([]byte("# another layout\n"), s.Text...))
		require.NoError(t, err)
		require.Empty(t, definitions.Diff(s.Machine, again))
	}
}

func TestChangeAsJSON(t *testing.T) {
	text, err := json.Marshal(altered(func(d *engine.Definition) { d.Version = 2 }))
	require.NoError(t, err)
	require.JSONEq(t, `[{"path": "/version", "kind": "changed", "weight": "wording", "text": {"vi": "phiên bản: 1 → 2", "en": "version: 1 → 2"}}]`, string(text))
}
