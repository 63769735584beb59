package scenario

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"golang.org/x/tools/txtar"

	"motcua/definitions"
	"motcua/engine"
	"motcua/engine/calendar"
)

// The sections of a scenario file.
const (
	SectionScenario     = "scenario.yaml"
	SectionTimeline     = "timeline.txt"
	SectionDefinition   = "definition.yaml"
	SectionCalendar     = "calendar.yaml"
	SectionOrganisation = "organisation.yaml"
)

// Scenario is a scenario file that was read. What it brings of its own
// replaces what it would otherwise run on.
type Scenario struct {
	Script
	File         string
	About        string               // the head of the file
	Machine      *engine.Machine      // of definition.yaml; nil: none
	Cal          *calendar.Calendar   // of calendar.yaml, else the shipped one it names
	Organisation *engine.Organisation // of organisation.yaml; nil: none
	// Machines are those of linked dossiers, of definition-CODE.yaml, and Partners
	// the agencies they are at, of organisation-NAME.yaml, by what definitions call
	// them. They are looked up by name only.
	Machines map[string]*engine.Machine
	Partners map[string]engine.Organisation
	Golden   *string              // timeline.txt; nil: none
	document definitions.Document // scenario.yaml, and
	offset   int                  // how many lines of the file stand before it
	goldenAt int                  // and before timeline.txt
}

// Read reads a scenario: a txtar archive with its sections, or the text of a
// bare scenario.yaml. The findings say everything that is wrong, each at its
// line and column; the scenario is of use only when none is an error. File is
// only a name for the text.
func Read(file string, data []byte) (Scenario, engine.Findings) {
	s := Scenario{File: file}
	archive := txtar.Parse(data)
	if len(archive.Files) == 0 {
		return s, s.script(data, 0)
	}
	s.About = string(bytes.TrimSpace(archive.Comment))
	r := &reader{Scenario: &s, line: bytes.Count(archive.Comment, []byte("\n"))}
	for _, section := range archive.Files {
		r.section(section)
	}
	if len(r.findings) == 0 && !r.seen[SectionScenario] {
		r.errorf(1, "no-scenario", "the file has no section -- scenario.yaml --", "tệp không có phần -- scenario.yaml --")
	}
	return s, r.findings
}

// WithTimeline is the text of a scenario file with another timeline.
func WithTimeline(data []byte, timeline string) []byte {
	archive := txtar.Parse(data)
	for i := range archive.Files {
		if archive.Files[i].Name == SectionTimeline {
			archive.Files[i].Data = []byte(timeline)
			return txtar.Format(archive)
		}
	}
	archive.Files = append(archive.Files, txtar.File{Name: SectionTimeline, Data: []byte(timeline)})
	return txtar.Format(archive)
}

// reader reads the sections of an archive one after the other.
type reader struct {
	*Scenario
	line     int // of the file, before the section at hand
	seen     map[string]bool
	findings engine.Findings
}

func (r *reader) section(f txtar.File) {
	r.line++ // the marker
	if r.seen[f.Name] {
		r.errorf(r.line, "duplicate-section", fmt.Sprintf("section %s was already given", f.Name), fmt.Sprintf("phần %s đã có ở trên", f.Name))
		return
	}
	if r.seen == nil {
		r.seen = map[string]bool{}
	}
	r.seen[f.Name] = true
	r.findings = append(r.findings, r.read(f)...)
	r.line += bytes.Count(f.Data, []byte("\n"))
}

func (r *reader) read(f txtar.File) engine.Findings {
	var findings engine.Findings
	switch f.Name {
	case SectionScenario:
		return r.script(f.Data, r.line)
	case SectionTimeline:
		golden := string(f.Data)
		r.Golden, r.goldenAt = &golden, r.line
	case SectionDefinition:
		r.Machine, findings = definitions.Read(r.File, f.Data)
	case SectionOrganisation:
		r.Organisation, findings = definitions.ReadOrganisation(r.File, f.Data)
	case SectionCalendar:
		return r.calendar(f.Data)
	default:
		return r.part(f)
	}
	return errorsOnly(moved(findings, r.line))
}

