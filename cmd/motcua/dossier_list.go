package main

import (
	"io"
	"net/url"
	"strconv"

	"github.com/spf13/cobra"

	"motcua/engine"
)

func (a *app) dossierList(r *remote) *cobra.Command {
	var s selection
	var cursor string
	var limit int
	c := &cobra.Command{
		Use:   "list",
		Short: "list dossiers, the most urgent first",
		Long: "Lists the dossiers that the key's owner sees and that pass every filter given. A moment is RFC 3339 or a day, which\n" +
			"stands for its beginning. The same filters count, summarise and select: dossier count, board, workload, bulk.",
		Example: "  motcua dossier list --as hoa.le --list overdue --department one-stop\n" +
			"  motcua dossier list --as lan.nguyen --holder me --due-before 2026-11-30\n" +
			"  motcua dossier list --as hoa.le --list stuck --idle 5wd --sort acted\n" +
			"  motcua dossier list --as hoa.le --view 'Quá hạn của phòng'",
		Args: exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			query, err := s.query(c, r)
			if err != nil {
				return err
			}
			if c.Flags().Changed("cursor") {
				query.Set("cursor", cursor)
			}
			if c.Flags().Changed("limit") {
				query.Set("limit", strconv.Itoa(limit))
			}
			var page dossierPage
			if err := r.get(c.Context(), "/dossiers", query, &page); err != nil {
				return err
			}
			page.Dossiers = append([]engine.Record{}, page.Dossiers...) // an empty list, not null
			return a.print(page, func(w io.Writer) { printPage(w, page) })
		},
	}
	s.flags(c)
	c.Flags().StringVar(&cursor, "cursor", "", "the page after this cursor")
	c.Flags().IntVar(&limit, "limit", 50, "at most so many, up to 200")
	return c
}

// dossierPage is a page of the list.
type dossierPage struct {
	Dossiers []engine.Record `json:"dossiers"`
	Next     string          `json:"next,omitempty"`
}

// tallied is a command that asks for what a filter comes to.
func (a *app) tallied(r *remote, use, short, example, path string, show func(query url.Values, c *cobra.Command) error) *cobra.Command {
	var s selection
	c := &cobra.Command{
		Use: use, Short: short, Example: example, Args: exactly(0, "no arguments"),
		Long: "By the filters of dossier list, within what the key's owner sees (GET /api/v1" + path + ").",
		RunE: func(c *cobra.Command, _ []string) error {
			query, err := s.query(c, r)
			if err != nil {
				return err
			}
			return show(query, c)
		},
	}
	s.flags(c)
	return c
}

func (a *app) dossierCount(r *remote) *cobra.Command {
	const path = "/dossiers/count"
	return a.tallied(r, "count", "count the dossiers that a filter selects", "  motcua dossier count --as hoa.le --list overdue --procedure 2.000908", path,
		func(query url.Values, c *cobra.Command) error {
			var out engine.Counted
			if err := r.get(c.Context(), path, query, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) { printCount(w, out) })
		})
}

func (a *app) dossierBoard(r *remote) *cobra.Command {
	const path = "/board"
	return a.tallied(r, "board", "count every list, with ageing, by department and by procedure", "  motcua dossier board --as hoa.le", path,
		func(query url.Values, c *cobra.Command) error {
			var out engine.Board
			if err := r.get(c.Context(), path, query, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) { printBoard(w, out) })
		})
}

func (a *app) dossierWorkload(r *remote) *cobra.Command {
	const path = "/board/workload"
	return a.tallied(r, "workload", "say what each officer has on their desk", "  motcua dossier workload --as hoa.le --department civil-status", path,
		func(query url.Values, c *cobra.Command) error {
			out := struct {
				Officers []engine.Workload `json:"officers"`
			}{[]engine.Workload{}}
			if err := r.get(c.Context(), path, query, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) { printWorkload(w, out.Officers) })
		})
}
