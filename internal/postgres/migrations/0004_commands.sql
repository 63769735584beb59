-- +goose Up
CREATE TABLE commands (
    dossier_id   bigint NOT NULL REFERENCES dossiers (id),
    id           text NOT NULL,
    digest       text NOT NULL,
    body         json NOT NULL,
    submitted_at timestamptz NOT NULL DEFAULT now(),
    decided_at   timestamptz,
    outcome      json,
    PRIMARY KEY (dossier_id, id),
    CHECK ((decided_at IS NULL) = (outcome IS NULL))
) WITH (fillfactor = 80);
COMMENT ON TABLE commands IS 'Commands by their idempotency key. One is decided once; every repetition is answered with the first outcome, refusals included.';
COMMENT ON COLUMN commands.digest IS 'Of what was asked, without the actor''s roles: tells a repetition from another request under the same key.';
COMMENT ON COLUMN commands.body IS 'The command with the actor''s roles as they were when it was submitted.';

CREATE TABLE start_keys (
    agency     text NOT NULL,
    actor_kind text NOT NULL,
    actor      text NOT NULL,
    key        text NOT NULL,
    digest     text NOT NULL,
    dossier_id bigint REFERENCES dossiers (id),
    outcome    json,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (agency, actor_kind, actor, key)
) WITH (fillfactor = 80);
COMMENT ON TABLE start_keys IS 'Idempotency keys of starts, by who asked. A second request with a key waits on this row until the first has committed.';
COMMENT ON COLUMN start_keys.dossier_id IS 'Null only within the transaction that starts the dossier.';

CREATE TABLE code_sequences (
    agency text NOT NULL REFERENCES agencies (code),
    day    date NOT NULL,
    last   integer NOT NULL,
    PRIMARY KEY (agency, day)
) WITH (fillfactor = 50);
COMMENT ON TABLE code_sequences IS 'The number in a dossier''s code, per agency and civil day. A row and not a sequence: a rolled-back start leaves no gap.';

-- +goose Down
DROP TABLE code_sequences, start_keys, commands;
