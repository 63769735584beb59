package audit

import (
	"fmt"
	"strings"

	"motcua/engine"
	"motcua/engine/calendar"
)

// What is wrong with a row, a record or a digest.
type What string

// What can be found.
const (
	Altered     What = "altered"            // not what its digest is of
	Contradicts What = "contradicts-body"   // columns beside the sealed body say something else
	Missing     What = "missing"            // removed
	Moved       What = "moved"              // holds what belongs elsewhere
	Added       What = "added"              // beyond the end of the chain
	Unreadable  What = "unreadable"         // the sealed body cannot be read
	OtherHead   What = "other-head"         // the record's row names another end of the chain
	OtherCase   What = "other-case"         // the stored case is not what the facts make
	OtherColumn What = "other-columns"      // nor are the columns lists are made from
	OtherText   What = "other-text"         // a text does not have its SHA-256
	Replaced    What = "replaced"           // consistent, but not what was sealed
	Backdated   What = "backdated"          // recorded on a sealed day, and not among what was sealed
	Gone        What = "gone"               // the whole record was removed
	OtherRoot   What = "other-root"         // the leaves are not those the digest is of
	Unlinked    What = "unlinked"           // a digest does not follow the one before
	BadSign     What = "bad-signature"      // the signature is not of this digest by this key
	UnknownKey  What = "unknown-key"        // signed by a key that is not registered, or not the pinned one
	Unendorsed  What = "unendorsed-key"     // the key before did not endorse it
	OtherDigest What = "other-digest"       // not the digest that was exported
	NoProof     What = "no-proof"           // the path does not lead to the root
	OtherView   What = "contradicts-record" // what is shown is not what the sealed bytes say
)

// words say what was found, of "fact 4" or "entry 2" or the whole.
var words = map[What]engine.Text{
	Altered:     {VI: "đã bị sửa", EN: "was altered"},
	Contradicts: {VI: "có cột khác với nội dung đã niêm phong", EN: "has columns that contradict its sealed body"},
	Missing:     {VI: "đã bị xóa", EN: "is missing"},
	Moved:       {VI: "chứa nội dung thuộc vị trí khác", EN: "holds what belongs elsewhere"},
	Added:       {VI: "được thêm vào sau khi chuỗi đã kết thúc", EN: "was added beyond the end of the chain"},
	Unreadable:  {VI: "không đọc được", EN: "cannot be read"},
	OtherHead:   {VI: "không phải mắt xích cuối mà hồ sơ ghi", EN: "is not the last link the record's row names"},
	OtherCase:   {VI: "trạng thái lưu không khớp các sự kiện", EN: "the stored case is not what its facts make"},
	OtherColumn: {VI: "cột dùng cho danh sách không khớp các sự kiện", EN: "columns of its row are not what its facts make"},
	OtherText:   {VI: "văn bản không đúng mã SHA-256 đã ghi", EN: "its text does not have its recorded SHA-256"},
	Replaced:    {VI: "không phải nội dung đã niêm phong", EN: "is not what was sealed"},
	Backdated:   {VI: "ghi lùi vào ngày đã niêm phong", EN: "was recorded under a day that had been sealed without it"},
	Gone:        {VI: "toàn bộ đã bị xóa", EN: "was removed as a whole"},
	OtherRoot:   {VI: "các lá không phải những lá đã ký", EN: "its leaves are not those that were signed"},
	Unlinked:    {VI: "không nối tiếp ngày trước", EN: "does not follow the day before"},
	BadSign:     {VI: "chữ ký không đúng", EN: "has a wrong signature"},
	UnknownKey:  {VI: "ký bằng khóa không được công nhận", EN: "is signed by a key that is not accepted"},
	Unendorsed:  {VI: "khóa không được khóa trước xác nhận", EN: "is a key the one before did not endorse"},
	OtherDigest: {VI: "khác bản đã xuất", EN: "is not the one that was exported"},
	NoProof:     {VI: "đường dẫn không tới gốc đã ký", EN: "its path does not lead to the signed root"},
	OtherView:   {VI: "phần hiển thị khác nội dung đã niêm phong", EN: "is shown otherwise than its sealed body says"},
}

// KindDigest and KindKey are findings' kinds beside those of leaves.
const (
	KindDigest = "digest"
	KindKey    = "key"
)

// Flaw names one thing that is wrong.
type Flaw struct {
	Kind string `json:"kind"`
	Name string `json:"name"` // the dossier's code, "code@version" of a trail, the book of a digest
	// Seq is the row's; Through the last of several in a row. 0 is the whole.
	Seq     int64         `json:"seq,omitempty"`
	Through int64         `json:"through,omitempty"`
	What    What          `json:"what"`
	Day     calendar.Date `json:"day,omitzero"` // of the digest that says so
	Detail  string        `json:"detail,omitempty"`
}

// In says the finding in a language, "vi" or "en".
func (f Flaw) In(lang string) string {
	say := func(t engine.Text) string {
		if lang == "vi" {
			return t.VI
		}
		return t.EN
	}
	var b strings.Builder
	b.WriteString(say(kinds[f.Kind]) + " " + f.Name)
	if f.Kind == KindDigest && !f.Day.IsZero() {
		b.WriteString(say(engine.Text{VI: " ngày ", EN: " of "}) + f.Day.String())
	}
	row := say(rows[f.Kind])
	switch {
	case f.Seq == 0:
		b.WriteString(": ")
	case f.Through > f.Seq:
		fmt.Fprintf(&b, ": %s %d–%d ", row, f.Seq, f.Through)
	default:
		fmt.Fprintf(&b, ": %s %d ", row, f.Seq)
	}
	b.WriteString(say(words[f.What]))
	if f.Kind != KindDigest && !f.Day.IsZero() {
		b.WriteString(say(engine.Text{VI: ", theo niêm phong ngày ", EN: ", by the seal of "}) + f.Day.String())
	}
	if f.Detail != "" {
		b.WriteString(" (" + f.Detail + ")")
	}
	return b.String()
}

var kinds = map[string]engine.Text{
	KindDossier: {VI: "hồ sơ", EN: "dossier"}, KindProcedure: {VI: "thủ tục", EN: "procedure"}, KindCalendar: {VI: "lịch", EN: "calendar"},
	KindAct: {VI: "tác vụ", EN: "act"}, KindTable: {VI: "bảng", EN: "table"}, KindBook: {VI: "sổ", EN: "book"},
	KindDigest: {VI: "bản niêm phong", EN: "digest"}, KindKey: {VI: "khóa", EN: "key"},
}

var rows = map[string]engine.Text{
	KindDossier: {VI: "sự kiện", EN: "fact"}, KindProcedure: {VI: "mục", EN: "entry"}, KindCalendar: {VI: "mục", EN: "entry"},
	KindTable: {VI: "dòng", EN: "row"},
}

// Report is the result of a verification.
type Report struct {
	Intact   bool   `json:"intact"`
	Dossiers int64  `json:"dossiers"`
	Facts    int64  `json:"facts"`
	Trails   int64  `json:"trails"`
	Digests  int64  `json:"digests"`
	Findings []Flaw `json:"findings"`
	// Sealed is the last day that is sealed; zero where none is.
	Sealed calendar.Date `json:"sealed,omitzero"`
}
