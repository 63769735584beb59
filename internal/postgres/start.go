package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

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
	p, err := w.prepare(ctx, r)
	if err != nil {
		return engine.Started{}, coded(err, "start dossier")
	}
	if !p.fresh {
		return w.started(ctx, r)
	}
	rules, err := l.startRules(ctx, w, r, p)
	if err != nil {
		return engine.Started{}, err
	}
	o, err := l.open(ctx, w, rules, r, p)
	if err != nil {
		return engine.Started{}, coded(err, "start dossier")
	}
	return engine.Started{Outcome: o, Code: o.Dossier}, nil
}

// prepared is what is known once the key is ours.
type prepared struct {
	fresh       bool // nobody used the key before
	id          int64
	now         time.Time
	day         time.Time // the civil day of now
	number      *int      // of the day, when agency and procedure are known
	agency      bool
	departments []string
	procedure   string // the SHA-256 of the version in effect
	version     int
	calendar    engine.CalendarRef
	wanted      string // calendar code
}

// keySQL takes the key. A request with a key that another request is using
// waits here for the other to end.
const keySQL = `
INSERT INTO start_keys (agency, actor_kind, actor, key, digest) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING`

// prepareSQL reads what a start rests on, at one moment, and draws the number
// of the day. Whoever draws holds the row until the end, so a start that is
// rolled back gives its number back; that is why it is drawn only when the key
// is fresh and the rest is there.
const prepareSQL = `
WITH clock AS MATERIALIZED (
	SELECT clock_timestamp() AS now
), moment AS (
	SELECT now, (now AT TIME ZONE interval '7 hours')::date AS day FROM clock
), agency AS (
	SELECT code, calendar FROM agencies WHERE code = $1
), version AS (
	SELECT v.version, v.sha256, v.calendar FROM procedure_versions v, moment
	WHERE v.code = $2 AND v.effective @> moment.day AND v.state IN ('published', 'retired')
), wanted AS (
	SELECT CASE version.calendar WHEN 'agency' THEN agency.calendar ELSE version.calendar END AS code FROM agency, version
), latest AS (
	SELECT c.code, c.version FROM calendars c JOIN wanted USING (code) ORDER BY c.version DESC LIMIT 1
), number AS (
	INSERT INTO code_sequences (agency, day, last)
	SELECT $1, moment.day, 1 FROM moment, latest
	WHERE EXISTS (SELECT FROM start_keys WHERE agency = $3 AND actor_kind = $4 AND actor = $5 AND key = $6 AND dossier_id IS NULL)
	ON CONFLICT (agency, day) DO UPDATE SET last = code_sequences.last + 1
	RETURNING last
)
SELECT nextval(pg_get_serial_sequence('dossiers', 'id')), moment.now, moment.day, (SELECT last FROM number),
	EXISTS (SELECT FROM agency), ARRAY(SELECT code FROM departments WHERE agency = $1),
	coalesce(version.sha256, ''), coalesce(version.version, 0),
	coalesce(latest.code, ''), coalesce(latest.version, 0), coalesce(wanted.code, '')
FROM moment LEFT JOIN version ON true LEFT JOIN wanted ON true LEFT JOIN latest ON true`

func (w *work) prepare(ctx context.Context, r engine.StartRequest) (prepared, error) {
	var p prepared
	b := opening()
	b.Queue(keySQL, r.Actor.Agency, r.Actor.Kind, r.Actor.ID, r.Key, r.Digest)
	b.Queue(prepareSQL, r.Agency, r.Procedure, r.Actor.Agency, r.Actor.Kind, r.Actor.ID, r.Key).QueryRow(func(row pgx.Row) error {
		return row.Scan(&p.id, &p.now, &p.day, &p.number, &p.agency, &p.departments,
			&p.procedure, &p.version, &p.calendar.Code, &p.calendar.Version, &p.wanted)
	})
	results := w.SendBatch(ctx, b)
	if _, err := results.Exec(); err != nil {
		return p, errors.Join(err, results.Close())
	}
	tag, err := results.Exec()
	if err != nil {
		return p, errors.Join(err, results.Close())
	}
	p.fresh = tag.RowsAffected() == 1
	if err := results.Close(); err != nil {
		return p, err
	}
	p.now = p.now.Truncate(time.Microsecond).In(calendar.Zone())
	return p, nil
}

