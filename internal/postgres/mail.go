package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
)

// gatherSQL puts what is due into mails: more than three notifications of one
// officer go as one, fewer each alone. What is due is all that may be told by
// now, once the oldest of it has waited its minute. Rows that another process
// gathers are skipped.
const gatherSQL = `
WITH waiting AS MATERIALIZED (
	SELECT DISTINCT officer FROM (
		SELECT officer FROM notification_deliveries WHERE state = 'pending' AND mail IS NULL AND next_at <= now() ORDER BY next_at LIMIT 500) w
), due AS MATERIALIZED (
	SELECT d.notification_id, d.channel, d.officer FROM notification_deliveries d JOIN waiting w ON w.officer = d.officer
	WHERE d.state = 'pending' AND d.mail IS NULL AND d.next_at <= now() + interval '1 minute'
	ORDER BY d.officer, d.notification_id LIMIT 2000 FOR UPDATE OF d SKIP LOCKED
), counted AS (
	SELECT notification_id, channel, count(*) OVER (PARTITION BY officer) AS n, min(notification_id) OVER (PARTITION BY officer) AS first FROM due
)
UPDATE notification_deliveries d SET mail = CASE WHEN c.n > 3 THEN c.first ELSE c.notification_id END, next_at = now()
FROM counted c WHERE d.notification_id = c.notification_id AND d.channel = c.channel`

// takeSQL leases mails by their first rows and reads what is in them.
const takeSQL = `
WITH ready AS MATERIALIZED (
	SELECT notification_id FROM notification_deliveries WHERE state = 'pending' AND mail = notification_id AND next_at <= now()
	ORDER BY next_at, notification_id LIMIT $1 FOR UPDATE SKIP LOCKED
), taken AS (
	UPDATE notification_deliveries d SET next_at = now() + $2::interval, attempts = d.attempts + 1
	FROM ready r WHERE d.mail = r.notification_id AND d.state = 'pending' RETURNING d.notification_id, d.mail, d.attempts, d.officer
)
SELECT t.mail, t.attempts, t.officer, CASE WHEN o.active AND o.notify_by = 'email' THEN o.email ELSE '' END, o.language, a.name,
	n.id, n.state, n.rung_text, n.raise, n.fact, n.moment, n.created_at, n.deliver_at,
	s.code, s.due_at, s.procedure_code, s.procedure_version, s.procedure_sha256,
	s.state, s.last_department, s.due_running, s.step_due_at, s.calendar_code, s.calendar_version, clock_timestamp()
FROM taken t JOIN notifications n ON n.id = t.notification_id JOIN dossiers s ON s.id = n.dossier_id
	JOIN officers o ON o.id = t.officer JOIN agencies a ON a.code = o.agency
ORDER BY t.mail, t.notification_id`

// ClaimMails takes up to limit mails that are due for the time of a lease;
// after it they come back by themselves. Errors: CodeUnavailable.
func (l *Ledger) ClaimMails(ctx context.Context, limit int, lease time.Duration) ([]engine.Mail, error) {
	if _, err := l.pool.Exec(ctx, gatherSQL); err != nil {
		return nil, coded(err, "gather notifications into mails")
	}
	rows, err := l.pool.Query(ctx, takeSQL, limit, lease)
	if err != nil {
		return nil, coded(err, "claim mails")
	}
	pieces, err := pgx.CollectRows(rows, scanPiece)
	if err != nil {
		return nil, coded(err, "claim mails")
	}
	var list []engine.Mail
	for _, p := range pieces {
		n := p.notice
		if err := l.tellOf(ctx, p, &n); err != nil {
			return nil, err
		}
		if len(list) == 0 || list[len(list)-1].ID != p.mail.ID {
			list = append(list, p.mail)
		}
		into := &list[len(list)-1]
		into.Notices = append(into.Notices, n)
		if p.mail.Since.Before(into.Since) {
			into.Since = p.mail.Since
		}
	}
	return list, nil
}

// piece is one notification of a mail, with what is said of the mail itself.
type piece struct {
	mail   engine.Mail
	notice engine.MailNotice
	ref    engine.ProcedureRef
	now    present
}

// present is how the dossier stands when the mail is taken.
type present struct {
	state, department string
	running           bool // the clock of its appointment
	cal               engine.CalendarRef
	at                time.Time
}

