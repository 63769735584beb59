package scenario

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"motcua/engine"
)

// Text writes the timeline for people, in a language ("vi", else English): a
// line per fact under the moment and the actor it belongs to. A rule is
// written out where it is first met.
func (t Timeline) Text(lang string) string {
	var b strings.Builder
	in := speaker(lang)
	fmt.Fprintf(&b, "%s\n", in(t.Name))
	fmt.Fprintf(&b, in(engine.Text{VI: "%s phiên bản %d, lịch %s phiên bản %d\n\n", EN: "%s version %d, calendar %s version %d\n\n"}),
		t.Procedure.Code, t.Procedure.Version, t.Calendar.Code, t.Calendar.Version)
	columns := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	p := &page{lang: lang, said: map[string]bool{}}
	for _, l := range t.Lines {
		fmt.Fprint(columns, p.line(l))
	}
	_ = columns.Flush() // a strings.Builder refuses nothing
	return b.String()
}

// speaker picks the language of a text; one without English stays Vietnamese.
func speaker(lang string) func(engine.Text) string {
	return func(t engine.Text) string {
		if lang == "vi" || t.EN == "" {
			return t.VI
		}
		return t.EN
	}
}

// page remembers what was written last, so that it is not repeated.
type page struct {
	lang      string
	when, who string
	said      map[string]bool
}

func (p *page) line(l Line) string {
	in, when := speaker(p.lang), engine.MomentText(l.At).In(p.lang)
	who, shown := in(l.Who), in(l.Who)
	if when == p.when && who == p.who {
		shown = ""
	}
	first := when
	if when == p.when {
		first = ""
	}
	p.when, p.who = when, who
	var b strings.Builder
	fmt.Fprintf(&b, "%s\t%s\t%s\t%s\n", first, shown, in(l.What), in(l.Detail))
	for _, note := range l.Notes {
		text := in(note)
		if once := p.once(text, when); !p.said[once] {
			p.said[once] = true
			fmt.Fprintf(&b, "\t\t\t· %s\n", oneLine(text))
		}
	}
	return b.String()
}

// once is what makes a note a repetition: a rule said before, a remark said at
// that moment, for one command may leave it with several facts.
func (*page) once(text, when string) string {
	if strings.HasPrefix(text, "“") {
		return when + text
	}
	return text
}

// oneLine keeps a remark of several lines within its row.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
