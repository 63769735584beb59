-- +goose Up
CREATE TABLE audit_keys (
    id          text PRIMARY KEY,
    public_key  text NOT NULL UNIQUE,
    from_at     timestamptz NOT NULL,
    replaces    text UNIQUE REFERENCES audit_keys (id),
    endorsement text NOT NULL
);
COMMENT ON TABLE audit_keys IS 'Public keys that days are sealed with, append-only. One signs from when it was entered until the next one was.';
COMMENT ON COLUMN audit_keys.endorsement IS 'Signature of the key it replaces; empty where that was lost, which every verification says.';
CREATE UNIQUE INDEX audit_keys_first ON audit_keys ((replaces IS NULL)) WHERE replaces IS NULL;
CREATE TRIGGER audit_keys_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_keys
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE audit_digests (
    book      text NOT NULL,
    day       date NOT NULL,
    leaves    bigint NOT NULL,
    root      text NOT NULL,
    previous  text NOT NULL,
    sealed_at timestamptz NOT NULL,
    key       text NOT NULL REFERENCES audit_keys (id),
    digest    text NOT NULL,
    signature text NOT NULL,
    PRIMARY KEY (book, day)
);
COMMENT ON TABLE audit_digests IS 'What each book held at the end of each day, signed: append-only, one per day, each naming the one before.';
COMMENT ON COLUMN audit_digests.book IS 'An agency, or * for what belongs to none; that one also holds the digests of all the others.';
COMMENT ON COLUMN audit_digests.root IS 'Root of the Merkle tree (RFC 9162) of the day''s leaves.';
CREATE TRIGGER audit_digests_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_digests
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE audit_leaves (
    book   text COLLATE "C" NOT NULL,
    day    date NOT NULL,
    kind   text COLLATE "C" NOT NULL,
    name   text COLLATE "C" NOT NULL,
    seq    bigint NOT NULL,
    digest text NOT NULL,
    PRIMARY KEY (book, day, kind, name)
);
COMMENT ON TABLE audit_leaves IS 'The heads of the chains that grew on a day: what its root is of. Append-only. They let a verification name what was removed.';
CREATE INDEX audit_leaves_name ON audit_leaves (kind, name, day);
CREATE TRIGGER audit_leaves_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_leaves
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE audit_reads (
    id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    agency  text NOT NULL,
    actor   text NOT NULL,
    what    text NOT NULL CHECK (what IN ('evidence', 'verify', 'digests')),
    dossier text
);
COMMENT ON TABLE audit_reads IS 'Who read or exported audit data, append-only.';
CREATE INDEX audit_reads_at ON audit_reads (at);
CREATE TRIGGER audit_reads_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_reads
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Facts lie in the order they were recorded in, so the few pages of a day are
-- found by an index that is next to nothing to keep.
CREATE INDEX facts_recorded ON facts USING brin (recorded_at) WITH (pages_per_range = 32, autosummarize = on);

-- +goose Down
DROP INDEX facts_recorded;
DROP TABLE audit_reads, audit_leaves, audit_digests, audit_keys;
