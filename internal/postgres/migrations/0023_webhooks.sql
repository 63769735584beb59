-- +goose Up
CREATE TABLE webhooks (
    id              text PRIMARY KEY,
    agency          text NOT NULL REFERENCES agencies (code),
    url             text NOT NULL,
    description     text NOT NULL,
    types           text[] NOT NULL,
    procedures      text[] NOT NULL,
    departments     text[] NOT NULL,
    status_only     boolean NOT NULL,
    enabled         boolean NOT NULL DEFAULT true,
    disabled_reason text,
    disabled_at     timestamptz,
    failures        integer NOT NULL DEFAULT 0,
    failing_since   timestamptz,
    retry_at        timestamptz NOT NULL DEFAULT '-infinity',
    created_at      timestamptz NOT NULL DEFAULT now(),
    created_by      text NOT NULL
);
COMMENT ON TABLE webhooks IS 'Subscriptions: where announcements of an agency are sent. An empty filter is everything.';
COMMENT ON COLUMN webhooks.failures IS 'How often in a row the subscriber was away; 0 as soon as something succeeds.';
COMMENT ON COLUMN webhooks.retry_at IS 'Nothing is sent before: a subscriber that is away is left alone as a whole.';
CREATE INDEX webhooks_agency ON webhooks (agency);

CREATE TABLE webhook_secrets (
    webhook_id text NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    id         bigint GENERATED ALWAYS AS IDENTITY,
    secret     bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    until_at   timestamptz NOT NULL DEFAULT 'infinity',
    PRIMARY KEY (webhook_id, id)
);
COMMENT ON TABLE webhook_secrets IS 'What deliveries are signed with. A signature needs the secret itself, so there is no hash of it here.';
COMMENT ON COLUMN webhook_secrets.until_at IS 'End of the overlap after a rotation; until then every delivery carries a signature by this one too.';

CREATE TABLE webhook_position (
    one  boolean PRIMARY KEY DEFAULT true CHECK (one),
    xact xid8 NOT NULL,
    id   bigint NOT NULL
);
COMMENT ON TABLE webhook_position IS 'The last row of the feed of changes that deliveries were made of.';
INSERT INTO webhook_position (xact, id) VALUES ('0', 0);

CREATE TABLE deliveries (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook_id   text NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    dossier_id   bigint NOT NULL REFERENCES dossiers (id),
    seq          bigint NOT NULL,
    part         smallint NOT NULL,
    message      text NOT NULL,
    announcement json NOT NULL,
    state        text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'dead')),
    attempts     integer NOT NULL DEFAULT 0,
    replayed     integer NOT NULL DEFAULT 0,
    created_at   timestamptz NOT NULL DEFAULT now(),
    available_at timestamptz NOT NULL DEFAULT 'infinity',
    give_up_at   timestamptz NOT NULL,
    ended_at     timestamptz,
    UNIQUE (webhook_id, message)
) WITH (fillfactor = 80);
COMMENT ON TABLE deliveries IS 'Announcements on their way, one row per subscription. What is pending of one dossier and one subscription goes out in order of (seq, part).';
COMMENT ON COLUMN deliveries.available_at IS 'Nobody may send it before. Infinity: one before it of the same dossier is under way. Taking it moves this to the end of a lease, so what a worker held that died comes back by itself.';
COMMENT ON COLUMN deliveries.replayed IS 'How many attempts there had been when it was replayed last; the waits begin anew.';
COMMENT ON COLUMN deliveries.announcement IS 'Codes, names of states, moments, outcomes; nothing personal.';
CREATE INDEX deliveries_due ON deliveries (webhook_id, available_at) WHERE state = 'pending';
CREATE INDEX deliveries_order ON deliveries (webhook_id, dossier_id, seq, part) WHERE state = 'pending';
CREATE INDEX deliveries_list ON deliveries (webhook_id, state, id);
CREATE INDEX deliveries_ended ON deliveries (ended_at) WHERE state <> 'pending';

CREATE TABLE delivery_attempts (
    delivery_id bigint NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    number      integer NOT NULL,
    at          timestamptz NOT NULL,
    status      integer NOT NULL,
    latency_ms  bigint NOT NULL,
    failure     text NOT NULL,
    excerpt     text NOT NULL CHECK (length(excerpt) <= 256),
    PRIMARY KEY (delivery_id, number, at)
);
COMMENT ON TABLE delivery_attempts IS 'Every time a delivery was sent, and what came of it.';
COMMENT ON COLUMN delivery_attempts.status IS 'Of the HTTP answer; 0: none came.';

-- +goose Down
DROP TABLE delivery_attempts, deliveries, webhook_position, webhook_secrets, webhooks;
