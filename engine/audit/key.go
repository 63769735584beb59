package audit

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"strings"
	"time"
)

// PublicKey verifies digests. Its text is the base64 of its 32 bytes.
type PublicKey struct{ key ed25519.PublicKey }

// PrivateKey signs digests.
type PrivateKey struct{ key ed25519.PrivateKey }

// NewPrivateKey takes over a key.
func NewPrivateKey(key ed25519.PrivateKey) PrivateKey { return PrivateKey{key} }

// Set says whether there is a key.
func (k PrivateKey) Set() bool { return len(k.key) == ed25519.PrivateKeySize }

// Public is the key that verifies what this one signs.
func (k PrivateKey) Public() PublicKey {
	public, _ := k.key.Public().(ed25519.PublicKey)
	return PublicKey{public}
}

func (k PrivateKey) sign(text string) string {
	return base64.StdEncoding.EncodeToString(ed25519.Sign(k.key, []byte(text)))
}

// ID names the key: the first half of the SHA-256 of its bytes, in hex. A
// stored id can therefore not be given another key.
func (k PublicKey) ID() string {
	sum := sha256.Sum256(k.key)
	return hex.EncodeToString(sum[:16])
}

func (k PublicKey) verifies(text, signature string) bool {
	raw, err := base64.StdEncoding.DecodeString(signature)
	return err == nil && len(k.key) == ed25519.PublicKeySize && ed25519.Verify(k.key, []byte(text), raw)
}

// String is the key in base64.
func (k PublicKey) String() string { return base64.StdEncoding.EncodeToString(k.key) }

// MarshalText writes the key in base64.
func (k PublicKey) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what ParsePublicKey does.
func (k *PublicKey) UnmarshalText(text []byte) (err error) {
	*k, err = ParsePublicKey(string(text))
	return err
}

var errKey = errors.New("not an Ed25519 key: PEM, or base64 in one line")

// PEM is the key as openssl writes it (PKCS #8).
func (k PrivateKey) PEM() (string, error) {
	der, err := x509.MarshalPKCS8PrivateKey(k.key)
	if err != nil {
		return "", fmt.Errorf("write key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), nil
}

// PEM is the key as openssl writes it (SubjectPublicKeyInfo).
func (k PublicKey) PEM() (string, error) {
	der, err := x509.MarshalPKIXPublicKey(k.key)
	if err != nil {
		return "", fmt.Errorf("write key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}

// ParsePrivateKey reads PEM, or the base64 of what is in it. The error never
// repeats the text.
func ParsePrivateKey(text string) (PrivateKey, error) {
	der, err := der(text)
	if err != nil {
		return PrivateKey{}, err
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	key, ok := parsed.(ed25519.PrivateKey)
	if err != nil || !ok {
		return PrivateKey{}, errKey
	}
	return PrivateKey{key}, nil
}

// ParsePublicKey reads PEM, the base64 of what is in it, or that of the bare
// 32 bytes.
func ParsePublicKey(text string) (PublicKey, error) {
	der, err := der(text)
	if err != nil {
		return PublicKey{}, err
	}
	if len(der) == ed25519.PublicKeySize {
		return PublicKey{der}, nil
	}
	parsed, err := x509.ParsePKIXPublicKey(der)
	key, ok := parsed.(ed25519.PublicKey)
	if err != nil || !ok {
		return PublicKey{}, errKey
	}
	return PublicKey{key}, nil
}

func der(text string) ([]byte, error) {
	if block, _ := pem.Decode([]byte(text)); block != nil {
		return block.Bytes, nil
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(raw) == 0 {
		return nil, errKey
	}
	return raw, nil
}

// SealKey is a key as the ledger keeps it: since when it signs, and which one it
// took over from. The one before endorses it, so that whoever can write to the
// table cannot simply begin to sign with a key of their own.
type SealKey struct {
	ID          string    `json:"id"`
	PublicKey   PublicKey `json:"public_key"`
	From        time.Time `json:"from"`
	Replaces    string    `json:"replaces,omitempty"`
	Endorsement string    `json:"endorsement,omitempty"`
}

// Text is what the endorsement is of.
func (k SealKey) Text() string {
	return "motcua audit key 1\nkey " + k.ID + "\npublic " + k.PublicKey.String() + "\nreplaces " + k.Replaces + "\nfrom " + instant(k.From) + "\n"
}

// FirstKey registers a key that no other comes before.
func FirstKey(k PublicKey, from time.Time) SealKey {
	return SealKey{ID: k.ID(), PublicKey: k, From: from}
}

// Succeed registers a key that takes over from another one, which endorses it.
// When the old key is lost, an unset one leaves it without.
func Succeed(k PublicKey, from time.Time, replaces string, old PrivateKey) SealKey {
	out := SealKey{ID: k.ID(), PublicKey: k, From: from, Replaces: replaces}
	if old.Set() {
		out.Endorsement = old.sign(out.Text())
	}
	return out
}

// instant writes a moment as statements do: to the microsecond, in UTC.
func instant(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000000Z") }
