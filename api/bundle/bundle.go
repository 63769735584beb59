// Package bundle writes and reads a catalogue of procedures as one file, to
// carry it from one environment to another. A bundle is a ZIP archive:
// manifest.json lists the procedures and calendars with their checksums, the
// files beside it are the texts, byte by byte. The same catalogue always makes
// the same bytes.
package bundle

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"motcua/engine"
)

// format names the layout; another layout is another name.
const format = "motcua-catalogue/1"

const manifestFile = "manifest.json"

// What a bundle may hold, whatever it was packed into.
const (
	maxFiles    = 20_000
	maxText     = 1 << 20
	maxManifest = 16 << 20
	maxTotal    = 256 << 20
)

// Bundle is a catalogue in its order: procedures by code and version, then
// calendars.
type Bundle struct {
	Format     string  `json:"format"`
	Procedures []Entry `json:"procedures"`
	Calendars  []Entry `json:"calendars"`
}

// Entry is one text of a bundle.
type Entry struct {
	File      string              `json:"file"`
	Code      string              `json:"code"`
	Version   int                 `json:"version"`
	SHA256    string              `json:"sha256"`
	State     engine.VersionState `json:"state,omitempty"`
	Effective engine.Effective    `json:"effective,omitzero"`
	Text      []byte              `json:"-"`
}

// New makes the bundle of a catalogue.
func New(versions []engine.VersionRecord, calendars []engine.StoredCalendar) Bundle {
	b := Bundle{Format: format, Procedures: []Entry{}, Calendars: []Entry{}}
	for _, v := range versions {
		b.Procedures = append(b.Procedures, Entry{
			File: name("procedures", v.Code, v.Version.Version, "yaml"), Code: v.Code, Version: v.Version.Version,
			SHA256: v.SHA256, State: v.State, Effective: v.Effective, Text: v.Text,
		})
	}
	for _, c := range calendars {
		b.Calendars = append(b.Calendars, Entry{
			File: name("calendars", c.Code, c.Version, "json"), Code: c.Code, Version: c.Version, SHA256: c.SHA256, Text: c.Text,
		})
	}
	return b
}

func name(dir, code string, version int, ext string) string {
	return dir + "/" + code + "@" + strconv.Itoa(version) + "." + ext
}

// Write packs a bundle.
func (b Bundle) Write() ([]byte, error) {
	manifest, err := json.MarshalIndent(b, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write bundle: %w", err)
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	// Without a time of its own a file is the same whenever it is packed.
	add := func(file string, text []byte) {
		var w io.Writer
		if err == nil {
			w, err = z.CreateHeader(&zip.FileHeader{Name: file, Method: zip.Deflate})
		}
		if err == nil {
			_, err = w.Write(text)
		}
	}
	add(manifestFile, append(manifest, '\n'))
	for _, list := range [][]Entry{b.Procedures, b.Calendars} {
		for _, e := range list {
			add(e.File, e.Text)
		}
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("write bundle: %w", err)
	}
	return out.Bytes(), nil
}

// Sum is the SHA-256 of bytes in lower-case hex.
func Sum(data []byte) string {
	digest := sha256.Sum256(data)
	return hex.EncodeToString(digest[:])
}
