package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"

	"motcua/api"
	"motcua/engine"
)

func (a *app) dossierView(r *remote) *cobra.Command {
	return noun("view", "filters of lists, kept under names", a.viewList(r), a.viewKeep(r), a.viewDrop(r))
}

func readViews(ctx context.Context, r *remote) ([]engine.View, error) {
	out := struct{ Views []engine.View }{[]engine.View{}}
	err := r.get(ctx, "/views", nil, &out)
	return out.Views, err
}

func (a *app) viewList(r *remote) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "list the saved views one finds",
		Long:    "Lists one's own views and those that are shared with one.",
		Example: "  motcua dossier view list --as hoa.le",
		Args:    exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			views, err := readViews(c.Context(), r)
			if err != nil {
				return err
			}
			return a.print(map[string][]engine.View{"views": views}, func(w io.Writer) { printViews(w, views) })
		},
	}
}

func (a *app) viewKeep(r *remote) *cobra.Command {
	var s selection
	var body api.ViewBody
	var share string
	c := &cobra.Command{
		Use:   "keep NAME",
		Short: "keep a filter under a name",
		Long: "Keeps the filters given under a name; one's view of that name is replaced. --query is not kept, for it may be a\n" +
			"person's name; --holder me means whoever looks.",
		Example: "  motcua dossier view keep 'Quá hạn của phòng' --as hoa.le --list overdue --department one-stop --share department --share-with one-stop",
		Args:    exactly(1, "a name"),
		RunE: func(c *cobra.Command, args []string) error {
			query, err := s.query(c, r)
			if err != nil {
				return err
			}
			query.Del("q")
			body.Name, body.Query, body.Share = args[0], query.Encode(), engine.Sharing(share)
			var out engine.View
			if err := r.post(c.Context(), "/views", "", body, &out); err != nil {
				return err
			}
			return a.print(out, func(w io.Writer) { printViews(w, []engine.View{out}) })
		},
	}
	s.flags(c)
	c.Flags().StringVar(&share, "share", "", "who else finds it: own (nobody, the default), department or agency")
	c.Flags().StringVar(&body.Department, "share-with", "", "with --share department: which")
	complete(c, "share", []string{string(engine.ShareOwn), string(engine.ShareDepartment), string(engine.ShareAgency)})
	return c
}

func (a *app) viewDrop(r *remote) *cobra.Command {
	return &cobra.Command{
		Use:     "drop NAME",
		Short:   "forget a saved view",
		Long:    "Forgets one of one's own views, by name or id.",
		Example: "  motcua dossier view drop 'Quá hạn của phòng' --as hoa.le",
		Args:    exactly(1, "a name or an id"),
		RunE: func(c *cobra.Command, args []string) error {
			v, err := findView(c.Context(), r, args[0])
			if err != nil {
				return err
			}
			var nothing []byte
			if err := r.call(c.Context(), request{method: http.MethodDelete, path: "/views/" + url.PathEscape(v.ID)}, &nothing); err != nil {
				return err
			}
			return a.print(map[string]string{"dropped": v.ID}, func(w io.Writer) { fmt.Fprintf(w, "dropped %s (%s)\n", v.ID, v.Name) })
		},
	}
}
