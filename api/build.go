package api

import (
	"fmt"
	"net/http"

	"motcua/api/caller"
	"motcua/api/problem"
	"motcua/api/web"
)

// build registers every route and stacks the layers around them.
func (s *Server) build() error {
	var sessions *caller.Sessions
	if s.options.DevSignIn {
		sessions = caller.NewSessions(s.options.SessionKey, s.options.Now)
	}
	g := &guard{
		people: s.options.People, sessions: sessions, crossSite: http.NewCrossOriginProtection(),
		slots: make(chan struct{}, s.options.MaxConcurrent), fail: s.fail,
	}
	s.routes = &router{mux: http.NewServeMux(), admit: g.admit, fail: s.fail}
	d := &desk{ledger: s.options.Ledger, driver: s.options.Driver, log: s.options.Logger}
	if err := s.pages(d, sessions); err != nil {
		return err
	}
	newAPI(s.options, d, s.routes)
	s.handler = s.observe(s.limit(s.routes))
	return s.routes.err()
}

// pages registers the routes for people.
func (s *Server) pages(d *desk, sessions *caller.Sessions) error {
	site, err := web.New(web.Options{
		Dossiers: s.options.Dossiers, People: s.options.People, Fire: d.fire,
		Draw: web.DrawFunc(s.options.Draw), Sessions: sessions, Now: s.options.Now,
	})
	if err != nil {
		return fmt.Errorf("api: %w", err)
	}
	s.site = site
	for _, r := range site.Routes() {
		s.routes.add(Route{Method: r.Method, Path: r.Path, Access: r.Access, Page: true}, r.Handler)
	}
	return nil
}

// fail answers with a problem, as a page where people read it.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, page bool, p *problem.Problem) {
	if page && s.site != nil {
		s.site.Fail(w, r, p)
		return
	}
	p.Write(w)
}
