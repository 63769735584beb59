-- +goose Up
ALTER TABLE dossiers
    ADD COLUMN acted_at timestamptz,
    ADD COLUMN returned_at timestamptz,
    ADD COLUMN waiting boolean NOT NULL DEFAULT false,
    ADD COLUMN last_department text NOT NULL DEFAULT '',
    ADD COLUMN alarmed_at timestamptz,
    ADD COLUMN asked_at timestamptz;
COMMENT ON COLUMN dossiers.acted_at IS 'When something last moved the dossier on; rungs, comments and changes of rules do not.';
COMMENT ON COLUMN dossiers.returned_at IS 'When it came back to the present step, which it had been through before.';
COMMENT ON COLUMN dossiers.waiting IS 'The applicant has to act.';
COMMENT ON COLUMN dossiers.last_department IS 'Where it stands or, once closed, stood last: department is empty then.';
COMMENT ON COLUMN dossiers.alarmed_at IS 'Since when a rung waits to be acknowledged, or no longer does because there was nobody left to tell.';
COMMENT ON COLUMN dossiers.asked_at IS 'Since when a department that was consulted owes an answer.';

-- What the program writes with every change from now on, for the dossiers that
-- are there; a closed one only shows where it stood.
UPDATE dossiers d SET
    acted_at = coalesce((
        SELECT max(f.at) FROM facts f WHERE f.dossier_id = d.id AND (
            f.kind IN ('dossier-started', 'state-entered', 'dossier-closed', 'dossier-resumed')
            OR f.actor_kind <> 'clock' AND f.kind IN (
                'event-fired', 'event-signed', 'event-proposed', 'proposal-endorsed', 'proposal-turned-down',
                'components-received', 'fields-received', 'form-issued', 'deadline-extended', 'overridden',
                'handoff-sent', 'handoff-accepted', 'handoff-returned', 'handoff-recalled',
                'dossier-claimed', 'dossier-released', 'dossier-reassigned', 'dossier-suspended',
                'consultation-started', 'opinion-given', 'consultation-concluded',
                'link-started', 'link-opened', 'link-acknowledged', 'link-concluded'))), d.started_at),
    last_department = coalesce((
        SELECT f.body ->> 'department' FROM facts f
        WHERE f.dossier_id = d.id AND f.kind IN ('state-entered', 'dossier-migrated') AND f.body ->> 'department' <> ''
        ORDER BY f.seq DESC LIMIT 1), d.department),
    waiting = d.closed_at IS NULL AND coalesce((
        SELECT (f.body ->> 'suspended')::boolean FROM facts f
        WHERE f.dossier_id = d.id AND f.kind = 'state-entered' ORDER BY f.seq DESC LIMIT 1), false),
    returned_at = CASE WHEN d.closed_at IS NULL THEN (
        SELECT last.at FROM (
            SELECT f.at, f.body ->> 'event' AS event, f.body ->> 'to' AS state,
                lag((f.body ->> 'suspended')::boolean) OVER w AS waited,
                count(*) OVER (PARTITION BY f.body ->> 'to' ORDER BY f.seq) AS times, f.seq
            FROM facts f WHERE f.dossier_id = d.id AND f.kind = 'state-entered' WINDOW w AS (ORDER BY f.seq)
            ORDER BY f.seq DESC LIMIT 1) AS last
        WHERE last.times > 1 AND last.waited IS NOT TRUE AND last.event IS DISTINCT FROM 'recall-handoff') END,
    alarmed_at = least(
        (SELECT min(k.started_at) FROM clocks k WHERE k.dossier_id = d.id AND k.kind = 'alarm' AND k.stopped_at IS NULL),
        CASE WHEN d.closed_at IS NULL THEN (
            SELECT max(f.at) FROM facts f WHERE f.dossier_id = d.id AND f.kind = 'rung-climbed' AND (f.body -> 'rung' ->> 'nobody')::boolean
                AND f.seq > (SELECT max(e.seq) FROM facts e WHERE e.dossier_id = d.id AND e.kind IN ('state-entered', 'rung-acknowledged'))) END),
    asked_at = (
        SELECT min((round ->> 'asked_at')::timestamptz)
        FROM jsonb_array_elements(coalesce(d.snapshot -> 'consulted', '[]')) AS round
        WHERE coalesce(round ->> 'result', '') = '' AND EXISTS (
            SELECT FROM jsonb_array_elements(round -> 'opinions') AS opinion
            WHERE coalesce(opinion ->> 'says', '') = '' AND opinion -> 'withdrawn' IS DISTINCT FROM 'true'));
ALTER TABLE dossiers ALTER COLUMN acted_at SET NOT NULL;

-- +goose Down
ALTER TABLE dossiers
    DROP COLUMN acted_at,
    DROP COLUMN returned_at,
    DROP COLUMN waiting,
    DROP COLUMN last_department,
    DROP COLUMN alarmed_at,
    DROP COLUMN asked_at;
