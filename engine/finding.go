package engine

import (
	"fmt"
	"strings"
)

// Severity separates what stops a definition from what an admin should know.
type Severity string

// The severities of a finding.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
)

// Finding is one complaint about a definition. Path is a JSON pointer (RFC
// 6901) into it; File, Line and Column are filled by whoever read the text.
type Finding struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Path    string `json:"path"`
	Code    string `json:"code"`
	Message string `json:"message"`
	// MessageVI is the message in Vietnamese.
	MessageVI string   `json:"message_vi"`
	Severity  Severity `json:"severity"`
}

// String writes the finding as compilers do: file:line:col: code: message.
func (f Finding) String() string { return f.In("en") }

// In is [Finding.String] with the message in a language: "vi", else English.
func (f Finding) In(lang string) string {
	message, warning := f.Message, "warning: "
	if lang == "vi" {
		message, warning = f.MessageVI, "cảnh báo: "
	}
	where := f.Path
	if f.Line > 0 {
		where = fmt.Sprintf("%s:%d:%d", f.File, f.Line, f.Column)
	}
	if f.Severity != SeverityWarning {
		warning = ""
	}
	return fmt.Sprintf("%s: %s%s: %s", where, warning, f.Code, message)
}

// Findings is the list of complaints about one definition, in the order of
// the text. It is an error while it holds one of severity error.
type Findings []Finding

// Error joins the findings, one a line.
func (fs Findings) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// Err returns the findings as an error when one of them is an error, else nil.
func (fs Findings) Err() error {
	for _, f := range fs {
		if f.Severity == SeverityError {
			return fs
		}
	}
	return nil
}
