package nationalportal

import (
	"regexp"
	"strings"

	"motcua/definitions/draft"
	"motcua/engine"
)

// resultCode is the code of a result, which follows its name and runs into the
// next one: KQ.G01.000023, 000.00.18.G12-KQ01, and at the end any word.
var resultCode = regexp.MustCompile(`Mã: ?(KQ[.-][A-Z]\d{2}\.\d{5,6}|\d{3}(?:\.\d{2})+\.(?:[A-Z]\d{2}-KQ\d+|KQ-\d+)|\S{1,40}$)?`)

// resultEnds are the words of the page behind the results.
var resultEnds = []string{"Từ khóa", "Chọn cơ quan thực hiện", "Nộp hồ sơ"}

// result reads what the citizen receives. A definition has one result: the
// first is taken, and all are told.
func result(text string) (*engine.Result, []Doubt) {
	for _, end := range resultEnds {
		text, _, _ = strings.Cut(text, end)
	}
	text = strings.TrimSpace(text)
	at := resultCode.FindAllStringSubmatchIndex(text, -1)
	if len(at) == 0 {
		return resultOf(text, "", nil)
	}
	var doubts []Doubt
	if rest := trimmed(text[at[0][1]:]); rest != "" {
		doubts = append(doubts, Doubt{ResultSeveral, "/result", excerpt(text, 1500)})
	}
	code := ""
	if at[0][2] >= 0 {
		code = strings.Trim(text[at[0][2]:at[0][3]], ".")
	}
	return resultOf(text[:at[0][0]], code, doubts)
}

func resultOf(name, code string, doubts []Doubt) (*engine.Result, []Doubt) {
	full := trimmed(name)
	if full == "" || full == noInformation {
		return nil, append(doubts, Doubt{ResultMissing, "/result", code})
	}
	name, cut := draft.Cut(full, 500)
	if cut {
		doubts = append(doubts, Doubt{TextCut, "/result", excerpt(full, 1500)})
	}
	code, _ = draft.Cut(code, 64)
	return &engine.Result{Code: code, Name: engine.Text{VI: name}}, doubts
}
