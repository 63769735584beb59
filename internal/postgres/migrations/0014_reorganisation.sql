-- +goose Up
ALTER TABLE acts DROP CONSTRAINT acts_kind_check;
ALTER TABLE acts ADD CONSTRAINT acts_kind_check
    CHECK (kind IN ('migration', 'calendar', 'outage', 'outage-end', 'reassign', 'reorganisation', 'organisation'));

ALTER TABLE agencies ADD COLUMN entered_by text NOT NULL DEFAULT 'motcua';
COMMENT ON COLUMN agencies.entered_by IS 'Who changed the organisation last: "motcua" where the program set it up, which does not overwrite what a person entered.';

ALTER TABLE departments
    ADD COLUMN dissolved_at timestamptz,
    ADD COLUMN dissolved_by text REFERENCES acts (id),
    ADD CONSTRAINT departments_dissolved CHECK (dissolved_at IS NULL OR parent IS NULL);
COMMENT ON COLUMN departments.dissolved_at IS 'When a reorganisation gave its work to others. It never comes back, and no other department gets its code.';
COMMENT ON COLUMN departments.dissolved_by IS 'The act; null where it was dissolved in another ledger that this organisation was exported from.';

CREATE TABLE department_successions (
    agency     text NOT NULL,
    place      integer NOT NULL,
    from_code  text NOT NULL,
    to_code    text NOT NULL,
    roles      text[] NOT NULL DEFAULT '{}',
    procedures text[] NOT NULL DEFAULT '{}',
    PRIMARY KEY (agency, place),
    FOREIGN KEY (agency, from_code) REFERENCES departments (agency, code),
    FOREIGN KEY (agency, to_code) REFERENCES departments (agency, code),
    CHECK (from_code <> to_code)
);
COMMENT ON TABLE department_successions IS 'What became of dissolved departments: where a definition names one, its successor is meant. Of several for one department the first that fits takes over; they are never changed.';
COMMENT ON COLUMN department_successions.roles IS 'The roles it takes over; none named: all.';
COMMENT ON COLUMN department_successions.procedures IS 'The procedures it takes over; none named: all.';
CREATE TRIGGER department_successions_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON department_successions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE department_successions;
ALTER TABLE departments DROP CONSTRAINT departments_dissolved, DROP COLUMN dissolved_by, DROP COLUMN dissolved_at;
ALTER TABLE agencies DROP COLUMN entered_by;
DELETE FROM act_results WHERE act_id IN (SELECT id FROM acts WHERE kind IN ('reorganisation', 'organisation'));
DELETE FROM acts WHERE kind IN ('reorganisation', 'organisation');
ALTER TABLE acts DROP CONSTRAINT acts_kind_check;
ALTER TABLE acts ADD CONSTRAINT acts_kind_check CHECK (kind IN ('migration', 'calendar', 'outage', 'outage-end', 'reassign'));
