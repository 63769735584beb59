// Package keyring holds the keys that personal data rests on. A ring has one
// active key, which seals, and older ones, which only open what they sealed
// before; each is known by an id that stands in front of everything it sealed.
// A third secret makes the blind index: it never seals anything, and it stays
// when the keys change, because what was indexed is found by it alone.
package keyring

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"slices"

	"motcua/engine"
)

// keySize is that of AES-256 and of the index secret.
const keySize = 32

// format is the first byte of what a ring seals; another one is another way.
const format = 1

// ErrKeyMissing says that something was sealed under a key the ring does not
// have: it was removed too early, or the ring is that of another installation.
var ErrKeyMissing = errors.New("the key it was sealed under is not in the key ring")

// ErrAltered says that something is not what was sealed, or not for this place.
var ErrAltered = errors.New("what was sealed was altered or belongs elsewhere")

// Ring is a set of keys. It is safe for concurrent use and never changes.
type Ring struct {
	active string
	keys   map[string]cipher.AEAD
	index  []byte
}

func newRing(active string, keys map[string][]byte, index []byte) (*Ring, error) {
	r := &Ring{active: active, keys: make(map[string]cipher.AEAD, len(keys)), index: index}
	for id, key := range keys {
		if id == "" || len(id) > 64 {
			return nil, errors.New("key ring: an id of a key has 1 to 64 characters")
		}
		if len(key) != keySize {
			return nil, fmt.Errorf("key ring: key %q does not have %d bytes", id, keySize)
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, fmt.Errorf("key ring: key %q: %w", id, err)
		}
		if r.keys[id], err = cipher.NewGCMWithRandomNonce(block); err != nil {
			return nil, fmt.Errorf("key ring: key %q: %w", id, err)
		}
	}
	if r.keys[active] == nil {
		return nil, fmt.Errorf("key ring: the active key %q is not among its keys", active)
	}
	if len(index) != keySize {
		return nil, fmt.Errorf("key ring: the index secret does not have %d bytes", keySize)
	}
	return r, nil
}

// Active is the id of the key that seals.
func (r *Ring) Active() string { return r.active }

// IDs lists the keys of the ring.
func (r *Ring) IDs() []string { return slices.Sorted(maps.Keys(r.keys)) }

// Seal encrypts under the active key. The place says what it is and where it
// belongs; it is not stored, and without the same one it does not open.
func (r *Ring) Seal(plain []byte, place string) ([]byte, error) {
	head := append([]byte{format, byte(len(r.active))}, r.active...)
	return r.keys[r.active].Seal(head, nil, plain, bound(head, place)), nil
}

// Open decrypts what some key of the ring sealed for the place. Errors:
// [ErrKeyMissing] and [ErrAltered] as causes; nothing is returned with them.
func (r *Ring) Open(sealed []byte, place string) ([]byte, error) {
	id, head, err := split(sealed)
	if err != nil {
		return nil, err
	}
	key, known := r.keys[id]
	if !known {
		return nil, fmt.Errorf("key %q: %w: %w", id, engine.Errorf(engine.CodeUnavailable, "key %q is needed and is not in the key ring", id), ErrKeyMissing)
	}
	plain, err := key.Open(nil, nil, sealed[len(head):], bound(head, place))
	if err != nil {
		return nil, fmt.Errorf("key %q: %w", id, ErrAltered)
	}
	return plain, nil
}

// KeyOf is the id of the key that something was sealed under; empty if it was
// not sealed by a ring.
func (r *Ring) KeyOf(sealed []byte) string {
	id, _, _ := split(sealed)
	return id
}

// Index is what a text is found by without being stored: HMAC-SHA-256 under
// the index secret, the first half of it.
func (r *Ring) Index(text string) []byte {
	mac := hmac.New(sha256.New, r.index)
	mac.Write([]byte(text))
	return mac.Sum(nil)[:16]
}

// split takes the head off what was sealed.
func split(sealed []byte) (id string, head []byte, err error) {
	if len(sealed) < 2 || sealed[0] != format || len(sealed) < 2+int(sealed[1]) {
		return "", nil, ErrAltered
	}
	head = sealed[:2+int(sealed[1])]
	return string(head[2:]), head, nil
}

// bound is what the tag covers beside the text.
func bound(head []byte, place string) []byte {
	return append(slices.Clone(head), place...)
}