// part reads what a linked dossier runs on.
func (r *reader) part(f txtar.File) engine.Findings {
	name, yaml := strings.CutSuffix(f.Name, ".yaml")
	code, machine := strings.CutPrefix(name, "definition-")
	as, organisation := strings.CutPrefix(name, "organisation-")
	switch {
	case yaml && machine:
		m, findings := definitions.Read(r.File, f.Data)
		if m != nil && m.Code != code {
			r.errorf(r.line, "section-code", fmt.Sprintf("section %s brings procedure %q", f.Name, m.Code), fmt.Sprintf("phần %s lại chứa thủ tục %q", f.Name, m.Code))
		}
		put(&r.Machines, code, m)
		return errorsOnly(moved(findings, r.line))
	case yaml && organisation:
		o, findings := definitions.ReadOrganisation(r.File, f.Data)
		if o != nil {
			put(&r.Partners, as, *o)
		}
		return errorsOnly(moved(findings, r.line))
	}
	const sections = "scenario.yaml, timeline.txt, definition.yaml, calendar.yaml, organisation.yaml, definition-CODE.yaml, organisation-NAME.yaml"
	r.errorf(r.line, "unknown-section",
		fmt.Sprintf("unknown section %q; there are %s", f.Name, sections), fmt.Sprintf("không có phần %q; các phần là %s", f.Name, sections))
	return nil
}

func put[T any](all *map[string]T, name string, one T) {
	if *all == nil {
		*all = map[string]T{}
	}
	(*all)[name] = one
}

// calendar reads calendar.yaml.
func (r *reader) calendar(data []byte) engine.Findings {
	var err error
	if r.Cal, err = definitions.ReadCalendar(r.File, data); err == nil {
		return nil
	}
	return moved(definitions.CalendarFindings(err), r.line)
}

func (r *reader) errorf(line int, code, en, vi string) {
	r.findings = append(r.findings, engine.Finding{
		File: r.File, Line: line, Column: 1, Code: code, Message: en, MessageVI: vi, Severity: engine.SeverityError,
	})
}

// script reads scenario.yaml, which stands so many lines into the file.
func (s *Scenario) script(data []byte, offset int) engine.Findings {
	s.offset = offset
	s.document = definitions.Decode(s.File, data, &s.Script)
	if findings := s.document.Findings(); len(findings) > 0 {
		return moved(worded(findings), offset)
	}
	return s.place(check(s.Script))
}

// worded completes what the decoder says in Vietnamese of values only
// scenarios have: it knows that they are not what they must be, and not what
// that is.
func worded(findings engine.Findings) engine.Findings {
	for i, f := range findings {
		if form, ours := forms[path.Base(f.Path)]; ours && f.Code == "value" {
			findings[i].MessageVI += form
		}
	}
	return findings
}

// forms says how the values under some keys are written.
var forms = map[string]string{
	"at": momentForm, "until": momentForm, "due": momentForm + ", hoặc none", "step_due": momentForm + ", hoặc none",
	"by": "người thực hiện: viết applicant, system, ĐƠN-VỊ/VAI-TRÒ hoặc ĐƠN-VỊ/VAI-TRÒ/CÁN-BỘ",
}

const momentForm = `thời điểm: viết năm-tháng-ngày giờ:phút, ví dụ "2026-11-18 08:00", từ năm 2000 đến 2199`

// place gives findings about scenario.yaml their place in the file.
func (s *Scenario) place(findings engine.Findings) engine.Findings {
	return moved(s.document.Place(findings), s.offset)
}

func moved(findings engine.Findings, lines int) engine.Findings {
	for i := range findings {
		findings[i].Line += lines
	}
	return findings
}

// errorsOnly drops warnings: a definition is simulated before all of them are
// seen to.
func errorsOnly(findings engine.Findings) engine.Findings {
	var out engine.Findings
	for _, f := range findings {
		if f.Severity == engine.SeverityError {
			out = append(out, f)
		}
	}
	return out
}
