-- +goose Up
ALTER TABLE agencies ADD COLUMN revision bigint NOT NULL DEFAULT 1;
COMMENT ON COLUMN agencies.revision IS 'Moves with every change of departments, officers, partners and absences: what was read of an agency is good while this stands.';

ALTER TABLE departments ADD COLUMN place integer NOT NULL DEFAULT 0;
ALTER TABLE officers ADD COLUMN place integer NOT NULL DEFAULT 0, ADD COLUMN left_at timestamptz;
COMMENT ON COLUMN officers.left_at IS 'When their departure was recorded. The text of an organisation does not bring them back.';
COMMENT ON COLUMN officers.place IS 'In the order of the organisation, in which those a rung tells are named.';

CREATE TABLE agency_partners (
    agency  text NOT NULL REFERENCES agencies (code),
    called  text NOT NULL,
    partner text NOT NULL,
    place   integer NOT NULL,
    PRIMARY KEY (agency, called),
    CHECK (partner <> agency)
);
COMMENT ON TABLE agency_partners IS 'The agencies that carry out parts of an agency''s dossiers, under the names by which definitions call for them.';
COMMENT ON COLUMN agency_partners.partner IS 'No reference: agencies are stored one after the other, and a partner may come later.';

CREATE TABLE absences (
    officer    text NOT NULL REFERENCES officers (id),
    from_day   date NOT NULL,
    to_day     date NOT NULL,
    agency     text NOT NULL REFERENCES agencies (code),
    substitute text REFERENCES officers (id),
    present    boolean NOT NULL,
    basis      text NOT NULL,
    entered_by text NOT NULL,
    entered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_by   text,
    PRIMARY KEY (officer, from_day),
    -- One that was called off ends the day before it begins.
    CHECK (to_day >= from_day - 1),
    CHECK (substitute <> officer)
);
COMMENT ON TABLE absences IS 'When officers are away, and who stands in for them. They are never deleted: they say why somebody could act for another.';
COMMENT ON COLUMN absences.present IS 'The officer goes on acting beside the substitute: a delegation rather than a leave.';
COMMENT ON COLUMN absences.entered_by IS '"motcua" for those that came with the text of the organisation.';
COMMENT ON COLUMN absences.ended_by IS 'Who ended it before its time; to_day is then when it did end.';
CREATE INDEX absences_agency ON absences (agency, to_day);

ALTER TABLE notifications
    ADD COLUMN level integer NOT NULL DEFAULT 0,
    ADD COLUMN deliver_at timestamptz NOT NULL DEFAULT now();
UPDATE notifications SET deliver_at = created_at;
ALTER TABLE notifications
    ALTER COLUMN level DROP DEFAULT,
    ALTER COLUMN deliver_at DROP DEFAULT,
    DROP CONSTRAINT notifications_dossier_id_clock_rung_officer_key,
    -- One level of one rung of one clock tells an officer once, whatever runs twice.
    ADD CONSTRAINT notifications_once UNIQUE (dossier_id, clock, rung, level, officer);
COMMENT ON COLUMN notifications.level IS 'How often the rung had climbed when it told the officer.';
COMMENT ON COLUMN notifications.deliver_at IS 'When the officer is told: at once, or when the office opens next.';

-- +goose Down
DELETE FROM notifications WHERE level > 0;
ALTER TABLE notifications
    DROP CONSTRAINT notifications_once,
    DROP COLUMN level,
    DROP COLUMN deliver_at,
    ADD UNIQUE (dossier_id, clock, rung, officer);
DROP TABLE absences, agency_partners;
ALTER TABLE officers DROP COLUMN place, DROP COLUMN left_at;
ALTER TABLE departments DROP COLUMN place;
ALTER TABLE agencies DROP COLUMN revision;
