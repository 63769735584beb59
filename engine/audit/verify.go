package audit

import (
	"motcua/engine/calendar"
)

// Books checks digests against each other and against keys, in the order of
// books and days: it needs nothing but what was exported.
type Books struct {
	Keys []SealKey
	// Pinned, when given, are the only keys accepted, whatever Keys says.
	Pinned []PublicKey
	// Partial says that a book may begin in the middle.
	Partial bool

	Findings []Flaw
	Checked  int64

	last map[string]Digest
}

// Check takes the next digest.
func (b *Books) Check(d Digest) {
	b.Checked++
	find := func(what What) {
		b.Findings = append(b.Findings, Flaw{Kind: KindDigest, Name: d.Book, Day: d.Day, What: what})
	}
	if d.digest() != d.Digest {
		find(Altered)
	}
	switch key, ok := b.key(d); {
	case !ok:
		find(UnknownKey)
	case !key.verifies(d.Text(), d.Signature):
		find(BadSign)
	}
	if before, ok := b.last[d.Book]; ok {
		switch {
		case d.Day.After(before.Day.AddDays(1)):
			b.Findings = append(b.Findings, Flaw{Kind: KindDigest, Name: d.Book, Day: before.Day.AddDays(1), What: Missing, Detail: until(before.Day.AddDays(1), d.Day.AddDays(-1))})
		case d.Previous != before.Digest:
			find(Unlinked)
		}
	} else if d.Previous != "" && !b.Partial {
		find(Unlinked)
	}
	if b.last == nil {
		b.last = map[string]Digest{}
	}
	b.last[d.Book] = d
}

func until(from, through calendar.Date) string {
	if through == from {
		return ""
	}
	return "– " + through.String()
}

// Last is the last digest of a book.
func (b *Books) Last(book string) (Digest, bool) {
	d, ok := b.last[book]
	return d, ok
}

func (b *Books) key(d Digest) (PublicKey, bool) {
	if len(b.Pinned) > 0 {
		for _, k := range b.Pinned {
			if k.ID() == d.Key {
				return k, true
			}
		}
		return PublicKey{}, false
	}
	for i, k := range b.Keys {
		if k.ID != d.Key || k.PublicKey.ID() != k.ID {
			continue
		}
		// A key signs from when it was registered until the next one was.
		within := !d.SealedAt.Before(k.From) && (i+1 == len(b.Keys) || !d.SealedAt.After(b.Keys[i+1].From))
		return k.PublicKey, within
	}
	return PublicKey{}, false
}

// CheckKeys checks that each key but the first was endorsed by the one before.
func CheckKeys(keys []SealKey) []Flaw {
	var out []Flaw
	for i, k := range keys {
		find := func(what What) { out = append(out, Flaw{Kind: KindKey, Name: k.ID, What: what}) }
		switch {
		case k.PublicKey.ID() != k.ID:
			find(Altered)
		case i == 0 && k.Replaces != "":
			find(Unlinked)
		case i > 0 && (k.Replaces != keys[i-1].ID || !keys[i-1].PublicKey.verifies(k.Text(), k.Endorsement)):
			find(Unendorsed)
		}
	}
	return out
}

// Proof shows that the head of a record was among what a day's digest is of.
type Proof struct {
	Leaf   Leaf    `json:"leaf"`
	Path   Path    `json:"path"`
	Digest Digest  `json:"digest"`
	Key    SealKey `json:"key"`
}

// Check verifies a proof by itself, or by a pinned key.
func (p Proof) Check(pinned ...PublicKey) []Flaw {
	b := Books{Keys: []SealKey{p.Key}, Pinned: pinned, Partial: true}
	b.Check(p.Digest)
	out := b.Findings
	if p.Path.Leaves != p.Digest.Leaves || !p.Path.Proves(p.Leaf, p.Digest.Root) {
		out = append(out, Flaw{Kind: p.Leaf.Kind, Name: p.Leaf.Name, Seq: p.Leaf.Seq, What: NoProof, Day: p.Digest.Day})
	}
	return out
}
