-- +goose Up
-- What lists ask for. The rank index serves most of them: the open stand first
-- in it. The small ones are of lists that are short while many are open; an
-- event pays for one of them only while its dossier is on that list.
DROP INDEX dossiers_department;
CREATE INDEX dossiers_department ON dossiers (agency, last_department, rank, id);
CREATE INDEX dossiers_alarmed ON dossiers (agency, rank, id) WHERE alarmed_at IS NOT NULL;
CREATE INDEX dossiers_asked ON dossiers (agency, rank, id) WHERE asked_at IS NOT NULL;
CREATE INDEX dossiers_returned ON dossiers (agency, rank, id) WHERE returned_at IS NOT NULL;
-- What waits for the applicant has no running due moment and stands behind all else that is open.
CREATE INDEX dossiers_waiting ON dossiers (agency, rank, id) WHERE waiting;
CREATE INDEX dossiers_started ON dossiers (agency, started_at, id);
CREATE INDEX facts_steps ON facts (actor, at) WHERE kind = 'state-entered' AND actor_kind = 'officer';

CREATE TABLE saved_views (
    id         text PRIMARY KEY DEFAULT replace(gen_random_uuid()::text, '-', ''),
    agency     text NOT NULL REFERENCES agencies (code),
    owner      text NOT NULL REFERENCES officers (id),
    name       text NOT NULL CHECK (name <> ''),
    share      text NOT NULL CHECK (share IN ('own', 'department', 'agency')),
    department text,
    query      text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (owner, name),
    FOREIGN KEY (agency, department) REFERENCES departments (agency, code),
    CHECK ((share = 'department') = (department IS NOT NULL))
);
COMMENT ON TABLE saved_views IS 'Named filters of lists. A view shows everybody what is within their own reach, and nothing more.';
COMMENT ON COLUMN saved_views.query IS 'The filter as an address carries it, without the words searched for: those may be a person''s name.';
CREATE INDEX saved_views_agency ON saved_views (agency, name);

-- +goose Down
DROP TABLE saved_views;
DROP INDEX facts_steps;
DROP INDEX dossiers_started;
DROP INDEX dossiers_waiting;
DROP INDEX dossiers_returned;
DROP INDEX dossiers_asked;
DROP INDEX dossiers_alarmed;
DROP INDEX dossiers_department;
CREATE INDEX dossiers_department ON dossiers (agency, department, rank, id) WHERE closed_at IS NULL;
