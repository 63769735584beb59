package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"motcua/definitions"
	"motcua/definitions/diagram"
	"motcua/engine"
)

var (
	exportFormats = []string{"mermaid", "dot", "svg", "scxml", "json"}
	languages     = []string{"vi", "en"}
)

func (a *app) procedureExport() *cobra.Command {
	var format, lang string
	c := &cobra.Command{
		Use:   "export FILE",
		Short: "write a definition as Mermaid, Graphviz DOT, SVG, SCXML or JSON",
		Long: "Prints a definition in another language: a drawing (mermaid, dot, svg), a state chart for other programs\n" +
			"(scxml), or its JSON with the SHA-256 of the text (json). The file - is standard input.",
		Example: "  motcua procedure export definitions/procedures/1.001193.yaml --format svg > birth.svg",
		Args:    exactly(1, "one file"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := errors.Join(oneOf("format", format, exportFormats), oneOf("lang", lang, languages)); err != nil {
				return err
			}
			m, err := a.machine(c, args[0])
			if err != nil {
				return err
			}
			text, err := export(c.Context(), m, format, lang)
			if err != nil {
				return err
			}
			return a.print(map[string]string{"format": format, "text": text}, func(w io.Writer) { fmt.Fprint(w, text) })
		},
	}
	c.Flags().StringVar(&format, "format", "mermaid", "mermaid, dot, svg, scxml or json")
	c.Flags().StringVar(&lang, "lang", "vi", "language of the names in mermaid, dot and svg, vi or en; scxml and json hold both")
	complete(c, "format", exportFormats)
	complete(c, "lang", languages)
	return c
}

func export(ctx context.Context, m *engine.Machine, format, lang string) (string, error) {
	var text []byte
	var err error
	switch format {
	case "dot":
		return definitions.DOT(m, lang, definitions.Highlight{}), nil
	case "svg":
		text, err = diagram.SVG(ctx, m, lang, definitions.Highlight{})
	case "scxml":
		text, err = definitions.SCXML(m)
	case "json":
		text, err = definitions.JSON(m)
	default:
		return definitions.MermaidIn(m, lang, ""), nil
	}
	return string(text), err
}
