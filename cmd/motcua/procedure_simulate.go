package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"motcua/definitions/scenario"
	"motcua/engine"
)

func (a *app) procedureSimulate() *cobra.Command {
	var lang string
	c := &cobra.Command{
		Use:   "simulate FILE SCENARIO...",
		Short: "play scenarios on a definition and print their timelines",
		Long: "Plays each scenario on the definition, on a virtual clock, and prints what happens, the work of time included.\n" +
			"Then it says, with place, which expectations do not hold. Exits with 3 if one does not. A scenario is a txtar\n" +
			"archive or a bare scenario.yaml; one that brings a definition of its own is played on that. The file - is\n" +
			"standard input.",
		Example: "  motcua procedure simulate definitions/procedures/1.001193.yaml definitions/scenarios/1.001193/*.txtar",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) < 2 {
				return usagef("%s takes a definition and one or more scenarios", spoken(c))
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			if err := oneOf("lang", lang, languages); err != nil {
				return err
			}
			m, err := a.machine(c, args[0])
			if err != nil {
				return err
			}
			played, all, err := a.simulate(c, m, args[1:])
			if err != nil {
				return err
			}
			if err := a.printSimulations(played, all, lang); err != nil {
				return err
			}
			if all.Err() != nil {
				return engine.Errorf(engine.CodeInvalid, "not everything holds: %s", tally(all))
			}
			return nil
		},
	}
	languageFlag(c, &lang)
	return c
}

// simulation is one scenario that was played.
type simulation struct {
	File string `json:"file"`
	*scenario.Timeline
	Findings engine.Findings `json:"findings"`
}

// simulate plays scenarios, and gathers what is wrong with them or with what
// came of them.
func (a *app) simulate(c *cobra.Command, m *engine.Machine, files []string) ([]simulation, engine.Findings, error) {
	played, all := make([]simulation, len(files)), engine.Findings{}
	for i, file := range files {
		text, err := readFile(c.InOrStdin(), file)
		if err != nil {
			return nil, nil, err
		}
		s, timeline, findings, err := scenario.Simulate(file, text, m)
		if err != nil {
			return nil, nil, err
		}
		if s.Machine != nil && s.Machine.SHA256 != m.SHA256 {
			a.note("%s brings a definition of its own and was played on that", file)
		}
		played[i] = simulation{File: file, Timeline: timeline, Findings: append(engine.Findings{}, findings...)}
		all = append(all, findings...)
	}
	return played, all, nil
}

func (a *app) printSimulations(played []simulation, all engine.Findings, lang string) error {
	result := struct {
		Scenarios []simulation `json:"scenarios"`
	}{played}
	return a.print(result, func(w io.Writer) {
		for _, s := range played {
			fmt.Fprintf(w, "%s\n", s.File)
			if s.Timeline != nil {
				fmt.Fprintf(w, "%s\n", strings.TrimRight(s.Text(lang), "\n"))
			}
			listFindings(w, s.Findings, lang)
			fmt.Fprintln(w)
		}
		wrong, _ := count(all)
		fmt.Fprintln(w, inLanguage(lang,
			fmt.Sprintf("%d kịch bản: %d điểm không đúng", len(played), wrong),
			plural(len(played), "scenario")+": "+tally(all)))
	})
}
