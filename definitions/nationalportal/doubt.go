package nationalportal

import (
	"slices"

	"motcua/engine"
)

// Kind is a sort of doubt about what was published. The list is closed.
type Kind string

// The kinds of doubt.
const (
	BadCharacters Kind = "bad-characters"
	MissingKey    Kind = "missing-key"
	UnknownKey    Kind = "unknown-key"
	NoText        Kind = "no-text"
	TextCut       Kind = "text-cut"

	NameMissing      Kind = "name-missing"
	LevelUnknown     Kind = "level-unknown"
	LevelSeveral     Kind = "level-several"
	EffectiveMissing Kind = "effective-missing"
	DecisionMissing  Kind = "decision-missing"

	MethodsUnread     Kind = "methods-unread"
	LimitMissing      Kind = "limit-missing"
	LimitWithoutUnit  Kind = "limit-without-unit"
	LimitInWords      Kind = "limit-in-words"
	LimitFraction     Kind = "limit-fraction"
	LimitOutOfRange   Kind = "limit-out-of-range"
	LimitByCase       Kind = "limit-by-case"
	LimitByChannel    Kind = "limit-by-channel"
	LimitNotOfChannel Kind = "limit-not-of-channel"
	LimitHours        Kind = "limit-hours"
	LimitTextDiffers  Kind = "limit-text-differs"
	LimitWithoutBasis Kind = "limit-without-basis"

	FeeMissing     Kind = "fee-missing"
	FeeFreeInWords Kind = "fee-free-in-words"
	FeeInWords     Kind = "fee-in-words"
	FeeCurrency    Kind = "fee-currency"
	FeeImplausible Kind = "fee-implausible"
	FeeGlued       Kind = "fee-glued"

	BasisMissing Kind = "basis-missing"
	BasisUnread  Kind = "basis-unread"
	BasisSplit   Kind = "basis-split"

	ComponentsMissing    Kind = "components-missing"
	ComponentsUnread     Kind = "components-unread"
	ComponentConditional Kind = "component-conditional"
	QuantityGlued        Kind = "quantity-glued"
	FormNotSeparated     Kind = "form-not-separated"
	TooMany              Kind = "too-many"

	ResultMissing Kind = "result-missing"
	ResultSeveral Kind = "result-several"
)

