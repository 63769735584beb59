// Package diagram draws procedures as SVG. It stands apart from definitions
// because the drawing library compiles itself when the program starts (some
// tenths of a second, less once it is in the user's cache), which only those
// who draw should pay.
package diagram

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"sync"

	"cachedir.motcua"
	"github.com/goccy/go-graphviz"

	"motcua/definitions"
	"motcua/engine"
)

// drawing guards the library: it is one WebAssembly instance for the whole
// process, with one memory, and not safe for concurrent use.
var drawing struct {
	sync.Mutex
	context *graphviz.Graphviz
}

func init() { cachedir.Restore() } // the library is up

// SVG draws the machine, names in lang ("en", else Vietnamese), the states of
// h marked by colour and by class. The answer is one <svg> element without
// prolog, to be put into a page as it is: it has a <title>, names are escaped,
// and the same input always gives the same bytes. Drawings wait for each other.
func SVG(ctx context.Context, m *engine.Machine, lang string, h definitions.Highlight) ([]byte, error) {
	source := definitions.DOT(m, lang, h)
	drawing.Lock()
	defer drawing.Unlock()
	if err := ctx.Err(); err != nil { // whoever asked may have left while waiting
		return nil, fmt.Errorf("draw procedure %s: %w", m.Code, err)
	}
	// The instance must not see a cancellation: it would be left half way through, for everyone.
	drawn, err := render(context.WithoutCancel(ctx), source)
	if err != nil {
		return nil, fmt.Errorf("draw procedure %s: %w", m.Code, err)
	}
	return element(drawn, definitions.Title(m, lang))
}

func render(ctx context.Context, source string) (drawn []byte, err error) {
	if drawing.context == nil {
		if drawing.context, err = graphviz.New(ctx); err != nil {
			return nil, err
		}
	}
	graph, err := graphviz.ParseBytes([]byte(source))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, graph.Close()) }()
	var out bytes.Buffer
	if err := drawing.context.Render(ctx, graph, graphviz.SVG, &out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// element cuts the drawing out of its document and gives it a name that screen
// readers say.
func element(document []byte, title string) ([]byte, error) {
	start := bytes.Index(document, []byte("<svg "))
	if start < 0 {
		return nil, errors.New("draw: the library drew nothing")
	}
	var out bytes.Buffer
	out.WriteString(`<svg role="img" aria-label="`)
	if err := xml.EscapeText(&out, []byte(title)); err != nil {
		return nil, err
	}
	out.WriteString(`" `)
	out.Write(bytes.TrimSpace(document[start+len("<svg "):]))
	return out.Bytes(), nil
}
