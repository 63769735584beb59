package api

import (
	"net/http"
)

// RouteWithoutPolicy registers a route that chose no policy and returns what
// New would.
func RouteWithoutPolicy() error {
	rt := &router{mux: http.NewServeMux(), admit: func(_ Route, h http.Handler) http.Handler { return h }}
	rt.add(Route{Method: http.MethodGet, Path: "/open", Verb: "nonsense"}, http.NotFoundHandler())
	return rt.err()
}
