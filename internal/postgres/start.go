package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"motcua/engine"
	"motcua/engine/calendar"
)

// Start opens a dossier in one transaction, or returns the one an earlier
// request with the same key opened. Errors: CodeProcedureUnknown,
// CodeAgencyUnknown, CodeAgencyNotBound, CodeForbidden, CodeInvalid,
// CodeIdempotencyConflict, CodeUnavailable.
func (l *Ledger) Start(ctx context.Context, r engine.StartRequest) (engine.Started, error) {
	if r.Key == "" {
		return engine.Started{}, &engine.Error{Code: engine.CodeInvalid, Message: "a start needs an idempotency key"}
	}
	w, err := l.begin(ctx)
	if err != nil {
		return engine.Started{}, coded(err, "start dossier")
	}
	defer w.end()
	p, err := w.prepare(ctx, opening(), r, l.keyed(r.Digest))
	if err != nil {
		return engine.Started{}, coded(err, "start dossier")
	}
	if !p.fresh {
		return w.started(ctx, r, l.keyed(r.Digest))
	}
	n, err := l.conceive(ctx, w, r, p, nil)
	if err != nil {
		return engine.Started{}, coded(err, "start dossier")
	}
	batch := &pgx.Batch{}
	if err := n.queue(batch); err != nil {
		return engine.Started{}, coded(err, "start dossier")
	}
	queueErrand(batch, engine.ErrandStart, n.outcome)
	return engine.Started{Outcome: n.outcome, Code: n.outcome.Dossier}, coded(w.commit(ctx, batch, true), "start dossier")
}

// prepared is what is known once the key is ours.
type prepared struct {
	fresh       bool // nobody used the key before
	id          int64
	now         time.Time
	day         time.Time // the civil day of now
	number      *int      // of the day, when agency and procedure are known
	agency      bool
	revision    int64 // of the agency's organisation
	departments []string
	procedure   string // the SHA-256 of the version in effect
	version     int
	calendar    engine.CalendarRef
	wanted      string // calendar code
	outages     []engine.Halt
}

// keySQL takes the key. A request with a key that another request is using
// waits here for the other to end.
const keySQL = `
INSERT INTO start_keys (agency, actor_kind, actor, key, digest) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING`

// prepareSQL reads what a start rests on, at one moment, and draws the number
// of the day. Whoever draws holds the row until the end, so a start that is
// rolled back gives its number back; that is why it is drawn only when the key
// is fresh and the rest is there. An outage that lasts cannot end before the
// start is through.
const prepareSQL = `
WITH clock AS MATERIALIZED (
	SELECT clock_timestamp() AS now
), moment AS (
	SELECT now, (now AT TIME ZONE interval '7 hours')::date AS day FROM clock
), agency AS (
	SELECT code, calendar, revision FROM agencies WHERE code = $1
), version AS (
	SELECT v.version, v.sha256, v.calendar FROM procedure_versions v, moment
	WHERE v.code = $2 AND v.effective @> moment.day AND v.state IN ('published', 'retired')
), wanted AS (
	SELECT CASE version.calendar WHEN 'agency' THEN agency.calendar ELSE version.calendar END AS code FROM agency, version
), latest AS (
	SELECT c.code, c.version FROM calendars c JOIN wanted USING (code) WHERE c.state = 'published' ORDER BY c.version DESC LIMIT 1
), outage AS (
	SELECT id, reason, basis FROM outages
	WHERE agency = $1 AND until_at IS NULL AND (procedure IS NULL OR procedure = $2) ORDER BY from_at, id FOR SHARE
), number AS (
	INSERT INTO code_sequences (agency, day, last)
	SELECT $1, moment.day, 1 FROM moment, latest
	WHERE EXISTS (SELECT FROM start_keys WHERE agency = $3 AND actor_kind = $4 AND actor = $5 AND key = $6 AND dossier_id IS NULL)
	ON CONFLICT (agency, day) DO UPDATE SET last = code_sequences.last + 1
	RETURNING last
)
SELECT nextval(pg_get_serial_sequence('dossiers', 'id')), moment.now, moment.day, (SELECT last FROM number),
	EXISTS (SELECT FROM agency), coalesce((SELECT revision FROM agency), 0), ARRAY(SELECT code FROM departments WHERE agency = $1),
	coalesce(version.sha256, ''), coalesce(version.version, 0),
	coalesce(latest.code, ''), coalesce(latest.version, 0), coalesce(wanted.code, ''),
	(SELECT jsonb_agg(jsonb_build_object('id', id, 'outage', true, 'reason', reason, 'basis', basis)) FROM outage)
FROM moment LEFT JOIN version ON true LEFT JOIN wanted ON true LEFT JOIN latest ON true`

