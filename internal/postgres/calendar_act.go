package postgres

import (
	"context"
	"fmt"

	"motcua/engine"
	"motcua/engine/calendar"
)

// reprojection computes the due moments of open dossiers anew with later
// versions of their calendars.
type reprojection struct {
	act
	l    *Ledger
	to   []engine.CalendarRef
	cals map[string]*calendar.Calendar // by code
}

// reprojection makes an act ready to be carried out.
func (l *Ledger) reprojection(ctx context.Context, s storedAct, to []engine.CalendarRef) (deed, error) {
	r := reprojection{act: s.act, l: l, to: to, cals: map[string]*calendar.Calendar{}}
	for _, ref := range to {
		c, err := l.calendar(ctx, l.pool, ref)
		if err != nil {
			return nil, err
		}
		r.cals[ref.Code] = c
	}
	return r, nil
}

// subject names a version of a calendar.
func subject(spec calendar.Spec) string { return fmt.Sprintf("%s@%d", spec.Code, spec.Version) }

func versionsOf(spec calendar.Spec, next []resolved) []engine.CalendarRef {
	refs := []engine.CalendarRef{{Code: spec.Code, Version: spec.Version}}
	for _, r := range next {
		refs = append(refs, engine.CalendarRef{Code: r.spec.Code, Version: r.spec.Version})
	}
	return refs
}

// listReprojection puts the act on record that a publication begins.
func (s *shelf) listReprojection(ctx context.Context, id string, spec calendar.Spec, next []resolved, cmd engine.VersionCommand) error {
	to := versionsOf(spec, next)
	reason := cmd.Comment
	if reason == "" {
		reason = fmt.Sprintf("%s, phiên bản %d", spec.Name, spec.Version)
	}
	a := act{id: id, kind: engine.ActCalendar, subject: subject(spec), body: to, reason: reason, actor: cmd.Actor}
	return listAct(ctx, s, a, reprojection{to: to})
}

// PreviewCalendar says what publishing a version would do now with every open
// dossier that goes by an older one, or by an older one of a calendar that
// adds to it, and changes nothing. It tells of the dossiers of all agencies,
// as the act is on them all. The cursor is the last dossier of the page
// before. Errors: CodeWrongRole, CodeNotFound, CodeUnavailable.
func (l *Ledger) PreviewCalendar(ctx context.Context, a engine.Actor, code string, version int, cursor string, limit int) (engine.ActPage, error) {
	if err := engine.MayControl(a, engine.ActionPublish); err != nil && engine.MayControl(a, engine.ActionUpload) != nil {
		return engine.ActPage{}, err
	}
	r, err := l.foreseen(ctx, a, code, version)
	if err != nil {
		return engine.ActPage{}, coded(err, "preview calendar %s version %d", code, version)
	}
	page, err := l.previewAct(ctx, r, cursor, pageSize(limit))
	return page, coded(err, "preview calendar %s version %d", code, version)
}

// foreseen is the act that publishing a version would begin.
func (l *Ledger) foreseen(ctx context.Context, a engine.Actor, code string, version int) (reprojection, error) {
	r := reprojection{act: act{kind: engine.ActCalendar, actor: a}, l: l, cals: map[string]*calendar.Calendar{}}
	v, err := oneCalendar(ctx, l.pool, code, version)
	if err == nil && v == nil {
		err = notFound("no version %d of calendar %s", version, code)
	}
	if err != nil {
		return r, err
	}
	next, err := successors(ctx, l.pool, v.Spec)
	if err != nil {
		return r, err
	}
	r.to = versionsOf(v.Spec, next)
	for _, spec := range append([]resolved{{spec: v.Spec}}, next...) {
		// Not the ledger's cache: this text may be replaced yet.
		c, err := calendar.New(spec.spec)
		if err != nil {
			return r, err
		}
		r.cals[c.Code()] = c
	}
	return r, nil
}

func (r reprojection) concerned() (string, []any) {
	codes, versions := make([]string, len(r.to)), make([]int, len(r.to))
	for i, ref := range r.to {
		codes[i], versions[i] = ref.Code, ref.Version
	}
	return `
		SELECT d.code, true AS known
		FROM unnest($1::text[], $2::int[]) AS target (calendar, version)
		JOIN dossiers d ON d.calendar_code = target.calendar AND d.calendar_version < target.version AND d.closed_at IS NULL`,
		[]any{codes, versions}
}

// decide is the whole of a re-projection for one dossier, but for the writing.
func (r reprojection) decide(ctx context.Context, db queryer, c concerned) (verdict, error) {
	to, ok := r.cals[c.kase.Calendar.Code]
	if !ok || to.Version() <= c.kase.Calendar.Version { // a later act was quicker
		return verdictOf(engine.Rules{}, c, engine.Decision{}, nil, nil)
	}
	from, err := r.l.rules(ctx, db, c.kase, c.revision)
	if err != nil {
		return verdict{}, err
	}
	after := from
	after.Cal = to
	d, moves, err := engine.Reproject(from, after, c.kase, c.command(r.id, engine.EventReproject, r.reason, r.actor), c.now)
	return verdictOf(after, c, d, moves, err)
}

// relistCalendars lists what a publication left out: dossiers that were being
// started under the version before while it was published.
func (l *Ledger) relistCalendars(ctx context.Context) error {
	_, err := l.pool.Exec(ctx, `
		WITH latest AS (
			SELECT DISTINCT ON (code) code, version, act FROM calendars WHERE state = 'published' ORDER BY code, version DESC
		), listed AS (
			INSERT INTO act_results (act_id, dossier)
			SELECT latest.act, d.code FROM latest
			JOIN dossiers d ON d.calendar_code = latest.code AND d.calendar_version < latest.version AND d.closed_at IS NULL
			WHERE latest.act IS NOT NULL
			ON CONFLICT DO NOTHING RETURNING act_id
		)
		UPDATE acts SET finished_at = NULL WHERE finished_at IS NOT NULL AND id IN (SELECT act_id FROM listed)`)
	return coded(err, "look for dossiers by an older calendar")
}
