package api

import (
	"context"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"motcua/api/caller"
	"motcua/engine"
)

// Migrations moves running dossiers to another version of their procedure.
type Migrations interface {
	Migrator
	MigrationReader
}

// Migrator previews, starts and runs migrations. It decides by the roles of
// the actor and concerns the actor's own agency only. Errors: those of
// [engine.CheckMigration] and [engine.MayControl], CodeNotFound,
// CodeAgencyNotBound, CodeNeedsUnmet, CodeUnavailable.
type Migrator interface {
	// PreviewMigration says what a migration would do now, and does nothing.
	PreviewMigration(ctx context.Context, a engine.Actor, m engine.Migration, cursor string, limit int) (engine.MigrationPage, error)
	// StartMigration puts a migration on record; it moves nothing yet. The same
	// id is the same migration; with another request, CodeIdempotencyConflict.
	StartMigration(ctx context.Context, id string, a engine.Actor, m engine.Migration) (engine.MigrationRecord, error)
	// RunMigration moves what is pending. It may be repeated, and run twice at once.
	RunMigration(ctx context.Context, agency, code, id string) error
}

// MigrationReader reads what concerns an agency. Errors: CodeNotFound,
// CodeUnavailable.
type MigrationReader interface {
	Migration(ctx context.Context, agency, code, id string) (engine.MigrationRecord, error)
	MigrationResults(ctx context.Context, agency, code, id, cursor string, limit int) (engine.MigrationPage, error)
	// Impact counts the running dossiers by version and state.
	Impact(ctx context.Context, agency, code string) (engine.Impact, error)
}

// MigrationBody asks for a migration or, first, for its preview.
type MigrationBody struct {
	From         int                   `json:"from" minimum:"1" maximum:"100000" doc:"The version dossiers run under"`
	To           int                   `json:"to" minimum:"1" maximum:"100000" doc:"The version they are moved to"`
	States       []engine.StateMapping `json:"states,omitempty" validate:"max=200,dive" doc:"Where dossiers go whose state the other version calls otherwise; a state not named goes to the one with its id"`
	Reason       string                `json:"reason" validate:"required,max=4000,plain" doc:"Why; goes on the record of every dossier moved"`
	AllowOverdue bool                  `json:"allow_overdue,omitempty" doc:"Also move dossiers that only the other version's limits make overdue"`
	Dossiers     []string              `json:"dossiers,omitempty" validate:"max=1000,dive,required,max=64,id" doc:"Only these; by default all that run under the version"`
	Preview      bool                  `json:"preview,omitempty" doc:"Say what would happen, and change nothing"`
	Cursor       string                `json:"cursor,omitempty" validate:"max=64,plain" doc:"With preview: next of the page before"`
	Limit        int                   `json:"limit,omitempty" minimum:"1" maximum:"500" doc:"With preview: at most so many outcomes on a page; by default 50"`
}

// Resolve applies the rules of content.
func (b *MigrationBody) Resolve(huma.Context) []error { return check(b) }

func (b *MigrationBody) migration(code string) engine.Migration {
	return engine.Migration{
		Code: code, From: b.From, To: b.To, States: b.States, Reason: b.Reason, AllowOverdue: b.AllowOverdue, Dossiers: b.Dossiers,
	}
}

type migrateInput struct {
	Code string `path:"code" maxLength:"64" example:"1.001193"`
	Key  string `header:"Idempotency-Key" maxLength:"200" pattern:"^[!-~]+$" doc:"A repetition under the same key is the same migration"`
	Body MigrationBody
}

type migrateOutput struct {
	Status   int
	Location string `header:"Location"`
	Body     any    // a MigrationPage for a preview, else a MigrationRecord
}

type migrationInput struct {
	Code string `path:"code" maxLength:"64" example:"1.001193"`
	ID   string `path:"id" maxLength:"64"`
}

type migrationOutput struct {
	Status int
	Body   engine.MigrationRecord
}

