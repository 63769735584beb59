package nationalportal_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions/nationalportal"
	"motcua/engine"
)

// methodsTable is the table of channels with rows as published.
func methodsTable(rows ...string) map[string]any {
	return map[string]any{"cach_thuc_thuc_hien": methodsHead + strings.Join(rows, "")}
}

func papersTable(text string) map[string]any { return map[string]any{"thanh_phan_ho_so": text} }

func basisTable(rows string) map[string]any {
	return map[string]any{"can_cu_phap_ly": basisHead + rows}
}

// doubted has a record for every kind of doubt, and what the draft then says.
var doubted = []struct {
	kind   nationalportal.Kind
	record map[string]any
	holds  func(t *testing.T, def engine.Definition)
}{
	{nationalportal.BadCharacters, map[string]any{"ten_thu_tuc": "Ca\u0302\u0301p\u200e \u202egia\u0301y\u2028phe\u0301p\u0000"}, func(t *testing.T, def engine.Definition) {
		require.Equal(t, "Cấp giáy phép", def.Name.VI)
	}},
	{nationalportal.MissingKey, map[string]any{"trinh_tu_thuc_hien": nil}, nil},
	{nationalportal.UnknownKey, map[string]any{"ghi_chu": "x"}, nil},
	{nationalportal.NoText, map[string]any{"linh_vuc": []any{"Đất đai", 5}}, func(t *testing.T, def engine.Definition) {
		require.Equal(t, `["Đất đai",5]`, def.Field)
	}},
	{nationalportal.TextCut, map[string]any{"ten_thu_tuc": strings.Repeat("Cấp ", 200)}, func(t *testing.T, def engine.Definition) {
		require.Len(t, []rune(def.Name.VI), 500)
	}},
	{nationalportal.NameMissing, map[string]any{"ten_thu_tuc": " \u200b"}, func(t *testing.T, def engine.Definition) {
		require.Equal(t, "(không có tên)", def.Name.VI)
	}},
	{nationalportal.LevelUnknown, map[string]any{"cap_thuc_hien": "Cấp huyện"}, func(t *testing.T, def engine.Definition) {
		require.Equal(t, "ministry", def.Level)
	}},
	{nationalportal.LevelSeveral, map[string]any{"cap_thuc_hien": "Cấp Xã, Cấp bộ"}, func(t *testing.T, def engine.Definition) {
		require.Equal(t, "commune", def.Level)
	}},
	{nationalportal.DecisionMissing, map[string]any{"so_quyet_dinh": ""}, func(t *testing.T, def engine.Definition) { require.Nil(t, def.Cause) }},
	{nationalportal.MethodsUnread, map[string]any{"cach_thuc_thuc_hien": "Nộp tại trụ sở, 5 ngày"}, unlimited},
	{nationalportal.MethodsUnread, methodsTable("Trực tiếp5 NgàyMiễn phí", "Qua fax7 NgàyMiễn phí"), limited("5d")},
	{nationalportal.MethodsUnread, methodsTable("Fax7 NgàyMiễn phí", "Trực tiếp5 NgàyMiễn phí"), limited("5d")},
	{nationalportal.LimitMissing, map[string]any{"cach_thuc_thuc_hien": ""}, unlimited},
	{nationalportal.LimitMissing, methodsTable("Trực tiếpKhông có thông tinMiễn phí"), unlimited},
	{nationalportal.LimitMissing, methodsTable("Trực tiếpKhông quy địnhMiễn phí"), unlimited},
	{nationalportal.LimitWithoutUnit, methodsTable("Trực tiếp12Miễn phí"), unlimited},
	{nationalportal.LimitWithoutUnit, methodsTable("Trực tiếp120 VNĐ(20.000 đồng)"), unlimited},
	{nationalportal.LimitInWords, methodsTable("Trực tiếpNgay trong ngày làm việcMiễn phí"), unlimited},
	{nationalportal.LimitInWords, methodsTable("Trực tiếp2 NămMiễn phí"), unlimited},
	{nationalportal.LimitFraction, methodsTable("Trực tiếp1,5 Ngày làm việcMiễn phí"), unlimited},
	{nationalportal.LimitFraction, methodsTable("Trực tiếp1.000 NgàyMiễn phí"), unlimited},
	{nationalportal.LimitOutOfRange, methodsTable("Trực tiếp0 NgàyMiễn phí"), unlimited},
	{nationalportal.LimitOutOfRange, methodsTable("Trực tiếp99999999999999999999 NgàyMiễn phí"), unlimited},
	{nationalportal.LimitByCase, methodsTable("Trực tiếp3 NgàyMiễn phíTrường hợp A", "Trực tiếp7 NgàyMiễn phíTrường hợp B"), unlimited},
	{nationalportal.LimitByCase, methodsTable("Trực tiếp3 NgàyMiễn phí", "Trực tiếpKhông có thông tinMiễn phí"), unlimited},
	{nationalportal.LimitByChannel, methodsTable("Trực tuyến3 Ngày làm việcMiễn phí", "Trực tiếp20 NgàyMiễn phí", "Dịch vụ bưu chính20 NgàyMiễn phí"), byChannel},
	{nationalportal.LimitNotOfChannel, methodsTable("Trực tiếp3 NgàyMiễn phí", "Trực tuyến1Miễn phí"), limited("3d")},
	{nationalportal.LimitHours, methodsTable("Trực tiếp8 GiờMiễn phí"), limited("8h")},
	{nationalportal.LimitTextDiffers, methodsTable("Trực tiếp3 NgàyMiễn phíTrong 03 (ba) ngày làm việc."), limited("3d")},
	{nationalportal.LimitTextDiffers, methodsTable("Trực tiếp30 Ngày làm việcMiễn phíTrong 30 ngày, kể từ khi nhận."), limited("30wd")},
	{nationalportal.LimitWithoutBasis, map[string]any{"can_cu_phap_ly": "", "so_quyet_dinh": ""}, unlimited},
	{nationalportal.FeeMissing, methodsTable("Trực tiếp3 NgàyKhông có thông tin"), func(t *testing.T, def engine.Definition) { require.Empty(t, def.Fees) }},
	{nationalportal.FeeFreeInWords, methodsTable("Trực tiếp3 NgàyMiễn phí(190.000 đồng/sổ)"), charged(nil, "Miễn phí (190.000 đồng/sổ)")},
	{nationalportal.FeeInWords, methodsTable("Trực tiếp3 Ngày20,000 VNĐ(20.000 đồng; online 10.000 đồng)"), charged(nil, "20,000 VNĐ (20.000 đồng; online 10.000 đồng)")},
	{nationalportal.FeeInWords, methodsTable("Trực tiếp3 NgàyKhông có thông tin(theo Thông tư)"), charged(nil, "theo Thông tư")},
	{nationalportal.FeeCurrency, methodsTable("Trực tiếp3 Ngày25 USD(một lần)"), charged(nil, "25 USD (một lần)")},
	{nationalportal.FeeImplausible, methodsTable("Trực tiếp3 Ngày135 VNĐ"), charged(nil, "135 VNĐ")},
	{nationalportal.FeeImplausible, methodsTable("Trực tiếp3 Ngày1,35,000 VNĐ"), charged(nil, "1,35,000 VNĐ")},
	{nationalportal.FeeGlued, methodsTable("Trực tiếp120,000 VNĐ"), charged(nil, "120,000 VNĐ")},
	{nationalportal.BasisMissing, map[string]any{"can_cu_phap_ly": "Không có thông tin"}, cites("12/QĐ-BTP")},
	{nationalportal.BasisUnread, basisTable("Luật A60/2014/QH13Công văn không số"), cites("60/2014/QH13")},
	{nationalportal.BasisUnread, basisTable("Nghị định118/2025/NĐ-CLuật A60/2014/QH13"), cites("60/2014/QH13")},
	{nationalportal.BasisSplit, basisTable("Luật Khiếu nại năm 201102/2011/QH13"), cites("02/2011/QH13")},
	{nationalportal.ComponentsMissing, papersTable("Không có thông tin"), withoutPapers},
	{nationalportal.ComponentsUnread, papersTable("Đơn và giấy tờ khác"), withoutPapers},
	{nationalportal.ComponentsUnread, papersTable("--" + papersHead + "Đơn1 bản chínhvà giấy tờ khác"), nil},
	{nationalportal.ComponentConditional, papersTable("--" + papersHead + "Đơn1 bản chínhGiấy ủy quyền (nếu có)0 bản chính,1 bản sao"), func(t *testing.T, def engine.Definition) {
		require.Equal(t, []engine.Component{
			{ID: "don", Name: engine.Text{VI: "Đơn"}, Originals: 1, Required: engine.Always},
			{ID: "giay-uy-quyen-neu-co", Name: engine.Text{VI: "Giấy ủy quyền (nếu có)"}, Copies: 1},
		}, def.Components)
	}},
	{nationalportal.QuantityGlued, papersTable("--" + papersHead + "Đơn theo Mẫu số 121 bản chính"), func(t *testing.T, def engine.Definition) {
		require.Equal(t, "Đơn theo Mẫu số 12", def.Components[0].Name.VI)
		require.Equal(t, 1, def.Components[0].Originals)
	}},
	{nationalportal.FormNotSeparated, papersTable("--" + papersHead + "đơn mau.docx1 bản chính"), func(t *testing.T, def engine.Definition) {
		require.Equal(t, "đơn mau.docx", def.Components[0].Name.VI)
	}},
	{nationalportal.TooMany, papersTable("--" + papersHead + strings.Repeat("Đơn1 bản chính", 150)), func(t *testing.T, def engine.Definition) {
		require.Len(t, def.Components, 100)
		require.Equal(t, "don-100", def.Components[99].ID)
	}},
	{nationalportal.TooMany, basisTable(manyDocuments()), func(t *testing.T, def engine.Definition) { require.Len(t, def.LegalBasis, 50) }},
	{nationalportal.TooMany, methodsTable(manyFees()...), func(t *testing.T, def engine.Definition) { require.Len(t, def.Fees, 50) }},
	{nationalportal.ResultMissing, map[string]any{"ket_qua_xu_ly": ""}, func(t *testing.T, def engine.Definition) { require.Nil(t, def.Result) }},
	{nationalportal.ResultSeveral, map[string]any{"ket_qua_xu_ly": "Biển sốMã: KQ.G01.000015Giấy đăng kýMã: KQ.G01.000014Từ khóaKhông có thông tin"}, func(t *testing.T, def engine.Definition) {
		require.Equal(t, &engine.Result{Code: "KQ.G01.000015", Name: engine.Text{VI: "Biển số"}}, def.Result)
	}},
}

