package pgtest

import (
	"bytes"

	"motcua/internal/keyring"
)

// KeyFile is the key ring of tests, the same for ever: what one process seals
// another opens. It protects nothing.
func KeyFile() keyring.File {
	return keyring.File{
		Active: "test-1",
		Keys:   map[string][]byte{"test-1": bytes.Repeat([]byte("k"), 32)},
		Index:  bytes.Repeat([]byte("i"), 32),
	}
}

// Keys is the ring of [KeyFile].
func Keys() *keyring.Ring {
	r, err := KeyFile().Ring()
	if err != nil {
		panic(err) // a literal above is wrong
	}
	return r
}
