package nationalportal

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"motcua/definitions/draft"
)

// The keys of a record, as published.
const (
	keyCode       = "ma_thu_tuc"
	keyURL        = "detail_url"
	keyName       = "ten_thu_tuc"
	keyDecision   = "so_quyet_dinh"
	keyLevel      = "cap_thuc_hien"
	keyType       = "loai_thu_tuc"
	keyField      = "linh_vuc"
	keyApplicants = "doi_tuong_thuc_hien"
	keyAuthority  = "co_quan_co_tham_quyen"
	keyReception  = "dia_chi_tiep_nhan"
	keyDelegated  = "co_quan_duoc_uy_quyen"
	keyWith       = "co_quan_phoi_hop"
	keyRelated    = "thu_tuc_lien_quan"
	keySteps      = "trinh_tu_thuc_hien"
	keyMethods    = "cach_thuc_thuc_hien"
	keyPapers     = "thanh_phan_ho_so"
	keyBasis      = "can_cu_phap_ly"
	keyAgency     = "co_quan_thuc_hien"
	keyConditions = "yeu_cau_dieu_kien"
	keyResult     = "ket_qua_xu_ly"
	keyMinistry   = "bo"
)

var keys = []string{
	keyCode, keyURL, keyName, keyDecision, keyLevel, keyType, keyField, keyApplicants, keyAuthority, keyReception, keyDelegated, keyWith, keyRelated,
	keySteps, keyMethods, keyPapers, keyBasis, keyAgency, keyConditions, keyResult, keyMinistry,
}

// noInformation is what the portal shows for an empty cell.
const noInformation = "Không có thông tin"

// record is one procedure as published, its texts cleaned.
type record struct {
	texts  map[string]string
	doubts []Doubt // about the record itself
}

// parseRecord reads one line. The error is that of the JSON.
func parseRecord(line []byte) (record, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(line, &raw); err != nil {
		return record{}, err
	}
	if raw == nil {
		return record{}, fmt.Errorf("the line is null, not a record")
	}
	r := record{texts: make(map[string]string, len(keys))}
	if !utf8.Valid(line) {
		r.doubt(BadCharacters, "not UTF-8")
	}
	for _, key := range keys {
		r.take(key, raw[key])
		delete(raw, key)
	}
	if len(raw) > 0 {
		unknown := make([]string, 0, len(raw))
		for key := range raw {
			unknown = append(unknown, draft.Clean(key))
		}
		slices.Sort(unknown)
		r.doubt(UnknownKey, strings.Join(unknown, ", "))
	}
	return r, nil
}

func (r *record) doubt(kind Kind, text string) {
	r.doubts = append(r.doubts, Doubt{Kind: kind, Text: text})
}

// take keeps the value of a key as a cleaned text.
func (r *record) take(key string, value json.RawMessage) {
	var text string
	switch {
	case value == nil:
		r.doubt(MissingKey, key)
		return
	case string(value) == "null":
		return
	case json.Unmarshal(value, &text) != nil:
		text = string(value)
		r.doubt(NoText, key)
	}
	if strings.ContainsFunc(text, odd) || !norm.NFC.IsNormalString(text) {
		r.doubt(BadCharacters, key)
	}
	r.texts[key] = strings.TrimSpace(draft.Lines(text))
}

// odd are characters nobody types on purpose into a form: draft.Lines takes
// them away.
func odd(r rune) bool {
	switch r {
	case '\u2028', '\u2029', utf8.RuneError:
		return true
	case '\u200c', '\u200d':
		return false
	}
	return !unicode.IsPrint(r) && !unicode.IsSpace(r)
}

// text is a value in several lines; empty where the portal has no information.
func (r record) text(key string) string {
	if text := r.texts[key]; text != noInformation && text != "--" {
		return text
	}
	return ""
}

// line is a value on one line.
func (r record) line(key string) string { return draft.Clean(r.text(key)) }
