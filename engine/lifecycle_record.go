package engine

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"motcua/engine/calendar"
)

// VersionRecord is a version with what its control has found and recorded.
type VersionRecord struct {
	Version
	State VersionState `json:"state"`
	// Authors are all who uploaded a text under this version: one text is
	// written upon another, so none of them may approve.
	Authors  []string `json:"authors"`
	Approver string   `json:"approver,omitempty"`
	// Findings are those of the last check: warnings and, of a draft, errors.
	Findings    Findings  `json:"findings,omitempty"`
	UploadedAt  time.Time `json:"uploaded_at"`
	PublishedAt time.Time `json:"published_at,omitzero"`
}

// Upload is a text to be stored as a version.
type Upload struct {
	Actor Actor
	// Definition is what was read from the text; of a draft, what could be.
	Definition Definition
	Text       []byte
	Findings   Findings
	// Draft stores the text whatever was found in it; it cannot be approved.
	Draft bool
	// Origin says which bundle the text came with; empty for an upload proper.
	Origin string
}

// Action is what the upload is on the trail.
func (u Upload) Action() VersionAction {
	if u.Origin != "" {
		return ActionImport
	}
	return ActionUpload
}

// VersionCommand asks for a step in the life of a version.
type VersionCommand struct {
	Code    string
	Version int
	Action  VersionAction
	Actor   Actor
	Comment string
	// SHA256, when given, is the text that is meant: another one may have
	// replaced it since it was read.
	SHA256 string
	To     calendar.Date // with ActionRetire: the first day it is no longer in effect
}

// VersionEvent is one entry of a version's trail.
type VersionEvent struct {
	Seq       int64         `json:"seq"`
	At        time.Time     `json:"at"`
	ActorKind ActorKind     `json:"actor_kind"`
	Actor     string        `json:"actor"`
	Action    VersionAction `json:"action"`
	State     VersionState  `json:"state"` // after the step
	SHA256    string        `json:"sha256"`
	Effective Effective     `json:"effective,omitzero"` // after the step
	Comment   string        `json:"comment,omitempty"`
	Findings  int           `json:"findings"` // how many there were
}

// StoredVersionEvent is an entry with its link in the version's chain.
type StoredVersionEvent struct {
	VersionEvent
	Digest Digest `json:"digest"`
}

// SealVersionEvent writes an entry as the text that is stored and links it to
// the entry before it, as [Seal] does with facts.
func SealVersionEvent(previous Digest, code string, version int, e VersionEvent) (body []byte, link Digest, err error) {
	body, err = json.Marshal(e)
	if err != nil {
		return nil, "", fmt.Errorf("seal entry %d of procedure %s version %d: %w", e.Seq, code, version, err)
	}
	return body, LinkVersionEvent(previous, code, version, body), nil
}

// LinkVersionEvent computes the digest of a stored entry.
func LinkVersionEvent(previous Digest, code string, version int, body []byte) Digest {
	return Link(previous, code+"@"+strconv.Itoa(version), body)
}

// Itself is the program as an actor: what it publishes when it is set up.
var Itself = Actor{Kind: ActorSystem, ID: "motcua"}

func (a Actor) itself() bool { return a.Kind == Itself.Kind && a.ID == Itself.ID }

// Uploaded is the answer to an [Upload].
type Uploaded struct {
	VersionRecord
	Created bool `json:"created"` // no text had been stored under this version
}

// CatalogueImport is a catalogue that comes from another environment. Its
// versions still have to be approved and published here.
type CatalogueImport struct {
	Actor     Actor
	Uploads   []Upload // each with its Origin
	Calendars []calendar.Spec
}

// What became of one version of an import.
const (
	ImportStored    = "stored"    // it waits for approval
	ImportIdentical = "identical" // the same text was here already
	ImportConflict  = "conflict"  // another text was: nothing at all was imported
)

// ImportResult says what became of one version of an import.
type ImportResult struct {
	Code    string       `json:"code"`
	Version int          `json:"version"`
	SHA256  string       `json:"sha256"`
	Result  string       `json:"result"`
	State   VersionState `json:"state"` // here, now
}

// StoredCalendar is a version of a calendar as it is stored: JSON text and its
// SHA-256.
type StoredCalendar struct {
	Code    string
	Version int
	Text    []byte
	SHA256  string
}
