package nationalportal_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/definitions/nationalportal"
	"motcua/engine"
	"motcua/engine/calendar"
)

func TestLimits(t *testing.T) {
	for published, want := range map[string]string{
		"5 Ngày làm việc":        "5wd",
		"05 (năm) ngày làm việc": "5wd",
		"05(năm) Ngày làm việc":  "5wd",
		"3,0 Ngày":               "3d",
		"60 Ngày":                "60d",
		"2 Giờ":                  "2h",
		"4 Giờ làm việc":         "4wh",
		"30 Phút":                "30m",
		"4 Tháng":                "4mo",
		"1 Ngày":                 "1d",
		"1,5 Ngày":               "",
		"2 Tuần":                 "",
		"0 Giờ":                  "",
		"7":                      "",
		"Không":                  "",
		"Giải quyết ngay khi nhận hồ sơ":   "",
		"Không quá 5 ngày kể từ ngày nhận": "",
	} {
		t.Run(published, func(t *testing.T) {
			_, def := one(t, methodsTable("Trực tiếp"+published+"Miễn phí", "Trực tuyến"+published+"Không có thông tin"))
			require.Equal(t, want, def.Limits.Statutory.String())
			require.Empty(t, def.Variants)
			exact(t, def)
		})
	}
}

// TestEveryLimitIsDividedExactly goes through the limits of every unit, alone
// and beside another of every unit.
func TestEveryLimitIsDividedExactly(t *testing.T) {
	words := map[string]string{"wd": "Ngày làm việc", "d": "Ngày", "wh": "Giờ làm việc", "h": "Giờ", "m": "Phút", "mo": "Tháng"}
	var texts []string
	for _, word := range words {
		for _, n := range []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 30, 45, 99, 240} {
			texts = append(texts, fmt.Sprintf("%d %s", n, word))
		}
	}
	for i, text := range texts {
		_, def := one(t, methodsTable("Trực tiếp"+text+"Miễn phí"))
		exact(t, def)
		other := texts[(i*37+11)%len(texts)]
		_, def = one(t, methodsTable("Trực tiếp"+text+"Miễn phí", "Dịch vụ bưu chính"+text+"Miễn phí", "Trực tuyến"+other+"Miễn phí"))
		require.Len(t, def.Variants, 1, "%s, %s", text, other)
		exact(t, def)
	}
}

func TestVariantsByChannel(t *testing.T) {
	_, def := one(t, methodsTable("Trực tiếp20 NgàyMiễn phí", "Dịch vụ bưu chính5 Ngày làm việcMiễn phí", "Trực tuyến4 NgàyMiễn phí"))
	require.Equal(t, "20d", def.Limits.Statutory.String(), "as many channels each: the first")
	require.Equal(t, []engine.Cell{{ID: "handling", Name: engine.Text{VI: "Giải quyết hồ sơ", EN: "Handling"}, Within: calendar.Duration{Value: 20, Unit: calendar.Day}}}, def.Cells,
		"four days cannot be divided among five steps")
	require.Equal(t, []engine.Variant{
		{
			ID: "post", Name: engine.Text{VI: "Nộp qua bưu chính", EN: "Filed by post"}, When: `channel == "post"`,
			Statutory: calendar.Duration{Value: 5, Unit: calendar.WorkingDay},
			Steps:     []engine.StepLimit{{Cell: "handling", Within: calendar.Duration{Value: 40, Unit: calendar.WorkingHour}}},
		},
		{
			ID: "online", Name: engine.Text{VI: "Nộp trực tuyến", EN: "Filed online"}, When: `channel == "online"`,
			Statutory: calendar.Duration{Value: 4, Unit: calendar.Day},
			Steps:     []engine.StepLimit{{Cell: "handling", Within: calendar.Duration{Value: 4, Unit: calendar.Day}}},
		},
	}, def.Variants)
}

func TestFees(t *testing.T) {
	_, def := one(t, methodsTable(
		"Trực tuyến5 Ngày10,000 Việt Nam Đồng(10.000 đồng/lần)20,000 Việt Nam Đồng(cấp lại (bản giấy))Nộp (trên) cổng",
		"Trực tiếp5 Ngày20,000 Việt Nam Đồng(cấp lại (bản giấy))",
		"Dịch vụ bưu chính5 Ngày1.500.000 VNĐ"))
	said := make([]string, len(def.Fees))
	for i, f := range def.Fees {
		said[i] = fmt.Sprint(*f.Amount, " ", f.When, " ", f.Note)
	}
	require.Equal(t, []string{
		`10000 channel == "online" 10.000 đồng/lần`,
		`20000 channel == "online" || channel == "direct" cấp lại (bản giấy)`,
		`1500000 channel == "post" `,
	}, said)
}

func TestFeeBracketsNeverSwallowRows(t *testing.T) {
	_, def := one(t, methodsTable(
		"Trực tiếp5 Ngày15,000,000 VNĐ(đồng (Miễn phí đến 30/6/2026)5 ngày kể từ ngày nhận",
		"Trực tuyến7 NgàyMiễn phí(i) Trường hợp một: 7 ngày"))
	require.Equal(t, "5d", def.Limits.Statutory.String())
	require.Len(t, def.Variants, 1)
	require.Equal(t, 0, *def.Fees[1].Amount, "(i) numbers a case and says nothing of the fee")
}

