package definitions

import (
	"crypto/sha256"
	"encoding/hex"
	"reflect"
	"slices"

	"motcua/engine"
)

const (
	// maxBytes is the most a definition or an organisation may hold; the
	// longest shipped procedure takes some 15 kB.
	maxBytes = 1 << 20
	// maxItems is the most items all lists of a text may hold together: an item
	// takes a few bytes of text and some hundred of memory.
	maxItems = 50_000
	// maxFindings bounds the answer to a text in which everything is wrong.
	maxFindings = 100
)

// Read decodes the text of one procedure version, compiles it and says
// everything that is wrong with it, each finding at its line and column in the
// order of the text. The machine is nil when one of the findings is an error;
// its SHA256 is that of the very bytes read. File is only a name for them.
//
// Decoding is strict: one YAML document of known keys, each said once, each of
// the right type, in UTF-8 and normalised to NFC. Anchors, aliases and tags are
// refused: a controlled document says each thing where it stands.
func Read(file string, data []byte) (*engine.Machine, engine.Findings) {
	return read(file, data, func(*engine.Machine) engine.Findings { return nil })
}

// read is Read with something more to say of a text that has no errors.
func read(file string, data []byte, more func(*engine.Machine) engine.Findings) (*engine.Machine, engine.Findings) {
	var def engine.Definition
	t := decode(file, data, &def)
	if len(t.findings) > 0 {
		return nil, t.report()
	}
	digest := sha256.Sum256(data)
	machine, findings := engine.Compile(def, hex.EncodeToString(digest[:]))
	t.place(findings)
	if machine != nil {
		t.place(more(machine))
	}
	return machine, t.report()
}

// Compile is [Read] for whoever needs the machine of a text that was accepted
// before and has no file to name. The error is [engine.Findings].
func Compile(data []byte) (*engine.Machine, error) {
	machine, findings := Read("definition", data)
	if err := findings.Err(); err != nil {
		return nil, err
	}
	return machine, nil
}

// decode fills target, a pointer to a struct, from the YAML in data.
func decode(file string, data []byte, target any) *text {
	t := &text{file: file}
	if len(data) > maxBytes {
		t.faultf(mark{1, 1}, "", "too-large", "%d bytes are more than %d", "%d byte, vượt quá mức tối đa %d byte", len(data), maxBytes)
		return t
	}
	data = t.characters(data)
	if len(t.findings) == 0 {
		t.parse(data)
	}
	if len(t.findings) == 0 {
		t.value(t.root, reflect.ValueOf(target).Elem(), "")
	}
	return t
}

// text is a YAML text being read: its tree, and what is wrong with it so far.
type text struct {
	file     string
	root     *node
	end      mark // of the whole text
	items    int  // of all lists so far
	findings engine.Findings
	unsaid   int // findings beyond maxFindings
}

// place adds what the engine found, giving each finding its place.
func (t *text) place(findings engine.Findings) {
	for _, f := range findings {
		t.add(locate(t.root, f.Path), f)
	}
}

// report is the findings in the order of the text, and not too many of them.
func (t *text) report() engine.Findings {
	slices.SortStableFunc(t.findings, func(a, b engine.Finding) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	t.bound()
	return t.findings
}

// bound keeps the first findings and says how many more there are, which is an
// error only where one of them all is.
func (t *text) bound() {
	severity := engine.SeverityWarning
	if t.findings.Err() != nil {
		severity = engine.SeverityError
	}
	if over := len(t.findings) - maxFindings; over > 0 {
		t.findings, t.unsaid = t.findings[:maxFindings:maxFindings], t.unsaid+over
	}
	if t.unsaid == 0 {
		return
	}
	last := t.findings[len(t.findings)-1]
	more := finding(last.Path, "too-many", "and %d more", "và còn %d vấn đề khác", t.unsaid)
	more.Severity = severity
	t.add(mark{last.Line, last.Column}, more)
}
