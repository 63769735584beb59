-- +goose Up
DROP TRIGGER procedure_versions_immutable ON procedure_versions;
ALTER TABLE procedure_versions
    ADD COLUMN state text NOT NULL DEFAULT 'published' CHECK (state IN ('draft', 'checked', 'approved', 'published', 'retired')),
    ADD COLUMN authors text[] NOT NULL DEFAULT '{motcua}' CHECK (cardinality(authors) > 0),
    ADD COLUMN approver text,
    ADD COLUMN findings jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN uploaded_at timestamptz NOT NULL DEFAULT now();
UPDATE procedure_versions SET uploaded_at = published_at;
ALTER TABLE procedure_versions
    ALTER COLUMN state DROP DEFAULT,
    ALTER COLUMN authors DROP DEFAULT,
    ALTER COLUMN effective DROP NOT NULL,
    ALTER COLUMN published_at DROP NOT NULL,
    ALTER COLUMN published_at DROP DEFAULT,
    DROP CONSTRAINT procedure_versions_effective,
    -- On any day at most one version of a procedure is in effect.
    ADD CONSTRAINT procedure_versions_effective EXCLUDE USING gist (code WITH =, effective WITH &&) WHERE (state IN ('published', 'retired')),
    ADD CONSTRAINT procedure_versions_four_eyes CHECK (approver <> ALL (authors)),
    ADD CONSTRAINT procedure_versions_approved CHECK (
        CASE
            WHEN state IN ('draft', 'checked') THEN approver IS NULL
            WHEN state = 'approved' THEN approver IS NOT NULL
            ELSE approver IS NOT NULL OR authors = '{motcua}'
        END),
    ADD CONSTRAINT procedure_versions_readable CHECK (state = 'draft' OR effective IS NOT NULL),
    ADD CONSTRAINT procedure_versions_published CHECK ((state IN ('published', 'retired')) = (published_at IS NOT NULL));
COMMENT ON TABLE procedure_versions IS 'Versions of procedures as controlled documents. Dossiers are pinned to a published one for life.';
COMMENT ON COLUMN procedure_versions.authors IS 'All who uploaded a text under this version; none of them may approve it. "motcua" alone is the program itself, which needs no approval.';
COMMENT ON COLUMN procedure_versions.findings IS 'What the last check found: warnings and, of a draft, errors.';
COMMENT ON COLUMN procedure_versions.effective IS 'Days on which new dossiers start under the version. A published range changes in its end only: a successor ends an open one, retiring ends it earlier. Null in a draft whose text says none.';

-- +goose StatementBegin
CREATE FUNCTION keep_lifecycle() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fixed procedure_versions := NEW;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state IN ('draft', 'checked') OR NEW.state = 'published' AND NEW.authors = '{motcua}' THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'procedure % version % cannot begin its life as %', NEW.code, NEW.version, NEW.state
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (OLD.state, NEW.state) NOT IN (
        ('draft', 'draft'), ('draft', 'checked'),
        ('checked', 'checked'), ('checked', 'draft'), ('checked', 'approved'),
        ('approved', 'checked'), ('approved', 'draft'), ('approved', 'published'),
        ('published', 'published'), ('published', 'retired')
    ) THEN
        RAISE EXCEPTION 'procedure % version % is % and cannot become %', OLD.code, OLD.version, OLD.state, NEW.state
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (NEW.code, NEW.version) <> (OLD.code, OLD.version) OR NOT NEW.authors @> OLD.authors THEN
        RAISE EXCEPTION 'procedure % version % keeps its name and its authors', OLD.code, OLD.version
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Only a new text, which needs a new approval, changes anything else.
    fixed.state := OLD.state;
    fixed.approver := CASE WHEN NEW.state = 'approved' THEN OLD.approver ELSE NEW.approver END;
    fixed.published_at := CASE WHEN NEW.state = 'published' AND OLD.state = 'approved' THEN OLD.published_at ELSE NEW.published_at END;
    fixed.effective := CASE WHEN OLD.state = 'published' THEN OLD.effective ELSE NEW.effective END;
    IF NEW.state IN ('approved', 'published', 'retired') AND fixed IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'procedure % version % is % and never changes', OLD.code, OLD.version, OLD.state
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF OLD.state = 'published' AND (
        lower(NEW.effective) <> lower(OLD.effective) OR isempty(NEW.effective)
        OR NEW.state = 'published' AND NOT upper_inf(OLD.effective)
        OR upper_inf(NEW.effective) OR NOT OLD.effective @> NEW.effective
    ) THEN
        RAISE EXCEPTION 'procedure % version % is published: of its range only the end can come nearer', OLD.code, OLD.version
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER procedure_versions_immutable BEFORE INSERT OR UPDATE ON procedure_versions
    FOR EACH ROW EXECUTE FUNCTION keep_lifecycle();
CREATE INDEX procedure_versions_state ON procedure_versions (state, code, version);

CREATE TABLE procedure_events (
    code       text NOT NULL,
    version    integer NOT NULL,
    seq        bigint NOT NULL CHECK (seq > 0),
    at         timestamptz NOT NULL,
    actor_kind text NOT NULL,
    actor      text NOT NULL,
    action     text NOT NULL,
    sha256     text NOT NULL,
    comment    text NOT NULL,
    findings   integer NOT NULL,
    body       json NOT NULL,
    digest     text NOT NULL,
    PRIMARY KEY (code, version, seq),
    FOREIGN KEY (code, version) REFERENCES procedure_versions (code, version)
);
COMMENT ON TABLE procedure_events IS 'What was done to a version, by whom: append-only, each row linked to the one before by SHA-256.';
COMMENT ON COLUMN procedure_events.body IS 'The entry as sealed. json, not jsonb: it keeps the very bytes that the digest covers.';
CREATE TRIGGER procedure_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON procedure_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
-- What was never published has no place in the schema before.
DROP TABLE procedure_events;
DROP TRIGGER procedure_versions_immutable ON procedure_versions;
DROP TRIGGER procedure_versions_kept ON procedure_versions;
DELETE FROM procedure_versions WHERE state NOT IN ('published', 'retired');
DROP FUNCTION keep_lifecycle();
DROP INDEX procedure_versions_state;
ALTER TABLE procedure_versions
    DROP CONSTRAINT procedure_versions_effective,
    DROP CONSTRAINT procedure_versions_four_eyes,
    DROP CONSTRAINT procedure_versions_approved,
    DROP CONSTRAINT procedure_versions_readable,
    DROP CONSTRAINT procedure_versions_published,
    DROP COLUMN state,
    DROP COLUMN authors,
    DROP COLUMN approver,
    DROP COLUMN findings,
    DROP COLUMN uploaded_at,
    ALTER COLUMN effective SET NOT NULL,
    ALTER COLUMN published_at SET NOT NULL,
    ALTER COLUMN published_at SET DEFAULT now(),
    ADD CONSTRAINT procedure_versions_effective EXCLUDE USING gist (code WITH =, effective WITH &&);
CREATE TRIGGER procedure_versions_immutable BEFORE UPDATE ON procedure_versions
    FOR EACH ROW EXECUTE FUNCTION keep_published();
CREATE TRIGGER procedure_versions_kept BEFORE DELETE OR TRUNCATE ON procedure_versions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
