package postgres

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"motcua/engine"
	"motcua/engine/calendar"
)

// control is one transaction that changes versions. It holds the table against
// other writers: publishing is rare, and two successors must not both end the
// same version. Dossiers start meanwhile.
type control struct {
	pgx.Tx
	l     *Ledger
	now   time.Time
	today calendar.Date
}

func (l *Ledger) control(ctx context.Context, do func(*control) error) error {
	return pgx.BeginFunc(ctx, l.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `LOCK TABLE procedure_versions IN SHARE ROW EXCLUSIVE MODE`); err != nil {
			return err
		}
		c := &control{Tx: tx, l: l}
		if err := tx.QueryRow(ctx, `SELECT clock_timestamp()`).Scan(&c.now); err != nil {
			return err
		}
		c.now = c.now.Truncate(time.Microsecond).In(calendar.Zone())
		c.today = calendar.DateOf(c.now)
		return do(c)
	})
}

// Upload stores a text as a version, or replaces the text of one that is not
// published, which costs it its approval. The same text again by one of its
// authors changes nothing. Errors: those of [engine.DecideUpload], CodeInvalid,
// CodeUnavailable.
func (l *Ledger) Upload(ctx context.Context, u engine.Upload) (engine.Uploaded, error) {
	var out engine.Uploaded
	err := l.control(ctx, func(c *control) (err error) {
		out, err = c.upload(ctx, u)
		return err
	})
	return out, wrongText(err, "upload procedure %s version %d", u.Definition.Code, u.Definition.Version)
}

func (c *control) upload(ctx context.Context, u engine.Upload) (engine.Uploaded, error) {
	code, version := u.Definition.Code, u.Definition.Version
	known, err := c.find(ctx, code, version)
	if err != nil {
		return engine.Uploaded{}, err
	}
	state, err := engine.DecideUpload(known, u)
	if err != nil {
		return engine.Uploaded{}, err
	}
	if known != nil && repeats(*known, u, state) {
		return engine.Uploaded{VersionRecord: *known}, nil
	}
	if err := c.store(ctx, known, u, state); err != nil {
		return engine.Uploaded{}, err
	}
	v, err := c.enter(ctx, code, version, u.Action(), u.Actor, u.Origin)
	return engine.Uploaded{VersionRecord: v, Created: known == nil}, err
}

// repeats says whether an upload was made before and nothing happened since
// that it would undo: a client may send it again when the answer was lost.
func repeats(known engine.VersionRecord, u engine.Upload, state engine.VersionState) bool {
	stands := known.State == state || known.State == engine.VersionApproved && state == engine.VersionChecked
	return stands && known.SHA256 == sum(u.Text) && slices.Contains(known.Authors, u.Actor.ID)
}

const storeSQL = `
INSERT INTO procedure_versions (code, version, text, sha256, name, level, field, calendar, effective, state, authors, findings, uploaded_at, published_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::text::daterange, $10, $11, $12, $13, $14)
ON CONFLICT (code, version) DO UPDATE SET text = excluded.text, sha256 = excluded.sha256, name = excluded.name, level = excluded.level,
	field = excluded.field, calendar = excluded.calendar, effective = excluded.effective, state = excluded.state,
	authors = excluded.authors, approver = NULL, findings = excluded.findings, uploaded_at = excluded.uploaded_at`

func (c *control) store(ctx context.Context, known *engine.VersionRecord, u engine.Upload, state engine.VersionState) error {
	d := u.Definition
	authors := []string{u.Actor.ID}
	if known != nil {
		authors = known.Authors
		if !slices.Contains(authors, u.Actor.ID) {
			authors = append(slices.Clone(authors), u.Actor.ID)
		}
	}
	findings, err := json.Marshal(append(engine.Findings{}, u.Findings...))
	if err != nil {
		return err
	}
	var published *time.Time
	if state == engine.VersionPublished {
		published = &c.now
	}
	schedule := d.Calendar
	if schedule == "" {
		schedule = "agency"
	}
	_, err = c.Exec(ctx, storeSQL, d.Code, d.Version, u.Text, sum(u.Text), d.Name, d.Level, d.Field, schedule,
		days(d.Effective), state, authors, string(findings), c.now, published)
	return err
}

