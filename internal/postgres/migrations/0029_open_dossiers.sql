-- +goose Up
-- What is counted and looked for among the open dossiers stands in one index,
-- so that it is read from there and not from as many rows, which are wide and
-- lie far apart. An index is believed where a page was tidied up since it was
-- written: hence the early vacuum.
CREATE INDEX dossiers_open ON dossiers (agency, rank, id)
    INCLUDE (last_department, procedure_code, holder, status, due_breached, acted_at, entered_at, handoff_pending, alarmed_at, asked_at, returned_at, waiting)
    WHERE rank <= 4000000000000000000;
COMMENT ON INDEX dossiers_open IS 'Open dossiers: the bound is the rank of those that are not due.';
ALTER TABLE dossiers SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);

-- +goose Down
ALTER TABLE dossiers RESET (autovacuum_vacuum_scale_factor, autovacuum_analyze_scale_factor);
DROP INDEX dossiers_open;
