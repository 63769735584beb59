package nationalportal

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"motcua/engine"
)

// Reason says why a line made no draft. The list is closed.
type Reason string

// The reasons.
const (
	BadJSON   Reason = "bad-json"
	TooLong   Reason = "too-long"
	BadCode   Reason = "bad-code"
	Duplicate Reason = "duplicate"
	Refused   Reason = "refused" // lint found errors in the draft
	Exists    Reason = "exists"  // there is another draft in its place
)

// Failure is a line that made no draft.
type Failure struct {
	Line    int    `json:"line"`
	Code    string `json:"code,omitempty"`
	Reason  Reason `json:"reason"`
	Message string `json:"message"`
}

// Error is the failure on one line.
func (f Failure) Error() string {
	where := fmt.Sprintf("line %d", f.Line)
	if f.Code != "" {
		where += " (" + f.Code + ")"
	}
	return fmt.Sprintf("%s: %s: %s", where, f.Reason, f.Message)
}

// Count is how often something was met, and in how many drafts.
type Count struct {
	Code   string      `json:"code"`
	Name   engine.Text `json:"name"`
	Drafts int         `json:"drafts"`
	Times  int         `json:"times"`
}

// Summary is what an import came to.
type Summary struct {
	Read       int       `json:"read"`
	Written    int       `json:"written"`
	Failed     int       `json:"failed"`
	Limited    int       `json:"limited"`  // drafts with a limit
	Variants   int       `json:"variants"` // drafts whose limit differs by channel
	LintErrors int       `json:"lint_errors"`
	Warnings   []Count   `json:"lint_warnings"`
	Doubts     []Count   `json:"doubts"`
	Failures   []Failure `json:"failures"` // the first of them
}

// mostFailures is how many failures a summary lists.
const mostFailures = 100

// tally gathers a summary.
type tally struct {
	Summary
	codes    map[string]int // line of each code
	doubts   map[Kind]Count
	warnings map[string]Count
}

func newTally() *tally {
	return &tally{codes: map[string]int{}, doubts: map[Kind]Count{}, warnings: map[string]Count{}, Summary: Summary{Failures: []Failure{}}}
}

func (t *tally) fail(f Failure) {
	if t.Failed++; len(t.Failures) < mostFailures {
		t.Failures = append(t.Failures, f)
	}
}

func (t *tally) count(d Draft) {
	t.Written++
	if !d.Definition.Limits.Statutory.IsZero() {
		t.Limited++
	}
	if len(d.Definition.Variants) > 0 {
		t.Variants++
	}
	kinds := make([]Kind, len(d.Doubts))
	for i, doubt := range d.Doubts {
		kinds[i] = doubt.Kind
	}
	add(t.doubts, kinds)
	codes := make([]string, len(d.Warnings))
	for i, w := range d.Warnings {
		codes[i] = w.Code
	}
	add(t.warnings, codes)
}

// add counts what one draft has.
func add[K cmp.Ordered](counts map[K]Count, met []K) {
	slices.Sort(met)
	for i, k := range met {
		c := counts[k]
		c.Times++
		if i == 0 || met[i-1] != k {
			c.Drafts++
		}
		counts[k] = c
	}
}

// summary lists doubts in the order of their kinds, warnings by code.
func (t *tally) summary() Summary {
	s := t.Summary
	s.Doubts, s.Warnings = []Count{}, []Count{}
	for _, k := range kinds {
		if c, met := t.doubts[k.kind]; met {
			c.Code, c.Name = string(k.kind), k.name
			s.Doubts = append(s.Doubts, c)
		}
	}
	for _, code := range slices.Sorted(maps.Keys(t.warnings)) {
		c := t.warnings[code]
		c.Code = code
		s.Warnings = append(s.Warnings, c)
	}
	return s
}

// Text is the summary for a terminal.
func (s Summary) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "records read %d, drafts written %d, failed %d\n", s.Read, s.Written, s.Failed)
	fmt.Fprintf(&b, "drafts with a limit %d, of which it differs by channel in %d\n", s.Limited, s.Variants)
	fmt.Fprintf(&b, "lint: errors %d, warnings %d\n", s.LintErrors, total(s.Warnings))
	for _, c := range s.Warnings {
		fmt.Fprintf(&b, "  %-24s %5d in %d drafts\n", c.Code, c.Times, c.Drafts)
	}
	fmt.Fprintf(&b, "doubts: %d\n", total(s.Doubts))
	for _, c := range s.Doubts {
		fmt.Fprintf(&b, "  %-24s %5d in %d drafts: %s (%s)\n", c.Code, c.Times, c.Drafts, c.Name.VI, c.Name.EN)
	}
	for _, f := range s.Failures {
		fmt.Fprintln(&b, f.Error())
	}
	if more := s.Failed - len(s.Failures); more > 0 {
		fmt.Fprintf(&b, "and %d lines more\n", more)
	}
	return b.String()
}

// Markdown is the summary as part of a document.
func (s Summary) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "| | |\n|---|---:|\n| records read | %d |\n| drafts written | %d |\n| failed | %d |\n| drafts with a limit | %d |\n", s.Read, s.Written, s.Failed, s.Limited)
	fmt.Fprintf(&b, "| … that differs by channel | %d |\n| lint errors | %d |\n| lint warnings | %d |\n| doubts | %d |\n", s.Variants, s.LintErrors, total(s.Warnings), total(s.Doubts))
	if len(s.Warnings) > 0 {
		b.WriteString("\n| lint warning | times | drafts |\n|---|---:|---:|\n")
		for _, c := range s.Warnings {
			fmt.Fprintf(&b, "| `%s` | %d | %d |\n", c.Code, c.Times, c.Drafts)
		}
	}
	b.WriteString("\n| doubt | times | drafts | | |\n|---|---:|---:|---|---|\n")
	for _, c := range s.Doubts {
		fmt.Fprintf(&b, "| `%s` | %d | %d | %s | %s |\n", c.Code, c.Times, c.Drafts, c.Name.VI, c.Name.EN)
	}
	if len(s.Failures) > 0 {
		b.WriteString("\n| line | code | reason | |\n|---:|---|---|---|\n")
		for _, f := range s.Failures {
			fmt.Fprintf(&b, "| %d | %s | `%s` | %s |\n", f.Line, cell(f.Code), f.Reason, cell(f.Message))
		}
	}
	return b.String()
}

// cell is a text that may stand in a table of Markdown.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;", "`", "'").Replace(text)
}

func total(counts []Count) int {
	n := 0
	for _, c := range counts {
		n += c.Times
	}
	return n
}
