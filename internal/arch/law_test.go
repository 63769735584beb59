package arch_test

import (
	"path/filepath"
	"testing"
)

// all lets a room import every other room.
const all = "*"

// Names of what rooms are kept from. A path stands for itself and for everything below it: "os" is also os/exec.
const (
	temporal  = "go.temporal.io"
	pgx       = "github.com/jackc/pgx"
	looplab   = "github.com/looplab/fsm"
	validator = "github.com/go-playground/validator"
	cel       = "cel.dev/cel-go"
	merkle    = "github.com/transparency-dev/merkle"
	otel      = "go.opentelemetry.io/otel"
	otelSDK   = "go.opentelemetry.io/otel/sdk" // what makes and sends spans; the rooms know the interfaces
)

// A room is one row of the law.
type room struct {
	// path is the directory the row governs, with everything below it; the longest matching path wins. A last element "*"
	// makes every directory there a room of its own, so that none of them may know another.
	path string
	// may lists the rooms of ours it may reach, at any depth. It may always reach itself.
	may []string
	// external, when not nil, lists the only modules of others it may import; the standard library needs no mention.
	external []string
	// never lists what it may not reach at any depth of our own imports. It adds to may and external.
	never []ban
	// clockless forbids reading or waiting on the machine's clock.
	clockless bool
	// why is the sentence shown to whoever breaks the row.
	why string
}

// A ban is a package that a room may not reach.
type ban struct {
	path string
	// except names a room whose own import of path is excused.
	except string
}

// The law. It is the table of docs/architecture.md in a form that fails, and .golangci.yml carries the same rows for the editor
// (TestDepguardAgrees holds the two together).
var law = []room{
	{
		path:      "engine",
		external:  []string{looplab, validator, cel, merkle},
		never:     bans("os", "net/http", "log", "database/sql", "math/rand", "crypto/rand"),
		clockless: true,
		why:       "the engine is pure: same input, same decision, for ever; time and identifiers come in as arguments",
	},
	{
		path:  "definitions",
		may:   []string{"engine"},
		never: bans(temporal, pgx, "net/http"),
		why:   "definitions are files: they must decode and lint in an editor, with no server near",
	},
	{
		path: "workflows",
		may:  []string{"engine", "activities", "workflows/contract"},
		never: append(bans(pgx, otel, "net/http", "os", "math/rand", "crypto/rand", "text/template", "html/template"),
			ban{path: validator, except: "engine"}),
		clockless: true,
		why:       "a workflow is replayed from its history: whatever could answer differently the second time goes into an activity",
	},
	{
		path:      "workflows/contract",
		may:       []string{"engine"},
		never:     bans(temporal, pgx, "net/http"),
		clockless: true,
		why:       "the contract is the wire names: whoever speaks to a workflow imports it, so it must cost nothing",
	},
	{
		path:  "activities",
		may:   []string{"engine", "workflows/contract"},
		never: bans(pgx, otel, "net/http", "net/smtp"),
		why:   "activities take the contract's payloads and perform effects through the ports they declare; the adapters are in internal/",
	},
	{
		path:  "worker",
		may:   []string{"engine", "activities", "workflows", "workflows/contract"},
		never: bans(pgx, otelSDK),
		why:   "one registration serves production, tests and replay, so it knows ports and no adapter",
	},
	{
		path:  "api",
		may:   []string{"engine", "definitions", "workflows/contract"},
		never: bans(pgx, otelSDK),
		why:   "the API reads and commands through ports it declares, so that it runs without the store and without the worker",
	},
	{
		path: "internal/*",
		may:  []string{"engine", "internal/config", "internal/telemetry"},
		why:  "an adapter answers a port in the engine's words and knows neither its callers nor the other adapters",
	},
	{
		path:  "internal/temporalclient",
		may:   []string{"engine", "internal/config", "internal/telemetry", "workflows/contract"},
		never: bans(pgx),
		why:   "the adapter to Temporal speaks the contract's wire names and otherwise knows no more than any adapter",
	},
	{
		path:  "internal/telemetry",
		may:   []string{"engine"},
		never: bans(pgx, temporal),
		why:   "metrics and spans are told, or ask through a port: whoever is watched imports them, so they must know nobody",
	},
	{
		path:  "internal/notify/webhook",
		may:   []string{"engine", "internal/config", "internal/telemetry"},
		never: bans(pgx, temporal),
		why:   "the sender is told what to send and to whom: it reaches out of the house and must not reach into it",
	},
	{
		path:  "internal/notify/smtp",
		may:   []string{"engine"},
		never: bans(pgx, temporal, "net/http"),
		why:   "the mailer is told what to write and to whom: it reaches out of the house and must not reach into it",
	},
	{
		path: "internal/postgres/pgtest",
		may:  []string{all},
		why:  "support for tests: starts the server the ledger is tested on; no program imports it",
	},
	{
		path:     "client",
		external: []string{},
		why:      "a backend takes the client as it is: it stands on the standard library alone, and the OpenAPI document holds it to the server",
	},
	{
		path:     "examples",
		may:      []string{"client"},
		external: []string{},
		why:      "an example is a program of somebody else: it knows the server by its client only",
	},
	{path: "cmd", may: []string{all}, why: "mains wire everything, and only here"},
	{
		path:     "examples/receiver",
		external: []string{"github.com/cloudevents/sdk-go", "github.com/standard-webhooks/standard-webhooks"},
		why:      "a subscriber needs nothing of ours: it verifies and reads with the libraries of the two standards",
	},
	{path: "test", may: []string{all}, why: "tests of the whole start everything"},
}

// confined lists packages that a single file may name; test/ is free to compare against them.
var confined = []struct{ path, file, why string }{
	{looplab, "engine/machine.go", "the state machine library has traps (see docs/determinism.md): one file knows them all"},
	{cel, "engine/guard.go", "one file bounds what an expression may cost and may name"},
}

func bans(paths ...string) []ban {
	list := make([]ban, 0, len(paths))
	for _, path := range paths {
		list = append(list, ban{path: path})
	}
	return list
}

// TestLaw reads every source of the module and reports each breach with the chain of imports that leads to it.
func TestLaw(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	tree, err := read(root)
	if err != nil {
		t.Fatal(err)
	}
	if len(tree.packages) == 0 {
		t.Fatalf("no Go sources under %s: the law judged nothing", root)
	}
	for _, breach := range judge(tree) {
		t.Error(breach)
	}
}
