package main

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"motcua/api/filter"
	"motcua/engine"
)

// filterFlags are the parameters of a list that are words or moments, with the
// flags they are given by.
var filterFlags = []struct{ parameter, flag, help string }{
	{"list", "list", "one of the supervisors' lists: overdue, due-soon, stuck, unaccepted, unacknowledged, unanswered, waiting, returned"},
	{"soon", "soon", "how near due-soon looks, such as 2wd, 4wh, or 0wd for today (default 1wd)"},
	{"idle", "idle", "how long nothing has moved in what is stuck, such as 5wd (default 3wd)"},
	{"status", "status", "running, suspended or closed"},
	{"department", "department", "department that has it, or one below that; of a closed dossier, where it stood last"},
	{"holder", "holder", "officer who holds it, me, or - for nobody"},
	{"procedure", "procedure", "code of the procedure"},
	{"channel", "channel", "how it came in: direct, online or post"},
	{"state", "state", "id of the state it is in"},
	{"due_from", "due-from", "dossier or step due at this moment or later"},
	{"due_before", "due-before", "dossier or step due before this moment"},
	{"started_from", "started-from", "started at this moment or later"},
	{"started_before", "started-before", "started before this moment"},
	{"entered_from", "entered-from", "in its present step since this moment or later"},
	{"entered_before", "entered-before", "in its present step since before this moment"},
	{"closed_from", "closed-from", "closed at this moment or later"},
	{"closed_before", "closed-before", "closed before this moment"},
	{"q", "query", "the beginning of its code; words of the procedure's name or, whole, of the applicant's, with or without diacritics"},
	{"sort", "sort", "due, started, entered or acted; with - in front the other way round"},
}

// selection is a filter as a command line gives it: a saved view, flags, or
// flags that change a view.
type selection struct {
	view    string
	texts   []string
	overdue bool
}

func (s *selection) flags(c *cobra.Command) {
	f := c.Flags()
	s.texts = make([]string, len(filterFlags))
	for i, x := range filterFlags {
		f.StringVar(&s.texts[i], x.flag, "", x.help)
	}
	f.BoolVar(&s.overdue, "overdue", false, "only those whose step or dossier is overdue, the closed included; --overdue=false: only the others")
	f.StringVar(&s.view, "view", "", "a saved view, by name or id; further filters change it")
	var lists, orders []string
	for _, l := range engine.Lists() {
		lists = append(lists, string(l))
	}
	for _, o := range engine.Orders() {
		orders = append(orders, string(o))
	}
	complete(c, "list", lists)
	complete(c, "sort", orders)
	complete(c, "status", []string{"running", "suspended", "closed"})
	complete(c, "channel", []string{"direct", "online", "post"})
}

// given are the filters on the command line alone, as an address has them.
func (s *selection) given(c *cobra.Command) (url.Values, error) {
	values := url.Values{}
	for i, x := range filterFlags {
		if c.Flags().Changed(x.flag) {
			values.Set(x.parameter, s.texts[i])
		}
	}
	if c.Flags().Changed("overdue") {
		values.Set("overdue", strconv.FormatBool(s.overdue))
	}
	parsed, err := filter.Parse(values)
	if err != nil {
		return nil, misgiven(values, err)
	}
	return parsed.Values(), nil
}

// misgiven says of what is wrong with a filter by which flag it was given.
func misgiven(values url.Values, err error) error {
	var said *engine.Error
	if !errors.As(err, &said) {
		return err
	}
	parameter := strings.TrimPrefix(said.Path, "/")
	i := slices.IndexFunc(filterFlags, func(x struct{ parameter, flag, help string }) bool { return x.parameter == parameter })
	switch {
	case i < 0:
		return usageError{err}
	case strings.HasSuffix(parameter, "_from"), strings.HasSuffix(parameter, "_before"):
		return usagef("--%s %q is neither an RFC 3339 time such as 2026-11-30T00:00:00+07:00 nor a day such as 2026-11-30", filterFlags[i].flag, values.Get(parameter))
	}
	return usagef("--%s %q: %s", filterFlags[i].flag, values.Get(parameter), said.Message)
}

// query are the parameters that the selection comes to.
func (s *selection) query(c *cobra.Command, r *remote) (url.Values, error) {
	given, err := s.given(c)
	if err != nil || s.view == "" {
		return given, err
	}
	v, err := findView(c.Context(), r, s.view)
	if err != nil {
		return nil, err
	}
	query, err := url.ParseQuery(v.Query)
	if err != nil {
		return nil, err
	}
	for parameter, values := range given {
		query[parameter] = values
	}
	return query, nil
}

// findView finds a saved view by its id or, where only one has it, its name.
func findView(ctx context.Context, r *remote, key string) (engine.View, error) {
	views, err := readViews(ctx, r)
	if err != nil {
		return engine.View{}, err
	}
	var found []engine.View
	for _, v := range views {
		if v.ID == key {
			return v, nil
		}
		if v.Name == key {
			found = append(found, v)
		}
	}
	switch len(found) {
	case 0:
		return engine.View{}, engine.Errorf(engine.CodeNotFound, "no view %q; motcua dossier view list names those there are", key)
	case 1:
		return found[0], nil
	}
	var ids []string
	for _, v := range found {
		ids = append(ids, v.ID+" of "+v.Owner)
	}
	return engine.View{}, usagef("several views are called %q: name one by its id: %s", key, strings.Join(ids, ", "))
}
