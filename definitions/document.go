package definitions

import "motcua/engine"

// Document is a YAML text that was read as strictly as a definition, with the
// place of each of its values.
type Document struct{ text *text }

// Decode fills target, a pointer to a struct whose fields all carry yaml tags,
// from the YAML in data. What is wrong with the text is in the document's
// findings; file is only a name for it.
func Decode(file string, data []byte, target any) Document {
	return Document{text: decode(file, data, target)}
}

// Findings is what is wrong with the form of the text, in its order.
func (d Document) Findings() engine.Findings { return d.text.report() }

// Place gives findings about values of the text, named by JSON pointers, their
// place in it.
func (d Document) Place(findings engine.Findings) engine.Findings {
	placed := &text{file: d.text.file, root: d.text.root}
	placed.place(findings)
	return placed.report()
}
