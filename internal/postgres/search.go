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

// search is what the words of a filter mean: the beginning of a dossier's
// code, the name of a procedure, or who asks.
type search struct {
	asked      bool
	code       string   // the beginning of a code; empty: it cannot be one
	procedures []string // whose names have all the words
	terms      [][]byte // of the applicant, whole words
}

// searchFor finds what a query means. Words are compared without diacritics
// and in lower case, each as the beginning of a word of the name.
func (l *Ledger) searchFor(ctx context.Context, query string) (search, error) {
	query = strings.TrimSpace(query)
	if query == "" {
		return search{}, nil
	}
	s := search{asked: true, terms: l.terms(query)}
	if mayBeginCode(query) {
		s.code = strings.ToUpper(query)
	}
	var err error
	s.procedures, err = l.proceduresNamed(ctx, words(query))
	return s, err
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

// add narrows a selection to what was searched for. The dossiers of a code
// come from its own index: as one of several alternatives the planner would
// read every dossier of the agency instead.
func (s search) add(c *conditions) {
	if !s.asked {
		return
	}
	var any []string
	if s.code != "" {
		any = append(any, "d.id IN (SELECT o.id FROM dossiers o WHERE o.code LIKE "+c.param(likePrefix(s.code))+")")
	}
	if len(s.procedures) > 0 {
		any = append(any, "d.procedure_code = ANY("+c.param(s.procedures)+")")
	}
	if len(s.terms) > 0 {
		any = append(any, "d.id IN ("+havingTerms(c, s.terms)+")")
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