// prepare adds to a batch, which may begin the transaction, and runs it. The
// digest is that of the request as it is kept.
func (w *work) prepare(ctx context.Context, b *pgx.Batch, r engine.StartRequest, digest string) (prepared, error) {
	var p prepared
	b.Queue(keySQL, r.Actor.Agency, r.Actor.Kind, r.Actor.ID, r.Key, digest).Exec(func(tag pgconn.CommandTag) error {
		p.fresh = tag.RowsAffected() == 1
		return nil
	})
	b.Queue(prepareSQL, r.Agency, r.Procedure, r.Actor.Agency, r.Actor.Kind, r.Actor.ID, r.Key).QueryRow(func(row pgx.Row) error {
		return row.Scan(&p.id, &p.now, &p.day, &p.number, &p.agency, &p.revision, &p.departments,
			&p.procedure, &p.version, &p.calendar.Code, &p.calendar.Version, &p.wanted, &p.outages)
	})
	if err := w.send(ctx, b); err != nil {
		return p, err
	}
	p.now = p.now.Truncate(time.Microsecond).In(calendar.Zone())
	return p, nil
}

// started answers a repetition. A key from before digests were keyed has the
// digest of the request itself.
func (w *work) started(ctx context.Context, r engine.StartRequest, keyed string) (engine.Started, error) {
	var digest string
	var o engine.Outcome
	err := w.QueryRow(ctx, `SELECT digest, outcome FROM start_keys WHERE agency = $1 AND actor_kind = $2 AND actor = $3 AND key = $4`,
		r.Actor.Agency, r.Actor.Kind, r.Actor.ID, r.Key).Scan(&digest, &o)
	if err != nil {
		return engine.Started{}, coded(err, "start dossier")
	}
	if digest != keyed && digest != r.Digest {
		return engine.Started{}, engine.Errorf(engine.CodeIdempotencyConflict, "the key was used for another request")
	}
	return engine.Started{Outcome: o, Code: o.Dossier, Repeated: true}, nil
}

// startRules checks what the request is to be started under.
func (l *Ledger) startRules(ctx context.Context, w *work, r engine.StartRequest, p prepared) (engine.Rules, error) {
	switch {
	case !p.agency:
		return engine.Rules{}, engine.Errorf(engine.CodeAgencyUnknown, "no agency %q", r.Agency)
	case p.procedure == "":
		return engine.Rules{}, engine.Errorf(engine.CodeProcedureUnknown, "no version of procedure %q is in effect", r.Procedure)
	case p.calendar.Code == "":
		return engine.Rules{}, engine.Errorf(engine.CodeAgencyNotBound, "calendar %q of agency %s is not in the ledger", p.wanted, r.Agency)
	}
	rules, err := l.rules(ctx, w, engine.Case{
		Agency: r.Agency, Procedure: engine.ProcedureRef{Code: r.Procedure, Version: p.version, SHA256: p.procedure}, Calendar: p.calendar,
	}, p.revision)
	if err != nil {
		return engine.Rules{}, err
	}
	for _, a := range rules.Actors() {
		if !slices.Contains(p.departments, a.Department) {
			return engine.Rules{}, engine.Errorf(engine.CodeAgencyNotBound, "agency %s has no department %q, where the procedure needs a %s", r.Agency, a.Department, a.Role)
		}
	}
	return rules, nil
}

var insertSQL = `
INSERT INTO dossiers (id, code, agency, procedure_code, procedure_version, procedure_sha256, calendar_code, calendar_version,
	channel, applicant, fields, started_at, parent_id, linked_id, ` + projected + `)
VALUES (` + placeholders(1, 14+projectedColumns) + `)`

