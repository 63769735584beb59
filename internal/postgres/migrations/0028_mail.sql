-- +goose Up
ALTER TABLE officers
    ADD COLUMN email text NOT NULL DEFAULT '',
    ADD COLUMN language text NOT NULL DEFAULT 'vi' CHECK (language IN ('vi', 'en')),
    ADD COLUMN notify_by text NOT NULL DEFAULT 'email' CHECK (notify_by IN ('email', 'none'));
COMMENT ON COLUMN officers.email IS 'The office address that notifications are sent to; empty: they are shown on the board only.';

CREATE TABLE notification_deliveries (
    notification_id  bigint NOT NULL REFERENCES notifications (id) ON DELETE CASCADE,
    channel          text NOT NULL CHECK (channel IN ('email')),
    agency           text NOT NULL REFERENCES agencies (code),
    officer          text NOT NULL REFERENCES officers (id),
    mail             bigint,
    state            text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'dead')),
    attempts         integer NOT NULL DEFAULT 0,
    next_at          timestamptz NOT NULL,
    last_error_class text NOT NULL DEFAULT '',
    sent_at          timestamptz,
    PRIMARY KEY (notification_id, channel),
    CHECK ((state = 'sent') = (sent_at IS NOT NULL))
);
COMMENT ON TABLE notification_deliveries IS 'What becomes of notifications outside the pages: written with the notification, for officers with an address, and kept as the log.';
COMMENT ON COLUMN notification_deliveries.mail IS 'The first notification of the mail this one goes out in; null until it is put into one. It never changes, so a mail that is sent again is the same mail.';
COMMENT ON COLUMN notification_deliveries.next_at IS 'Nobody sends it before. Taking it moves this to the end of a lease.';
COMMENT ON COLUMN notification_deliveries.last_error_class IS 'Why the last attempt failed, as a class: never the words of the server, which may repeat addresses.';
CREATE INDEX notification_deliveries_due ON notification_deliveries (next_at) WHERE state = 'pending';
CREATE INDEX notification_deliveries_loose ON notification_deliveries (officer, notification_id) WHERE state = 'pending' AND mail IS NULL;
CREATE INDEX notification_deliveries_mail ON notification_deliveries (mail) WHERE state = 'pending';
CREATE INDEX notification_deliveries_log ON notification_deliveries (agency, notification_id DESC);

-- +goose Down
DROP TABLE notification_deliveries;
ALTER TABLE officers DROP COLUMN email, DROP COLUMN language, DROP COLUMN notify_by;
