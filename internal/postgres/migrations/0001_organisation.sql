-- +goose Up
CREATE TABLE agencies (
    code       text PRIMARY KEY,
    name       jsonb NOT NULL,
    level      text NOT NULL,
    calendar   text NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE agencies IS 'Authorities that receive or resolve dossiers.';
COMMENT ON COLUMN agencies.code IS 'Head of every dossier code the agency issues; it never changes.';
COMMENT ON COLUMN agencies.calendar IS 'Code of the calendar new dossiers are pinned to, in its latest version.';

CREATE TABLE departments (
    agency text NOT NULL REFERENCES agencies (code),
    code   text NOT NULL,
    name   jsonb NOT NULL,
    parent text,
    PRIMARY KEY (agency, code),
    -- Deferred: a tree is stored in any order.
    FOREIGN KEY (agency, parent) REFERENCES departments (agency, code) DEFERRABLE INITIALLY DEFERRED,
    CHECK (parent <> code)
);
COMMENT ON TABLE departments IS 'Units of an agency; parent makes them a tree. They are never deleted: a dossier may stand in one.';

CREATE TABLE officers (
    id     text PRIMARY KEY,
    agency text NOT NULL REFERENCES agencies (code),
    name   text NOT NULL,
    active boolean NOT NULL DEFAULT true
);
COMMENT ON COLUMN officers.active IS 'An officer who has left stays on record, because facts name them, but may not act.';
CREATE INDEX officers_agency ON officers (agency);

CREATE TABLE officer_roles (
    officer    text NOT NULL REFERENCES officers (id) ON DELETE CASCADE,
    agency     text NOT NULL,
    department text NOT NULL,
    role       text NOT NULL,
    PRIMARY KEY (officer, department, role),
    FOREIGN KEY (agency, department) REFERENCES departments (agency, code)
);
COMMENT ON COLUMN officer_roles.agency IS 'The officer''s agency, repeated so that recipients are found without a join.';
CREATE INDEX officer_roles_role ON officer_roles (agency, role, department);

CREATE TABLE api_keys (
    id            text PRIMARY KEY,
    secret_sha256 bytea NOT NULL CHECK (octet_length(secret_sha256) = 32),
    kind          text NOT NULL CHECK (kind IN ('officer', 'system')),
    officer       text REFERENCES officers (id),
    agency        text NOT NULL REFERENCES agencies (code),
    name          text NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz,
    revoked_at    timestamptz,
    last_used_at  timestamptz,
    CHECK ((kind = 'officer') = (officer IS NOT NULL))
);
COMMENT ON COLUMN api_keys.secret_sha256 IS 'The secret is 160 random bits, so a plain hash of it cannot be searched; the secret itself is not stored.';
COMMENT ON COLUMN api_keys.name IS 'For a system, the name it acts under: it stays the same when its key is exchanged.';
COMMENT ON COLUMN api_keys.last_used_at IS 'Kept to the minute, so that a busy key does not cost a write per request.';

-- +goose Down
DROP TABLE api_keys, officer_roles, officers, departments, agencies;
