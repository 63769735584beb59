package definitions

import (
	"reflect"

	"motcua/engine"
)

// word is what a key of the language is called in sentences about it.
type word struct {
	noun    engine.Text
	unsaid  engine.Text // what leaving the key out means, where that is a value
	wording bool        // only people read it
	names   bool        // the item it belongs to is called by it
	ordered bool        // a list whose order decides something
	guard   bool        // a condition under which the item counts; unsaid, always
	plain   bool        // a change of it needs no noun: step "Appraisal": 16wd → 12wd
}

// words has every key of the language, by the type it belongs to and itself.
var words = []map[string]word{procedureWords, inputWords, timeWords, linkWords, stateWords}

func wordOf(t reflect.Type, key string) word {
	for _, table := range words {
		if w, ok := table[t.Name()+"."+key]; ok {
			return w
		}
	}
	return word{}
}

func noun(vi, en string) word { return word{noun: engine.Text{VI: vi, EN: en}} }

func (w word) read() word                  { w.wording = true; return w }
func (w word) named() word                 { w.names = true; return w }
func (w word) inOrder() word               { w.ordered = true; return w }
func (w word) plainly() word               { w.plain = true; return w }
func (w word) guards() word                { w.guard = true; return w }
func (w word) orElse(v engine.Text) word   { w.unsaid = v; return w }
func (w word) orElseSame(text string) word { return w.orElse(same(text)) }

var procedureWords = map[string]word{
	"Definition.motcua":        noun("phiên bản ngôn ngữ", "language version").read(),
	"Definition.code":          noun("mã thủ tục", "procedure code"),
	"Definition.version":       noun("phiên bản", "version").read(),
	"Definition.name":          noun("thủ tục", "procedure").read(),
	"Definition.field":         noun("lĩnh vực", "sector").read(),
	"Definition.level":         noun("cấp thực hiện", "level"),
	"Definition.legal_basis":   noun("căn cứ pháp lý", "legal basis"),
	"Definition.cause":         noun("căn cứ ban hành", "cause").read(),
	"Definition.effective":     {},
	"Definition.calendar":      noun("lịch làm việc", "calendar").orElseSame(`"agency"`),
	"Definition.result":        noun("kết quả giải quyết", "result"),
	"Definition.limits":        {},
	"Definition.variants":      noun("trường hợp", "variant").inOrder(),
	"Definition.suspension":    noun("quy định tạm dừng", "suspension rule"),
	"Definition.extension":     noun("quy định gia hạn", "extension rule"),
	"Definition.override":      noun("quy định xử lý vượt quy trình", "override rule"),
	"Definition.fees":          noun("khoản phí, lệ phí", "fee"),
	"Definition.components":    noun("thành phần hồ sơ", "component"),
	"Definition.fields":        noun("trường thông tin", "field"),
	"Definition.cells":         noun("ô thời gian", "time cell"),
	"Definition.stages":        noun("giai đoạn", "stage"),
	"Definition.consultations": noun("việc lấy ý kiến", "consultation"),
	"Definition.links":         noun("hồ sơ liên thông", "linked dossier"),
	"Definition.states":        noun("bước", "step").inOrder(),
	"Definition.ladder":        noun("mốc cảnh báo", "rung"),

	"Text.vi": noun("tên", "name").read(),
	"Text.en": noun("tên tiếng Anh", "English name").read(),

	"LegalBasis.ref":      noun("số, ký hiệu", "reference").named(),
	"LegalBasis.cites":    noun("trích yếu", "title").read(),
	"LegalBasis.articles": noun("điều khoản", "articles").read(),

	"Effective.from": noun("ngày bắt đầu có hiệu lực", "first day in effect"),
	"Effective.to":   noun("ngày hết hiệu lực", "first day no longer in effect"),

	"Result.code": noun("mã", "code"),
	"Result.name": {},
}

var inputWords = map[string]word{
	"Component.id":        noun("mã", "id").named(),
	"Component.name":      word{}.named(),
	"Component.originals": noun("số bản chính", "originals"),
	"Component.copies":    noun("số bản sao", "copies"),
	"Component.required":  noun("bắt buộc", "required").orElse(yesNo(false)),
	"Component.form":      noun("mẫu", "form"),

	"Field.id":       noun("mã", "id").named(),
	"Field.name":     word{}.named(),
	"Field.type":     noun("kiểu", "type"),
	"Field.required": noun("bắt buộc", "required").orElse(yesNo(false)),
	"Field.personal": noun("dữ liệu cá nhân", "personal data"),
	"Field.choices":  noun("lựa chọn", "choice"),
	"Field.min":      noun("mức nhỏ nhất", "smallest"),
	"Field.max":      noun("mức lớn nhất", "largest"),
	"Field.pattern":  noun("mẫu ký tự", "pattern"),

	"Choice.id":   noun("mã", "id").named(),
	"Choice.name": word{}.named(),

	"Fee.name":   word{}.named(),
	"Fee.amount": noun("mức thu (đồng)", "amount (đồng)"),
	"Fee.when":   noun("điều kiện", "condition").guards(),
	"Fee.note":   noun("ghi chú", "note").read(),
}
