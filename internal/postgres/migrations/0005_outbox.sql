-- +goose Up
CREATE TABLE outbox (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind         text NOT NULL CHECK (kind IN ('start', 'wake')),
    dossier      text NOT NULL,
    next_at      timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    available_at timestamptz NOT NULL DEFAULT now(),
    attempts     integer NOT NULL DEFAULT 0,
    last_error   text
);
COMMENT ON TABLE outbox IS 'Errands to the workflows, written in the transaction they follow from, delivered at least once. A delivered errand is deleted: the table stays small.';
COMMENT ON COLUMN outbox.available_at IS 'Nobody may take the errand before. Taking it moves this to the end of a lease, so the errand of a relay that died comes back by itself.';
CREATE INDEX outbox_available ON outbox (available_at, id);
CREATE INDEX outbox_dossier ON outbox (dossier);

CREATE TABLE notifications (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    officer    text NOT NULL,
    dossier_id bigint NOT NULL REFERENCES dossiers (id),
    clock      text NOT NULL,
    rung       integer NOT NULL,
    rung_text  text NOT NULL,
    raise      text NOT NULL,
    state      text NOT NULL,
    moment     timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    read_at    timestamptz,
    -- One rung of one clock tells an officer once, whatever runs twice.
    UNIQUE (dossier_id, clock, rung, officer)
);
COMMENT ON COLUMN notifications.moment IS 'The moment the rung fell at; created_at is later when it fired late.';
CREATE INDEX notifications_officer ON notifications (officer, id DESC);

-- +goose Down
DROP TABLE notifications, outbox;
