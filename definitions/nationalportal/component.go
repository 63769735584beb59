package nationalportal

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"motcua/definitions/draft"
	"motcua/engine"
)

// papersHead are the titles of a table of papers (thành phần hồ sơ); a record
// has one such table for each case, after a title or "--".
const papersHead = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"

// maxComponents is how many papers a definition takes.
const maxComponents = 100

var (
	copiesCell = regexp.MustCompile(`(\d+) bản chính(?:,(\d+) bản sao)?`)
	copiesNext = regexp.MustCompile(`^\d+ bản chính`)
)

// papers gathers the components of a definition.
type papers struct {
	list   []engine.Component
	groups []string // title of the table each component stands in
	doubts []Doubt
	ids    identifiers
	over   int // papers beyond what a definition takes
}

// components reads the tables of papers. A paper is required only where the
// record has one table without a title and nothing in its words says "if".
func components(text string) papers {
	p := papers{ids: identifiers{}}
	tables := strings.Split(text, papersHead)
	title := trimmed(tables[0])
	if len(tables) == 1 {
		p.doubt(ComponentsUnread, "/components", title)
		return p
	}
	single := len(tables) == 2 && title == ""
	for _, table := range tables[1:] {
		rest := p.table(table, title, single)
		title = trimmed(rest)
	}
	p.doubt(ComponentsUnread, "/components", title)
	p.optional()
	if p.over > 0 {
		p.doubt(TooMany, "/components", plural(p.over, "paper")+" more, the last of the record")
	}
	return p
}

// optional notes how many papers the draft does not ask for by itself.
func (p *papers) optional() {
	n := 0
	for _, c := range p.list {
		if c.Required.IsZero() {
			n++
		}
	}
	if n > 0 {
		p.doubt(ComponentConditional, "/components", fmt.Sprintf("%d of %d papers are not marked required: tables by case, or words such as \"nếu có\"", n, len(p.list)))
	}
}

func (p *papers) doubt(kind Kind, place, text string) {
	if text != "" {
		p.doubts = append(p.doubts, Doubt{kind, place, excerpt(text, 1500)})
	}
}

// table reads one table and returns what stands behind its last row: the title
// of the next one.
func (p *papers) table(text, title string, single bool) (rest string) {
	start := 0
	for _, at := range copiesCell.FindAllStringSubmatchIndex(text, -1) {
		number := text[at[2]:at[3]]
		if at[0] < start || !endsPaper(text, at[0], at[1], number) {
			continue
		}
		cut := len(number) - 1 // of a run of digits, the last is the number of copies
		if cut > 0 && at[0] > 0 && number != "10" {
			p.doubt(QuantityGlued, p.next(), excerpt(text[max(start, at[0]-60):at[1]], 100))
		} else {
			cut = 0
		}
		paper := engine.Component{Originals: count(number[cut:])}
		if at[4] >= 0 {
			paper.Copies = count(text[at[4]:at[5]])
		}
		p.add(paper, text[start:at[0]+cut], title, single)
		start = at[1]
	}
	return text[start:]
}

// endsPaper says whether a number of originals is a cell of its own, and not
// words within a name: what follows is glued to it, or begins a new name.
func endsPaper(text string, start, end int, number string) bool {
	after := text[end:]
	next, size := utf8.DecodeRuneInString(after)
	switch {
	case size == 0:
		return true
	case len(number) > 1 && number[0] == '0' && start > 0 && text[start-1] == ' ':
		return false // "01 bản chính" is how names say it
	case copiesNext.MatchString(after):
		return false // the cell follows the words
	case unicode.IsSpace(next):
		first, _ := utf8.DecodeRuneInString(strings.TrimLeft(after, " \n"))
		return text[max(start-1, 0)] != ' ' && (unicode.IsUpper(first) || strings.ContainsRune("-+*•", first) || first == utf8.RuneError)
	}
	return !strings.ContainsRune(",.;:)/", next)
}

func count(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return min(n, 100)
}

// next is the place of the paper that will be added.
func (p *papers) next() string { return fmt.Sprintf("/components/%d", len(p.list)) }

func (p *papers) add(paper engine.Component, words, title string, single bool) {
	name, form, separated := formOf(draft.Clean(words))
	name = strings.Trim(name, " -–+*•;")
	if len(p.list) == maxComponents {
		p.over++
		return
	}
	if !separated {
		p.doubt(FormNotSeparated, p.next(), name)
	}
	if name == "" {
		p.doubt(ComponentsUnread, "/components", "a paper without a name; form: "+form)
		return
	}
	full := name
	name, cutName := draft.Cut(name, 500)
	form, cutForm := draft.Cut(form, 100)
	if cutName || cutForm {
		p.doubt(TextCut, p.next(), full)
	}
	if single && !conditionalWords.MatchString(full) {
		paper.Required = engine.Always
	}
	paper.ID, paper.Name, paper.Form = p.ids.next(name, "paper"), engine.Text{VI: name}, form
	p.list, p.groups = append(p.list, paper), append(p.groups, title)
}

var conditionalWords = regexp.MustCompile(`(?i)nếu có|nếu cần|(?:đối với |trong )?trường hợp|hoặc|nếu `)

var (
	fileName = regexp.MustCompile(`(?i)\.(?:docx?|pdf|xlsx?|rtf|zip|rar|jpe?g|png|html?)$`)
	// fileStart is where a name ends and the file of its form begins, without a space.
	fileStart = regexp.MustCompile(`[);.”"](\p{Lu})|\p{Ll}(\p{Lu})`)
)

// formOf parts a paper's name from the file of its form, which follows without
// a space; separated is false where there is a file and no seam.
func formOf(words string) (name, form string, separated bool) {
	extension := fileName.FindStringIndex(words)
	if extension == nil {
		return words, "", true
	}
	const most = 200 // bytes a file's name may take
	from := max(0, extension[0]-most)
	for !utf8.RuneStart(words[from]) {
		from++
	}
	seams := fileStart.FindAllStringSubmatchIndex(words[from:extension[0]], -1)
	for _, strong := range []bool{true, false} {
		for _, at := range seams {
			if begin := max(at[2], at[4]); (at[2] >= 0) == strong && begin > 0 {
				return words[:from+begin], words[from+begin:], true
			}
		}
	}
	return words, "", false
}
