package bundle

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"

	"motcua/engine"
)

// Read unpacks a bundle and holds every text against its checksum. A file the
// manifest does not name, and one it names that is not there, make the whole
// bundle invalid. Errors: CodeInvalid.
func Read(data []byte) (Bundle, error) {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return Bundle{}, invalid("it is no ZIP archive")
	}
	r := &reader{files: map[string]*zip.File{}, left: maxTotal}
	if err := r.list(z.File); err != nil {
		return Bundle{}, err
	}
	b, err := r.manifest()
	if err != nil {
		return Bundle{}, err
	}
	for _, list := range []struct {
		dir, ext string
		entries  []Entry
	}{{"procedures", "yaml", b.Procedures}, {"calendars", "json", b.Calendars}} {
		for i := range list.entries {
			if err := r.entry(&list.entries[i], list.dir, list.ext); err != nil {
				return Bundle{}, err
			}
		}
	}
	if len(r.files) > 0 {
		return Bundle{}, invalid("%d of its files are not in the manifest", len(r.files))
	}
	return b, nil
}

func invalid(format string, args ...any) error {
	e := engine.Errorf(engine.CodeInvalid, format, args...)
	e.Message = "the bundle cannot be imported: " + e.Message
	return e
}

// reader holds the files of an archive that were not asked for yet.
type reader struct {
	files map[string]*zip.File
	left  int64 // bytes that may still be unpacked
}

func (r *reader) list(files []*zip.File) error {
	if len(files) > maxFiles {
		return invalid("it holds more than %d files", maxFiles)
	}
	for _, f := range files {
		if r.files[f.Name] != nil {
			return invalid("it holds a file twice")
		}
		r.files[f.Name] = f
	}
	return nil
}

// take unpacks a file, of which the archive says the size but need not keep
// to it.
func (r *reader) take(name string, limit int64) ([]byte, error) {
	f := r.files[name]
	if f == nil {
		return nil, invalid("file %q is missing", name)
	}
	delete(r.files, name)
	in, err := f.Open()
	if err != nil {
		return nil, invalid("file %q cannot be unpacked", name)
	}
	defer func() { _ = in.Close() }()
	limit = min(limit, r.left)
	text, err := io.ReadAll(io.LimitReader(in, limit+1))
	switch {
	case err != nil:
		return nil, invalid("file %q cannot be unpacked", name)
	case int64(len(text)) > limit:
		return nil, invalid("file %q is too large", name)
	}
	r.left -= int64(len(text))
	return text, nil
}

func (r *reader) manifest() (Bundle, error) {
	var b Bundle
	text, err := r.take(manifestFile, maxManifest)
	if err != nil {
		return b, err
	}
	if err := json.Unmarshal(text, &b); err != nil {
		return b, invalid("its manifest cannot be read")
	}
	if b.Format != format {
		return b, invalid("its format is not %s", format)
	}
	return b, nil
}

func (r *reader) entry(e *Entry, dir, ext string) error {
	if e.File != name(dir, e.Code, e.Version, ext) {
		return invalid("file %q does not have the name of %s version %d", e.File, e.Code, e.Version)
	}
	text, err := r.take(e.File, maxText)
	if err != nil {
		return err
	}
	if Sum(text) != e.SHA256 {
		return invalid("file %q is not the one its checksum is of", e.File)
	}
	e.Text = text
	return nil
}
