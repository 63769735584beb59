package engine

import (
	"fmt"
	"strconv"
	"strings"
)

// Percent is a share of a clock's budget in whole per cent, written "75%".
type Percent int

// IsZero says whether no share is set.
func (p Percent) IsZero() bool { return p == 0 }

// String writes the share as definitions do.
func (p Percent) String() string { return strconv.Itoa(int(p)) + "%" }

// MarshalText writes the share as definitions do.
func (p Percent) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads "1%" to "100%"; what lies past the due moment is said
// with after, in the clock's own units.
func (p *Percent) UnmarshalText(text []byte) error {
	digits, ok := strings.CutSuffix(string(text), "%")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n < 1 || n > 100 {
		return fmt.Errorf("%q is not a share from 1%% to 100%%", text)
	}
	*p = Percent(n)
	return nil
}
