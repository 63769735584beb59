-- +goose Up
CREATE TABLE dossier_keys (
    dossier_id bigint PRIMARY KEY REFERENCES dossiers (id),
    key_id     text NOT NULL,
    wrapped    bytea,
    erased_at  timestamptz,
    erased_by  text,
    basis      text,
    CHECK ((wrapped IS NULL) = (erased_at IS NOT NULL)),
    CHECK ((erased_at IS NULL) = (erased_by IS NULL) AND (erased_at IS NULL) = (basis IS NULL))
);
COMMENT ON TABLE dossier_keys IS 'The data key of each dossier, sealed by a key of the ring. Whoever destroys it destroys the personal data of the dossier, wherever its ciphertext lies.';
COMMENT ON COLUMN dossier_keys.key_id IS 'The key of the ring it is sealed under; a rotation seals it anew and touches nothing else.';
COMMENT ON COLUMN dossier_keys.wrapped IS 'Null once destroyed.';
CREATE INDEX dossier_keys_key ON dossier_keys (key_id, dossier_id) WHERE wrapped IS NOT NULL;

CREATE TABLE dossier_terms (
    dossier_id bigint NOT NULL REFERENCES dossiers (id),
    term       bytea NOT NULL CHECK (octet_length(term) = 16),
    PRIMARY KEY (term, dossier_id)
);
COMMENT ON TABLE dossier_terms IS 'Blind index: keyed digests of the words of the applicant''s name, without diacritics, and of the identity number. Deleted when the personal data is erased.';
CREATE INDEX dossier_terms_dossier ON dossier_terms (dossier_id);

CREATE TABLE readings (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dossier_id bigint NOT NULL REFERENCES dossiers (id),
    at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor_kind text NOT NULL,
    actor      text NOT NULL,
    agency     text NOT NULL,
    purpose    text NOT NULL,
    parts      text[] NOT NULL,
    fields     text[] NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE readings IS 'Who read personal data in full, when, why and which parts of it; never what it said. Append-only.';
COMMENT ON COLUMN readings.agency IS 'Of the reader.';
COMMENT ON COLUMN readings.fields IS 'Ids of the personal fields that were shown.';
CREATE INDEX readings_dossier ON readings (dossier_id, id);
CREATE TRIGGER readings_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON readings
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE commands ADD COLUMN sealed bytea;
COMMENT ON COLUMN commands.sealed IS 'Comment and fields of a command that is not decided yet, sealed by the ring. What is decided keeps them in facts and fields, under the dossier''s key.';
COMMENT ON COLUMN commands.digest IS 'Keyed: of what was asked, without the actor''s roles. Tells a repetition from another request under the same key, and nothing about either.';
CREATE INDEX commands_sealed ON commands (dossier_id, id) WHERE sealed IS NOT NULL;

COMMENT ON COLUMN dossiers.applicant IS 'Personal data: a JSON text that is sealed under the dossier''s key. An object is from before there were keys; motcua personal seal brings it in.';
COMMENT ON COLUMN dossiers.fields IS 'By field id. Values of fields that the definition calls personal are sealed under the dossier''s key, the others are as given.';

-- +goose Down
DROP INDEX commands_sealed;
ALTER TABLE commands DROP COLUMN sealed;
DROP TABLE readings, dossier_terms, dossier_keys;
COMMENT ON COLUMN commands.digest IS 'Of what was asked, without the actor''s roles: tells a repetition from another request under the same key.';
COMMENT ON COLUMN dossiers.applicant IS 'Personal data. It is here and nowhere else: not in facts, outbox or logs.';
COMMENT ON COLUMN dossiers.fields IS NULL;
