package postgres

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"github.com/jackc/pgx/v5"
	"golang.org/x/text/unicode/norm"

	"motcua/engine"
)

// fewFound is how many dossiers a search lists by themselves. What is rarer
// than that among many is found this way, and what is commoner is come across.
const fewFound = 2000

// search is what the words of a filter mean: the beginning of a dossier's
// code, the name of a procedure, or who asks.
type search struct {
	asked      bool
	found      []int64  // dossiers with the code or the name, where those are few
	code       string   // the beginning of a code that many have
	procedures []string // whose names have all the words
	terms      [][]byte // of the applicant, whole words that many have
}

// searchFor finds what a query means among an agency's dossiers. Words are
// compared without diacritics and in lower case, each as the beginning of a
// word of the name.
func (l *Ledger) searchFor(ctx context.Context, agency, query string) (search, error) {
	query = strings.TrimSpace(query)
	if query == "" {
		return search{}, nil
	}
	s := search{asked: true, terms: l.terms(query)}
	if mayBeginCode(query) {
		s.code = strings.ToUpper(query)
	}
	var err error
	if s.procedures, err = l.proceduresNamed(ctx, words(query)); err != nil {
		return s, err
	}
	return s, coded(l.few(ctx, agency, &s), "search dossiers")
}

// mayBeginCode says whether a query is tried as the beginning of a code, which
// hands it to the database as it is. What has only digits, and more than any
// group of a code, is a person's number: it is looked for by its digest alone,
// so that it is in no log of statements.
func mayBeginCode(query string) bool {
	const longest = 8
	return !strings.ContainsFunc(query, func(r rune) bool { return r > unicode.MaxASCII || unicode.IsSpace(r) }) &&
		(len(query) <= longest || strings.Trim(query, "0123456789") != "")
}

// few lists the dossiers with a code or a name, unless they are many.
func (l *Ledger) few(ctx context.Context, agency string, s *search) error {
	b := &pgx.Batch{}
	look := func(sql string, rare func(), args ...any) {
		b.Queue(sql, append([]any{agency, fewFound + 1}, args...)...).Query(func(rows pgx.Rows) error {
			ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
			if len(ids) <= fewFound {
				s.found = append(s.found, ids...)
				rare()
			}
			return err
		})
	}
	if s.code != "" {
		look(`SELECT id FROM dossiers WHERE agency = $1 AND code LIKE $3 LIMIT $2`, func() { s.code = "" }, likePrefix(s.code))
	}
	if len(s.terms) > 0 {
		args := make([]any, len(s.terms))
		for i, term := range s.terms {
			args[i] = term
		}
		look(havingTermsSQL(len(s.terms)), func() { s.terms = nil }, args...)
	}
	return l.pool.SendBatch(ctx, b).Close()
}

// proceduresNamed finds the procedures with all the words in one of their
// names, or in their code.
func (l *Ledger) proceduresNamed(ctx context.Context, wanted []string) ([]string, error) {
	rows, err := l.pool.Query(ctx, `SELECT DISTINCT code, name FROM procedure_versions WHERE state IN ('published', 'retired')`)
	if err != nil {
		return nil, coded(err, "search procedures")
	}
	var found []string
	var code string
	var name engine.Text
	_, err = pgx.ForEachRow(rows, []any{&code, &name}, func() error {
		here := slices.Concat(words(name.VI), words(name.EN), words(code))
		begins := func(word string) bool {
			return slices.ContainsFunc(here, func(h string) bool { return strings.HasPrefix(h, word) })
		}
		if len(wanted) > 0 && !slices.ContainsFunc(wanted, func(w string) bool { return !begins(w) }) && !slices.Contains(found, code) {
			found = append(found, code)
		}
		return nil
	})
	return found, coded(err, "search procedures")
}

// add narrows a selection to what was searched for.
func (s search) add(c *conditions) {
	if !s.asked {
		return
	}
	var any []string
	if len(s.found) > 0 {
		any = append(any, "d.id = ANY("+c.param(s.found)+")")
	}
	if s.code != "" {
		any = append(any, "d.code LIKE "+c.param(likePrefix(s.code)))
	}
	if len(s.procedures) > 0 {
		any = append(any, "d.procedure_code = ANY("+c.param(s.procedures)+")")
	}
	if len(s.terms) > 0 {
		any = append(any, hasTerms(c, s.terms))
	}
	if len(any) == 0 {
		any = []string{"false"}
	}
	c.list = append(c.list, "("+strings.Join(any, " OR ")+")")
}

// words are those of a text as they are compared: đ and Đ are d, every other
// diacritic falls away, each word is there once.
func words(text string) []string {
	folded := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == 'đ' || r == 'Đ':
			return 'd'
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		default:
			return ' '
		}
	}, norm.NFD.String(text))
	fields := strings.Fields(folded)
	slices.Sort(fields)
	return slices.Compact(fields)
}
