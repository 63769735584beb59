package api

import (
	"errors"
	"maps"
	"net/url"
	"slices"

	"motcua/api/filter"
	"motcua/engine"
)

// filterOf reads the parameters of a list by their names, as an address has
// them. An act has no order, and nothing in it widens who asks' reach.
func filterOf(a engine.Actor, params map[string]string) (engine.Filter, error) {
	values := url.Values{}
	for _, name := range slices.Sorted(maps.Keys(params)) {
		if name == "sort" || !slices.Contains(filter.Names(), name) {
			return engine.Filter{}, &engine.Error{Code: engine.CodeInvalid, Path: "/filter", Message: "the filter holds what is no parameter of a list"}
		}
		values.Set(name, params[name])
	}
	p, err := filter.Parse(values)
	if err == nil {
		var f engine.Filter
		if f, err = p.Params.Filter(engine.BulkReach(a)); err == nil {
			return f, f.Check()
		}
	}
	var said *engine.Error
	if errors.As(err, &said) && said.Path != "" {
		at := *said
		at.Path = "/filter" + said.Path
		return engine.Filter{}, &at
	}
	return engine.Filter{}, err
}
