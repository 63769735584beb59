package diagram_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/definitions/diagram"
	"motcua/engine"
)

func TestSVG(t *testing.T) {
	for _, source := range shipped(t) {
		m := source.Machine
		t.Run(m.Code, func(t *testing.T) {
			h := definitions.Highlight{Current: m.States[1].ID, Visited: []string{m.Initial().ID}}
			svg := draw(t, m, "vi", h)

			require.True(t, strings.HasPrefix(svg, `<svg role="img" aria-label="`+m.Name.VI), "one element, named")
			require.Contains(t, svg, "<title>"+definitions.Title(m, "vi")+"</title>")
			require.Contains(t, svg, firstWord(m.Initial().Name.VI), "Vietnamese names as they are")
			require.Contains(t, svg, `class="node state initial visited"`)
			require.NotContains(t, svg, "<script")
			wellFormed(t, svg)
			require.Regexp(t, `class="node state [a-z ]*current"`, svg)
			require.Contains(t, svg, "#fde68a", "the current state has a colour of its own")
			require.Equal(t, svg, draw(t, m, "vi", h), "the same input draws the same bytes")
			require.Contains(t, draw(t, m, "en", h), firstWord(m.Initial().Name.EN))
		})
	}
}

// firstWord is what a label surely shows: long names are broken into lines.
func firstWord(name string) string { return strings.Fields(name)[0] }

func TestSVGEscapesNames(t *testing.T) {
	nasty := "</title><script>alert(\"1\")</script> & \\N &lt; 'x'"
	m := *shipped(t)[0].Machine
	m.Name.VI = nasty
	m.States = append([]engine.State(nil), m.States...)
	m.States[0].Name.VI = nasty

	svg := draw(t, &m, "vi", definitions.Highlight{})

	require.NotContains(t, svg, "<script")
	require.Contains(t, svg, "&amp;lt;", "an entity in a name is text")
	require.Contains(t, svg, `\N`, "an escape of the drawing language is text")
	wellFormed(t, svg)
}

func TestSVGIsSafeForConcurrentUse(t *testing.T) {
	sources := shipped(t)
	want := make([]string, len(sources))
	for i, s := range sources {
		want[i] = draw(t, s.Machine, "vi", definitions.Highlight{})
	}
	var wg sync.WaitGroup
	for i := range 8 * len(sources) {
		wg.Go(func() {
			got, err := diagram.SVG(t.Context(), sources[i%len(sources)].Machine, "vi", definitions.Highlight{})
			if err != nil || string(got) != want[i%len(sources)] {
				t.Errorf("drawing %d differs: %v", i, err)
			}
		})
	}
	wg.Wait()
}

func TestSVGOutlivesACancelledRequest(t *testing.T) {
	m := shipped(t)[0].Machine
	ctx, cancel := context.WithCancel(t.Context())
	cancel()

	_, err := diagram.SVG(ctx, m, "vi", definitions.Highlight{})

	require.ErrorIs(t, err, context.Canceled)
	draw(t, m, "vi", definitions.Highlight{})
}

func BenchmarkSVG(b *testing.B) {
	sources, err := definitions.Shipped()
	require.NoError(b, err)
	for _, s := range sources {
		b.Run(s.Machine.Code, func(b *testing.B) {
			for b.Loop() {
				if _, err := diagram.SVG(b.Context(), s.Machine, "vi", definitions.Highlight{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func shipped(t *testing.T) []definitions.Source {
	t.Helper()
	sources, err := definitions.Shipped()
	require.NoError(t, err)
	return sources
}

func draw(t *testing.T, m *engine.Machine, lang string, h definitions.Highlight) string {
	t.Helper()
	svg, err := diagram.SVG(t.Context(), m, lang, h)
	require.NoError(t, err)
	return string(svg)
}

func wellFormed(t *testing.T, svg string) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader([]byte(svg)))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
	}
}
