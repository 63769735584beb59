-- +goose Up
CREATE TABLE acts (
    id          text PRIMARY KEY,
    kind        text NOT NULL CHECK (kind IN ('migration', 'calendar', 'outage', 'outage-end', 'reassign')),
    agency      text REFERENCES agencies (code),
    subject     text NOT NULL,
    body        json NOT NULL,
    digest      text NOT NULL,
    reason      text NOT NULL,
    actor       text NOT NULL,
    authority   json NOT NULL,
    created_at  timestamptz NOT NULL,
    finished_at timestamptz,
    -- Only a calendar is the business of every agency.
    CHECK ((agency IS NULL) = (kind = 'calendar'))
);
COMMENT ON TABLE acts IS 'Acts on many dossiers at once: to another version of procedure or calendar, an outage, an officer who leaves. Each is asked for once, carried out dossier by dossier, and taken up again when it was cut off.';
COMMENT ON COLUMN acts.id IS 'Also the command id of the facts it wrote.';
COMMENT ON COLUMN acts.subject IS 'What it is about: the procedure, the calendar and its version, the outage, the officer.';
COMMENT ON COLUMN acts.body IS 'What was asked; digest tells a repetition from another request under the same id.';
COMMENT ON COLUMN acts.authority IS 'The actor with the roles held when it was asked for: whoever resumes it works in that name.';
CREATE INDEX acts_kind ON acts (kind, subject, created_at DESC);
CREATE INDEX acts_unfinished ON acts (created_at) WHERE finished_at IS NULL;

CREATE TABLE act_results (
    act_id     text NOT NULL REFERENCES acts (id),
    dossier    text COLLATE "C" NOT NULL,
    result     text NOT NULL DEFAULT 'pending' CHECK (result IN ('pending', 'changed', 'refused', 'unchanged')),
    state      text NOT NULL DEFAULT '',
    code       text NOT NULL DEFAULT '',
    message    text NOT NULL DEFAULT '',
    moves      json NOT NULL DEFAULT '[]',
    decided_at timestamptz,
    PRIMARY KEY (act_id, dossier),
    CHECK ((result = 'pending') = (decided_at IS NULL))
) WITH (fillfactor = 80);
COMMENT ON TABLE act_results IS 'The dossiers an act concerns, listed when it was asked for. Each is decided once, in the transaction that changes it.';
COMMENT ON COLUMN act_results.moves IS 'The due moments that moved, old and new, and by which rule.';
CREATE INDEX act_results_pending ON act_results (act_id, dossier) WHERE result = 'pending';

INSERT INTO acts (id, kind, agency, subject, body, digest, reason, actor, authority, created_at, finished_at)
SELECT id, 'migration', agency, procedure_code, body, digest, reason, actor,
    json_build_object('kind', 'officer', 'id', actor, 'agency', agency, 'roles', roles), created_at, finished_at
FROM migrations;
INSERT INTO act_results (act_id, dossier, result, state, code, message, decided_at)
SELECT migration_id, dossier, CASE result WHEN 'migrated' THEN 'changed' ELSE result END, state, code, message, decided_at
FROM migration_results;
DROP TABLE migration_results, migrations;

-- What was published before there was a lifecycle, the program published.
DROP TRIGGER calendars_immutable ON calendars;
ALTER TABLE calendars RENAME COLUMN created_at TO uploaded_at;
ALTER TABLE calendars
    ADD COLUMN own text,
    ADD COLUMN base text,
    ADD COLUMN base_version integer,
    ADD COLUMN state text NOT NULL DEFAULT 'published' CHECK (state IN ('draft', 'checked', 'approved', 'published')),
    ADD COLUMN authors text[] NOT NULL DEFAULT '{motcua}' CHECK (cardinality(authors) > 0),
    ADD COLUMN approver text,
    ADD COLUMN comment text NOT NULL DEFAULT '',
    ADD COLUMN published_at timestamptz,
    ADD COLUMN act text REFERENCES acts (id);
