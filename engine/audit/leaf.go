package audit

import (
	"fmt"

	"github.com/transparency-dev/merkle/rfc6962"

	"motcua/engine"
)

// The kinds of leaf: what a head is of.
const (
	KindDossier   = "dossier"   // the chain of a dossier's facts
	KindProcedure = "procedure" // the trail of a version of a procedure
	KindCalendar  = "calendar"  // the trail of a version of a calendar
	KindAct       = "act"       // an act on many dossiers, as it was asked for
	KindTable     = "table"     // what a day added to an append-only table without a chain
	KindBook      = "book"      // the day's digest of an agency's book
)

// Common is the book of what belongs to no agency: trails of procedures and
// calendars, and the digests of the agencies' books. Its digest therefore
// covers everything.
const Common = "*"

// Leaf is the head of one chain as it stood at the end of a day.
type Leaf struct {
	Kind   string        `json:"kind"`
	Name   string        `json:"name"`
	Seq    int64         `json:"seq"`
	Digest engine.Digest `json:"digest"`
}

// Text is the leaf as it is hashed.
func (l Leaf) Text() string { return fmt.Sprintf("%s %s %d %s", l.Kind, l.Name, l.Seq, l.Digest) }

// hash is the leaf's node in the tree.
func (l Leaf) hash() []byte { return rfc6962.DefaultHasher.HashLeaf([]byte(l.Text())) }
