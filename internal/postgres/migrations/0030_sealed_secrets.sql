-- +goose Up
ALTER TABLE webhook_secrets ADD COLUMN key_id text;
COMMENT ON TABLE webhook_secrets IS 'What deliveries are signed with, sealed by the key ring. A signature needs the secret itself, so there is no hash of it here.';
COMMENT ON COLUMN webhook_secrets.key_id IS 'The key of the ring that the secret is sealed under. Null: it is as it was made, from before secrets were sealed; motcua personal seal brings it in.';

-- +goose Down
-- An older program would sign with what is sealed: those subscriptions need a new secret.
DELETE FROM webhook_secrets WHERE key_id IS NOT NULL;
ALTER TABLE webhook_secrets DROP COLUMN key_id;
COMMENT ON TABLE webhook_secrets IS 'What deliveries are signed with. A signature needs the secret itself, so there is no hash of it here.';