func TestLegalBasis(t *testing.T) {
	for text, want := range map[string][]string{
		"Nghị định 05/2012/NĐ-CP05/2012/NĐ-CPLuật 54/2014/QH1354/2014/QH13":              {"05/2012/NĐ-CP Nghị định 05/2012/NĐ-CP", "54/2014/QH13 Luật 54/2014/QH13"},
		"Luật ngày 29/6/202443/2024/QH15":                                                {"43/2024/QH15 Luật ngày 29/6/2024"},
		"Thông tư số 53/2025/TT-BCAngày 01/7/2025 của Bộ53/2025/TT-BCA":                  {"53/2025/TT-BCA Thông tư số 53/2025/TT-BCAngày 01/7/2025 của Bộ"},
		"sửa đổi Thông tư19/2024/TT-BTCquy định khác1234/QĐ-BTC":                         {"19/2024/TT-BTC sửa đổi Thông tư", "1234/QĐ-BTC quy định khác"},
		"Nghị quyết số 66.7/2025/NQ-CP của Chính phủ66.7/2025/NQ-CP-Hợp nhất27/VBHN-BTC": {"66.7/2025/NQ-CP Nghị quyết số 66.7/2025/NQ-CP của Chính phủ", "27/VBHN-BTC Hợp nhất"},
		"Thông tư liên tịch01/2020/TTLT-BCA-BYT-BTPPháp lệnh04/2009/PL-UBTVQH12":         {"01/2020/TTLT-BCA-BYT-BTP Thông tư liên tịch", "04/2009/PL-UBTVQH12 Pháp lệnh"},
		"Luật Các tổ chức tín dụngLuật số 32/2024/QH15":                                  {"32/2024/QH15 Luật Các tổ chức tín dụng"},
		"Một60/2014/QH13Hai60/2014/QH13":                                                 {"60/2014/QH13 Một"},
	} {
		t.Run(text, func(t *testing.T) {
			_, def := one(t, basisTable(text))
			var got []string
			for _, b := range def.LegalBasis {
				got = append(got, strings.TrimSpace(b.Ref+" "+b.Cites))
			}
			require.Equal(t, want, got)
		})
	}
}

func TestComponents(t *testing.T) {
	_, def := one(t, papersTable("Trường hợp một"+papersHead+
		"Tờ khai theo mẫu;Mau01-ĐN(BHYT) (1).doc1 bản chính- 02 ảnh 4x6 (01 bản chính để đối chiếu)10 bản chính,2 bản sao"+
		"Trường hợp hai"+papersHead+"Bản sao giấy khai sinh: 01 bản sao0 bản chính,1 bản saoTờ khai theo mẫuMẫu 02.docx1 bản chính"))
	got := make([]string, len(def.Components))
	for i, c := range def.Components {
		got[i] = fmt.Sprintf("%s | %s | %d+%d | %s | %s", c.ID, c.Name.VI, c.Originals, c.Copies, c.Form, c.Required)
	}
	require.Equal(t, []string{
		"to-khai-theo-mau | Tờ khai theo mẫu | 1+0 | Mau01-ĐN(BHYT) (1).doc | ",
		"paper-02-anh-4x6-01-ban-chinh-de-doi-chieu | 02 ảnh 4x6 (01 bản chính để đối chiếu) | 10+2 |  | ",
		"ban-sao-giay-khai-sinh-01-ban-sao | Bản sao giấy khai sinh: 01 bản sao | 0+1 |  | ",
		"to-khai-theo-mau-2 | Tờ khai theo mẫu | 1+0 | Mẫu 02.docx | ",
	}, got)
}

func TestPapersThatHaveNoLetters(t *testing.T) {
	_, def := one(t, papersTable("--"+papersHead+"身分証1 bản chính"))
	require.Equal(t, "paper", def.Components[0].ID)
}

// TestRemarksAreBounded takes the longest texts that fit a line everywhere.
func TestRemarksAreBounded(t *testing.T) {
	record := map[string]any{}
	for _, key := range []string{"ten_thu_tuc", "so_quyet_dinh", "linh_vuc", "trinh_tu_thuc_hien", "co_quan_thuc_hien", "yeu_cau_dieu_kien", "ket_qua_xu_ly", "thu_tuc_lien_quan"} {
		record[key] = strings.Repeat("\U0001f600 \"", 20_000)
	}
	record["can_cu_phap_ly"] = basisHead + strings.Repeat(strings.Repeat("\"\U0001f600", 300)+"60/2014/QH13", 60)
	record["thanh_phan_ho_so"] = strings.Repeat("Nhóm"+papersHead+strings.Repeat("\"\U0001f600", 300)+"1 bản chính", 150)
	record["cach_thuc_thuc_hien"] = methodsHead + strings.Repeat("Trực tiếp3 Ngày20,000 VNĐ("+strings.Repeat("\"\U0001f600", 700)+")"+strings.Repeat("\U0001f600", 999), 60)
	d, _ := one(t, record)
	require.Less(t, len(d.Text), 1<<20)
}