func unlimited(t *testing.T, def engine.Definition) {
	t.Helper()
	require.Equal(t, engine.Limits{}, def.Limits)
	exact(t, def)
}

func limited(limit string) func(*testing.T, engine.Definition) {
	return func(t *testing.T, def engine.Definition) {
		t.Helper()
		require.Equal(t, limit, def.Limits.Statutory.String())
		require.Empty(t, def.Variants)
		exact(t, def)
	}
}

func byChannel(t *testing.T, def engine.Definition) {
	t.Helper()
	require.Equal(t, "20d", def.Limits.Statutory.String(), "that of most channels")
	require.Len(t, def.Variants, 1)
	require.Equal(t, engine.Condition(`channel == "online"`), def.Variants[0].When)
	require.Equal(t, "3wd", def.Variants[0].Statutory.String())
	exact(t, def)
}

func charged(amount *int, note string) func(*testing.T, engine.Definition) {
	return func(t *testing.T, def engine.Definition) {
		t.Helper()
		require.Len(t, def.Fees, 1)
		require.Equal(t, amount, def.Fees[0].Amount)
		require.Equal(t, note, def.Fees[0].Note)
	}
}

func cites(ref string) func(*testing.T, engine.Definition) {
	return func(t *testing.T, def engine.Definition) {
		t.Helper()
		require.Len(t, def.LegalBasis, 1)
		require.Equal(t, ref, def.LegalBasis[0].Ref)
	}
}

