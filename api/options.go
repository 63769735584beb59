package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"time"

	"motcua/api/web"
	"motcua/engine"
)

// Options is what a [Server] is made of. The ports, its interfaces, are required
// unless they say otherwise.
type Options struct {
	Ledger     Ledger
	Driver     Driver
	Dossiers   Dossiers
	Boards     Boards
	Views      Views
	Procedures Procedures
	Versions   Versions
	Lifecycle  Lifecycle
	Catalogue  Catalogue
	Legal      LegalRegister
	Migrations Migrations
	Calendars  Calendars
	Acts       Acts
	Bulks      Bulks
	Watches    Watches
	Outages    Outages
	Mails      Mails
	Staff      Staff
	Feed       Feed

	Organisations Organisations
	Keys          Keys

	Chains   Chains
	Slips    Slips
	People   People
	Reaches  Reaches
	Records  Records
	Proofs   Proofs
	Answers  Answers
	Health   Health
	Sessions Sessions
	Accounts Accounts
	Personal Personal

	Webhooks   Webhooks
	Deliveries Deliveries

	// Keep is how long a closed dossier is kept before its personal data may be
	// erased without a further order; zero or less: there is no rule.
	Keep time.Duration
	// Compile reads the text of a published version. Without it a version is
	// served as its text only.
	Compile CompileFunc
	// Draw draws a machine as SVG; without it there are no diagrams.
	Draw DrawFunc
	// Mermaid writes a machine as a Mermaid diagram; without it that format is
	// not offered.
	Mermaid MermaidFunc

	Logger *slog.Logger // default: slog.Default()
	// Version is the version of the program, as the OpenAPI document says it.
	Version string
	// DevSignIn lets anybody who reaches the server sign in as any officer. The
	// server then refuses to listen on anything but a loopback address.
	DevSignIn bool
	// Issuer signs people in by OpenID Connect; without one, and without
	// DevSignIn, nobody can sign in.
	Issuer web.Issuer `port:"optional"`
	// PublicURL is where browsers reach the server; required with an Issuer.
	PublicURL string
	// SessionLimits bound sessions; what is not said has a default.
	SessionLimits engine.SessionLimits
	// MaxConcurrent bounds the requests served at once (default 256); those
	// beyond are told to come back.
	MaxConcurrent int
	// CallerRate bounds the requests of one caller per second (default 300). One
	// caller also has no more than a quarter of MaxConcurrent at once.
	CallerRate float64
	// Observe, when there is one, is told of every answered request: its method,
	// the pattern of its route, the status and how long it took.
	Observe func(method, route string, status int, took time.Duration)
	// Trace, when there is one, stands before everything else and begins the
	// span of each request.
	Trace func(http.Handler) http.Handler
	// Now is the clock; tests set it.
	Now func() time.Time
}

// CompileFunc reads the text of a version into a machine.
type CompileFunc func(text []byte) (*engine.Machine, error)

// DrawFunc draws a machine as SVG, labelled in a language ("vi" or "en"), with
// the present state and the visited ones marked; both may be empty.
type DrawFunc func(ctx context.Context, m *engine.Machine, lang, current string, visited []string) ([]byte, error)

// MermaidFunc writes a machine as a Mermaid diagram with the present state
// marked; it may be empty.
type MermaidFunc func(m *engine.Machine, current string) string

func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.MaxConcurrent == 0 {
		o.MaxConcurrent = 256
	}
	if o.CallerRate == 0 {
		o.CallerRate = defaultRate
	}
	if o.Keep == 0 {
		o.Keep = -1
	}
	if o.Version == "" {
		o.Version = "dev"
	}
	return o
}

func (o Options) validate() error {
	var missing []error
	ports := reflect.ValueOf(o)
	for i := range ports.NumField() {
		f := ports.Type().Field(i)
		if f.Type.Kind() == reflect.Interface && f.Tag.Get("port") != "optional" && ports.Field(i).IsNil() {
			missing = append(missing, fmt.Errorf("api: option %s is missing", f.Name))
		}
	}
	if o.Issuer != nil && (o.DevSignIn || o.PublicURL == "") {
		missing = append(missing, errors.New("api: an issuer takes a public URL and no development sign-in"))
	}
	return errors.Join(missing...)
}
