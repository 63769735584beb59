-- +goose Up
CREATE TABLE answers (
    agency     text NOT NULL,
    actor_kind text NOT NULL,
    actor      text NOT NULL,
    key        text NOT NULL,
    digest     text NOT NULL,
    claimed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    status     integer,
    headers    jsonb,
    body       bytea,
    PRIMARY KEY (agency, actor_kind, actor, key)
);
COMMENT ON TABLE answers IS 'Answers to requests that came with an idempotency key, for repetitions, where the request has no record of its own (commands, start_keys, acts). Forgotten after some days.';
COMMENT ON COLUMN answers.digest IS 'Of method, path and body: tells a repetition from another request under the same key.';
COMMENT ON COLUMN answers.claimed_at IS 'Since when somebody works on it. A claim without an answer is good for a minute: whoever had it died.';
COMMENT ON COLUMN answers.status IS 'Null while the request is worked on.';
CREATE INDEX answers_claimed ON answers (claimed_at);

-- +goose Down
DROP TABLE answers;
