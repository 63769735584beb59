package web

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"motcua/api/problem"
	"motcua/engine"
)

// fieldPrefix marks the inputs of a form that are fields of the procedure; the
// word before the id says the type, which is what a form cannot.
const fieldPrefix = "field"

// command reads what a form asks for.
func command(r *http.Request) (engine.Command, string, error) {
	form := r.PostForm
	cmd := engine.Command{
		Dossier: r.PathValue("code"), Event: form.Get("event"),
		Comment: strings.TrimSpace(strings.ReplaceAll(form.Get("comment"), "\r\n", "\n")),
	}
	if cmd.Event == engine.EventAnswer || cmd.Event == engine.EventWithdrawRequest {
		cmd.Answer = &engine.Answer{Consultation: form.Get("consultation"), Department: form.Get("department"), Says: form.Get("says")}
	}
	key := form.Get("key")
	ok := acceptable(cmd.Event, 64) && acceptable(cmd.Comment, 4000) && acceptable(key, 200)
	if err := supervision(form, &cmd); err != nil {
		return cmd, "", err
	}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		kind, id, field := strings.Cut(strings.TrimPrefix(name, fieldPrefix+"."), ".")
		if !strings.HasPrefix(name, fieldPrefix+".") || !field || form.Get(name) == "" {
			continue
		}
		ok = ok && acceptable(form.Get(name), 10_000)
		if cmd.Fields == nil {
			cmd.Fields = map[string]any{}
		}
		cmd.Fields[id] = valueOf(kind, form.Get(name))
	}
	if !ok {
		return cmd, "", engine.Errorf(engine.CodeInvalid, "a value is too long or holds control characters")
	}
	return cmd, key, nil
}

// valueOf reads the text of an input as the type of its field; what does not
// fit stays text, and the engine says so.
func valueOf(kind, text string) any {
	switch kind {
	case engine.TypeBool:
		return text == "true"
	case engine.TypeInteger, engine.TypeNumber:
		return json.Number(strings.TrimSpace(text))
	}
	return text
}

// inputs are the fields an event takes.
func (v dossierView) inputs(p engine.Permitted) []engine.Field {
	var out []engine.Field
	for _, f := range v.machine.Fields {
		if slices.Contains(p.Fields, f.ID) {
			out = append(out, f)
		}
	}
	return out
}

func inputID(f engine.Field, i int) string { return "field-" + strconv.Itoa(i) + "-" + f.ID }

func inputName(f engine.Field) string { return fieldPrefix + "." + f.Type + "." + f.ID }

// choices are the values a list offers.
func choices(f engine.Field) []engine.Choice {
	if f.Type == engine.TypeBool {
		return []engine.Choice{{ID: "true", Name: engine.Text{VI: "Có", EN: "Yes"}}, {ID: "false", Name: engine.Text{VI: "Không", EN: "No"}}}
	}
	return f.Choices
}

// acceptable bounds what a form sends: length in characters, no control
// characters but those of lines.
func acceptable(s string, most int) bool {
	return utf8.ValidString(s) && utf8.RuneCountInString(s) <= most && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\t'
	})
}

// parse reads a form.
func parse(r *http.Request) error {
	err := r.ParseForm()
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return engine.Errorf(engine.CodeTooLarge, "the form is too large")
	case err != nil:
		return engine.Errorf(problem.CodeMalformed, "the form cannot be read")
	}
	return nil
}
