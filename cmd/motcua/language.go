package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"motcua/engine"
)

// languageFlag lets people choose the language of a result, once for all in
// the environment.
func languageFlag(c *cobra.Command, lang *string) {
	c.Flags().StringVar(lang, "lang", first(os.Getenv("MOTCUA_LANG"), "en"), "language of the result: vi or en (else $MOTCUA_LANG)")
	complete(c, "lang", languages)
}

func inLanguage(lang, vi, en string) string {
	if lang == "vi" {
		return vi
	}
	return en
}

// listFindings prints findings one a line.
func listFindings(w io.Writer, all engine.Findings, lang string) {
	for _, f := range all {
		fmt.Fprintln(w, f.In(lang))
	}
}

// summary is how many files were read and what was found in them.
func summary(all engine.Findings, files int, lang string) string {
	wrong, warned := count(all)
	return inLanguage(lang,
		fmt.Sprintf("%d tệp: %d lỗi, %d cảnh báo", files, wrong, warned),
		plural(files, "file")+": "+tally(all))
}
