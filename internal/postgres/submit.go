package postgres

import (
	"context"
	"encoding/json"

	"motcua/engine"
)

// submitSQL finds the dossier and puts the command on record, in one round
// trip. A command that another request commits at the same moment is seen
// neither as inserted nor as stored; then the statement is sent again.
const submitSQL = `
WITH dossier AS (
	SELECT id FROM dossiers WHERE code = $1 AND agency = $2
), fresh AS (
	INSERT INTO commands (dossier_id, id, digest, body) SELECT id, $3, $4, $5 FROM dossier
	ON CONFLICT DO NOTHING RETURNING id
)
SELECT EXISTS (SELECT FROM dossier), EXISTS (SELECT FROM fresh), stored.digest, stored.outcome
FROM (SELECT) AS one LEFT JOIN commands stored ON stored.dossier_id = (SELECT id FROM dossier) AND stored.id = $3`

// Submit puts a command on record without deciding it, and returns the outcome
// if it was decided before. The dossier must be of the actor's agency. Errors:
// CodeNotFound, CodeIdempotencyConflict, CodeInvalid, CodeUnavailable.
func (l *Ledger) Submit(ctx context.Context, cmd engine.Command) (*engine.Outcome, error) {
	if cmd.ID == "" {
		return nil, &engine.Error{Code: engine.CodeInvalid, Message: "a command needs an id", Path: "/id"}
	}
	body, err := json.Marshal(cmd)
	if err != nil {
		return nil, coded(err, "submit %s", cmd.ID)
	}
	digest, err := commandDigest(cmd)
	if err != nil {
		return nil, coded(err, "submit %s", cmd.ID)
	}
	for range 3 {
		var found, fresh bool
		var stored *string
		var outcome *engine.Outcome
		err := l.pool.QueryRow(ctx, submitSQL, cmd.Dossier, cmd.Actor.Agency, cmd.ID, digest, string(body)).Scan(&found, &fresh, &stored, &outcome)
		switch {
		case err != nil:
			return nil, coded(err, "submit %s to %s", cmd.ID, cmd.Dossier)
		case !found:
			return nil, notFound("no dossier %s", cmd.Dossier)
		case fresh:
			return nil, nil //nolint:nilnil // recorded and not decided: the port's word for it
		case stored == nil:
			continue
		case *stored != digest:
			return nil, engine.Errorf(engine.CodeIdempotencyConflict, "command %s was another request", cmd.ID)
		}
		if outcome != nil {
			outcome.Repeated = true
		}
		return outcome, nil
	}
	return nil, engine.Errorf(engine.CodeUnavailable, "command %s is being recorded by another request", cmd.ID)
}

// commandDigest is of what is asked and who asks. What the actor may do is left
// out: it may change between a request and its repetition.
func commandDigest(cmd engine.Command) (string, error) {
	cmd.Actor.Roles, cmd.Actor.StandsIn, cmd.Actor.Oversees, cmd.Actor.Verbs = nil, nil, nil, nil
	text, err := json.Marshal(cmd)
	return sum(text), err
}
