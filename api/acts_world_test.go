package api_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"sync/atomic"
	"time"

	"motcua/engine"
	"motcua/engine/calendar"
)

// bureau keeps calendars, outages, absences and slips in memory, and the acts
// that follow from them. An act changes nothing but its own record.
type bureau struct {
	w         *world
	calendars []engine.CalendarRecord
	outages   []engine.Outage
	absences  []engine.Absence
	issued    []engine.KeyRecord
	acts      []engine.ActRecord
	slips     map[string][]engine.Slipped
	parts     []engine.ChainPart
	trail     []engine.StoredVersionEvent // of every calendar together
	hold      chan struct{}               // when set, a run waits for it, or for its end
	cut       chan struct{}               // told when a run was cut off
	resumed   atomic.Int32
	bulks     map[string]*bulkAct
	watched   [][2]string // officer, dossier
}

func newBureau(w *world) *bureau {
	b := &bureau{w: w, slips: map[string][]engine.Slipped{}, bulks: map[string]*bulkAct{}, cut: make(chan struct{}, 1)}
	v := b.record(w.rules.Cal.Spec())
	v.State, v.Authors, v.PublishedAt = engine.VersionPublished, []string{"motcua"}, began
	b.calendars = []engine.CalendarRecord{v}
	return b
}

func (b *bureau) record(spec calendar.Spec) engine.CalendarRecord {
	text, err := json.Marshal(spec)
	if err != nil {
		panic(err)
	}
	sum := sha256.Sum256(text)
	return engine.CalendarRecord{Spec: spec, SHA256: hex.EncodeToString(sum[:]), UploadedAt: b.w.now}
}

func (b *bureau) find(code string, version int) *engine.CalendarRecord {
	for i, v := range b.calendars {
		if v.Spec.Code == code && v.Spec.Version == version {
			return &b.calendars[i]
		}
	}
	return nil
}

func (b *bureau) standing(code string) (s engine.CalendarStanding) {
	for _, v := range b.calendars {
		if v.Spec.Code == code && v.State == engine.VersionPublished {
			s.Published = max(s.Published, v.Spec.Version)
		}
	}
	return s
}

func (b *bureau) Calendars(context.Context) ([]engine.CalendarRecord, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	published := slices.Clone(b.calendars)
	return slices.DeleteFunc(published, func(v engine.CalendarRecord) bool {
		return v.State != engine.VersionPublished || v.Spec.Version < b.standing(v.Spec.Code).Published
	}), b.w.broken
}

func (b *bureau) CalendarRecords(_ context.Context, code string) ([]engine.CalendarRecord, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(b.calendars), func(v engine.CalendarRecord) bool { return v.Spec.Code != code }), nil
}

func (b *bureau) CalendarTrail(_ context.Context, code string, version int) ([]engine.StoredVersionEvent, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	if b.find(code, version) == nil {
		return nil, engine.Errorf(engine.CodeNotFound, "no version %d of calendar %s", version, code)
	}
	return slices.Clone(b.trail), nil
}

func (b *bureau) UploadCalendar(_ context.Context, a engine.Actor, spec calendar.Spec, draft bool) (engine.CalendarRecord, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	known := b.find(spec.Code, spec.Version)
	state, err := engine.DecideCalendarUpload(known, spec.Version, draft, a, b.standing(spec.Code))
	if err != nil {
		return engine.CalendarRecord{}, err
	}
	v := b.record(spec)
	v.State, v.Authors = state, []string{a.ID}
	if known != nil {
		*known = v
	} else {
		b.calendars = append(b.calendars, v)
	}
	return v, nil
}

func (b *bureau) ControlCalendar(_ context.Context, c engine.VersionCommand) (engine.CalendarRecord, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	v := b.find(c.Code, c.Version)
	if v == nil {
		return engine.CalendarRecord{}, engine.Errorf(engine.CodeNotFound, "no version %d of calendar %s", c.Version, c.Code)
	}
	state, err := engine.DecideCalendar(*v, c, b.standing(c.Code))
	if err != nil {
		return engine.CalendarRecord{}, err
	}
	v.State, v.Comment = state, c.Comment
	if c.Action == engine.ActionApprove {
		v.Approver = c.Actor.ID
	}
	b.trail = append(b.trail, engine.StoredVersionEvent{Digest: "d", VersionEvent: engine.VersionEvent{
		Seq: int64(len(b.trail) + 1), Actor: c.Actor.ID, Action: c.Action, State: state, Comment: c.Comment,
	}})
	return *v, nil
}