// Control takes a step in the life of a version: approve, reject, publish or
// retire. Errors: CodeNotFound, those of [engine.DecideVersion] and
// [engine.CheckPublish], CodeUnavailable.
func (l *Ledger) Control(ctx context.Context, cmd engine.VersionCommand) (engine.VersionRecord, error) {
	var out engine.VersionRecord
	err := l.control(ctx, func(c *control) (err error) {
		out, err = c.decide(ctx, cmd)
		return err
	})
	return out, coded(err, "%s procedure %s version %d", cmd.Action, cmd.Code, cmd.Version)
}

func (c *control) decide(ctx context.Context, cmd engine.VersionCommand) (engine.VersionRecord, error) {
	v, err := c.find(ctx, cmd.Code, cmd.Version)
	if err != nil {
		return engine.VersionRecord{}, err
	}
	if v == nil {
		// Whoever may take no such step at all is told that, whatever there is.
		if err := engine.MayControl(cmd.Actor, cmd.Action); err != nil {
			return engine.VersionRecord{}, err
		}
		return engine.VersionRecord{}, notFound("no version %d of procedure %s", cmd.Version, cmd.Code)
	}
	state, err := engine.DecideVersion(*v, cmd, c.today)
	if err != nil {
		return engine.VersionRecord{}, err
	}
	if err := c.take(ctx, *v, cmd, state); err != nil {
		return engine.VersionRecord{}, err
	}
	return c.enter(ctx, cmd.Code, cmd.Version, cmd.Action, cmd.Actor, cmd.Comment)
}

// take writes the step itself.
func (c *control) take(ctx context.Context, v engine.VersionRecord, cmd engine.VersionCommand, state engine.VersionState) error {
	var err error
	switch cmd.Action {
	case engine.ActionApprove:
		_, err = c.Exec(ctx, `UPDATE procedure_versions SET state = $3, approver = $4 WHERE code = $1 AND version = $2`, cmd.Code, cmd.Version, state, cmd.Actor.ID)
	case engine.ActionReject:
		_, err = c.Exec(ctx, `UPDATE procedure_versions SET state = $3, approver = NULL WHERE code = $1 AND version = $2`, cmd.Code, cmd.Version, state)
	case engine.ActionPublish:
		err = c.publish(ctx, v, cmd.Actor)
	case engine.ActionRetire:
		_, err = c.Exec(ctx, `
			UPDATE procedure_versions SET state = $3, effective = daterange(lower(effective), $4::date) WHERE code = $1 AND version = $2`,
			cmd.Code, cmd.Version, state, cmd.To.String())
	default: // the engine knows the others, and none of them comes this way
		err = engine.Errorf(engine.CodeInternal, "no way to %s a version", cmd.Action)
	}
	return err
}

func (c *control) publish(ctx context.Context, v engine.VersionRecord, by engine.Actor) error {
	m, err := c.l.compile(v.Text)
	if err != nil {
		return engine.Errorf(engine.CodeNeedsUnmet, "the text no longer passes the check; upload it again to see why")
	}
	before, err := records(ctx, c, listSQL+` WHERE code = $1 AND state IN ('published', 'retired') ORDER BY version`, v.Code)
	if err != nil {
		return err
	}
	published := make([]engine.Version, len(before))
	for i, b := range before {
		published[i] = b.Version
	}
	ended, err := engine.CheckPublish(m.Definition, v.Findings, published, c.today)
	if err != nil {
		return err
	}
	if ended != nil {
		if err := c.succeed(ctx, by, ended.Code, ended.Version, m.Definition); err != nil {
			return err
		}
	}
	if _, err = c.Exec(ctx, `UPDATE procedure_versions SET state = 'published', published_at = $3 WHERE code = $1 AND version = $2`, v.Code, m.Version, c.now); err != nil {
		return err
	}
	return c.index(ctx, m.Definition)
}

// succeed ends an open range on its successor's first day.
func (c *control) succeed(ctx context.Context, by engine.Actor, code string, version int, successor engine.Definition) error {
	if _, err := c.Exec(ctx, `
		UPDATE procedure_versions SET effective = daterange(lower(effective), $3::date) WHERE code = $1 AND version = $2`,
		code, version, successor.Effective.From.String()); err != nil {
		return err
	}
	_, err := c.enter(ctx, code, version, engine.ActionSucceed, by, successorComment(successor))
	return err
}
