-- +goose Up
CREATE TABLE changes (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    xact       xid8 NOT NULL DEFAULT pg_current_xact_id(),
    agency     text NOT NULL,
    dossier_id bigint NOT NULL REFERENCES dossiers (id),
    dossier    text COLLATE "C" NOT NULL,
    from_seq   bigint NOT NULL,
    to_seq     bigint NOT NULL CHECK (to_seq >= from_seq),
    at         timestamptz NOT NULL
);
COMMENT ON TABLE changes IS 'The feed of what others hear of: one row per decision that changed a dossier, written in the transaction that did. The facts say what happened.';
COMMENT ON COLUMN changes.xact IS 'Rows commit in another order than they are numbered: whoever reads on from a position reads only what is older than pg_snapshot_xmin(pg_current_snapshot()), so that nothing that commits late is passed over.';
CREATE INDEX changes_dossier ON changes (dossier_id, to_seq);
CREATE INDEX changes_xact ON changes (xact, id);

-- +goose Down
DROP TABLE changes;
