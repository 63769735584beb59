package main

// manyDossiersSQL makes $1 dossiers: three in ten at the first of twenty
// agencies, the rest spread evenly; one in twelve open, of the last two months, of which one in six is
// overdue, one in ten waits for the applicant, one in twelve for the acceptance
// of a handoff, and one in a hundred each has an unacknowledged rung, an
// unanswered consultation or came back. The case is a filler of the size that
// a short one has: lists do not read it.
const manyDossiersSQL = `
WITH made AS (
	SELECT g, CASE WHEN g % 10 < 3 THEN 0 ELSE 1 + (g / 10 * 7 + g % 10) % 19 END AS a, g > $1 / 6 * 5 AND g % 2 = 0 AS open,
		clock_timestamp() - make_interval(secs => ($1::int - g) * (365 * 86400.0 / $1)) AS started,
		clock_timestamp() + make_interval(mins => (hashint4(g) & 65535) % 36000 - 6000) AS due,
		(hashint4(g + 1) & 65535) AS h, (hashint4(g + 2) & 65535) AS h2
	FROM generate_series(1, $1) AS g
), placed AS (
	SELECT m.*, format('M%s', lpad(a::text, 2, '0')) AS agency,
		(ARRAY['office', 'one-stop', 'expertise', 'appraisal', 'signing'])[1 + h % 5] AS department,
		open AND h2 % 10 = 0 AS waits, format('many-%s', lpad((h2 % 60)::text, 2, '0')) AS procedure,
		CASE WHEN open AND h2 % 3 > 0 THEN format('m%s.o%s', lpad(a::text, 2, '0'), lpad((h % 5 + 5 * (h2 % 4))::text, 2, '0')) ELSE '' END AS holder
	FROM made m
)
INSERT INTO dossiers (code, agency, procedure_code, procedure_version, procedure_sha256, calendar_code, calendar_version, channel, applicant, fields, started_at,
	snapshot, seq, digest, status, state, department, role, holder, handoff_pending, accepted_at, entered_at, due_at, due_running, due_breached, due_provisional,
	step_due_at, raised, rank, next_at, closed_at, outcome, acted_at, returned_at, waiting, last_department, alarmed_at, asked_at)
SELECT format('%s-%s-%s', agency, to_char(started, 'YYMMDD'), lpad(g::text, 7, '0')), agency, procedure, 1, v.sha256, c.code, c.version,
	(ARRAY['online', 'direct', 'postal'])[1 + h % 3], jsonb_build_object('name', 'Nguyễn Văn ' || g), '{}', started,
	jsonb_build_object('dossier', g, 'filler', repeat(md5(g::text), 18)), 12, repeat('0', 64),
	CASE WHEN NOT open THEN 'closed' WHEN waits THEN 'suspended' ELSE 'running' END, CASE WHEN open THEN 'received' ELSE 'returned' END,
	CASE WHEN open THEN department ELSE '' END, CASE WHEN open THEN 'officer' ELSE '' END, holder,
	open AND h % 12 = 0, started, started, CASE WHEN waits THEN NULL ELSE due END, open AND NOT waits, h2 % 200 = 0, false,
	CASE WHEN open AND NOT waits THEN due END, CASE WHEN open AND due < now() THEN 'overdue' ELSE '' END,
	CASE WHEN NOT open THEN 8000000000000000000 - (extract(epoch FROM least(started + interval '5 days', now())) * 1000000)::bigint
		WHEN waits THEN 4000000000000000000 ELSE (extract(epoch FROM due) * 1000000)::bigint END,
	CASE WHEN open AND NOT waits THEN due END, CASE WHEN open THEN NULL ELSE least(started + interval '5 days', now()) END, CASE WHEN open THEN '' ELSE 'resolved' END,
	now() - make_interval(mins => h % 10000), CASE WHEN open AND h % 100 = 3 THEN now() END, waits, department,
	CASE WHEN open AND h % 100 = 1 THEN now() END, CASE WHEN open AND h % 100 = 2 THEN now() END
FROM placed p JOIN procedure_versions v ON v.code = p.procedure AND v.version = 1
CROSS JOIN (SELECT code, version FROM calendars WHERE state = 'published' ORDER BY code, version DESC LIMIT 1) c`

// manyFactsSQL makes the steps of the last two weeks or so: five of each
// dossier that began in them.
const manyFactsSQL = `
INSERT INTO facts (dossier_id, seq, kind, at, recorded_at, actor_kind, actor, command_id, body, digest)
SELECT d.id, s, 'state-entered', d.started_at + s * interval '3 hours', d.started_at, 'officer',
	format('%s.o%s', lower(d.agency), lpad((d.id % 20)::text, 2, '0')), '', '{}', ''
FROM (SELECT * FROM dossiers ORDER BY id DESC LIMIT $1::int / 26) d, generate_series(1, 5) AS s`

// manyTermsSQL makes the blind index of names: $1 to $3 are the digests of the
// words that come first, second and third.
const manyTermsSQL = `
WITH named AS (
	SELECT id, agency, (hashint4(id::int) & 65535) / 65536.0 AS a, (hashint4(id::int + 1) & 65535) / 65536.0 AS b, (hashint4(id::int + 2) & 65535) AS c FROM dossiers
)
INSERT INTO dossier_terms (agency, term, dossier_id)
SELECT n.agency, t.term, n.id FROM named n CROSS JOIN LATERAL (VALUES
	(($1::bytea[])[1 + floor(cardinality($1) * a ^ 3)::int]),
	(($2::bytea[])[1 + floor(cardinality($2) * b ^ 2)::int]),
	(($3::bytea[])[1 + c % cardinality($3)]),
	(decode(md5(n.id::text), 'hex'))) AS t (term)
ORDER BY n.agency, t.term, n.id`
