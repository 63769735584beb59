-- +goose Up
CREATE TABLE legal_documents (
    ref   text PRIMARY KEY CHECK (ref <> ''),
    title text NOT NULL
);
COMMENT ON TABLE legal_documents IS 'Legal documents that published procedures rest on, as their definitions cite them.';

CREATE TABLE legal_bases (
    ref      text NOT NULL REFERENCES legal_documents (ref),
    code     text NOT NULL,
    version  integer NOT NULL,
    role     text NOT NULL CHECK (role IN ('basis', 'cause')),
    articles text NOT NULL,
    PRIMARY KEY (ref, code, version, role),
    FOREIGN KEY (code, version) REFERENCES procedure_versions (code, version)
);
COMMENT ON TABLE legal_bases IS 'Which version rests on which document. Derived from the texts when they are published.';

CREATE TABLE legal_changes (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ref            text NOT NULL REFERENCES legal_documents (ref),
    by_ref         text NOT NULL CHECK (by_ref <> ''),
    effective_from date NOT NULL,
    note           text NOT NULL,
    agency         text NOT NULL REFERENCES agencies (code),
    actor          text NOT NULL,
    created_at     timestamptz NOT NULL,
    -- One change is entered once, whoever enters it.
    UNIQUE (ref, by_ref, effective_from)
);
COMMENT ON TABLE legal_changes IS 'Changes of legal documents as the quality board entered them, append-only.';
COMMENT ON COLUMN legal_changes.agency IS 'Where the update tasks are opened: the agency of whoever entered the change first.';
CREATE TRIGGER legal_changes_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON legal_changes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE update_tasks (
    change    bigint NOT NULL REFERENCES legal_changes (id),
    procedure text NOT NULL,
    version   integer NOT NULL,
    dossier   text NOT NULL REFERENCES dossiers (code),
    -- One task per change and procedure.
    PRIMARY KEY (change, procedure),
    FOREIGN KEY (procedure, version) REFERENCES procedure_versions (code, version)
);
COMMENT ON TABLE update_tasks IS 'The dossier that brings a procedure up to date after a change.';

-- +goose Down
DROP TABLE update_tasks, legal_changes, legal_bases, legal_documents;