// started answers a repetition.
func (w *work) started(ctx context.Context, r engine.StartRequest) (engine.Started, error) {
	var digest string
	var o engine.Outcome
	err := w.QueryRow(ctx, `SELECT digest, outcome FROM start_keys WHERE agency = $1 AND actor_kind = $2 AND actor = $3 AND key = $4`,
		r.Actor.Agency, r.Actor.Kind, r.Actor.ID, r.Key).Scan(&digest, &o)
	if err != nil {
		return engine.Started{}, coded(err, "start dossier")
	}
	if digest != r.Digest {
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
	rules, err := l.rules(ctx, w, engine.ProcedureRef{Code: r.Procedure, Version: p.version, SHA256: p.procedure}, p.calendar)
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
	channel, applicant, fields, started_at, ` + projected + `)
VALUES (` + placeholders(1, 12+21) + `)`

// open decides the start and writes it.
func (l *Ledger) open(ctx context.Context, w *work, rules engine.Rules, r engine.StartRequest, p prepared) (engine.Outcome, error) {
	code := fmt.Sprintf("%s-%s-%04d", r.Agency, p.day.Format("060102"), *p.number)
	cmd := engine.Command{
		ID: startID(r), Dossier: code, Event: engine.EventStart, Comment: r.Comment, Components: r.Components, Fields: r.Fields, Actor: r.Actor,
		Start: &engine.Start{Agency: r.Agency, Channel: r.Channel, Procedure: rules.Ref(), Calendar: p.calendar},
	}
	d, err := engine.Decide(rules, engine.Case{}, cmd, p.now)
	if err != nil {
		return engine.Outcome{}, err
	}
	o := d.Outcome(cmd)
	return o, l.writeStart(ctx, w, rules, r, p, d, o)
}

// startID is the command id of a start. The key itself is the caller's own text
// and stays out of the record.
func startID(r engine.StartRequest) string {
	return sum([]byte(string(r.Actor.Kind) + "\x00" + r.Actor.ID + "\x00" + r.Key))[:32]
}

func (l *Ledger) writeStart(ctx context.Context, w *work, rules engine.Rules, r engine.StartRequest, p prepared, d engine.Decision, o engine.Outcome) error {
	answer, err := json.Marshal(o)
	if err != nil {
		return err
	}
	fields := r.Fields
	if fields == nil {
		fields = map[string]any{}
	}
	// Facts refer to the dossier's row, which needs their last link: they are
	// sealed first and queued behind it.
	facts := &pgx.Batch{}
	digest, err := queueFacts(facts, p.id, "", d)
	if err != nil {
		return err
	}
	b := &pgx.Batch{}
	b.Queue(insertSQL, append([]any{
		p.id, o.Dossier, r.Agency, rules.Code, rules.Version, rules.SHA256, p.calendar.Code, p.calendar.Version,
		r.Channel, r.Applicant, fields, d.Case.StartedAt,
	}, projection(d, appointmentAfter(appointment{}, d), digest)...)...)
	b.QueuedQueries = append(b.QueuedQueries, facts.QueuedQueries...)
	if err := queueParts(b, rules, p.id, d, p.now); err != nil {
		return err
	}
	b.Queue(`UPDATE start_keys SET dossier_id = $5, outcome = $6 WHERE agency = $1 AND actor_kind = $2 AND actor = $3 AND key = $4`,
		r.Actor.Agency, r.Actor.Kind, r.Actor.ID, r.Key, p.id, string(answer))
	queueErrand(b, engine.ErrandStart, o)
	return w.commit(ctx, b, true)
}
