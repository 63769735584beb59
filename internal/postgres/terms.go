package postgres

import (
	"fmt"
	"strings"

	"motcua/engine"
)

// maxTerms bounds what one dossier is found by, and what one search asks for.
const maxTerms = 16

// terms are what a text is looked for by in the blind index of applicants
// (dossier_terms): a keyed digest of each word, without diacritics and in
// lower case. A dossier is found when it has all of them. It is empty when the
// text has no words, or the ledger no keys.
func (l *Ledger) terms(text string) [][]byte {
	var out [][]byte
	for _, word := range words(text) {
		if term := l.keys.Index(word); term != nil && len(out) < maxTerms {
			out = append(out, term)
		}
	}
	return out
}

// applicantTerms are what a dossier is found by.
func (l *Ledger) applicantTerms(a engine.Applicant) [][]byte {
	return l.terms(a.Name + " " + strings.Join(strings.Fields(a.ID), ""))
}

// havingTerms is a query for the dossiers that have all of the terms. It joins
// them, so that the rarest leads.
func havingTerms(c *conditions, terms [][]byte) string {
	var joins string
	for i, term := range terms[1:] {
		joins += fmt.Sprintf(" JOIN dossier_terms t%d ON t%[1]d.dossier_id = t.dossier_id AND t%[1]d.term = %s", i+1, c.param(term))
	}
	return "SELECT t.dossier_id FROM dossier_terms t" + joins + " WHERE t.term = " + c.param(terms[0])
}
