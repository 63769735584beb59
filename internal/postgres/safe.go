package postgres

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// Keys is the key ring as the ledger needs it: it seals the data keys of
// dossiers, what waits to be decided, and the secrets of webhooks.
type Keys interface {
	// Active is the id of the key that seals, IDs those of all that open; KeyOf
	// is that of the key that sealed something.
	Active() string
	IDs() []string
	KeyOf(sealed []byte) string
	// Seal and Open encrypt for one place; elsewhere it does not open.
	Seal(plain []byte, place string) ([]byte, error)
	Open(sealed []byte, place string) ([]byte, error)
	// Index is a keyed digest, the same for ever.
	Index(text string) []byte
}

// noKeys is the ring of a ledger that was given none: nothing is sealed by it,
// so nothing personal is written, and nothing opens.
type noKeys struct{}

func (noKeys) Active() string                      { return "" }
func (noKeys) IDs() []string                       { return nil }
func (noKeys) KeyOf([]byte) string                 { return "" }
func (noKeys) Seal([]byte, string) ([]byte, error) { return nil, errNoKeys() }
func (noKeys) Open([]byte, string) ([]byte, error) { return nil, errNoKeys() }
func (noKeys) Index(string) []byte                 { return nil }

func errNoKeys() error {
	return engine.Errorf(engine.CodeUnavailable, "personal data and secrets are sealed, and there is no key ring here (MOTCUA_KEYS or MOTCUA_KEYS_FILE)")
}

// A sealed text is an envelope: it can stand inside any other text, as JSON
// or in an explanation, and is found again there.
const (
	envelopeHead = "{mc1:"
	envelopeTail = "}"
)

// errDestroyed says that the key of a dossier was destroyed.
var errDestroyed = errors.New("the personal data of the dossier was erased")

// safe is the data key of one dossier. Its zero value opens nothing.
type safe struct {
	dossier string
	key     cipher.AEAD
	// wrapped is the key as stored, to be written when it is new.
	wrapped   []byte
	keyID     string // of the ring, that wrapped it
	fresh     bool
	destroyed bool
	err       error // why it cannot be opened now
}

func keyPlace(dossier string) string { return "data-key/" + dossier }

// newSafe makes a data key for a dossier.
func (l *Ledger) newSafe(dossier string) (*safe, error) {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails: it ends the process instead
	wrapped, err := l.keys.Seal(key, keyPlace(dossier))
	if err != nil {
		return nil, err
	}
	s := &safe{dossier: dossier, wrapped: wrapped, keyID: l.keys.KeyOf(wrapped), fresh: true}
	s.key, err = newCipher(key)
	return s, err
}

// storedKey is what is stored of a dossier's data key: nothing, of a dossier
// from before there were keys; or that it was destroyed.
type storedKey struct {
	wrapped []byte
	erased  bool
}

// safe opens a dossier's data key. It does not fail: what cannot be opened now
// says why when it is used.
func (l *Ledger) safe(dossier string, k storedKey) *safe {
	s := &safe{dossier: dossier, destroyed: k.erased}
	if len(k.wrapped) == 0 {
		return s
	}
	key, err := l.keys.Open(k.wrapped, keyPlace(dossier))
	if err == nil {
		s.key, err = newCipher(key)
	}
	s.err = err
	return s
}

// filled is the safe of a dossier, with a new key where it had none.
func (l *Ledger) filled(dossier string, k storedKey) (*safe, error) {
	if len(k.wrapped) == 0 && !k.erased {
		return l.newSafe(dossier)
	}
	s := l.safe(dossier, k)
	return s, s.err
}

// termsSQL adds what a dossier is found by; queueKeySQL a data key as well.
const (
	termsSQL = `
INSERT INTO dossier_terms (agency, term, dossier_id) SELECT d.agency, t.term, d.id FROM dossiers d, unnest($2::bytea[]) AS t (term) WHERE d.id = $1
ON CONFLICT DO NOTHING`
	queueKeySQL = `
WITH stored AS (
	INSERT INTO dossier_keys (dossier_id, key_id, wrapped) VALUES ($1, $3, $4) ON CONFLICT DO NOTHING
)` + termsSQL
)

// queueKey writes a new data key, and what the dossier is found by.
func queueKey(b *pgx.Batch, id int64, s *safe, terms [][]byte) {
	if s != nil && s.fresh {
		b.Queue(queueKeySQL, id, terms, s.keyID, s.wrapped)
	}
}

