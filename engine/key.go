package engine

import (
	"fmt"
	"strings"
	"time"
)

// Bounds of API keys.
const (
	// KeyLife is how long a key is good for where nothing else is said.
	KeyLife = 365 * 24 * time.Hour
	// KeyLifeMax is the longest a key may be good for.
	KeyLifeMax = 3 * KeyLife
	// KeyOverlap is how long a key that was exchanged goes on working where
	// nothing else is said: time to roll the new one out.
	KeyOverlap = 24 * time.Hour
	// KeyOverlapMax is the longest it may.
	KeyOverlapMax = 30 * 24 * time.Hour
)

// The states of a key.
const (
	KeyActive  = "active"
	KeyExpired = "expired"
	KeyRevoked = "revoked"
)

// KeyRequest asks for an API key of the actor's agency.
type KeyRequest struct {
	// ID is the public half; empty: it is invented.
	ID   string
	Kind ActorKind // ActorSystem or ActorOfficer
	// Name says what it is for; a system acts under it.
	Name    string
	Officer string // whose key it is, with ActorOfficer
	// Verbs it is for; none: all that its bearer may.
	Verbs []Verb
	Life  time.Duration // zero: [KeyLife]
}

// KeyRecord is an API key as it may be shown: without its secret.
type KeyRecord struct {
	ID         string    `json:"id"`
	Kind       ActorKind `json:"kind"`
	Name       string    `json:"name"`
	Officer    string    `json:"officer,omitempty"`
	Agency     string    `json:"agency"`
	Verbs      []Verb    `json:"verbs,omitempty"`
	State      string    `json:"state"`
	IssuedBy   string    `json:"issued_by"`
	CreatedAt  time.Time `json:"created_at"`
	ExpiresAt  time.Time `json:"expires_at,omitzero"`
	LastUsedAt time.Time `json:"last_used_at,omitzero"` // to the minute; zero: never
	RevokedAt  time.Time `json:"revoked_at,omitzero"`
	RevokedBy  string    `json:"revoked_by,omitempty"`
	// Replaces is the key it was exchanged for, ReplacedBy the one that came.
	Replaces   string `json:"replaces,omitempty"`
	ReplacedBy string `json:"replaced_by,omitempty"`
}

// MayManageKeys says whether an actor may issue and revoke the keys of their
// agency. Errors: CodeWrongRole, CodeForbidden.
func MayManageKeys(a Actor) error {
	if a.itself() || a.Agency != "" && May(a, VerbManageKeys) > ScopeNone {
		return nil
	}
	return VerbManageKeys.Refused(a)
}

// CheckKey holds a request for a key against what can be: bearer is who will
// act by it, as they may act today. No key is for more than its bearer may.
// Errors: CodeInvalid with the path, CodeForbidden.
func CheckKey(k KeyRequest, bearer Actor) error {
	switch {
	case k.Kind != ActorSystem && k.Kind != ActorOfficer:
		return &Error{Code: CodeInvalid, Path: "/kind", Message: "a key belongs to a system or to an officer"}
	case strings.TrimSpace(k.Name) == "":
		return &Error{Code: CodeInvalid, Path: "/name", Message: "say what the key is for"}
	case k.Kind == ActorSystem && (k.Name == Itself.ID || k.Name == LinkActor):
		return &Error{Code: CodeInvalid, Path: "/name", Message: "the program itself acts under this name"}
	case (k.Kind == ActorOfficer) != (k.Officer != ""):
		return &Error{Code: CodeInvalid, Path: "/officer", Message: "an officer is named for the key of an officer, and for no other"}
	case k.Life < 0 || k.Life > KeyLifeMax:
		return &Error{Code: CodeInvalid, Path: "/days", Message: fmt.Sprintf("a key is good for %d days at most", int(KeyLifeMax.Hours()/24))}
	}
	for i, v := range k.Verbs {
		path := fmt.Sprintf("/verbs/%d", i)
		if !v.Known() {
			return &Error{Code: CodeInvalid, Path: path, Message: fmt.Sprintf("there is no verb %q; docs/authority.md lists them", v)}
		}
		if May(bearer, v) == ScopeNone {
			return &Error{Code: CodeForbidden, Path: path, Message: fmt.Sprintf("whom the key is for may not %s", v)}
		}
	}
	return nil
}

// StateAt is whether the key opens anything at a moment, and if not, why.
func (k KeyRecord) StateAt(now time.Time) string {
	switch {
	case !k.RevokedAt.IsZero():
		return KeyRevoked
	case !k.ExpiresAt.IsZero() && !k.ExpiresAt.After(now):
		return KeyExpired
	}
	return KeyActive
}
