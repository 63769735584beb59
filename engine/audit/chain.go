package audit

import (
	"motcua/engine"
	"motcua/engine/calendar"
)

// Row is one link of a chain as it is stored.
type Row struct {
	Seq    int64
	Body   []byte
	Digest engine.Digest
	// Says is the sequence the sealed body gives itself; 0 when it cannot be read.
	Says int64
}

// Sealed is a leaf of the chain and the day it was sealed on.
type Sealed struct {
	Leaf
	Day calendar.Date
}

// Chain checks the rows of one record, in order. After a row that is wrong it
// goes on from what is stored, so that one fault is named once and not at every
// row behind it.
type Chain struct {
	Kind, Name string
	// Context is what [engine.Link] binds the rows to.
	Context string
	// End is the last sequence the record's row names, and its digest; 0 where
	// nothing names one.
	End     int64
	EndLink engine.Digest
	// Seals are the leaves of the chain, oldest first.
	Seals []Sealed

	Findings []Flaw

	last    int64
	link    engine.Digest
	doubt   bool                    // the row before is missing or wrong: what it linked to is not certain
	linked  engine.Digest           // what the digest of the row before should have been
	moved   map[int64]engine.Digest // by what the bodies say
	checked int                     // seals looked at
	from    int64                   // first row the next seal is about
}

func (c *Chain) find(f Flaw) {
	f.Kind, f.Name = c.Kind, c.Name
	c.Findings = append(c.Findings, f)
}

// wrong says whether a row of a range was found to be wrong already.
func (c *Chain) wrong(from, through int64) bool {
	for _, f := range c.Findings {
		if f.Seq >= from && f.Seq <= through || f.Seq <= from && f.Through >= from {
			return true
		}
	}
	return false
}

// Add checks the next row.
func (c *Chain) Add(r Row) {
	if r.Seq > c.last+1 {
		c.missing(c.last+1, r.Seq-1)
		c.doubt, c.linked = true, ""
	}
	linked, wrong := engine.Link(c.link, c.Context, r.Body), false
	switch {
	case c.End > 0 && r.Seq > c.End:
		c.find(Flaw{Seq: r.Seq, What: Added})
		wrong = true
	case r.Says == r.Seq && (linked == r.Digest || c.otherwise(r)):
	case r.Says == r.Seq && c.doubt:
		// Whether this row is wrong too, or what it followed was exchanged with
		// its digest, nobody can tell from here.
		c.Findings[len(c.Findings)-1].Detail = "so that the next cannot be proven"
	default:
		c.find(Flaw{Seq: r.Seq, What: c.fault(r)})
		wrong = true
	}
	c.last, c.link, c.linked, c.doubt = r.Seq, r.Digest, linked, wrong
	c.seal(r)
}

// otherwise says whether a row follows what ought to be before it: the digest
// of the row before where that alone was changed, or the row that belongs
// there by what its body says.
func (c *Chain) otherwise(r Row) bool {
	if c.doubt && c.linked != "" && engine.Link(c.linked, c.Context, r.Body) == r.Digest {
		return true
	}
	before, ok := c.moved[r.Seq-1]
	return ok && engine.Link(before, c.Context, r.Body) == r.Digest
}

func (c *Chain) fault(r Row) What {
	switch r.Says {
	case 0:
		return Unreadable
	case r.Seq:
		return Altered
	}
	if c.moved == nil {
		c.moved = map[int64]engine.Digest{}
	}
	c.moved[r.Says] = r.Digest
	return Moved
}

func (c *Chain) missing(from, through int64) {
	f := Flaw{Seq: from, What: Missing}
	if through > from {
		f.Through = through
	}
	c.find(f)
}

// seal holds a row to the leaf that was sealed of it.
func (c *Chain) seal(r Row) {
	for c.checked < len(c.Seals) && c.Seals[c.checked].Seq <= r.Seq {
		s := c.Seals[c.checked]
		c.checked++
		if s.Seq == r.Seq && s.Digest != r.Digest && !c.wrong(c.from+1, s.Seq) {
			f := Flaw{Seq: c.from + 1, What: Replaced, Day: s.Day}
			if s.Seq > f.Seq {
				f.Through = s.Seq
			}
			c.find(f)
		}
		c.from = s.Seq
	}
}

// Close checks the end: what the record's row names, and what was sealed.
func (c *Chain) Close() {
	sealed := int64(0)
	for _, s := range c.Seals[c.checked:] {
		sealed = max(sealed, s.Seq)
	}
	if until := max(c.End, sealed); until > c.last {
		f := Flaw{Seq: c.last + 1, What: Missing}
		if until > f.Seq {
			f.Through = until
		}
		if sealed > c.End {
			f.Day = c.Seals[len(c.Seals)-1].Day
		}
		c.find(f)
		return
	}
	if c.End > 0 && c.last == c.End && c.link != c.EndLink && !c.wrong(c.last, c.last) {
		c.find(Flaw{Seq: c.last, What: OtherHead})
	}
}
