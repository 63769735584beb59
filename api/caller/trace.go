package caller

import (
	"crypto/rand"
	"encoding/hex"
	"strings"
)

// Trace takes the trace id of a W3C traceparent header, so that a request
// keeps one id across systems, or makes one.
func Trace(traceparent string) string {
	parts := strings.Split(traceparent, "-")
	if len(parts) >= 4 && len(parts[1]) == 32 && lowerHex(parts[1]) && strings.Trim(parts[1], "0") != "" {
		return parts[1]
	}
	return RandomID()
}

// RandomID is 128 random bits in lower-case hex.
func RandomID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails: it ends the process instead
	return hex.EncodeToString(b[:])
}

func lowerHex(s string) bool {
	return strings.Trim(s, "0123456789abcdef") == ""
}