// kinds is every kind with its name, in the order of a definition.
var kinds = []struct {
	kind Kind
	name engine.Text
}{
	{BadCharacters, engine.Text{VI: "Ký tự lạ hoặc chưa chuẩn hóa Unicode, đã làm sạch", EN: "Odd characters, or Unicode not normalised: cleaned"}},
	{MissingKey, engine.Text{VI: "Bản ghi thiếu trường", EN: "The record lacks a key"}},
	{UnknownKey, engine.Text{VI: "Bản ghi có trường lạ", EN: "The record has a key nobody knows"}},
	{NoText, engine.Text{VI: "Giá trị không phải là văn bản", EN: "A value is not text"}},
	{TextCut, engine.Text{VI: "Văn bản quá dài, đã cắt", EN: "A text too long for its place: cut"}},
	{NameMissing, engine.Text{VI: "Không có tên thủ tục", EN: "No name"}},
	{LevelUnknown, engine.Text{VI: "Không rõ cấp thực hiện", EN: "Level not understood"}},
	{LevelSeveral, engine.Text{VI: "Nhiều cấp thực hiện, lấy cấp đầu", EN: "Several levels: the first is taken"}},
	{EffectiveMissing, engine.Text{VI: "Không công bố ngày bắt đầu áp dụng", EN: "No first day of effect"}},
	{DecisionMissing, engine.Text{VI: "Không có số quyết định công bố", EN: "No number of the announcing decision"}},
	{MethodsUnread, engine.Text{VI: "Không đọc được bảng cách thức thực hiện", EN: "The table of channels was not understood"}},
	{LimitMissing, engine.Text{VI: "Không công bố thời hạn giải quyết", EN: "No limit published"}},
	{LimitWithoutUnit, engine.Text{VI: "Thời hạn không có đơn vị", EN: "A limit without a unit"}},
	{LimitInWords, engine.Text{VI: "Thời hạn bằng lời", EN: "A limit in words"}},
	{LimitFraction, engine.Text{VI: "Thời hạn có phần lẻ", EN: "A limit with a fraction"}},
	{LimitOutOfRange, engine.Text{VI: "Thời hạn bằng không hoặc quá lớn", EN: "A limit of nothing, or beyond measure"}},
	{LimitByCase, engine.Text{VI: "Thời hạn khác nhau theo trường hợp", EN: "The limit differs by case"}},
	{LimitByChannel, engine.Text{VI: "Thời hạn khác nhau theo hình thức nộp", EN: "The limit differs by channel"}},
	{LimitNotOfChannel, engine.Text{VI: "Có hình thức nộp không rõ thời hạn", EN: "A channel without an understood limit gets that of the others"}},
	{LimitHours, engine.Text{VI: "Giờ, không rõ có phải giờ làm việc", EN: "Hours, not said whether working hours"}},
	{LimitTextDiffers, engine.Text{VI: "Mô tả nói đơn vị khác với cột thời gian", EN: "The description gives the limit in another unit"}},
	{LimitWithoutBasis, engine.Text{VI: "Có thời hạn nhưng không có căn cứ nào", EN: "A limit without any legal basis"}},
	{FeeMissing, engine.Text{VI: "Không công bố phí, lệ phí", EN: "No fee published"}},
	{FeeFreeInWords, engine.Text{VI: "Ghi miễn phí nhưng có diễn giải", EN: "Free, with words that may say otherwise"}},
	{FeeInWords, engine.Text{VI: "Diễn giải nêu mức phí khác", EN: "The words give other amounts"}},
	{FeeCurrency, engine.Text{VI: "Phí bằng ngoại tệ", EN: "A fee in another currency"}},
	{FeeImplausible, engine.Text{VI: "Mức phí dưới 1.000 đồng", EN: "A fee below 1 000 đồng"}},
	{FeeGlued, engine.Text{VI: "Số phí dính với thời hạn", EN: "The fee's number is glued to the limit's"}},
	{BasisMissing, engine.Text{VI: "Không có căn cứ pháp lý", EN: "No legal basis"}},
	{BasisUnread, engine.Text{VI: "Căn cứ pháp lý không đọc hết", EN: "Legal basis not understood in full"}},
	{BasisSplit, engine.Text{VI: "Số văn bản dính với năm đứng trước", EN: "A document's number was glued to a year before it"}},
	{ComponentsMissing, engine.Text{VI: "Không có thành phần hồ sơ", EN: "No papers"}},
	{ComponentsUnread, engine.Text{VI: "Thành phần hồ sơ không đọc hết", EN: "Papers not understood in full"}},
	{ComponentConditional, engine.Text{VI: "Giấy tờ chỉ cần trong một số trường hợp", EN: "Papers asked for in some cases only"}},
	{QuantityGlued, engine.Text{VI: "Số lượng dính với số đứng trước", EN: "A number of copies was glued to a number before it"}},
	{FormNotSeparated, engine.Text{VI: "Tên biểu mẫu dính với tên giấy tờ", EN: "A form's name is glued to the paper's"}},
	{TooMany, engine.Text{VI: "Nhiều mục hơn mức cho phép", EN: "More items than a definition takes"}},
	{ResultMissing, engine.Text{VI: "Không có kết quả giải quyết", EN: "No result"}},
	{ResultSeveral, engine.Text{VI: "Nhiều kết quả, lấy kết quả đầu", EN: "Several results: the first is taken"}},
}

// Kinds lists the kinds of doubt, in the order of a definition.
func Kinds() []Kind {
	list := make([]Kind, len(kinds))
	for i, k := range kinds {
		list[i] = k.kind
	}
	return list
}

// Name is the kind for people.
func (k Kind) Name() engine.Text {
	if i := slices.Index(Kinds(), k); i >= 0 {
		return kinds[i].name
	}
	return engine.Text{VI: string(k), EN: string(k)}
}

// Doubt is one thing in a record that has no single meaning.
type Doubt struct {
	Kind  Kind   `json:"kind"`
	Place string `json:"place"` // JSON pointer into the definition
	Text  string `json:"text"`  // as published, or an excerpt of it
}
