package keyring

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// File is a ring as it is kept: JSON, its keys in base64. It is a secret.
type File struct {
	// Active is the id of the key that seals from now on.
	Active string `json:"active"`
	// Keys are all that may still be needed, by id.
	Keys map[string][]byte `json:"keys"`
	// Index is the secret of the blind index.
	Index []byte `json:"index"`
}

// Generate makes a ring with one new key, named after the day.
func Generate(now time.Time) File {
	f := File{Keys: map[string][]byte{}, Index: random()}
	f.Add(now)
	return f
}

// Add makes a new key the active one and keeps the others. It returns its id.
func (f *File) Add(now time.Time) string {
	id := now.UTC().Format("2006-01-02")
	for n := 2; f.Keys[id] != nil; n++ {
		id = fmt.Sprintf("%s.%d", now.UTC().Format("2006-01-02"), n)
	}
	f.Keys[id], f.Active = random(), id
	return id
}

// Remove takes a key out. What is still sealed under it cannot be opened any
// more; the active key stays.
func (f *File) Remove(id string) error {
	switch {
	case id == f.Active:
		return fmt.Errorf("key %q is the active one", id)
	case f.Keys[id] == nil:
		return fmt.Errorf("the ring has no key %q", id)
	}
	delete(f.Keys, id)
	return nil
}

// Ring checks the file and makes its ring.
func (f File) Ring() (*Ring, error) { return newRing(f.Active, f.Keys, f.Index) }

// Parse reads the text of a ring. The error never repeats it.
func Parse(text []byte) (File, error) {
	var f File
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return File{}, errors.New("key ring: it is not JSON of the form {\"active\": …, \"keys\": {…}, \"index\": …}, keys in base64")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return File{}, errors.New("key ring: something follows it")
	}
	_, err := f.Ring()
	return f, err
}

// Read reads the ring in a file.
func Read(path string) (File, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return File{}, fmt.Errorf("key ring: %w", err)
	}
	return Parse(text)
}

// Write replaces a file at once, for its owner's eyes only: who reads it sees
// the old ring or the new one.
func (f File) Write(path string) error {
	if _, err := f.Ring(); err != nil {
		return err
	}
	text, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	out, err := os.CreateTemp(filepath.Dir(path), "keys-*.new")
	if err != nil {
		return fmt.Errorf("key ring: %w", err)
	}
	_, err = out.Write(append(text, '\n'))
	err = errors.Join(err, out.Sync(), out.Close())
	if err == nil {
		err = os.Rename(out.Name(), path)
	}
	if err != nil {
		_ = os.Remove(out.Name())
		return fmt.Errorf("write the key ring: %w", err)
	}
	return nil
}

func random() []byte {
	key := make([]byte, keySize)
	_, _ = rand.Read(key) // never fails: it ends the process instead
	return key
}
