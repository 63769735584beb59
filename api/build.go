package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/api/problem"
	"motcua/api/web"
	"motcua/engine"
)

// build registers every route and stacks the layers around them.
func (s *Server) build() error {
	sessions := s.options.sessions()
	crossSite, err := s.options.crossSite()
	if err != nil {
		return fmt.Errorf("api: public URL: %w", err)
	}
	g := &guard{
		people: s.options.People, near: &near{Reaches: s.options.Reaches, Dossiers: s.options.Dossiers},
		sessions: sessions, local: s.options.DevSignIn, crossSite: crossSite,
		slots: make(chan struct{}, s.options.MaxConcurrent), fail: s.fail,
		callers: newQuota(s.options.CallerRate, int(2*s.options.CallerRate), max(1, s.options.MaxConcurrent/shareOfCaller), s.options.Now),
		streams: make(chan struct{}, maxStreams), listeners: newQuota(s.options.CallerRate, int(2*s.options.CallerRate), callerStreams, s.options.Now),
		guesses: newQuota(guessRate, guessBurst, 1, s.options.Now),
	}
	s.routes = &router{mux: http.NewServeMux(), admit: g.admit, fail: s.fail}
	d := &desk{ledger: s.options.Ledger, driver: s.options.Driver, log: s.options.Logger}
	m := &machineAPI{Options: s.options, desk: d, runner: s.runner, hub: s.hub}
	if err := s.pages(m, sessions); err != nil {
		return err
	}
	m.described = newAPI(m, s.routes)
	s.handler = s.observe(s.limit(s.routes))
	if s.options.Trace != nil {
		s.handler = s.options.Trace(s.handler)
	}
	return s.routes.err()
}

// pages registers the routes for people.
func (s *Server) pages(m *machineAPI, sessions *caller.Sessions) error {
	site, err := web.New(web.Options{
		Dossiers: s.options.Dossiers, Boards: s.options.Boards, Views: s.options.Views,
		Keep: func(ctx context.Context, v engine.View) (engine.View, error) {
			return keepView(ctx, s.options.Views, v)
		},
		People: s.options.People, Chains: s.options.Chains, Fire: m.desk.fire, Foresee: m.foresee, Watches: m.Watches, Evidence: m.pack, Bureau: m.bureau(),
		Draw: web.DrawFunc(s.options.Draw), Sessions: sessions, DevSignIn: s.options.DevSignIn, Issuer: s.options.Issuer, Accounts: s.options.Accounts,
		Now: s.options.Now, Document: func() *huma.OpenAPI { return m.described.OpenAPI() },
		Disclose: func(ctx context.Context, c engine.Case, purpose string) (*engine.Disclosed, error) {
			return m.disclose(ctx, c, purpose, engine.PartApplicant, engine.PartFields, engine.PartComments)
		},
	})
	if err != nil {
		return fmt.Errorf("api: %w", err)
	}
	s.site = site
	for _, r := range site.Routes() {
		s.routes.add(Route{Method: r.Method, Path: r.Path, Verb: r.Verb, Page: true}, r.Handler)
	}
	return nil
}

// bureau is what the page of operations rests on.
func (m *machineAPI) bureau() web.Bureau {
	return web.Bureau{
		Calendars: m.Calendars, Acts: m.Acts, Outages: m.Outages, Slips: m.Slips,
		Accept: func(ctx context.Context, slip, key string) (done, refused int, err error) {
			out, err := m.accept(ctx, slip, "", key)
			if err != nil {
				return 0, 0, err
			}
			return out.Body.Done, out.Body.Refused, nil
		},
		Declare: func(ctx context.Context, o engine.Outage, key string) (string, error) {
			view, _, err := m.declare(ctx, o, key)
			return view.Act.ID, err
		},
		Many: web.Many{
			Preview: func(ctx context.Context, b engine.Bulk, cursor string) (engine.ActPage, error) {
				return m.Bulks.PreviewBulk(ctx, caller.From(ctx).Actor, b, cursor, 0)
			},
			Start: func(ctx context.Context, b engine.Bulk, key string) (string, error) {
				act, _, err := m.many(ctx, b, key)
				return act.ID, err
			},
			Again: func(ctx context.Context, act, key string) (string, error) {
				again, _, err := m.again(ctx, act, "", key)
				return again.ID, err
			},
			Cancel: func(ctx context.Context, act string) error {
				_, err := m.Bulks.CancelAct(ctx, caller.From(ctx).Actor, act)
				return err
			},
		},
		End: func(ctx context.Context, outage string, until time.Time, comment string) (string, error) {
			view, _, err := m.end(ctx, outage, until, comment)
			return view.Act.ID, err
		},
	}
}

// fail answers with a problem, as a page where people read it.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, page bool, p *problem.Problem) {
	if page && s.site != nil {
		s.site.Fail(w, r, p)
		return
	}
	p.Write(w)
}
