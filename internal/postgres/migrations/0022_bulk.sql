-- +goose Up
ALTER TABLE acts
    DROP CONSTRAINT acts_kind_check,
    ADD CONSTRAINT acts_kind_check CHECK (kind IN ('migration', 'calendar', 'outage', 'outage-end', 'reassign', 'bulk', 'reorganisation', 'organisation')),
    ADD COLUMN cancelled_by text,
    ADD CONSTRAINT acts_cancelled CHECK (cancelled_by IS NULL OR kind = 'bulk' AND finished_at IS NOT NULL);
COMMENT ON COLUMN acts.cancelled_by IS 'The officer who ended it before it was through; what was done by then stays.';
ALTER TABLE act_results
    DROP CONSTRAINT act_results_result_check,
    ADD CONSTRAINT act_results_result_check CHECK (result IN ('pending', 'changed', 'refused', 'unchanged', 'cancelled'));

-- +goose Down
-- The schema before knows no such act; what it did stays in the facts of the dossiers.
DELETE FROM act_results r USING acts a WHERE a.id = r.act_id AND a.kind = 'bulk';
DELETE FROM acts WHERE kind = 'bulk';
ALTER TABLE act_results
    DROP CONSTRAINT act_results_result_check,
    ADD CONSTRAINT act_results_result_check CHECK (result IN ('pending', 'changed', 'refused', 'unchanged'));
ALTER TABLE acts
    DROP CONSTRAINT acts_cancelled,
    DROP COLUMN cancelled_by,
    DROP CONSTRAINT acts_kind_check,
    ADD CONSTRAINT acts_kind_check CHECK (kind IN ('migration', 'calendar', 'outage', 'outage-end', 'reassign', 'reorganisation', 'organisation'));
