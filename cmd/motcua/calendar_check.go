package main

import (
	"github.com/spf13/cobra"

	"motcua/definitions"
	"motcua/engine"
)

func (a *app) calendarCheck() *cobra.Command {
	var lang string
	c := &cobra.Command{
		Use:   "check FILE...",
		Short: "check calendars and say, with place, what is wrong",
		Long: "Checks each file and prints every fault as file:line:col: code: message, then their number. A calendar with a base\n" +
			"is completed with the shipped calendar of that code first. Exits with 3 if there is a fault. The file - is standard input.",
		Example: "  motcua calendar check definitions/calendars/*.yaml",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("%s takes one or more files", spoken(c))
			}
			return nil
		},
		RunE: func(c *cobra.Command, files []string) error {
			if err := oneOf("lang", lang, languages); err != nil {
				return err
			}
			all := engine.Findings{}
			for _, file := range files {
				text, err := readFile(c.InOrStdin(), file)
				if err != nil {
					return err
				}
				_, err = definitions.ReadCalendar(file, text)
				findings := definitions.CalendarFindings(err)
				if err != nil && findings == nil {
					return err
				}
				all = append(all, findings...)
			}
			if err := a.printFindings(all, len(files), lang); err != nil {
				return err
			}
			return all.Err()
		},
	}
	languageFlag(c, &lang)
	return c
}
