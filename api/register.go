package api

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/api/manual"
	"motcua/engine"
	"motcua/engine/calendar"
)

// Keys of an operation's metadata.
const (
	policyKey = "verb"
	vitalKey  = "vital"
	streamKey = "stream"
	keptKey   = "kept"
	secretKey = "secret"
)

// operation describes one route of the API.
type operation struct {
	id, method, path string
	verb             engine.Verb
	vital            bool
	stream           bool // answers for minutes
	summary          string
	status           int
	tag              string
	// replays says that a repetition is answered 200 instead of status.
	replays bool
	// pure says that it changes nothing, whatever its method: asking again needs
	// no key, and what it answers, which may be personal, is not kept.
	pure bool
	// secret says that the answer tells something once: it is not kept for
	// repetitions.
	secret bool
}

// register adds a route with its handler.
func register[I, O any](a huma.API, op operation, handler func(context.Context, *I) (*O, error)) {
	described := huma.Operation{
		OperationID: op.id, Method: op.method, Path: op.path, Summary: op.summary,
		DefaultStatus: op.status, Tags: []string{op.tag}, MaxBodyBytes: bound(op.path) + 1,
		Metadata: map[string]any{policyKey: op.verb, vitalKey: op.vital, streamKey: op.stream, secretKey: op.secret},
		Security: security(op.verb),
	}
	if op.method != http.MethodGet && !op.pure && !op.verb.Public() && !keepsItself[I]() {
		described.Metadata[keptKey] = true
		described.Parameters = append(described.Parameters, keyParameter())
	}
	huma.Register(a, described, handler)
	if op.replays {
		responses := responses(a, op)
		first := *responses[strconv.Itoa(op.status)]
		first.Description = "The answer to an earlier request with the same key"
		responses["200"] = &first
	}
}

// responses finds what the document says a route answers.
func responses(a huma.API, op operation) map[string]*huma.Response {
	item := a.OpenAPI().Paths[op.path]
	if op.method == http.MethodPost {
		return item.Post.Responses
	}
	return item.Get.Responses
}

// security says in the document what the guard enforces.
func security(verb engine.Verb) []map[string][]string {
	if verb.Public() {
		return []map[string][]string{}
	}
	return []map[string][]string{{"apiKey": {}}, {"session": {}}} // officers have keys too
}

// machineAPI holds what the handlers of the API need.
type machineAPI struct {
	Options
	desk   *desk
	runner *actRunner
	hub    *hub
	// described is the API once its routes are registered.
	described huma.API
}

// newAPI describes the API and registers its routes; what the code cannot say
// of them is added from the manual.
func newAPI(m *machineAPI, routes *router) huma.API {
	a := huma.NewAPI(config(m.Version), adapter{routes: routes, kept: m.kept})
	m.registerDossiers(a)
	m.registerLists(a)
	m.registerViews(a)
	m.registerEvents(a)
	m.registerEvidence(a)
	m.registerAudit(a)
	m.registerHandoffs(a)
	m.registerChain(a)
	m.registerProcedures(a)
	m.registerLifecycle(a)
	m.registerMigrations(a)
	m.registerCalendars(a)
	m.registerActs(a)
	m.registerBulk(a)
	m.registerPreview(a)
	m.registerWatches(a)
	m.registerStreams(a)
	m.registerOutages(a)
	m.registerMails(a)
	m.registerOfficers(a)
	m.registerSessions(a)
	m.registerOrganisation(a)
	m.registerKeys(a)
	m.registerCatalogue(a)
	m.registerLegal(a)
	m.registerDiff(a)
	m.registerSimulate(a)
	m.registerPersonal(a)
	m.registerWebhooks(a)
	m.registerPortal(a)
	m.registerSystem(a)
	said, err := manual.Load()
	if err != nil {
		routes.errs = append(routes.errs, fmt.Errorf("api: %w", err))
		return a
	}
	said.Complete(a.OpenAPI())
	return a
}

// Document is the description of the API without a server behind it.
func Document(version string) (*huma.OpenAPI, error) {
	rt := &router{mux: http.NewServeMux(), admit: func(_ Route, h http.Handler) http.Handler { return h }}
	a := newAPI(&machineAPI{Options: Options{Version: version}}, rt)
	return a.OpenAPI(), rt.err()
}

// schemaName names a type in the document. A calendar has departments too, with
// office hours of their own: they are called otherwise than those of an agency.
func schemaName(t reflect.Type, hint string) string {
	if t == reflect.TypeFor[calendar.Department]() {
		return "CalendarDepartment"
	}
	return huma.DefaultSchemaNamer(t, hint)
}

// config is huma without what it would add unasked: links and $schema in every
// body, a documentation page that loads scripts from elsewhere.
func config(version string) huma.Config {
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "motcua", Version: version,
				License:     &huma.License{Name: "Apache License 2.0", Identifier: "Apache-2.0"},
				Contact:     &huma.Contact{Name: "motcua", URL: "https://motcua.dev"},
				Description: "Administrative procedures (thủ tục hành chính) run on time: start dossiers, fire events, read records, clocks and evidence. Errors are RFC 9457 problems whose `code` is stable.",
			},
			Servers: []*huma.Server{{URL: "/", Description: "The server that serves this description"}},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry("#/components/schemas/", schemaName),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"apiKey":  {Type: "http", Scheme: "bearer", BearerFormat: "mc_<id>_<secret>", Description: "An API key of a backend system or an officer"},
					"session": {Type: "apiKey", In: "cookie", Name: caller.SessionCookie, Description: "A signed-in officer"},
				},
			},
		},
		Formats:                      map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat},
		DefaultFormat:                "application/json",
		RejectUnknownQueryParameters: true,
	}
}
