package engine

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Digest is a link of a dossier's chain: SHA-256 in lower-case hex.
type Digest string

// Seal writes a fact as the text that is stored and links it to the fact
// before it. The digest covers the previous digest, the dossier's code and the
// very bytes stored, each preceded by its length, so that no row can be
// altered, moved, removed or lent to another dossier unnoticed. The first fact
// follows the empty digest.
func Seal(previous Digest, dossier string, f Fact) (body []byte, link Digest, err error) {
	body, err = json.Marshal(f)
	if err != nil {
		return nil, "", fmt.Errorf("seal fact %d of %s: %w", f.Seq, dossier, err)
	}
	return body, Link(previous, dossier, body), nil
}

// Link computes the digest of a stored body.
func Link(previous Digest, dossier string, body []byte) Digest {
	h := sha256.New()
	for _, part := range [][]byte{[]byte(previous), []byte(dossier), body} {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		h.Write(length[:])
		h.Write(part)
	}
	return Digest(hex.EncodeToString(h.Sum(nil)))
}