// TestLongestLines takes shapes that fill a line of the largest size with what
// looks like rows; time that grows with their square would show.
func TestLongestLines(t *testing.T) {
	const most = nationalportal.MaxLine - 10_000
	fill := func(row string) string { return strings.Repeat(row, most/len(row)) }
	numbered := func(format string) string {
		var b strings.Builder
		for i := 1; b.Len() < most-100; i++ {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for name, record := range map[string]map[string]any{
		"rows":          methodsTable(numbered("Trực tiếp%d NgàyMiễn phí")),
		"fees":          methodsTable("Trực tiếp3 Ngày" + fill("Miễn phí()")),
		"open brackets": methodsTable(fill("Trực tiếp3 NgàyMiễn phí((")),
		"channels":      methodsTable(fill("Trực tiếp")),
		"papers":        papersTable("--" + papersHead + fill("Đơn1 bản chính")),
		"tables":        papersTable(fill("Nhóm" + papersHead + "Đơn1 bản chính")),
		"quantities":    papersTable("--" + papersHead + fill("1 bản chính")),
		"documents":     basisTable(numbered("Luật%d/2014/NĐ-CP")),
		"digits":        basisTable(fill("1")),
		"results":       {"ket_qua_xu_ly": fill("BảnMã: KQ.G01.000015")},
		"name":          {"ten_thu_tuc": fill("\u0301")},
		"steps":         {"trinh_tu_thuc_hien": fill("Bước 1. ")},
	} {
		t.Run(name, func(t *testing.T) {
			d, _ := one(t, record)
			require.Less(t, len(d.Text), 1<<20)
			require.Regexp(t, ` in all\)| more, `, string(d.Text), "what is left out is said")
		})
	}
}

func TestRemarksCannotBreakTheDraft(t *testing.T) {
	nasty := "x\n---\nmotcua: 2\n... \n# y\r\u0085z\u2028code: 1\u2029\x00\x1b[31m{[&*!|>%@`'\"\t- a: b"
	record := map[string]any{}
	for _, key := range []string{"ten_thu_tuc", "so_quyet_dinh", "cap_thuc_hien", "linh_vuc", "cach_thuc_thuc_hien", "thanh_phan_ho_so", "can_cu_phap_ly", "ket_qua_xu_ly",
		"trinh_tu_thuc_hien", "yeu_cau_dieu_kien", "detail_url", "bo", nasty} {
		record[key] = nasty
	}
	d, def := one(t, record)
	require.Equal(t, 1, def.Motcua)
	require.NotContains(t, string(d.Text), "\x1b")
}

// FuzzImport: whatever the bytes are, every draft reads without errors.
func FuzzImport(f *testing.F) {
	for text := range strings.Lines(string(published(f))) {
		if len(text) < 6000 { // the fuzzer spends itself on making large ones smaller
			f.Add([]byte(text))
		}
	}
	for _, test := range doubted {
		f.Add([]byte(line(f, test.record)))
	}
	f.Add([]byte("\x1f\x8b"))
	f.Add([]byte("{}\n[]\nnull\n\"\"\n{\"ma_thu_tuc\": 1.5}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		requireReadable(t, importAll(strings.NewReader(string(data)), nationalportal.Options{}))
	})
}

// FuzzRecord puts any text where a record takes text, behind the titles of its
// tables, so that the fuzzer need not keep the JSON whole.
func FuzzRecord(f *testing.F) {
	for _, test := range doubted {
		text := func(key string) string { s, _ := test.record[key].(string); return s }
		f.Add(strings.TrimPrefix(text("cach_thuc_thuc_hien"), methodsHead), strings.TrimPrefix(text("thanh_phan_ho_so"), "--"+papersHead),
			strings.TrimPrefix(text("can_cu_phap_ly"), basisHead), text("ket_qua_xu_ly"), text("ten_thu_tuc"))
	}
	f.Fuzz(func(t *testing.T, methods, papers, basis, result, words string) {
		requireReadable(t, importAll(strings.NewReader(line(t, map[string]any{
			"cach_thuc_thuc_hien": methodsHead + methods, "thanh_phan_ho_so": "--" + papersHead + papers, "can_cu_phap_ly": basisHead + basis,
			"ket_qua_xu_ly": result, "ten_thu_tuc": words, "linh_vuc": words, "so_quyet_dinh": words, "cap_thuc_hien": words, "trinh_tu_thuc_hien": words, words: words,
		})), nationalportal.Options{}))
	})
}

func requireReadable(t *testing.T, got imported) {
	t.Helper()
	if got.LintErrors > 0 {
		t.Fatalf("refused: %v", got.Failures)
	}
	for _, d := range got.drafts {
		m, findings := definitions.Read("fuzz.yaml", d.Text)
		if findings.Err() != nil {
			t.Fatalf("%v\n%s", findings, d.Text)
		}
		require.Equal(t, d.Definition, m.Definition)
		exact(t, m.Definition)
	}
}