func newCipher(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func (s *safe) bound(place string) []byte { return []byte(s.dossier + "\x00" + place) }

// seal puts a text into an envelope for one place of the dossier.
func (s *safe) seal(text, place string) (string, error) {
	switch {
	case s.err != nil:
		return "", s.err
	case strings.Contains(text, "\x00"), strings.Contains(text, `\u0000`): // what text columns refuse, too
		return "", engine.Errorf(engine.CodeInvalid, "the text holds a character that cannot be stored")
	case s.destroyed:
		return "", &engine.Error{Code: engine.CodeDossierClosed, Message: errDestroyed.Error()}
	case s.key == nil:
		return "", errNoKeys()
	}
	raw := s.key.Seal(nil, nil, []byte(text), s.bound(place))
	return envelopeHead + base64.RawURLEncoding.EncodeToString(raw) + envelopeTail, nil
}

// sealRemark puts what an officer wrote into an envelope. A blank stays one:
// it says nothing, and the engine must see that it does.
func (s *safe) sealRemark(text string) (string, error) {
	if strings.TrimSpace(text) == "" {
		return text, nil
	}
	return s.seal(text, engine.PartComments)
}

// open reads an envelope. What is none is what it is: a value from before
// there were keys.
func (s *safe) open(text, place string) (string, error) {
	inner, sealed := strings.CutPrefix(text, envelopeHead)
	if !sealed || !strings.HasSuffix(inner, envelopeTail) {
		return text, nil
	}
	switch {
	case s.destroyed:
		return "", errDestroyed
	case s.err != nil:
		return "", s.err
	case s.key == nil:
		return "", errNoKeys()
	}
	raw, err := base64.RawURLEncoding.DecodeString(strings.TrimSuffix(inner, envelopeTail))
	if err == nil {
		var plain []byte
		if plain, err = s.key.Open(nil, nil, raw, s.bound(place)); err == nil {
			return string(plain), nil
		}
	}
	return "", engine.Errorf(engine.CodeInternal, "a sealed text of %s was altered or belongs elsewhere", s.dossier)
}

// sealApplicant is the applicant as stored: a JSON text.
func (s *safe) sealApplicant(a engine.Applicant) ([]byte, error) {
	plain, err := json.Marshal(a)
	if err != nil {
		return nil, err
	}
	envelope, err := s.seal(string(plain), engine.PartApplicant)
	if err != nil {
		return nil, err
	}
	return json.Marshal(envelope)
}

// openApplicant reads the applicant as stored, sealed or not.
func (s *safe) openApplicant(stored []byte) (a engine.Applicant, err error) {
	var envelope string
	if !bytes.HasPrefix(stored, []byte(`"`)) {
		return a, json.Unmarshal(stored, &a)
	}
	if err = json.Unmarshal(stored, &envelope); err != nil {
		return a, err
	}
	plain, err := s.open(envelope, engine.PartApplicant)
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal([]byte(plain), &a)
}

// applicant is what a reader who did not ask may see of the applicant.
func (s *safe) applicant(stored []byte) engine.Applicant {
	a, err := s.openApplicant(stored)
	switch {
	case errors.Is(err, errDestroyed):
		return engine.Applicant{Name: engine.Destroyed}
	case err != nil:
		return engine.Applicant{Name: engine.Hidden}
	default:
		return a.Masked()
	}
}

func fieldPlace(id string) string { return engine.PartFields + "/" + id }

// personal lists the ids of the fields a definition calls personal.
func personal(m *engine.Machine) []string {
	var ids []string
	for _, f := range m.Fields {
		if f.Personal {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// sealFields is the fields as stored: those that are personal in envelopes. A
// personal value of any type is sealed as JSON.
func (s *safe) sealFields(m *engine.Machine, fields map[string]any) (map[string]any, error) {
	out, secret := make(map[string]any, len(fields)), personal(m)
	for id, value := range fields {
		if value == nil || !slices.Contains(secret, id) {
			out[id] = value
			continue
		}
		plain, err := json.Marshal(value)
		if err != nil {
			return nil, err
		}
		if out[id], err = s.seal(string(plain), fieldPlace(id)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// openFields opens those of the stored fields that are in envelopes.
func (s *safe) openFields(stored map[string]any) (map[string]any, error) {
	out := make(map[string]any, len(stored))
	for id, value := range stored {
		envelope, isText := value.(string)
		if !isText || !strings.HasPrefix(envelope, envelopeHead) {
			out[id] = value
			continue
		}
		plain, err := s.open(envelope, fieldPlace(id))
		if err != nil {
			return nil, err
		}
		var opened any
		if err := json.Unmarshal([]byte(plain), &opened); err != nil {
			return nil, err
		}
		out[id] = opened
	}
	return out, nil
}
