package api

import (
	"net/http"

	"motcua/api/caller"
)

// RouteWithoutPolicy registers a route that chose no policy and returns what
// New would.
func RouteWithoutPolicy() error {
	rt := &router{mux: http.NewServeMux(), admit: func(_ Route, h http.Handler) http.Handler { return h }}
	rt.add(Route{Method: http.MethodGet, Path: "/open", Access: caller.Access(0)}, http.NotFoundHandler())
	return rt.err()
}
