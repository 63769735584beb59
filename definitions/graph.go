package definitions

import (
	"fmt"
	"slices"
	"strings"

	"motcua/engine"
)

// Highlight says what a drawing shows of one dossier: the state it stands in
// and those it has passed.
type Highlight struct {
	Current string
	Visited []string
}

// class names what a state is in a drawing, for the style sheet: "state" and
// then some of initial, final, suspended, visited and current.
func (h Highlight) class(m *engine.Machine, s engine.State) string {
	words := []string{"state"}
	for _, w := range []struct {
		holds bool
		word  string
	}{
		{s.ID == m.Initial().ID, "initial"},
		{s.Final, "final"},
		{s.Suspended(), "suspended"},
		{slices.Contains(h.Visited, s.ID), "visited"},
		{s.ID == h.Current, "current"},
	} {
		if w.holds {
			words = append(words, w.word)
		}
	}
	return strings.Join(words, " ")
}

// Mermaid writes the machine as a Mermaid state diagram (stateDiagram-v2) with
// Vietnamese names, the current state marked. An empty or unknown current
// marks none. The same machine is always the same text.
func Mermaid(m *engine.Machine, current string) string { return MermaidIn(m, "vi", current) }

// MermaidIn is [Mermaid] with names in lang ("en", else Vietnamese).
func MermaidIn(m *engine.Machine, lang, current string) string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    direction TB\n")
	for _, s := range m.States {
		fmt.Fprintf(&b, "    state \"%s\" as %s\n", mermaidText.Replace(name(s.Name, lang)), mermaidID(s.ID))
	}
	fmt.Fprintf(&b, "    [*] --> %s\n", mermaidID(m.Initial().ID))
	for _, s := range m.States {
		mermaidEvents(&b, m, s, lang)
	}
	if _, ok := m.State(current); ok {
		b.WriteString("    classDef current fill:#fde68a,stroke:#b45309,stroke-width:3px,color:#111827\n")
		fmt.Fprintf(&b, "    class %s current\n", mermaidID(current))
	}
	return b.String()
}

func mermaidEvents(b *strings.Builder, m *engine.Machine, s engine.State, lang string) {
	id := mermaidID(s.ID)
	for i, t := range s.On {
		if !t.Stays() {
			fmt.Fprintf(b, "    %s --> %s : %s\n", id, mermaidID(t.To), mermaidText.Replace(said(m, s, i, lang)))
		}
	}
	if notes := staying(m, s, lang); len(notes) > 0 {
		fmt.Fprintf(b, "    note right of %s\n", id)
		for _, note := range notes {
			fmt.Fprintf(b, "        %s\n", mermaidText.Replace(note))
		}
		b.WriteString("    end note\n")
	}
	if s.Final {
		fmt.Fprintf(b, "    %s --> [*]\n", id)
	}
}

// mermaidID writes a state's id so that it is no word of Mermaid's ("end",
// "state") and holds no hyphen, which would begin an arrow there.
func mermaidID(id string) string { return "s_" + strings.ReplaceAll(id, "-", "_") }

// mermaidText writes a name by Mermaid's numeric entities wherever a character
// means something to Mermaid or to HTML.
var mermaidText = strings.NewReplacer(
	"\n", " ", `"`, "#34;", "#", "#35;", "&", "#38;", ":", "#58;", ";", "#59;", "<", "#60;", ">", "#62;",
	`\`, "#92;", "`", "#96;", "{", "#123;", "}", "#125;",
)

// colours of a drawing, by what a state is; the last that holds wins.
var fills = []struct{ class, fill, line string }{
	{"state", "#ffffff", "#4b5563"},
	{"final", "#e5e7eb", "#4b5563"},
	{"suspended", "#ede9fe", "#6d28d9"},
	{"visited", "#d1fae5", "#047857"},
	{"current", "#fde68a", "#b45309"},
}

