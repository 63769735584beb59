package postgres

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"strings"

	"motcua/engine"
)

// submitSQL finds the dossier and puts the command on record, in one round
// trip. A command that another request commits at the same moment is seen
// neither as inserted nor as stored; then the statement is sent again.
const submitSQL = `
WITH dossier AS (
	SELECT id FROM dossiers WHERE code = $1 AND agency = $2
), fresh AS (
	INSERT INTO commands (dossier_id, id, digest, body, sealed) SELECT id, $3, $4, $5, $6 FROM dossier
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
	plain, err := commandDigest(cmd)
	if err != nil {
		return nil, coded(err, "submit %s", cmd.ID)
	}
	digest := l.keyed(plain)
	body, sealed, err := l.enclosed(cmd)
	if err != nil {
		return nil, coded(err, "submit %s", cmd.ID)
	}
	for range 3 {
		var found, fresh bool
		var stored *string
		var outcome *engine.Outcome
		err := l.pool.QueryRow(ctx, submitSQL, cmd.Dossier, cmd.Actor.Agency, cmd.ID, digest, string(body), sealed).Scan(&found, &fresh, &stored, &outcome)
		switch {
		case err != nil:
			return nil, coded(err, "submit %s to %s", cmd.ID, cmd.Dossier)
		case !found:
			return nil, notFound("no dossier %s", cmd.Dossier)
		case fresh:
			return nil, nil //nolint:nilnil // recorded and not decided: the port's word for it
		case stored == nil:
			continue
		case *stored != digest && *stored != plain: // the latter is from before digests were keyed
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

// keyed is a digest as it is kept. What was asked holds few unknowns (a name, a
// number), so that whoever has its plain digest could try them out.
func (l *Ledger) keyed(digest string) string {
	if mac := l.keys.Index("digest/" + digest); mac != nil && digest != "" {
		return hex.EncodeToString(mac)
	}
	return digest
}

// inside is what of a command may be personal.
type inside struct {
	Comment string         `json:"comment,omitempty"`
	Fields  map[string]any `json:"fields,omitempty"`
}

func commandPlace(dossier, command string) string { return "command/" + dossier + "/" + command }

// enclosed writes a command as it waits to be decided: what may be personal is
// sealed by the ring, for the dossier's own key is not known yet, and knowing
// it would take a round trip.
func (l *Ledger) enclosed(cmd engine.Command) (body, sealed []byte, err error) {
	if cmd.Comment != "" || len(cmd.Fields) > 0 {
		plain, err := json.Marshal(inside{cmd.Comment, cmd.Fields})
		if err != nil {
			return nil, nil, err
		}
		if sealed, err = l.keys.Seal(plain, commandPlace(cmd.Dossier, cmd.ID)); err != nil {
			return nil, nil, err
		}
	}
	cmd.Comment, cmd.Fields = "", nil
	body, err = json.Marshal(cmd)
	return body, sealed, err
}

// unseal takes what is personal out of a command that is to be decided, and
// puts what the officer wrote under the dossier's own key: that is what goes on
// record.
func (l *Ledger) unseal(h *held) error {
	cmd := &h.command
	if h.sealed != nil {
		plain, err := l.keys.Open(h.sealed, commandPlace(cmd.Dossier, cmd.ID))
		if err != nil {
			return err
		}
		var in inside
		if err := json.Unmarshal(plain, &in); err != nil {
			return err
		}
		cmd.Comment, cmd.Fields = in.Comment, in.Fields
	}
	if strings.TrimSpace(cmd.Comment) == "" && len(cmd.Fields) == 0 {
		return nil
	}
	if h.key.erased { // and closed: it will be refused
		cmd.Comment, cmd.Fields = engine.Destroyed, nil
		return nil
	}
	var err error
	if h.safe, err = l.filled(cmd.Dossier, h.key); err == nil {
		cmd.Comment, err = h.safe.sealRemark(cmd.Comment)
	}
	return err
}
