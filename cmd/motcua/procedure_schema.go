package main

import (
	"encoding/json"
	"io"

	"github.com/spf13/cobra"

	"motcua/definitions/schema"
)

func (a *app) procedureSchema() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "print the JSON Schema of definitions, for editors",
		Long: "Prints the JSON Schema (draft 2020-12) of definitions, with which an editor completes keys, shows help and\n" +
			"marks what is wrong in form. What refers to other places of a definition only procedure lint can judge.",
		Example: "  motcua procedure schema > definition.schema.json",
		Args:    exactly(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			text := schema.JSON()
			return a.print(json.RawMessage(text), func(w io.Writer) { _, _ = w.Write(text) })
		},
	}
}
