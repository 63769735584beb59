package scenario

import (
	"errors"
	"fmt"
	"strings"

	"motcua/engine"
)

// Simulate reads the text of a scenario and plays it on m, or on the
// definition it brings. Findings say what is wrong with the scenario, which
// expectations do not hold, and where the timeline differs from timeline.txt;
// the timeline is nil where nothing could be played. Errors: CodeInvalid.
func Simulate(file string, text []byte, m *engine.Machine) (Scenario, *Timeline, engine.Findings, error) {
	s, findings := Read(file, text)
	if findings.Err() != nil {
		return s, nil, findings, nil
	}
	timeline, err := s.Play(m)
	if err != nil && !errors.As(err, &findings) {
		return s, nil, nil, err
	}
	if len(timeline.Lines) == 0 {
		return s, nil, findings, nil
	}
	return s, &timeline, append(findings, s.differs(timeline)...), nil
}

// differs finds the first line of timeline.txt that is another one now.
func (s *Scenario) differs(t Timeline) engine.Findings {
	got := t.Text("vi")
	if s.Golden == nil || *s.Golden == got {
		return nil
	}
	wanted, happened := strings.Split(*s.Golden, "\n"), strings.Split(got, "\n")
	i := 0
	for i < len(wanted) && i < len(happened) && wanted[i] == happened[i] {
		i++
	}
	want, is := line(wanted, i), line(happened, i)
	return engine.Findings{{
		File: s.File, Line: s.goldenAt + i + 1, Column: 1, Code: "timeline", Severity: engine.SeverityError,
		Message:   fmt.Sprintf("timeline.txt says %q, it is %q", want, is),
		MessageVI: fmt.Sprintf("timeline.txt ghi %q, kết quả là %q", want, is),
	}}
}

// line is one line of a text, without the blanks that align it.
func line(lines []string, i int) string {
	if i >= len(lines) {
		return ""
	}
	return oneLine(lines[i])
}
