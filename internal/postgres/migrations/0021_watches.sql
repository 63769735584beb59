-- +goose Up
CREATE TABLE watches (
    dossier_id bigint NOT NULL REFERENCES dossiers (id),
    officer    text NOT NULL REFERENCES officers (id),
    since      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (dossier_id, officer)
);
COMMENT ON TABLE watches IS 'Who wants to be told of every change of a dossier. It is nobody''s act on the dossier, so it is not among its facts.';
CREATE INDEX watches_officer ON watches (officer, since DESC);

ALTER TABLE notifications ADD COLUMN fact text NOT NULL DEFAULT '';
COMMENT ON COLUMN notifications.fact IS 'The kind of fact that somebody who watches the dossier is told of; empty: a rung or an escalation tells. The clock is then "watch" and the rung the sequence of the fact.';

-- +goose Down
DELETE FROM notifications WHERE fact <> '';
ALTER TABLE notifications DROP COLUMN fact;
DROP TABLE watches;
