package main

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"motcua/api"
)

// openapi is the description of the API, for whoever has no server at hand.
func (a *app) openapi() *cobra.Command {
	return noun("openapi", "the description of the HTTP API", a.openapiShow())
}

func (a *app) openapiShow() *cobra.Command {
	return &cobra.Command{
		Use:   "show",
		Short: "print the OpenAPI 3.1 document",
		Long: "Prints the OpenAPI 3.1 document that a server of this version serves at /openapi.json, indented. No server is\n" +
			"needed: client generators and linters can be run on it.",
		Example: "  motcua openapi show > openapi.json",
		Args:    exactly(0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			document, err := api.Document(version)
			if err != nil {
				return fmt.Errorf("describe the API: %w", err)
			}
			text, err := json.MarshalIndent(document, "", "  ")
			if err != nil {
				return fmt.Errorf("describe the API: %w", err)
			}
			return a.print(json.RawMessage(text), func(w io.Writer) { _, _ = fmt.Fprintln(w, string(text)) })
		},
	}
}