// newborn is a dossier whose start is decided and not written yet.
type newborn struct {
	engine.StartRequest
	prepared
	origin   *origin
	rules    engine.Rules
	decision engine.Decision
	outcome  engine.Outcome

	safe      *safe
	applicant []byte         // as stored
	fields    map[string]any // as stored
	terms     [][]byte
}

// origin is the dossier a new one is a part of.
type origin struct {
	engine.Parent
	id int64
}

// parent is what the start says of it.
func (o *origin) parent() *engine.Parent {
	if o == nil {
		return nil
	}
	return &o.Parent
}

// conceive finds what a dossier is started under and decides its start.
func (l *Ledger) conceive(ctx context.Context, w *work, r engine.StartRequest, p prepared, o *origin) (*newborn, error) {
	rules, err := l.startRules(ctx, w, r, p)
	if err != nil {
		return nil, err
	}
	n := &newborn{StartRequest: r, prepared: p, origin: o, rules: rules}
	code := fmt.Sprintf("%s-%s-%04d", r.Agency, p.day.Format("060102"), *p.number)
	if err := n.enclose(l, code); err != nil {
		return nil, err
	}
	cmd := engine.Command{
		ID: startID(r), Dossier: code, Event: engine.EventStart,
		Comment: n.Comment, Components: r.Components, Fields: r.Fields, Actor: r.Actor,
		Start: &engine.Start{Agency: r.Agency, Channel: r.Channel, Procedure: rules.Ref(), Calendar: p.calendar, Parent: o.parent(), Outages: p.outages},
	}
	n.decision, err = engine.Decide(rules, engine.Case{}, cmd, p.now)
	n.outcome = n.decision.Outcome(cmd)
	return n, err
}

// enclose seals what is personal about the dossier under a key of its own. The
// comment is sealed before anything is decided: all that follows from it
// carries the envelope. The fields are decided on as they are.
func (n *newborn) enclose(l *Ledger, code string) (err error) {
	if n.safe, err = l.newSafe(code); err != nil {
		return err
	}
	if n.Comment, err = n.safe.sealRemark(n.Comment); err != nil {
		return err
	}
	if n.fields, err = n.safe.sealFields(n.rules.Machine, n.Fields); err != nil {
		return err
	}
	n.applicant, err = n.safe.sealApplicant(n.Applicant)
	n.terms = l.applicantTerms(n.Applicant)
	return err
}

// startID is the command id of a start. The key itself is the caller's own text
// and stays out of the record.
func startID(r engine.StartRequest) string {
	return sum([]byte(string(r.Actor.Kind) + "\x00" + r.Actor.ID + "\x00" + r.Key))[:32]
}

// queue writes the dossier and strikes its key off.
func (n *newborn) queue(b *pgx.Batch) error {
	answer, err := json.Marshal(n.outcome)
	if err != nil {
		return err
	}
	// Facts refer to the dossier's row, which needs their last link: they are
	// sealed first and queued behind it.
	facts := &pgx.Batch{}
	digest, err := queueFacts(facts, n.id, "", n.decision)
	if err != nil {
		return err
	}
	b.Queue(insertSQL, append(n.row(), projection(n.decision, appointmentAfter(appointment{}, n.decision), digest)...)...)
	queueKey(b, n.id, n.safe, n.terms)
	b.QueuedQueries = append(b.QueuedQueries, facts.QueuedQueries...)
	if err := queueParts(b, n.id, n.decision, n.now); err != nil {
		return err
	}
	b.Queue(`UPDATE start_keys SET dossier_id = $5, outcome = $6 WHERE agency = $1 AND actor_kind = $2 AND actor = $3 AND key = $4`,
		n.Actor.Agency, n.Actor.Kind, n.Actor.ID, n.Key, n.id, string(answer))
	return nil
}

// row is what the dossier is started with, in the order of insertSQL.
func (n *newborn) row() []any {
	var parent *int64
	var linked *string
	if n.origin != nil {
		parent, linked = &n.origin.id, &n.origin.Linked
	}
	return []any{
		n.id, n.outcome.Dossier, n.Agency, n.rules.Code, n.rules.Version, n.rules.SHA256, n.calendar.Code, n.calendar.Version,
		n.Channel, n.applicant, n.fields, n.decision.Case.StartedAt, parent, linked,
	}
}