UPDATE calendars SET own = spec, published_at = uploaded_at;
ALTER TABLE calendars
    ALTER COLUMN own SET NOT NULL,
    ALTER COLUMN state DROP DEFAULT,
    ALTER COLUMN authors DROP DEFAULT,
    ADD FOREIGN KEY (base, base_version) REFERENCES calendars (code, version),
    ADD CONSTRAINT calendars_base CHECK ((base IS NULL) = (base_version IS NULL)),
    ADD CONSTRAINT calendars_four_eyes CHECK (approver <> ALL (authors)),
    ADD CONSTRAINT calendars_approved CHECK (
        CASE
            WHEN state IN ('draft', 'checked') THEN approver IS NULL
            WHEN state = 'approved' THEN approver IS NOT NULL
            ELSE approver IS NOT NULL OR authors = '{motcua}'
        END),
    ADD CONSTRAINT calendars_published CHECK ((state = 'published') = (published_at IS NOT NULL));
COMMENT ON TABLE calendars IS 'Working time, by version, as controlled documents. Dossiers are pinned to a published one, which never changes.';
COMMENT ON COLUMN calendars.spec IS 'The exact JSON text that sha256 is of; with what it has of its base.';
COMMENT ON COLUMN calendars.own IS 'As it was uploaded: without what it has of its base.';
COMMENT ON COLUMN calendars.base IS 'The calendar it adds to. Publishing a new version of that one publishes a successor of this one.';
COMMENT ON COLUMN calendars.authors IS 'All who uploaded a text under this version; none of them may approve it. "motcua" alone is the program itself, which needs no approval.';
COMMENT ON COLUMN calendars.act IS 'The act that computes the due moments of open dossiers anew; null where there was no version before.';

-- +goose StatementBegin
CREATE FUNCTION keep_calendar() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fixed calendars := NEW;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state IN ('draft', 'checked') OR NEW.state = 'published' AND NEW.authors = '{motcua}' THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'calendar % version % cannot begin its life as %', NEW.code, NEW.version, NEW.state
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (OLD.state, NEW.state) NOT IN (
        ('draft', 'draft'), ('draft', 'checked'), ('checked', 'checked'), ('checked', 'draft'), ('checked', 'approved'),
        ('approved', 'checked'), ('approved', 'draft'), ('approved', 'published')
    ) THEN
        RAISE EXCEPTION 'calendar % version % is % and cannot become %', OLD.code, OLD.version, OLD.state, NEW.state
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (NEW.code, NEW.version) <> (OLD.code, OLD.version) OR NOT NEW.authors @> OLD.authors THEN
        RAISE EXCEPTION 'calendar % version % keeps its name and its authors', OLD.code, OLD.version
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Only a new text, which needs a new approval, changes anything else.
    fixed.state := OLD.state;
    fixed.comment := OLD.comment;
    fixed.approver := CASE WHEN NEW.state = 'approved' THEN OLD.approver ELSE NEW.approver END;
    fixed.published_at := CASE WHEN NEW.state = 'published' THEN OLD.published_at ELSE NEW.published_at END;
    fixed.act := CASE WHEN NEW.state = 'published' THEN OLD.act ELSE NEW.act END;
    IF NEW.state IN ('approved', 'published') AND fixed IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'calendar % version % is % and never changes', OLD.code, OLD.version, OLD.state
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER calendars_immutable BEFORE INSERT OR UPDATE ON calendars
    FOR EACH ROW EXECUTE FUNCTION keep_calendar();
CREATE TRIGGER calendars_kept BEFORE DELETE OR TRUNCATE ON calendars
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE INDEX calendars_base_code ON calendars (base) WHERE base IS NOT NULL;
CREATE INDEX dossiers_calendar ON dossiers (calendar_code, calendar_version, code) WHERE closed_at IS NULL;
COMMENT ON COLUMN dossiers.calendar_version IS 'The version its due moments are computed with: that of its start until a later one is published.';