// DOT writes the machine in Graphviz's language, names in lang ("en", else
// Vietnamese). States carry the classes state, initial, final, suspended,
// visited and current, and a colour, so that the drawing is readable without a
// style sheet. The same input is always the same text.
func DOT(m *engine.Machine, lang string, h Highlight) string {
	var b strings.Builder
	fmt.Fprintf(&b, "digraph %s {\n", dotText(Title(m, lang)))
	b.WriteString("  graph [rankdir=TB, bgcolor=transparent, nodesep=0.4, ranksep=0.5]\n")
	b.WriteString("  node [shape=box, style=\"rounded,filled\", fontname=Arial, fontsize=12, fontcolor=\"#111827\", margin=\"0.15,0.08\"]\n")
	b.WriteString("  edge [fontname=Arial, fontsize=10, color=\"#6b7280\", fontcolor=\"#374151\", arrowsize=0.7]\n")
	for _, s := range m.States {
		dotState(&b, m, s, lang, h)
	}
	for i, s := range m.States {
		dotEvents(&b, m, i, lang)
		if notes := staying(m, s, lang); len(notes) > 0 {
			note := dotText(s.ID + "/note") // no id of a state holds a slash
			fmt.Fprintf(&b, "  %s [shape=note, style=filled, fillcolor=\"#fffbeb\", color=\"#9ca3af\", fontsize=10, label=%s, id=%s, class=note]\n",
				note, dotText(wrapped(notes)), dotText("note-"+s.ID))
			fmt.Fprintf(&b, "  %s -> %s [dir=none, style=dotted, constraint=false, class=note]\n", dotText(s.ID), note)
		}
	}
	b.WriteString("}\n")
	return b.String()
}

// dotEvents writes the arrows out of the i-th state.
func dotEvents(b *strings.Builder, m *engine.Machine, i int, lang string) {
	s := m.States[i]
	for j, t := range s.On {
		if t.Stays() {
			continue
		}
		fmt.Fprintf(b, "  %s -> %s [label=%s, id=%s, class=event", dotText(s.ID), dotText(t.To),
			dotText(wrap(said(m, s, j, lang))), dotText(eventID(s, j)))
		switch {
		case slices.ContainsFunc(m.States[:i+1], func(before engine.State) bool { return before.ID == t.To }):
			b.WriteString(", style=dashed, constraint=false") // a way back does not turn the drawing round
		case i+1 < len(m.States) && m.States[i+1].ID == t.To:
			b.WriteString(", weight=8") // the normal path stands straight
		}
		b.WriteString("]\n")
	}
}

// eventID names the i-th entry of a state: entries of one event are counted.
func eventID(s engine.State, i int) string {
	id, nth := "event-"+s.ID+"-"+s.On[i].Event, 1
	for _, before := range s.On[:i] {
		if before.Event == s.On[i].Event {
			nth++
		}
	}
	if nth > 1 {
		id = fmt.Sprintf("%s-%d", id, nth)
	}
	return id
}

func dotState(b *strings.Builder, m *engine.Machine, s engine.State, lang string, h Highlight) {
	class := h.class(m, s)
	words := strings.Fields(class)
	look := fills[0]
	for _, f := range fills {
		if slices.Contains(words, f.class) {
			look = f
		}
	}
	width := 1
	if s.ID == h.Current {
		width = 3
	}
	label := wrap(name(s.Name, lang))
	fmt.Fprintf(b, "  %s [label=%s, id=%s, class=%s, fillcolor=%q, color=%q, penwidth=%d", dotText(s.ID), dotText(label),
		dotText("state-"+s.ID), dotText(class), look.fill, look.line, width)
	if s.Final {
		b.WriteString(", peripheries=2")
	}
	b.WriteString("]\n")
}

// Title is the heading of a drawing: the name of the procedure and its code.
func Title(m *engine.Machine, lang string) string {
	return fmt.Sprintf("%s (%s)", name(m.Name, lang), m.Code)
}

func name(t engine.Text, lang string) string {
	if lang == "en" && t.EN != "" {
		return t.EN
	}
	return t.VI
}

// dotText quotes text for Graphviz. There a backslash begins an escape such as
// \N, the name of the node, so it is doubled; an ampersand begins an entity; a
// line break is written \n.
func dotText(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;", "\n", `\n`).Replace(s) + `"`
}

// wrapped breaks each of several notes.
func wrapped(notes []string) string {
	lines := make([]string, len(notes))
	for i, note := range notes {
		lines[i] = wrap(note)
	}
	return strings.Join(lines, "\n")
}

// wrap breaks a long name into lines at its spaces.
func wrap(s string) string {
	const most = 28
	var lines []string
	line, length := "", 0
	for _, word := range strings.Fields(s) {
		n := len([]rune(word))
		if line != "" && length+1+n > most {
			lines, line, length = append(lines, line), "", 0
		}
		if line != "" {
			line, length = line+" ", length+1
		}
		line, length = line+word, length+n
	}
	return strings.Join(append(lines, line), "\n")
}
