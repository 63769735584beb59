-- +goose Up
ALTER TABLE handoffs
    ADD COLUMN slip text CHECK (slip <> ''),
    DROP CONSTRAINT handoffs_answer_check,
    ADD CONSTRAINT handoffs_answer_check CHECK (answer IN ('accepted', 'returned', 'recalled'));
COMMENT ON COLUMN handoffs.slip IS 'The list it was handed over with (phiếu bàn giao), where many dossiers were at once.';
CREATE INDEX handoffs_slip ON handoffs (slip) WHERE slip IS NOT NULL;

-- +goose Down
DROP INDEX handoffs_slip;
-- The schema before knows two answers; taking back is nearest to being returned.
UPDATE handoffs SET answer = 'returned' WHERE answer = 'recalled';
ALTER TABLE handoffs
    DROP COLUMN slip,
    DROP CONSTRAINT handoffs_answer_check,
    ADD CONSTRAINT handoffs_answer_check CHECK (answer IN ('accepted', 'returned'));
