package nationalportal

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"motcua/definitions"
	"motcua/definitions/draft"
	"motcua/engine"
	"motcua/engine/calendar"
)

// Options are what no record says.
type Options struct {
	// Effective is the first day of effect of every draft. Without it drafts
	// come into effect on 9999-12-31, which is never.
	Effective calendar.Date
}

// Import reads records, one JSON object a line, gzipped or not, and hands each
// draft to write in the order of the file. A record that makes no draft is a
// [Failure] in the summary and stops nothing: bad JSON, a line over [MaxLine],
// a code that is none, a code met before; write may return one too. The error is
// CodeInvalid when the file is damaged, that of the reader, or that of write;
// the summary holds what was done until then.
func Import(in io.Reader, options Options, write func(Draft) error) (Summary, error) {
	text, err := plain(in)
	if err != nil {
		return Summary{}, err
	}
	t := newTally()
	err = lines(text, func(number int, line []byte) error {
		t.Read++
		d, err := t.draft(number, line, options)
		if err == nil {
			err = write(d)
		}
		var failure Failure
		switch {
		case errors.As(err, &failure):
			t.fail(failure)
		case err != nil:
			return err
		default:
			t.count(d)
		}
		return nil
	})
	return t.summary(), err
}

// codeForm is a procedure's code, which is also the name of a file.
var codeForm = regexp.MustCompile(`^[A-Za-z0-9]+([.-][A-Za-z0-9]+)*$`)

const maxCode = 64

// draft makes the draft of one line. The error is a Failure.
func (t *tally) draft(number int, line []byte, options Options) (Draft, error) {
	fail := func(reason Reason, code, format string, args ...any) (Draft, error) {
		code, _ = draft.Cut(code, maxCode)
		return Draft{}, Failure{Line: number, Code: code, Reason: reason, Message: fmt.Sprintf(format, args...)}
	}
	if line == nil {
		return fail(TooLong, "", "%v", errTooLong)
	}
	r, err := parseRecord(line)
	if err != nil {
		return fail(BadJSON, "", "%v", err)
	}
	code := r.line(keyCode)
	if len(code) > maxCode || !codeForm.MatchString(code) {
		return fail(BadCode, code, "the code may hold letters, digits, dots and hyphens, at most %d", maxCode)
	}
	if first, twice := t.codes[strings.ToLower(code)]; twice { // a file's name may not depend on capitals
		return fail(Duplicate, code, "the code was met before, in line %d", first)
	}
	m := makeDraft(r, code, options.Effective)
	text := draft.Write(m.def, m.remarks)
	_, findings := definitions.Read(code+".yaml", text)
	if err := findings.Err(); err != nil {
		t.LintErrors += errorsIn(findings)
		return fail(Refused, code, "%s", excerpt(findings.Error(), 500))
	}
	t.codes[strings.ToLower(code)] = number
	return Draft{Line: number, Code: code, Definition: m.def, Text: text, Doubts: m.doubts, Warnings: findings}, nil
}

func errorsIn(findings engine.Findings) int {
	n := 0
	for _, f := range findings {
		if f.Severity == engine.SeverityError {
			n++
		}
	}
	return n
}
