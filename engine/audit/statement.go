package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"motcua/engine"
	"motcua/engine/calendar"
)

// Statement says what a book held at the end of a day.
type Statement struct {
	Book   string        `json:"book"` // code of an agency, or [Common]
	Day    calendar.Date `json:"day"`  // of Viet Nam
	Leaves int64         `json:"leaves"`
	Root   engine.Digest `json:"root"`
	// Previous is the digest of the book's statement of the day before; empty
	// in the first.
	Previous engine.Digest `json:"previous,omitempty"`
	SealedAt time.Time     `json:"sealed_at"`
	Key      string        `json:"key"`
}

// Text is the statement as it is signed, and as it is printed to be kept.
func (s Statement) Text() string {
	previous := s.Previous
	if previous == "" {
		previous = "none"
	}
	return fmt.Sprintf("motcua audit digest 1\nbook %s\nday %s\nleaves %d\nroot %s\nprevious %s\nsealed %s\nkey %s\n",
		s.Book, s.Day, s.Leaves, s.Root, previous, instant(s.SealedAt), s.Key)
}

// Digest is a statement with its signature: one link of a book.
type Digest struct {
	Statement
	Digest    engine.Digest `json:"digest"` // SHA-256 of the statement's text
	Signature string        `json:"signature"`
}

// Sign makes the statement a digest.
func (s Statement) Sign(k PrivateKey) Digest {
	s.Key = k.Public().ID()
	return Digest{Statement: s, Digest: s.digest(), Signature: k.sign(s.Text())}
}

func (s Statement) digest() engine.Digest {
	sum := sha256.Sum256([]byte(s.Text()))
	return engine.Digest(hex.EncodeToString(sum[:]))
}

// Print is the digest as it is printed and filed.
func (d Digest) Print() string {
	return d.Text() + "digest " + string(d.Digest) + "\nsignature " + d.Signature + "\n"
}
