package api_test

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"motcua/engine"
	"motcua/engine/calendar"
)

// library keeps versions in memory and decides by the engine's own rules.
type library struct {
	w       *world
	records []engine.VersionRecord
	events  map[string][]engine.StoredVersionEvent // by code and version
	changes []engine.LegalChange
}

func newLibrary(w *world) *library {
	return &library{w: w, events: map[string][]engine.StoredVersionEvent{}, records: []engine.VersionRecord{{
		Version: w.version(), State: engine.VersionPublished, Authors: []string{"motcua"}, PublishedAt: began,
	}}}
}

func (l *library) find(code string, version int) *engine.VersionRecord {
	for i, v := range l.records {
		if v.Code == code && v.Version.Version == version {
			return &l.records[i]
		}
	}
	return nil
}

func (l *library) VersionRecord(_ context.Context, code string, version int) (engine.VersionRecord, error) {
	if v := l.find(code, version); v != nil {
		return *v, nil
	}
	return engine.VersionRecord{}, engine.Errorf(engine.CodeNotFound, "no version %d of procedure %s", version, code)
}

func (l *library) VersionRecords(_ context.Context, code string, state engine.VersionState) ([]engine.VersionRecord, error) {
	var out []engine.VersionRecord
	for _, v := range l.records {
		if (code == "" || v.Code == code) && (v.State == state || state == "" && (code != "" || !v.PublishedAt.IsZero())) {
			out = append(out, v)
		}
	}
	slices.SortFunc(out, func(a, b engine.VersionRecord) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Version.Version, b.Version.Version))
	})
	return out, nil
}

func (l *library) Trail(ctx context.Context, code string, version int) ([]engine.StoredVersionEvent, error) {
	v, err := l.VersionRecord(ctx, code, version)
	return l.events[v.Code+"@"+string(rune('0'+version))], err
}

func (l *library) enter(v *engine.VersionRecord, action engine.VersionAction, by engine.Actor, comment string) {
	key := v.Code + "@" + string(rune('0'+v.Version.Version))
	l.events[key] = append(l.events[key], engine.StoredVersionEvent{Digest: "d", VersionEvent: engine.VersionEvent{
		Seq: int64(len(l.events[key]) + 1), At: l.w.clock(), ActorKind: by.Kind, Actor: by.ID, Action: action, State: v.State,
		SHA256: v.SHA256, Comment: comment, Findings: len(v.Findings),
	}})
}

func (l *library) Upload(_ context.Context, u engine.Upload) (engine.Uploaded, error) {
	d := u.Definition
	known := l.find(d.Code, d.Version)
	state, err := engine.DecideUpload(known, u)
	if err != nil {
		return engine.Uploaded{}, err
	}
	digest := sha256.Sum256(u.Text)
	v := engine.VersionRecord{
		Version: engine.Version{Code: d.Code, Version: d.Version, Name: d.Name, Level: d.Level, SHA256: hex.EncodeToString(digest[:]), Effective: d.Effective, Text: slices.Clone(u.Text)},
		State:   state, Authors: []string{u.Actor.ID}, Findings: u.Findings, UploadedAt: l.w.clock(),
	}
	if known != nil {
		v.Authors = append(known.Authors, u.Actor.ID)
		*known = v
	} else {
		l.records = append(l.records, v)
	}
	l.enter(&v, u.Action(), u.Actor, "")
	return engine.Uploaded{VersionRecord: v, Created: known == nil}, nil
}

func (l *library) Control(_ context.Context, c engine.VersionCommand) (engine.VersionRecord, error) {
	v := l.find(c.Code, c.Version)
	if v == nil {
		return engine.VersionRecord{}, cmp.Or(engine.MayControl(c.Actor, c.Action), error(engine.Errorf(engine.CodeNotFound, "no such version")))
	}
	state, err := engine.DecideVersion(*v, c, calendar.DateOf(l.w.clock()))
	if err != nil {
		return engine.VersionRecord{}, err
	}
	v.State = state
	switch c.Action {
	case engine.ActionApprove:
		v.Approver = c.Actor.ID
	case engine.ActionPublish:
		v.PublishedAt = l.w.clock()
	case engine.ActionRetire:
		v.Effective.To = c.To
	default:
		v.Approver = ""
	}
	l.enter(v, c.Action, c.Actor, c.Comment)
	return *v, nil
}

func (l *library) Catalogue(ctx context.Context) ([]engine.VersionRecord, []engine.StoredCalendar, error) {
	versions, err := l.VersionRecords(ctx, "", engine.VersionPublished)
	spec := []byte(`{"code":"office","version":1}`)
	digest := sha256.Sum256(spec)
	return versions, []engine.StoredCalendar{{Code: "office", Version: 1, Text: spec, SHA256: hex.EncodeToString(digest[:])}}, err
}

func (l *library) Import(ctx context.Context, in engine.CatalogueImport) ([]engine.ImportResult, error) {
	var out []engine.ImportResult
	var conflict error
	for _, u := range in.Uploads {
		digest := sha256.Sum256(u.Text)
		r := engine.ImportResult{Code: u.Definition.Code, Version: u.Definition.Version, SHA256: hex.EncodeToString(digest[:]), Result: engine.ImportIdentical}
		if known := l.find(r.Code, r.Version); known == nil {
			u.Actor = in.Actor
			up, err := l.Upload(ctx, u)
			if err != nil {
				return nil, err
			}
			r.Result, r.State = engine.ImportStored, up.State
		} else if known.SHA256 != r.SHA256 {
			r.Result = engine.ImportConflict
			conflict = engine.Errorf(engine.CodeNeedsUnmet, "nothing was imported")
		}
		out = append(out, r)
	}
	return out, conflict
}
