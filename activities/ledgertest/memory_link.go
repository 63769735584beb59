package ledgertest

import (
	"context"
	"fmt"
	"strings"
	"time"

	"motcua/engine"
)

// Open implements the activities' port.
func (m *Memory) Open(_ context.Context, dossier, linked string) (engine.Outcome, error) {
	m.mu.Lock()
	defer m.release()
	c := m.cases[dossier]
	part, asked := c.Part(linked)
	switch {
	case m.gone():
		return engine.Outcome{}, engine.Errorf(engine.CodeUnavailable, "ledger is away")
	case !asked:
		return engine.Outcome{}, engine.Errorf(engine.CodeNotFound, "no such dossier or linked dossier")
	case part.Dossier != "" || part.Outcome != "":
		out := engine.Decision{Case: c, Next: m.rulesOf(dossier).Next(c)}.Outcome(engine.Command{})
		out.Child, out.Repeated = part.Dossier, true
		return out, nil
	}
	return m.openPart(c, part)
}

func (m *Memory) openPart(c engine.Case, part engine.Linked) (engine.Outcome, error) {
	if m.parts == nil {
		return engine.Outcome{}, engine.Errorf(engine.CodeProcedureUnknown, "no version of procedure %q is in effect", part.Procedure)
	}
	there, agency, err := m.parts(c, part)
	if err != nil {
		return engine.Outcome{}, err
	}
	r, now := m.rulesOf(c.Dossier), m.Now().Truncate(time.Microsecond)
	start := r.StartLinked(c, part, there, agency, m.number(agency, now), m.fields[c.Dossier])
	begun, err := engine.Decide(there, engine.Case{}, start, now)
	if err != nil {
		return engine.Outcome{}, err
	}
	cmd := engine.LinkOpened(c, part, start.Dossier)
	d, err := engine.Decide(r, c, cmd, now)
	if err != nil {
		return engine.Refused(r, c, cmd, err)
	}
	m.rules[start.Dossier] = there
	m.keep(start, begun)
	m.keep(cmd, d)
	out := d.Outcome(cmd)
	out.Child = start.Dossier
	return out, nil
}

// number is the code of the next dossier of an agency on a day.
func (m *Memory) number(agency string, now time.Time) string {
	head := agency + "-" + now.In(zone).Format("060102") + "-"
	n := 1
	for dossier := range m.cases {
		if strings.HasPrefix(dossier, head) {
			n++
		}
	}
	return fmt.Sprintf("%s%04d", head, n)
}
