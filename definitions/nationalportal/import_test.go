package nationalportal_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/definitions/draft"
	"motcua/definitions/nationalportal"
	"motcua/engine"
	"motcua/engine/calendar"
)

var update = flag.Bool("update", false, "write the golden drafts anew")

// records are 29 of the published records, read on 2026-07-20.
const records = "testdata/records.jsonl"

// imported is what a text came to.
type imported struct {
	nationalportal.Summary
	drafts []nationalportal.Draft
	err    error
}

func importAll(in io.Reader, options nationalportal.Options) imported {
	var i imported
	i.Summary, i.err = nationalportal.Import(in, options, func(d nationalportal.Draft) error {
		i.drafts = append(i.drafts, d)
		return nil
	})
	return i
}

func published(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile(records)
	require.NoError(t, err)
	return data
}

func machine(t testing.TB, d nationalportal.Draft) *engine.Machine {
	t.Helper()
	m, findings := definitions.Read(d.Code+".yaml", d.Text)
	require.NoError(t, findings.Err(), "%s", d.Text)
	return m
}

func TestImportPublishedRecords(t *testing.T) {
	got := importAll(bytes.NewReader(published(t)), nationalportal.Options{})
	require.NoError(t, got.err)
	require.Equal(t, 29, got.Read)
	require.Equal(t, 29, got.Written)
	require.Zero(t, got.Failed)
	require.Zero(t, got.LintErrors)
	for _, d := range got.drafts {
		t.Run(d.Code, func(t *testing.T) {
			m := machine(t, d)
			require.Equal(t, d.Definition, m.Definition, "the draft reads back as what was written")
			require.Equal(t, m.Definition, rewritten(t, m), "the remarks say nothing of the definition")
			exact(t, m.Definition)
			for _, doubt := range d.Doubts {
				require.Contains(t, nationalportal.Kinds(), doubt.Kind)
				require.Contains(t, string(d.Text), string(doubt.Kind), "the draft says what is doubtful")
			}
		})
	}
}

// rewritten is the definition written without its remarks, and read again.
func rewritten(t *testing.T, m *engine.Machine) engine.Definition {
	t.Helper()
	again, findings := definitions.Read("again.yaml", draft.Write(m.Definition, nil))
	require.NoError(t, findings.Err())
	return again.Definition
}

// exact requires that the steps of the normal path take exactly the limit, by
// an arithmetic of its own, also in every variant.
func exact(t *testing.T, def engine.Definition) {
	t.Helper()
	path := []string{"accepted", "under-assignment", "under-processing", "under-review", "under-signature"}
	within := map[string]calendar.Duration{}
	for _, s := range def.States {
		within[s.ID] = s.Within
	}
	for _, c := range def.Cells {
		within[c.ID] = c.Within
	}
	if len(def.Cells) > 0 {
		path = []string{"handling"}
	}
	if def.Limits.Statutory.IsZero() {
		require.Empty(t, def.Variants)
		for _, id := range path {
			require.True(t, within[id].IsZero())
		}
		return
	}
	require.Equal(t, worth(t, def.Limits.Statutory), taken(t, path, within))
	for _, v := range def.Variants {
		own := map[string]calendar.Duration{}
		for _, s := range v.Steps {
			own[s.State+s.Cell] = s.Within
		}
		require.Equal(t, worth(t, v.Statutory), taken(t, path, own), v.ID)
	}
}

func taken(t *testing.T, path []string, within map[string]calendar.Duration) string {
	t.Helper()
	sum, family := 0, ""
	for _, id := range path {
		n, f := 0, ""
		_, err := fmt.Sscanf(worth(t, within[id]), "%d %s", &n, &f)
		require.NoError(t, err, id)
		require.Positive(t, n, id)
		sum, family = sum+n, f
	}
	return fmt.Sprintf("%d %s", sum, family)
}

