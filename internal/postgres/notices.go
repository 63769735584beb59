package postgres

import (
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
)

// noticesSQL finds who holds the roles of a ladder's notices now and tells
// each of them once. Of those who could be meant, the nearest are: the
// department itself, then its parents for the head, then the whole agency for
// other roles.
const noticesSQL = `
WITH RECURSIVE notice AS (
	SELECT * FROM unnest($3::int[], $4::text[], $5::int[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::text[], $11::text[], $12::text[], $13::text[])
		AS n (place, clock, rung, rung_text, raise, state, moment, asked, role, department, holder)
), above (origin, code, parent, distance) AS (
	SELECT code, code, parent, 0 FROM departments
	WHERE agency = $2 AND code IN (SELECT department FROM notice)
	UNION ALL
	SELECT a.origin, d.code, d.parent, a.distance + 1
	FROM above a JOIN departments d ON d.agency = $2 AND d.code = a.parent
	WHERE a.distance < 32
), candidate AS (
	SELECT n.place, r.officer, CASE
		WHEN n.asked = 'leader' OR r.department = n.department THEN 0
		WHEN n.asked = 'head' THEN a.distance
		WHEN n.asked <> 'holder' THEN 1
		END AS distance
	FROM notice n
	JOIN officer_roles r ON r.agency = $2 AND r.role = n.role
	JOIN officers o ON o.id = r.officer AND o.active
	LEFT JOIN above a ON a.origin = n.department AND a.code = r.department
	WHERE n.asked <> 'holder' OR n.holder = ''
	UNION ALL
	SELECT place, holder, 0 FROM notice WHERE asked = 'holder' AND holder <> ''
)
INSERT INTO notifications (dossier_id, officer, clock, rung, rung_text, raise, state, moment, created_at)
SELECT DISTINCT $1::bigint, c.officer, n.clock, n.rung, n.rung_text, n.raise, n.state, n.moment, $14::timestamptz
FROM notice n JOIN candidate c USING (place)
WHERE c.distance = (SELECT min(distance) FROM candidate nearest WHERE nearest.place = n.place)
ON CONFLICT DO NOTHING`

// queueNotices tells the officers concerned of the rungs that fired. Whoever
// is told is found within the transaction: by the roles at this moment.
func queueNotices(b *pgx.Batch, r engine.Rules, id int64, d engine.Decision, now time.Time) {
	var places, rungs []int32
	var clocks, words, raises, states, asked, roles, departments, holders []string
	var moments []time.Time
	for _, n := range d.Notices {
		for _, role := range n.Roles {
			places, clocks, rungs = append(places, int32(len(places))), append(clocks, n.Clock), append(rungs, int32(n.Rung)) //nolint:gosec // a ladder has 50 rungs at most
			words, raises, states = append(words, r.Ladder[n.Rung].String()), append(raises, n.Raise), append(states, n.Subject)
			moments, asked, roles = append(moments, n.Moment), append(asked, role), append(roles, wanted(n, role))
			departments, holders = append(departments, n.Department), append(holders, n.Holder)
		}
	}
	if len(places) > 0 {
		b.Queue(noticesSQL, id, d.Case.Agency, places, clocks, rungs, words, raises, states, moments, asked, roles, departments, holders, now)
	}
}

// wanted is the role an officer must hold to be meant: "holder" of a dossier
// that nobody holds means everyone who could claim it.
func wanted(n engine.Notice, role string) string {
	if role != engine.RoleHolder {
		return role
	}
	return n.Role
}