type resultsInput struct {
	Code   string `path:"code" maxLength:"64" example:"1.001193"`
	ID     string `path:"id" maxLength:"64"`
	Cursor string `query:"cursor" maxLength:"64" doc:"next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

type resultsOutput struct {
	Body engine.MigrationPage
}

type impactInput struct {
	Code string `path:"code" maxLength:"64" example:"1.001193"`
}

type impactOutput struct {
	Body engine.Impact
}

const (
	migrationsPath = "/api/v1/procedures/{code}/migrations"
	migrationPath  = migrationsPath + "/{id}"
)

func (m *machineAPI) registerMigrations(a huma.API) {
	migrate := operation{
		id: "migrate-dossiers", method: http.MethodPost, path: migrationsPath, status: http.StatusAccepted,
		verb: engine.VerbMigrate, tag: "migrations", summary: "Move running dossiers to another version, or preview it",
	}
	register(a, migrate, m.migrate)
	answers := responses(a, migrate)
	schemas := a.OpenAPI().Components.Schemas
	accepted, preview := *answers["202"], *answers["202"]
	accepted.Description = "The migration goes on by itself; Location says where its progress is"
	accepted.Content = map[string]*huma.MediaType{mediaJSON: {Schema: schemas.Schema(reflect.TypeFor[engine.MigrationRecord](), true, "MigrationRecord")}}
	preview.Description = "What would happen"
	preview.Content = map[string]*huma.MediaType{mediaJSON: {Schema: schemas.Schema(reflect.TypeFor[engine.MigrationPage](), true, "MigrationPage")}}
	answers["202"], answers["200"] = &accepted, &preview
	register(a, operation{
		id: "resume-migration", method: http.MethodPost, path: migrationPath + "/resume", status: http.StatusAccepted,
		verb: engine.VerbMigrate, tag: "migrations", summary: "Go on with a migration that was cut off",
	}, m.resume)
	register(a, operation{
		id: "get-migration", method: http.MethodGet, path: migrationPath,
		verb: engine.VerbReadActs, tag: "migrations", summary: "Read a migration and how far it has come",
	}, m.migration)
	register(a, operation{
		id: "list-migration-results", method: http.MethodGet, path: migrationPath + "/results",
		verb: engine.VerbReadActs, tag: "migrations", summary: "List what a migration did with each dossier",
	}, m.migrationResults)
	register(a, operation{
		id: "get-procedure-impact", method: http.MethodGet, path: "/api/v1/procedures/{code}/impact",
		verb: engine.VerbReadImpact, tag: "migrations", summary: "Count the running dossiers by version and state",
	}, m.impact)
}

func (m *machineAPI) migrate(ctx context.Context, in *migrateInput) (*migrateOutput, error) {
	actor, asked := caller.From(ctx).Actor, in.Body.migration(in.Code)
	if in.Body.Preview {
		page, err := m.Migrations.PreviewMigration(ctx, actor, asked, in.Body.Cursor, in.Body.Limit)
		return &migrateOutput{Status: http.StatusOK, Body: page}, err
	}
	record, err := m.Migrations.StartMigration(ctx, commandID(actor, "migration of "+in.Code, in.Key), actor, asked)
	if err != nil {
		return nil, err
	}
	m.runMigration(ctx, record)
	return &migrateOutput{
		Status: http.StatusAccepted, Body: record,
		Location: strings.NewReplacer("{code}", in.Code, "{id}", record.ID).Replace(migrationPath),
	}, nil
}

func (m *machineAPI) resume(ctx context.Context, in *migrationInput) (*migrationOutput, error) {
	actor := caller.From(ctx).Actor
	if err := engine.MayControl(actor, engine.ActionMigrate); err != nil {
		return nil, err
	}
	record, err := m.Migrations.Migration(ctx, actor.Agency, in.Code, in.ID)
	if err != nil {
		return nil, err
	}
	m.runMigration(ctx, record)
	return &migrationOutput{Status: http.StatusAccepted, Body: record}, nil
}

// runMigration goes on with a migration behind the request.
func (m *machineAPI) runMigration(ctx context.Context, record engine.MigrationRecord) {
	if record.State == engine.MigrationDone {
		return
	}
	m.runner.run(ctx, "migration "+record.ID, func(ctx context.Context) error {
		return m.Migrations.RunMigration(ctx, record.Agency, record.Code, record.ID)
	})
}

func (m *machineAPI) migration(ctx context.Context, in *migrationInput) (*migrationOutput, error) {
	record, err := m.Migrations.Migration(ctx, caller.From(ctx).Actor.Agency, in.Code, in.ID)
	return &migrationOutput{Status: http.StatusOK, Body: record}, err
}

func (m *machineAPI) migrationResults(ctx context.Context, in *resultsInput) (*resultsOutput, error) {
	page, err := m.Migrations.MigrationResults(ctx, caller.From(ctx).Actor.Agency, in.Code, in.ID, in.Cursor, in.Limit)
	return &resultsOutput{Body: page}, err
}

func (m *machineAPI) impact(ctx context.Context, in *impactInput) (*impactOutput, error) {
	impact, err := m.Migrations.Impact(ctx, caller.From(ctx).Actor.Agency, in.Code)
	return &impactOutput{Body: impact}, err
}
