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

// havingTermsSQL finds dossiers of an agency that have all of n terms: its
// parameters are the agency, the most that are looked for, and the terms. It
// joins them, so that the rarest leads.
func havingTermsSQL(n int) string {
	sql := "SELECT t.dossier_id FROM dossier_terms t"
	for i := range n - 1 {
		sql += fmt.Sprintf(" JOIN dossier_terms t%d ON t%[1]d.agency = $1 AND t%[1]d.term = $%d AND t%[1]d.dossier_id = t.dossier_id", i+1, i+4)
	}
	return sql + " WHERE t.agency = $1 AND t.term = $3 LIMIT $2"
}

// hasTerms says of a dossier d whether it has all of the terms. Each is looked
// up by itself: as EXISTS, the planner would rather read all that have it.
func hasTerms(c *conditions, terms [][]byte) string {
	each := make([]string, len(terms))
	for i, term := range terms {
		each[i] = "(SELECT true FROM dossier_terms t WHERE t.agency = d.agency AND t.term = " + c.param(term) + " AND t.dossier_id = d.id)"
	}
	return "(" + strings.Join(each, " AND ") + ")"
}