func withoutPapers(t *testing.T, def engine.Definition) {
	t.Helper()
	require.Empty(t, def.Components)
}

func manyDocuments() string {
	var b strings.Builder
	for i := range 60 {
		fmt.Fprintf(&b, "Thông tư %d/2020/TT-BTC", i+1)
	}
	return b.String()
}

func manyFees() []string {
	rows := make([]string, 60)
	for i := range rows {
		rows[i] = fmt.Sprintf("Trực tiếp3 Ngày%d,000 VNĐ", i+1)
	}
	return rows
}

func TestDoubts(t *testing.T) {
	for i, test := range doubted {
		t.Run(fmt.Sprintf("%d %s", i, test.kind), func(t *testing.T) {
			d, def := one(t, test.record)
			require.Contains(t, kindsOf(d), test.kind, "%s", d.Text)
			require.Contains(t, string(d.Text), test.kind.Name().VI)
			if test.holds != nil {
				test.holds(t, def)
			}
		})
	}
}

// TestEveryKindOfDoubt holds the closed list, its tests and its explanation in
// the documentation together.
func TestEveryKindOfDoubt(t *testing.T) {
	document, err := os.ReadFile("../../docs/national-portal-import.md")
	require.NoError(t, err)
	tested := map[nationalportal.Kind]bool{nationalportal.EffectiveMissing: true} // TestImportEffective
	for _, test := range doubted {
		tested[test.kind] = true
	}
	for _, kind := range nationalportal.Kinds() {
		require.True(t, tested[kind], "no record shows %s", kind)
		require.NotEmpty(t, kind.Name().VI)
		require.NotEqual(t, string(kind), kind.Name().EN)
		require.Contains(t, string(document), "`"+string(kind)+"`")
	}
	require.Len(t, tested, len(nationalportal.Kinds()))
}

// TestUndoubted is a record in which everything has one meaning.
func TestUndoubted(t *testing.T) {
	d, def := one(t, nil)
	require.Empty(t, d.Doubts)
	require.Equal(t, "1.000001", def.Code)
	require.Equal(t, engine.Text{VI: "Cấp giấy phép"}, def.Name)
	require.Equal(t, "province", def.Level)
	require.Equal(t, &engine.LegalBasis{Ref: "12/QĐ-BTP"}, def.Cause)
	require.Equal(t, []engine.LegalBasis{{Ref: "60/2014/QH13", Cites: "Luật Hộ tịch"}}, def.LegalBasis)
	require.Equal(t, &engine.Result{Code: "KQ.G15.000031", Name: engine.Text{VI: "Giấy phép"}}, def.Result)
	require.Equal(t, "2027-01-01", def.Effective.From.String())
	require.Equal(t, 0, *def.Fees[0].Amount)
	limited("5wd")(t, def)
}

func TestImportEffective(t *testing.T) {
	got := importAll(strings.NewReader(line(t, nil)), nationalportal.Options{})
	require.Equal(t, []nationalportal.Kind{nationalportal.EffectiveMissing}, kindsOf(got.drafts[0]))
	require.Equal(t, "9999-12-31", machine(t, got.drafts[0]).Effective.From.String())
}
