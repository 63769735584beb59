package nationalportal

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// methodsHead are the titles of the table of channels (cách thức thực hiện),
// which the published text runs together, as it does rows and cells.
const methodsHead = "Hình thức nộpThời gianPhí, lệ phíMô tả"

// method is one row of the table: a channel, its limit and its fees.
type method struct {
	channel     string
	time        string // as published
	glued       bool   // time and fee are one number
	fees        []charge
	description string
}

// charge is one fee of a row as published: the number or words of the cell,
// and what stands in brackets behind it.
type charge struct{ what, note string }

// channels are the words of the portal for how a dossier is filed, and those
// of the dossier service for the same.
var channels = []struct{ published, word string }{
	{"Trực tiếp", "direct"}, {"Trực tuyến", "online"}, {"Dịch vụ bưu chính", "post"},
}

const (
	money      = `(?:Việt Nam Đồng|VNĐ|USD)`
	chargeText = `(?:Miễn phí|` + noInformation + `|\d[\d.,]* ?` + money + `)`
	unitText   = `(?:ngày làm việc|ngày|giờ làm việc|giờ|phút|tháng|tuần|quý|năm)`
)

var (
	gluedCell = regexp.MustCompile(`^(\d[\d.,]* ?` + money + `)`)
	timeCell  = regexp.MustCompile(`^((?i:\d[\d.,]*\s*(?:\([^()]{0,30}\))?\s*` + unitText + `?)\s*|` + noInformation + `)(` + chargeText + `)`)
	wordsCell = regexp.MustCompile(`^([^\n]{0,80}?)(` + chargeText + `)`)
	// lostRow is cells of a row whose channel nobody knows.
	lostRow    = regexp.MustCompile(`\S*\d+\s*(?i:` + unitText + `)(?:Miễn phí|` + noInformation + `|\d[\d.,]* ?` + money + `)`)
	chargeCell = regexp.MustCompile(`^` + chargeText)
	enumerator = regexp.MustCompile(`^\((?:[ivx]{1,4}|\d{1,2}|[a-zđ])\)`)
)

// A table has few rows and a row few fees; what is beyond these bounds is no
// table, and is left in the description of the last row that is read.
const (
	maxRows    = 300
	maxCharges = 20
	maxNote    = 20_000 // bytes of a bracket behind a fee
)

// methods reads the table. What stands before its first row is returned too:
// there is nothing there in a table that was understood.
func methods(text string) (rows []method, before string) {
	text = strings.TrimSpace(strings.TrimPrefix(text, methodsHead))
	end := -1 // of the cells of the last row
	for at := 0; at < len(text) && len(rows) < maxRows; {
		row, size := methodAt(text, at)
		if size == 0 {
			_, step := utf8.DecodeRuneInString(text[at:])
			at += step
			continue
		}
		if end < 0 {
			before = text[:at]
		} else {
			rows[len(rows)-1].description = strings.TrimSpace(text[end:at])
		}
		rows = append(rows, row)
		at += size
		end = at
	}
	if end < 0 {
		return nil, text
	}
	rows[len(rows)-1].description = strings.TrimSpace(text[end:])
	return rows, strings.TrimSpace(before)
}

// methodAt reads the cells of a row that begins at a place, and says how long
// they are: 0 where no row begins.
func methodAt(text string, at int) (method, int) {
	for _, c := range channels {
		rest, ok := strings.CutPrefix(text[at:], c.published)
		if !ok {
			continue
		}
		row := method{channel: c.word}
		size := len(c.published)
		switch cells := cellsOf(text[:at], rest); {
		case cells == nil:
			return method{}, 0
		case len(cells) == 1:
			row.glued, row.time = true, cells[0]
			size += len(cells[0])
			note := bracketed(text[at+size:])
			row.fees = []charge{{cells[0], unbracket(note)}}
			size += len(note)
		default:
			row.time = strings.TrimSpace(cells[0])
			size += len(cells[0])
		}
		fees, taken := charges(text[at+size:])
		row.fees = append(row.fees, fees...)
		return row, size + taken
	}
	return method{}, 0
}

// cellsOf is the time and the fee of a row; one cell where they cannot be told
// apart; nil where the name of a channel only stands in a sentence.
func cellsOf(before, rest string) []string {
	if m := gluedCell.FindStringSubmatch(rest); m != nil {
		return m[1:]
	}
	if m := timeCell.FindStringSubmatch(rest); m != nil {
		return m[1:]
	}
	last, _ := utf8.DecodeLastRuneInString(before)
	next, _ := utf8.DecodeRuneInString(rest)
	if before != "" && (unicode.IsSpace(last) || strings.ContainsRune("(“\"'-", last)) || !unicode.IsLetter(next) {
		return nil
	}
	if m := wordsCell.FindStringSubmatch(rest); m != nil {
		return m[1:]
	}
	return nil
}

// charges reads the fees at the beginning of a text: one after the other, each
// perhaps with a note in brackets.
func charges(text string) (list []charge, taken int) {
	for {
		what := chargeCell.FindString(text[taken:])
		if what == "" || len(list) == maxCharges {
			return list, taken
		}
		taken += len(what)
		note := bracketed(text[taken:])
		taken += len(note)
		list = append(list, charge{what, unbracket(note)})
	}
}

// bracketed is the bracket a text begins with, to where it closes or, where it
// never does before the next row, to the first that closes. Brackets that number
// the cases of a description are none.
func bracketed(text string) string {
	if !strings.HasPrefix(text, "(") || enumerator.MatchString(text) {
		return ""
	}
	text = text[:min(len(text), maxNote)]
	text = text[:nextRow(text)]
	depth, first := 0, 0
	for i, r := range text {
		switch r {
		case '(':
			depth++
		case ')':
			if first == 0 {
				first = i + 1
			}
			if depth--; depth == 0 {
				return text[:i+1]
			}
		}
	}
	return text[:first]
}

// nextRow is where in a text a row begins beyond doubt, or its end.
func nextRow(text string) int {
	end := len(text)
	for _, c := range channels {
		for at := 0; ; {
			i := strings.Index(text[at:end], c.published)
			if i < 0 {
				break
			}
			at += i + len(c.published)
			if timeCell.MatchString(text[at:]) || gluedCell.MatchString(text[at:]) {
				end = at - len(c.published)
				break
			}
		}
	}
	return end
}

func unbracket(text string) string {
	return strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(text, "("), ")"))
}
