package nationalportal

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"motcua/definitions/draft"
	"motcua/engine"
)

// basisHead are the titles of the table of documents (căn cứ pháp lý).
const basisHead = "Tên văn bản pháp lýMã văn bản"

const (
	// issuers are the signs of who issues documents; longer ones first.
	issuers = `(?:UBTVQH\d{2}|TANDTC|VKSNDTC|BNNPTNT|BNN&PTNT|BLĐTBXH|BVHTTDL|BTTTT|BKHCN|BKHĐT|BKH|BGDĐT|BGTVT|BTNMT|BNNMT|BDTTG|BHXH|HĐTP|HĐND|UBND|UBDT|` +
		`NHNN|TTCP|TCHQ|KTNN|VPCP|VPQH|BTC|BTP|BTM|BTS|BCA|BQP|BNV|BCN|BCT|BYT|BXD|BNG|BNN|TTg|CTN|CP)`
	// signs are what follows the number of a document.
	signs = `(?:QH(?:1\d|[89])|UBTVQH\d{2}|(?:NQ|PL|L)-(?:QH|UBTVQH)\d{2}|(?:TTLT|VBHN|TT|NĐ|NQ|QĐ|CT|PL|L|LCT)-` + issuers + `(?:-` + issuers + `)*)`
)

// maxDocuments is how many rows are read; a definition takes fewer.
const maxDocuments = 200

var (
	document = regexp.MustCompile(`(\d+)(\.\d+)?/(?:\d{4}/)?` + signs)
	// signless is what looks like a document of an issuer nobody knows.
	signless = regexp.MustCompile(`\d+/\d{4}/\p{Lu}`)
	numbered = regexp.MustCompile(`^(?:19|20)\d{2}`)
	// kindWord is a word of the sign's cell, "Luật số 32/2024/QH15", glued to the name's.
	kindWord = regexp.MustCompile(`([\p{Ll}).;])(?:(?:Luật|Nghị định|Nghị quyết|Thông tư|Quyết định|Pháp lệnh)(?: số)?|[Ss]ố)$`)
)

// legalBasis reads the table: names and signs, run together. A sign ends a row
// where the next name is glued to it; elsewhere it stands within a name.
func legalBasis(text string) ([]engine.LegalBasis, []Doubt) {
	text = strings.TrimSpace(strings.TrimPrefix(text, basisHead))
	var list []engine.LegalBasis
	var doubts []Doubt
	doubt := func(kind Kind, words string) {
		if words != "" {
			doubts = append(doubts, Doubt{kind, "/legal_basis", excerpt(words, 1500)})
		}
	}
	start := 0
	for _, at := range document.FindAllStringSubmatchIndex(text, -1) {
		if len(list) == maxDocuments {
			break
		}
		if at[0] < start || !endsRow(text, at[0], at[1]) {
			continue
		}
		begin, split := at[0], false
		if digits := text[at[2]:at[3]]; len(digits) > 4 && numbered.MatchString(digits) {
			begin, split = at[0]+4, true
		}
		name := trimmed(kindWord.ReplaceAllString(strings.TrimSpace(text[start:begin]), "$1"))
		row := engine.LegalBasis{Ref: text[begin:at[1]]}
		cut := false
		if row.Cites, cut = draft.Cut(name, 500); cut {
			doubt(TextCut, name)
		}
		if split {
			doubt(BasisSplit, row.Ref)
		}
		if signless.MatchString(document.ReplaceAllString(name, "")) {
			doubt(BasisUnread, name)
		}
		list = cite(list, row)
		start = at[1]
	}
	doubt(BasisUnread, trimmed(text[start:]))
	return list, doubts
}

// cite adds a document that is not there yet.
func cite(list []engine.LegalBasis, row engine.LegalBasis) []engine.LegalBasis {
	if slices.ContainsFunc(list, func(b engine.LegalBasis) bool { return b.Ref == row.Ref }) {
		return list
	}
	return append(list, row)
}

// endsRow says whether a sign is a cell of its own and not a word of a name:
// the next name, or nothing, follows without a space.
func endsRow(text string, start, end int) bool {
	last, _ := utf8.DecodeLastRuneInString(text[:start])
	glued := start == 0 || !unicode.IsSpace(last) && !strings.ContainsRune("(/", last)
	next, size := utf8.DecodeRuneInString(text[end:])
	switch {
	case size == 0:
		return true
	case unicode.IsUpper(next):
		return true
	case unicode.IsSpace(next):
		after, _ := utf8.DecodeRuneInString(strings.TrimLeft(text[end:], " \n"))
		return glued && (unicode.IsUpper(after) || after == utf8.RuneError)
	case unicode.IsDigit(next), strings.ContainsRune(",.;:)/", next):
		return false
	}
	return glued
}

func trimmed(s string) string { return strings.Trim(draft.Clean(s), " -–;:,.*•+") }