func (b *bureau) moves() []engine.ActOutcome {
	return []engine.ActOutcome{
		{Dossier: "H00.101-261117-0001", Result: engine.ResultChanged, State: "under-appraisal", Moves: []engine.Move{{
			Kind: engine.ClockStatutory, Old: began.Add(48 * time.Hour), New: began.Add(72 * time.Hour), Rule: engine.Text{VI: "Nghỉ bù 19/11/2026", EN: "compensatory day 2026-11-19"},
		}}},
		{Dossier: "H00.101-261117-0002", Result: engine.ResultUnchanged},
	}
}

func (b *bureau) page(cursor string, limit int) engine.ActPage {
	p := engine.ActPage{}
	if cursor == "" {
		p.Counts = &engine.ActCounts{Total: 2, Changed: 1, Unchanged: 1, Moved: 1}
	}
	for _, o := range b.moves() {
		if o.Dossier > cursor {
			if len(p.Outcomes) == limit {
				p.Next = p.Outcomes[limit-1].Dossier
				break
			}
			p.Outcomes = append(p.Outcomes, o)
		}
	}
	return p
}

func (b *bureau) PreviewCalendar(_ context.Context, a engine.Actor, code string, version int, cursor string, limit int) (engine.ActPage, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	if engine.May(a, engine.VerbPreviewCalendar) == engine.ScopeNone {
		return engine.ActPage{}, engine.VerbPreviewCalendar.Refused(a)
	}
	if b.find(code, version) == nil {
		return engine.ActPage{}, engine.Errorf(engine.CodeNotFound, "no version %d of calendar %s", version, code)
	}
	return b.page(cursor, limit), nil
}

func (b *bureau) PublishCalendar(ctx context.Context, a engine.Actor, code string, version int, comment, key string) (engine.CalendarRecord, error) {
	if v := b.known(code, version); v.Act == key && key != "" {
		return v, nil
	}
	v, err := b.ControlCalendar(ctx, engine.VersionCommand{Code: code, Version: version, Action: engine.ActionPublish, Actor: a, Comment: comment})
	if err != nil {
		return v, err
	}
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	stored := b.find(code, version)
	stored.PublishedAt, stored.Act = b.w.now, b.begin(key, engine.ActCalendar, "", code, a.ID, comment).ID
	return *stored, nil
}

func (b *bureau) known(code string, version int) engine.CalendarRecord {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	if v := b.find(code, version); v != nil {
		return *v
	}
	return engine.CalendarRecord{}
}

// begin puts an act on record.
func (b *bureau) begin(id string, kind engine.ActKind, agency, subject, actor, reason string) engine.ActRecord {
	r := engine.ActRecord{
		ID: id, Kind: kind, Agency: agency, Subject: subject, Actor: actor, Reason: reason, CreatedAt: b.w.now,
		State: engine.MigrationRunning, Counts: engine.ActCounts{Total: 2, Pending: 2},
	}
	b.acts = append(b.acts, r)
	return r
}

func (b *bureau) act(agency, id string) *engine.ActRecord {
	for i, r := range b.acts {
		if r.ID == id && (r.Agency == "" || r.Agency == agency) {
			return &b.acts[i]
		}
	}
	return nil
}

func (b *bureau) Act(_ context.Context, agency, id string) (engine.ActRecord, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	if r := b.act(agency, id); r != nil {
		return *r, nil
	}
	return engine.ActRecord{}, engine.Errorf(engine.CodeNotFound, "no act %s", id)
}

func (b *bureau) ActResults(ctx context.Context, agency, id, cursor string, limit int) (engine.ActPage, error) {
	if _, err := b.Act(ctx, agency, id); err != nil {
		return engine.ActPage{}, err
	}
	return b.page(cursor, limit), nil
}

func (b *bureau) Acts(_ context.Context, agency string, kind engine.ActKind, limit int) ([]engine.ActRecord, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	var out []engine.ActRecord
	for _, r := range slices.Backward(b.acts) {
		if (r.Agency == "" || r.Agency == agency) && (kind == "" || kind == r.Kind) && len(out) < limit {
			out = append(out, r)
		}
	}
	return out, nil
}

func (b *bureau) RunAct(ctx context.Context, id string) error {
	if b.hold != nil {
		select {
		case <-b.hold:
		case <-ctx.Done():
			b.cut <- struct{}{}
			return ctx.Err()
		}
	}
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	for i := range b.acts {
		if b.acts[i].ID == id {
			if b.acts[i].Kind == engine.ActBulk {
				if b.acts[i].State == engine.MigrationRunning {
					b.carry(&b.acts[i])
				}
				return nil
			}
			b.acts[i].State, b.acts[i].FinishedAt = engine.MigrationDone, b.w.now
			b.acts[i].Counts = engine.ActCounts{Total: 2, Changed: 1, Unchanged: 1, Moved: 1}
		}
	}
	return nil
}

func (b *bureau) ResumeActs(context.Context) error {
	b.resumed.Add(1)
	return nil
}
