package definitions

import (
	"encoding"
	"reflect"

	"go.yaml.in/yaml/v4"
	"golang.org/x/text/unicode/norm"

	"motcua/engine"
	"motcua/engine/calendar"
)

// worded fills a value that reads its own text: a duration, a date, a time of
// day, a share, a condition. A date may be quoted or not.
func (t *text) worded(n *node, u encoding.TextUnmarshaler, path string) {
	if n.Kind != yaml.ScalarNode {
		t.wrongType(n, path, engine.Text{EN: "a single value", VI: "một giá trị đơn"})
		return
	}
	if !t.legible(n, path) {
		return
	}
	if err := u.UnmarshalText([]byte(n.Value)); err != nil {
		t.faultf(markOf(n), path, "value", "%[1]s", "%[2]s không phải là %[3]s",
			clipped(err.Error(), maxQuoted), quote(n.Value), valueForms[reflect.TypeOf(u).Elem()])
	}
}

// valueForms says in Vietnamese how a value that reads its own text is
// written; in English its own error says so.
var valueForms = map[reflect.Type]string{
	reflect.TypeFor[calendar.Duration](): "thời hạn: viết số nguyên liền với đơn vị, ví dụ 3wd; đơn vị là s, m, h, d, mo " +
		"(theo đồng hồ và ngày dương lịch) hoặc wm, wh, wd (thời gian làm việc)",
	reflect.TypeFor[calendar.Date]():      "ngày: viết năm-tháng-ngày của một ngày có thật, ví dụ 2026-11-20",
	reflect.TypeFor[calendar.TimeOfDay](): `giờ trong ngày: viết giờ:phút từ 00:00 đến 24:00, ví dụ "15:00"`,
	reflect.TypeFor[engine.Percent]():     "tỷ lệ: viết số nguyên từ 1% đến 100%, ví dụ 75%",
	reflect.TypeFor[engine.Quorum]():      "số người tối thiểu: viết all (tất cả), any (một người bất kỳ) hoặc một số từ 1 đến 100",
	reflect.TypeFor[engine.Condition]():   "điều kiện: viết true, false hoặc một biểu thức",
}

// legible refuses what escapes of YAML bring into a text after its bytes were
// found right.
func (t *text) legible(n *node, path string) bool {
	switch {
	case hidden(n.Value):
		t.faultf(markOf(n), path, "character", "%s holds an invisible character", "%s chứa ký tự không hiển thị", what(path))
	case !norm.NFC.IsNormalString(n.Value):
		t.faultf(markOf(n), path, "not-nfc", "%s is not normalised to NFC", "%s chưa được chuẩn hóa Unicode NFC", what(path))
	default:
		return true
	}
	return false
}
