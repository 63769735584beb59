-- +goose Up
ALTER TABLE dossiers
    ADD COLUMN parent_id bigint REFERENCES dossiers (id),
    ADD COLUMN linked_id text,
    ADD CHECK ((parent_id IS NULL) = (linked_id IS NULL));
COMMENT ON COLUMN dossiers.parent_id IS 'The dossier this one is a part of (hồ sơ liên thông), often of another agency.';
COMMENT ON COLUMN dossiers.linked_id IS 'Which part: its id within the parent.';
CREATE UNIQUE INDEX dossiers_parent ON dossiers (parent_id, linked_id) WHERE parent_id IS NOT NULL;

ALTER TABLE outbox
    DROP CONSTRAINT outbox_kind_check,
    ADD CONSTRAINT outbox_kind_check CHECK (kind IN ('start', 'wake', 'tell')),
    ADD COLUMN body json,
    ADD CONSTRAINT outbox_body_check CHECK ((kind = 'tell') = (body IS NOT NULL));
COMMENT ON COLUMN outbox.body IS 'Of a tell: the command another dossier is to decide, with an id of its own, so that it is decided once. No personal data.';

-- +goose Down
DELETE FROM outbox WHERE kind = 'tell';
ALTER TABLE outbox
    DROP CONSTRAINT outbox_body_check,
    DROP COLUMN body,
    DROP CONSTRAINT outbox_kind_check,
    ADD CONSTRAINT outbox_kind_check CHECK (kind IN ('start', 'wake'));
DROP INDEX dossiers_parent;
ALTER TABLE dossiers DROP COLUMN linked_id, DROP COLUMN parent_id;