// tellOf finds what procedure and steps are called, and how late the dossier
// is. What cannot be read any more is told by its codes, or not at all: it must
// not hold up the others.
func (l *Ledger) tellOf(ctx context.Context, p piece, n *engine.MailNotice) error {
	n.Procedure, n.ProcedureName = p.ref.Code, engine.Text{VI: p.ref.Code}
	n.StateName, n.Present = engine.Text{VI: n.State}, engine.Text{VI: p.now.state}
	m, err := l.machine(ctx, l.pool, p.ref)
	if err == nil {
		n.ProcedureName, n.StateName, n.Present = m.Name, stateName(m, n.State), stateName(m, p.now.state)
	} else if engine.CodeOf(err) == engine.CodeUnavailable {
		return err
	}
	soonest := n.StepDue
	if p.now.running && (soonest.IsZero() || n.Due.Before(soonest)) {
		soonest = n.Due
	}
	cal, err := l.calendar(ctx, l.pool, p.now.cal)
	if err == nil {
		n.Late = engine.LateText(cal.Unit(p.now.department), soonest, p.now.at)
	} else if engine.CodeOf(err) == engine.CodeUnavailable {
		return err
	}
	return nil
}

// stateName is what a step is called; a definition may not have it any more.
func stateName(m *engine.Machine, id string) engine.Text {
	if s, ok := m.State(id); ok {
		return s.Name
	}
	return engine.Text{VI: id}
}

func scanPiece(row pgx.CollectableRow) (p piece, err error) {
	m, n, s := &p.mail, &p.notice, &p.now
	var due, step *time.Time
	err = row.Scan(&m.ID, &m.Attempts, &m.Officer, &m.Address, &m.Language, &m.Agency,
		&n.ID, &n.State, &n.Rung, &n.Raise, &n.Fact, &n.Moment, &n.CreatedAt, &m.Since,
		&n.Dossier, &due, &p.ref.Code, &p.ref.Version, &p.ref.SHA256,
		&s.state, &s.department, &s.running, &step, &s.cal.Code, &s.cal.Version, &s.at)
	n.Moment, n.CreatedAt, n.Due = n.Moment.In(calendar.Zone()), n.CreatedAt.In(calendar.Zone()), local(due)
	n.StepDue = local(step)
	m.CreatedAt = n.CreatedAt
	return p, err
}

// MailSent strikes a mail off: the server has taken it. Errors:
// CodeUnavailable.
func (l *Ledger) MailSent(ctx context.Context, id int64) error {
	_, err := l.pool.Exec(ctx, `
		UPDATE notification_deliveries SET state = 'sent', sent_at = clock_timestamp(), last_error_class = ''
		WHERE mail = $1 AND state = 'pending'`, id)
	return coded(err, "strike off mail %d", id)
}

// MailFailed puts a mail back for a while, or gives it up where retryIn is
// zero. Errors: CodeUnavailable.
func (l *Ledger) MailFailed(ctx context.Context, id int64, class string, retryIn time.Duration) error {
	_, err := l.pool.Exec(ctx, `
		UPDATE notification_deliveries SET last_error_class = left($2, 40), next_at = clock_timestamp() + $3::interval,
			state = CASE WHEN $3::interval > interval '0' THEN 'pending' ELSE 'dead' END
		WHERE mail = $1 AND state = 'pending'`, id, class, retryIn)
	return coded(err, "put back mail %d", id)
}

// MailDeliveries lists what became of an agency's notifications by mail, newest
// first. Errors: CodeUnavailable.
func (l *Ledger) MailDeliveries(ctx context.Context, f engine.MailLog) ([]engine.MailDelivery, error) {
	rows, err := l.pool.Query(ctx, `
		SELECT x.notification_id, s.code, x.officer, x.channel, coalesce(x.mail, 0), x.state, x.attempts,
			CASE WHEN x.state = 'pending' THEN x.next_at END, x.last_error_class, x.sent_at
		FROM notification_deliveries x JOIN notifications n ON n.id = x.notification_id JOIN dossiers s ON s.id = n.dossier_id
		WHERE x.agency = $1 AND ($2 = '' OR x.state = $2) AND ($3 = 0 OR x.notification_id < $3)
		ORDER BY x.notification_id DESC LIMIT $4`, f.Agency, f.State, f.Before, pageSize(f.Limit))
	if err != nil {
		return nil, coded(err, "list deliveries of %s", f.Agency)
	}
	list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (d engine.MailDelivery, err error) {
		var next, sent *time.Time
		err = row.Scan(&d.Notification, &d.Dossier, &d.Officer, &d.Channel, &d.Mail, &d.State, &d.Attempts, &next, &d.Error, &sent)
		d.NextAt, d.SentAt = local(next), local(sent)
		return d, err
	})
	return list, coded(err, "list deliveries of %s", f.Agency)
}

// local is a moment in Vietnam's time, zero for none.
func local(at *time.Time) time.Time {
	if at == nil {
		return time.Time{}
	}
	return at.In(calendar.Zone())
}
