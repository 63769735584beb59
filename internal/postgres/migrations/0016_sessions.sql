-- +goose Up
CREATE TABLE sessions (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_sha256    bytea NOT NULL UNIQUE CHECK (octet_length(token_sha256) = 32),
    previous_sha256 bytea UNIQUE CHECK (octet_length(previous_sha256) = 32),
    officer         text NOT NULL REFERENCES officers (id),
    issuer          text NOT NULL,
    started_at      timestamptz NOT NULL,
    rotated_at      timestamptz NOT NULL,
    seen_at         timestamptz NOT NULL
);
COMMENT ON TABLE sessions IS 'Who is signed in now. A session that ends is deleted.';
COMMENT ON COLUMN sessions.token_sha256 IS 'The token is 256 random bits, so a plain hash of it cannot be searched; the token itself is not stored.';
COMMENT ON COLUMN sessions.previous_sha256 IS 'The token before the last exchange. Requests that were under way with it are let through for a minute; later it ends the session, because one of two bearers is a thief.';
COMMENT ON COLUMN sessions.issuer IS 'Who vouched for the officer; empty for the development sign-in.';
COMMENT ON COLUMN sessions.seen_at IS 'Kept to the minute, so that a busy session does not cost a write per request.';
CREATE INDEX sessions_officer ON sessions (officer);
CREATE INDEX sessions_started ON sessions (started_at);
CREATE INDEX sessions_seen ON sessions (seen_at);

CREATE TABLE officer_identities (
    issuer    text NOT NULL,
    subject   text NOT NULL,
    officer   text NOT NULL REFERENCES officers (id),
    linked_by text NOT NULL,
    linked_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (issuer, subject),
    UNIQUE (officer, issuer)
);
COMMENT ON TABLE officer_identities IS 'Which account of which issuer is which officer: issuer and subject never change hands, a name at the issuer may.';
COMMENT ON COLUMN officer_identities.linked_by IS 'Who linked them; the officer themself at the first sign-in by a claim.';

-- +goose Down
DROP TABLE officer_identities, sessions;