// worth is a duration in minutes of working time or of the clock, or in days.
func worth(t *testing.T, d calendar.Duration) string {
	t.Helper()
	in := map[calendar.Unit]struct {
		times  int64
		family string
	}{
		"wd": {480, "working"}, "wh": {60, "working"}, "wm": {1, "working"}, "d": {1, "days"}, "mo": {30, "days"}, "h": {60, "clock"}, "m": {1, "clock"},
	}[d.Unit]
	return fmt.Sprintf("%d %s", d.Value*in.times, in.family)
}

func TestImportGolden(t *testing.T) {
	golden := []string{"1.001258", "1.002756", "1.007751", "1.008609", "1.012413", "1.013826", "2.001429"}
	got := importAll(bytes.NewReader(published(t)), nationalportal.Options{Effective: calendar.NewDate(2027, 1, 1)})
	for _, d := range got.drafts {
		if !slices.Contains(golden, d.Code) {
			continue
		}
		file := filepath.Join("testdata", "golden", d.Code+".yaml")
		if *update {
			require.NoError(t, os.WriteFile(file, d.Text, 0o644))
		}
		want, err := os.ReadFile(file)
		require.NoError(t, err)
		require.Equal(t, string(want), string(d.Text), "go test ./definitions/nationalportal -update, then look at the difference")
	}
}

func TestImportIsDeterministic(t *testing.T) {
	data := published(t)
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, err := z.Write(data)
	require.NoError(t, err)
	require.NoError(t, z.Close())

	first := importAll(bytes.NewReader(data), nationalportal.Options{})
	for name, in := range map[string]io.Reader{
		"again":            bytes.NewReader(data),
		"gzipped":          &zipped,
		"byte by byte":     iotest.OneByteReader(bytes.NewReader(data)),
		"Windows":          strings.NewReader("\ufeff" + strings.ReplaceAll(string(data), "\n", "\r\n")),
		"without last end": bytes.NewReader(bytes.TrimSpace(data)),
	} {
		require.Equal(t, first, importAll(in, nationalportal.Options{}), name)
	}
}

// line is a record as JSON, in one line; what is nil is left out.
func line(t testing.TB, record map[string]any) string {
	t.Helper()
	full := map[string]any{}
	for _, key := range strings.Fields(`detail_url loai_thu_tuc doi_tuong_thuc_hien co_quan_co_tham_quyen dia_chi_tiep_nhan co_quan_duoc_uy_quyen
		co_quan_phoi_hop thu_tuc_lien_quan trinh_tu_thuc_hien co_quan_thuc_hien yeu_cau_dieu_kien bo`) {
		full[key] = ""
	}
	full["ma_thu_tuc"], full["ten_thu_tuc"], full["so_quyet_dinh"] = "1.000001", "Cấp giấy phép", "12/QĐ-BTP"
	full["cap_thuc_hien"], full["linh_vuc"] = "Cấp tỉnh", "Hộ tịch"
	full["cach_thuc_thuc_hien"] = methodsHead + "Trực tiếp5 Ngày làm việcMiễn phí"
	full["thanh_phan_ho_so"] = "--" + papersHead + "Tờ khai1 bản chính"
	full["can_cu_phap_ly"] = basisHead + "Luật Hộ tịch60/2014/QH13"
	full["ket_qua_xu_ly"] = "Giấy phépMã: KQ.G15.000031Từ khóaKhông có thông tinMô tảKhông có thông tin"
	for key, value := range record {
		if full[key] = value; value == nil {
			delete(full, key)
		}
	}
	text, err := json.Marshal(full)
	require.NoError(t, err)
	return string(text)
}

const (
	methodsHead = "Hình thức nộpThời gianPhí, lệ phíMô tả"
	papersHead  = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"
	basisHead   = "Tên văn bản pháp lýMã văn bản"
)

// one imports one record that must make a draft.
func one(t testing.TB, record map[string]any) (nationalportal.Draft, engine.Definition) {
	t.Helper()
	got := importAll(strings.NewReader(line(t, record)), nationalportal.Options{Effective: calendar.NewDate(2027, 1, 1)})
	require.NoError(t, got.err)
	require.Empty(t, got.Failures)
	require.Len(t, got.drafts, 1)
	m := machine(t, got.drafts[0])
	return got.drafts[0], m.Definition
}

