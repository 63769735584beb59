package engine

import (
	"fmt"
	"strconv"
)

// Quorum is how many of those asked must have spoken: "all", "any" or a
// number. The zero value is not said.
type Quorum struct{ n int }

// all is a quorum of everybody.
const all = -1

// IsZero says whether nothing was said.
func (q Quorum) IsZero() bool { return q.n == 0 }

// Of is the number it means among those asked; unsaid, it is all of them.
func (q Quorum) Of(asked int) int {
	if q.n <= 0 {
		return asked
	}
	return q.n
}

// All says whether everybody must speak.
func (q Quorum) All() bool { return q.n == all }

// String writes the quorum as definitions do.
func (q Quorum) String() string {
	switch q.n {
	case 0:
		return ""
	case all:
		return "all"
	case 1:
		return "any"
	}
	return strconv.Itoa(q.n)
}

// MarshalText writes the quorum as definitions do.
func (q Quorum) MarshalText() ([]byte, error) { return []byte(q.String()), nil }

// UnmarshalText reads "all", "any" or a number from 1 to 100.
func (q *Quorum) UnmarshalText(text []byte) error {
	switch string(text) {
	case "all":
		q.n = all
		return nil
	case "any":
		q.n = 1
		return nil
	}
	n, err := strconv.Atoi(string(text))
	if err != nil || n < 1 || n > 100 {
		return fmt.Errorf("%q is not all, any or a number from 1 to 100", text)
	}
	q.n = n
	return nil
}
