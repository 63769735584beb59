-- +goose Up
CREATE TABLE migrations (
    id             text PRIMARY KEY,
    agency         text NOT NULL REFERENCES agencies (code),
    procedure_code text NOT NULL,
    from_version   integer NOT NULL,
    to_version     integer NOT NULL,
    body           json NOT NULL,
    digest         text NOT NULL,
    reason         text NOT NULL,
    actor          text NOT NULL,
    roles          json NOT NULL,
    created_at     timestamptz NOT NULL,
    finished_at    timestamptz,
    FOREIGN KEY (procedure_code, from_version) REFERENCES procedure_versions (code, version),
    FOREIGN KEY (procedure_code, to_version) REFERENCES procedure_versions (code, version),
    CHECK (from_version <> to_version)
);
COMMENT ON TABLE migrations IS 'Running dossiers moved to another version of their procedure, on demand. Publishing a version never does.';
COMMENT ON COLUMN migrations.id IS 'Also the command id of the facts it wrote.';
COMMENT ON COLUMN migrations.body IS 'What was asked: the mapping of states and all; digest tells a repetition from another request under the same id.';
COMMENT ON COLUMN migrations.roles IS 'Those of the actor when it was asked for: whoever resumes it works in that name.';
CREATE INDEX migrations_procedure ON migrations (agency, procedure_code, created_at DESC);

CREATE TABLE migration_results (
    migration_id text NOT NULL REFERENCES migrations (id),
    dossier      text COLLATE "C" NOT NULL,
    result       text NOT NULL DEFAULT 'pending' CHECK (result IN ('pending', 'migrated', 'refused', 'unchanged')),
    state        text NOT NULL DEFAULT '',
    code         text NOT NULL DEFAULT '',
    message      text NOT NULL DEFAULT '',
    decided_at   timestamptz,
    PRIMARY KEY (migration_id, dossier),
    CHECK ((result = 'pending') = (decided_at IS NULL))
) WITH (fillfactor = 80);
COMMENT ON TABLE migration_results IS 'The dossiers a migration concerns, listed when it was asked for. Each is decided once, in the transaction that moves it.';
CREATE INDEX migration_results_pending ON migration_results (migration_id, dossier) WHERE result = 'pending';

CREATE INDEX dossiers_version ON dossiers (procedure_code, agency, procedure_version, code) WHERE closed_at IS NULL;
COMMENT ON COLUMN dossiers.procedure_version IS 'The version it runs under: that of its start until a migration moves it.';

-- +goose Down
DROP INDEX dossiers_version;
DROP TABLE migration_results, migrations;
