package api

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"motcua/api/caller"
	"motcua/engine"
)

// commandID derives a command's id from who asks, for which dossier, under
// which key, so that a repetition is the same command and nobody can hit on
// another's. Without a key every request is a command of its own. The body is
// not part of it: the same key with another body must be seen as a conflict.
func commandID(a engine.Actor, dossier, key string) string {
	if key == "" {
		return caller.RandomID()
	}
	h := sha256.New()
	for _, part := range []string{string(a.Kind), a.ID, dossier, key} {
		var length [8]byte
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		h.Write(length[:])
		h.Write([]byte(part))
	}
	return hex.EncodeToString(h.Sum(nil))[:32]
}

// digest is SHA-256 over a body in one canonical writing: known properties in
// one order, keys of maps sorted, no white space.
func digest(body any) (string, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return "", fmt.Errorf("digest of a request: %w", err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}
