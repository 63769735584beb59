-- +goose Up
-- btree_gist lets one exclusion constraint compare a code for equality and a range for overlap.
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- +goose StatementBegin
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on %: its rows are a record and never change', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;
-- +goose StatementEnd

CREATE TABLE calendars (
    code       text NOT NULL,
    version    integer NOT NULL CHECK (version > 0),
    spec       text NOT NULL,
    sha256     text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (code, version)
);
COMMENT ON TABLE calendars IS 'Working time, by version. Dossiers are pinned to one, so a row never changes.';
COMMENT ON COLUMN calendars.spec IS 'The exact JSON text that sha256 is of.';
CREATE TRIGGER calendars_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON calendars
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE procedure_versions (
    code         text NOT NULL,
    version      integer NOT NULL CHECK (version > 0),
    text         bytea NOT NULL,
    sha256       text NOT NULL,
    name         jsonb NOT NULL,
    level        text NOT NULL,
    field        text NOT NULL,
    calendar     text NOT NULL,
    effective    daterange NOT NULL CHECK (NOT isempty(effective) AND NOT lower_inf(effective)),
    published_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (code, version),
    -- On any day at most one version of a procedure is in effect.
    CONSTRAINT procedure_versions_effective EXCLUDE USING gist (code WITH =, effective WITH &&)
);
COMMENT ON TABLE procedure_versions IS 'Published versions of procedures. Dossiers are pinned to one for life.';
COMMENT ON COLUMN procedure_versions.text IS 'The definition as uploaded, byte by byte: sha256 is of these bytes.';
COMMENT ON COLUMN procedure_versions.calendar IS 'Code of a calendar, or "agency" for the calendar of the agency that resolves.';
COMMENT ON COLUMN procedure_versions.effective IS 'Days on which new dossiers start under the version. Publishing a successor ends an open range; nothing else of a row ever changes.';

-- +goose StatementBegin
CREATE FUNCTION keep_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ended procedure_versions := OLD;
BEGIN
    ended.effective := NEW.effective;
    IF NEW IS DISTINCT FROM ended OR NOT upper_inf(OLD.effective) OR lower(NEW.effective) <> lower(OLD.effective) THEN
        RAISE EXCEPTION 'procedure % version % is published and never changes', OLD.code, OLD.version
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER procedure_versions_immutable BEFORE UPDATE ON procedure_versions
    FOR EACH ROW EXECUTE FUNCTION keep_published();
CREATE TRIGGER procedure_versions_kept BEFORE DELETE OR TRUNCATE ON procedure_versions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE procedure_versions, calendars;
DROP FUNCTION keep_published(), refuse_change();