CREATE TABLE calendar_events (
    code       text NOT NULL,
    version    integer NOT NULL,
    seq        bigint NOT NULL CHECK (seq > 0),
    at         timestamptz NOT NULL,
    actor      text NOT NULL,
    action     text NOT NULL,
    sha256     text NOT NULL,
    comment    text NOT NULL,
    body       json NOT NULL,
    digest     text NOT NULL,
    PRIMARY KEY (code, version, seq),
    FOREIGN KEY (code, version) REFERENCES calendars (code, version)
);
COMMENT ON TABLE calendar_events IS 'What was done to a version of a calendar, by whom: append-only, each row linked to the one before by SHA-256.';
COMMENT ON COLUMN calendar_events.body IS 'The entry as sealed. json, not jsonb: it keeps the very bytes that the digest covers.';
CREATE TRIGGER calendar_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON calendar_events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE outages (
    id          text PRIMARY KEY REFERENCES acts (id),
    agency      text NOT NULL REFERENCES agencies (code),
    procedure   text,
    system      text NOT NULL CHECK (system <> ''),
    reason      text NOT NULL CHECK (reason <> ''),
    basis       text NOT NULL,
    from_at     timestamptz NOT NULL,
    until_at    timestamptz,
    declared_by text NOT NULL,
    ended_by    text,
    end_act     text REFERENCES acts (id),
    CHECK (until_at > from_at),
    CHECK ((until_at IS NULL) = (ended_by IS NULL))
);
COMMENT ON TABLE outages IS 'Declared outages of the systems that work rests on: the clocks of the dossiers concerned stand still meanwhile.';
COMMENT ON COLUMN outages.id IS 'Also the act that declared it.';
COMMENT ON COLUMN outages.procedure IS 'Null: the dossiers of all procedures are concerned.';
COMMENT ON COLUMN outages.end_act IS 'The act that ended it; null where it was over when it was declared.';
CREATE INDEX outages_agency ON outages (agency, from_at DESC);

-- +goose Down
DROP TABLE outages, calendar_events;
DROP INDEX dossiers_calendar;
-- What was never published has no place in the schema before.
DROP TRIGGER calendars_immutable ON calendars;
DROP TRIGGER calendars_kept ON calendars;
DROP FUNCTION keep_calendar();
DELETE FROM calendars WHERE state <> 'published';
ALTER TABLE calendars
    DROP COLUMN own,
    DROP COLUMN base,
    DROP COLUMN base_version,
    DROP COLUMN state,
    DROP COLUMN authors,
    DROP COLUMN approver,
    DROP COLUMN comment,
    DROP COLUMN published_at,
    DROP COLUMN act;
ALTER TABLE calendars RENAME COLUMN uploaded_at TO created_at;
CREATE TRIGGER calendars_immutable BEFORE UPDATE OR DELETE OR TRUNCATE ON calendars
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

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
CREATE INDEX migration_results_pending ON migration_results (migration_id, dossier) WHERE result = 'pending';
-- Of acts, the schema before knows migrations only.
INSERT INTO migrations (id, agency, procedure_code, from_version, to_version, body, digest, reason, actor, roles, created_at, finished_at)
SELECT id, agency, subject, (body ->> 'from')::integer, (body ->> 'to')::integer, body, digest, reason, actor,
    coalesce(authority -> 'roles', '[]'), created_at, finished_at
FROM acts WHERE kind = 'migration';
INSERT INTO migration_results (migration_id, dossier, result, state, code, message, decided_at)
SELECT act_id, dossier, CASE r.result WHEN 'changed' THEN 'migrated' ELSE r.result END, r.state, r.code, r.message, r.decided_at
FROM act_results r JOIN acts a ON a.id = r.act_id WHERE a.kind = 'migration';
DROP TABLE act_results, acts;
