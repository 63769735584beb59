package postgres

import (
	"encoding/json"
	"regexp"
	"strings"

	"motcua/engine"
)

// envelopes finds sealed texts inside others. They need no escape in JSON, so
// they are found there too.
var envelopes = regexp.MustCompile(`\{mc1:[A-Za-z0-9_-]+\}`)

// hide replaces what officers wrote in stored JSON by the mark that there is
// something: what a reader who did not ask gets to see.
func hide(stored []byte, erased bool) []byte {
	mark := engine.Hidden
	if erased {
		mark = engine.Destroyed
	}
	if !strings.Contains(string(stored), envelopeHead) {
		return stored
	}
	return envelopes.ReplaceAllLiteral(stored, []byte(mark))
}

// reveal opens what officers wrote in stored JSON. What was altered shows as
// hidden: the chain says that it was, and the rest stays legible. A key that is
// missing is an error, for somebody can bring it.
func (s *safe) reveal(stored []byte) ([]byte, error) {
	if s.destroyed {
		return hide(stored, true), nil
	}
	var failure error
	out := envelopes.ReplaceAllFunc(stored, func(envelope []byte) []byte {
		plain, err := s.open(string(envelope), engine.PartComments)
		switch {
		case engine.CodeOf(err) == engine.CodeUnavailable:
			failure = err
			return nil
		case err != nil:
			return []byte(engine.Hidden)
		}
		quoted, err := json.Marshal(plain)
		if err != nil {
			failure = err
			return nil
		}
		return quoted[1 : len(quoted)-1]
	})
	return out, failure
}
