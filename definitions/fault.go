package definitions

import (
	"fmt"
	"strconv"

	"motcua/engine"
)

// mark is a place in a text, counted from 1 in lines and characters.
type mark struct{ line, column int }

func (m mark) before(other mark) bool {
	return m.line < other.line || m.line == other.line && m.column < other.column
}

// faultf adds a finding of severity error, unless the answer is full: then it
// is only counted, so that a text in which everything is wrong costs no more.
func (t *text) faultf(at mark, path, code, en, vi string, args ...any) {
	if t.full() {
		t.unsaid++
		return
	}
	t.add(at, finding(path, code, en, vi, args...))
}

func (t *text) full() bool { return len(t.findings) >= maxFindings }

// add gives a finding its place. What the library misses at the end of a text
// it misses in the line after it, which nobody can show.
func (t *text) add(at mark, f engine.Finding) {
	if t.end.before(at) && t.end.line > 0 {
		at = t.end
	}
	f.File, f.Line, f.Column = t.file, at.line, at.column
	t.findings = append(t.findings, f)
}

// finding words an error in both languages from the same arguments; of an
// argument that is an [engine.Text], each takes its own.
func finding(path, code, en, vi string, args ...any) engine.Finding {
	return engine.Finding{
		Path: path, Code: code, Severity: engine.SeverityError,
		Message:   fmt.Sprintf(en, in("en", args)...),
		MessageVI: fmt.Sprintf(vi, in("vi", args)...),
	}
}

func in(lang string, args []any) []any {
	out := make([]any, len(args))
	for i, arg := range args {
		if text, ok := arg.(engine.Text); ok {
			arg = name(text, lang)
		}
		out[i] = arg
	}
	return out
}

// maxQuoted is how many characters a message takes over from elsewhere.
const maxQuoted = 240

func quote(s string) string { return strconv.Quote(shortened(s)) }

// shortened keeps messages short whatever the text holds.
func shortened(s string) string { return clipped(s, 40) }

func clipped(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