func kindsOf(d nationalportal.Draft) []nationalportal.Kind {
	var list []nationalportal.Kind
	for _, doubt := range d.Doubts {
		if !slices.Contains(list, doubt.Kind) {
			list = append(list, doubt.Kind)
		}
	}
	return list
}

func TestImportBadLines(t *testing.T) {
	good := func(code string) string { return line(t, map[string]any{"ma_thu_tuc": code}) }
	long := line(t, map[string]any{"ma_thu_tuc": "1.000009", "ten_thu_tuc": strings.Repeat("dài ", nationalportal.MaxLine/4)})
	text := strings.Join([]string{
		good("1.000001"), `{"ma_thu_tuc": "1.000002",`, "", good("1.000003"), "null", `[1]`, long, good("1.000001"), good("../../etc/passwd"), good("..\\x"),
		good(".hidden"), good("a/b"), good(""), good("H00.1-A"), good("h00.1-a"), good(strings.Repeat("9", 65)), "\x00\xff", good("1.000010"), strings.Repeat("x", 10<<20),
	}, "\n")
	got := importAll(strings.NewReader(text), nationalportal.Options{})
	require.NoError(t, got.err)
	var failed []string
	for _, f := range got.Failures {
		failed = append(failed, fmt.Sprintf("%d %s %s", f.Line, f.Reason, f.Code))
	}
	require.Equal(t, []string{
		"2 bad-json ", "5 bad-json ", "6 bad-json ", "7 too-long ", "8 duplicate 1.000001", "9 bad-code ../../etc/passwd", "10 bad-code ..\\x",
		"11 bad-code .hidden", "12 bad-code a/b", "13 bad-code ", "15 duplicate h00.1-a", "16 bad-code " + strings.Repeat("9", 63) + "…", "17 bad-json ", "19 too-long ",
	}, failed)
	var written []string
	for _, d := range got.drafts {
		written = append(written, fmt.Sprintf("%d %s", d.Line, d.Code))
	}
	require.Equal(t, []string{"1 1.000001", "4 1.000003", "14 H00.1-A", "18 1.000010"}, written)
	require.Equal(t, 18, got.Read)
	require.Equal(t, got.Read, got.Written+got.Failed)
	require.Contains(t, got.Text(), "line 8 (1.000001): duplicate: the code was met before, in line 1")
	require.Contains(t, got.Markdown(), "| 2 |  | `bad-json` |")
}

func TestImportListsFewFailures(t *testing.T) {
	got := importAll(strings.NewReader(strings.Repeat("x\n", 250)), nationalportal.Options{})
	require.Equal(t, 250, got.Failed)
	require.Len(t, got.Failures, 100)
	require.Contains(t, got.Text(), "and 150 lines more\n")
}

func TestImportDamagedFile(t *testing.T) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	for i := range 200 {
		_, err := fmt.Fprintln(z, line(t, map[string]any{"ma_thu_tuc": fmt.Sprintf("1.%06d", i), "trinh_tu_thuc_hien": fmt.Sprint(i*i*7919, i*i*i)}))
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	whole := zipped.Bytes()

	cut := importAll(bytes.NewReader(whole[:len(whole)/2]), nationalportal.Options{})
	require.Equal(t, engine.CodeInvalid, engine.CodeOf(cut.err))
	require.NotZero(t, cut.Written, "what came before the damage is kept")

	broken := importAll(bytes.NewReader([]byte{0x1f, 0x8b, 0, 0}), nationalportal.Options{})
	require.Equal(t, engine.CodeInvalid, engine.CodeOf(broken.err))

	unread := importAll(iotest.ErrReader(errors.New("disk")), nationalportal.Options{})
	require.ErrorContains(t, unread.err, "read line 1: disk")

	_, err := nationalportal.Import(strings.NewReader(line(t, nil)), nationalportal.Options{}, func(nationalportal.Draft) error { return errors.New("full") })
	require.EqualError(t, err, "full")
}
