-- +goose Up
ALTER TABLE api_keys
    ADD COLUMN verbs text[] NOT NULL DEFAULT '{}',
    ADD COLUMN issued_by text NOT NULL DEFAULT 'motcua',
    ADD COLUMN revoked_by text,
    ADD COLUMN replaces text REFERENCES api_keys (id);
COMMENT ON COLUMN api_keys.verbs IS 'What it is for, by the verbs of the authority table; none named: all that its bearer may. It never widens what they may.';
COMMENT ON COLUMN api_keys.issued_by IS 'The administrator; "command-line" where it was issued in the database, "motcua" where the program made it.';
COMMENT ON COLUMN api_keys.replaces IS 'The key it was exchanged for: that one goes on working until its expires_at.';
COMMENT ON COLUMN api_keys.expires_at IS 'From then on it opens nothing; null: never, which is only given by the program to the keys of a local stack.';
CREATE UNIQUE INDEX api_keys_replaces ON api_keys (replaces);
CREATE INDEX api_keys_agency ON api_keys (agency, created_at DESC, id);

-- +goose Down
DROP INDEX api_keys_agency, api_keys_replaces;
ALTER TABLE api_keys DROP COLUMN replaces, DROP COLUMN revoked_by, DROP COLUMN issued_by, DROP COLUMN verbs;
