package api_test

import (
	"cmp"
	"context"
	"slices"
	"time"

	"motcua/engine"
	"motcua/engine/calendar"
)

func (b *bureau) DeclareOutage(_ context.Context, a engine.Actor, key string, o engine.Outage) (engine.Outage, engine.ActRecord, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	if err := engine.MayDeclare(a); err != nil {
		return o, engine.ActRecord{}, err
	}
	for _, known := range b.outages {
		if known.ID == key {
			return known, *b.act(a.Agency, key), nil
		}
	}
	if o.From.IsZero() {
		o.From = b.w.now
	}
	if o.From.After(b.w.now) {
		return o, engine.ActRecord{}, &engine.Error{Code: engine.CodeInvalid, Path: "/from", Message: "it lies in the future"}
	}
	o.ID, o.Declared = key, a.ID
	b.outages = append(b.outages, o)
	return o, b.begin(key, engine.ActOutage, a.Agency, key, a.ID, o.Reason), nil
}

func (b *bureau) EndOutage(_ context.Context, a engine.Actor, id string, until time.Time, comment string) (engine.Outage, engine.ActRecord, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	i := slices.IndexFunc(b.outages, func(o engine.Outage) bool { return o.ID == id && o.Agency == a.Agency })
	if err := engine.MayDeclare(a); err != nil {
		return engine.Outage{}, engine.ActRecord{}, err
	}
	if i < 0 {
		return engine.Outage{}, engine.ActRecord{}, engine.Errorf(engine.CodeNotFound, "no outage %s", id)
	}
	o := &b.outages[i]
	if o.Until, o.Ended = until, a.ID; until.IsZero() {
		o.Until = b.w.now
	}
	return *o, b.begin(id+"-end", engine.ActOutageEnd, a.Agency, id, a.ID, comment), nil
}

func (b *bureau) Outages(_ context.Context, agency string) ([]engine.Outage, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(b.outages), func(o engine.Outage) bool { return o.Agency != agency }), nil
}

func (b *bureau) Depart(_ context.Context, a engine.Actor, key, officer, successor, reason string) (engine.ActRecord, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	if err := engine.MayDismiss(a); err != nil {
		return engine.ActRecord{}, err
	}
	for _, id := range []string{officer, successor} {
		if id != "" && !slices.ContainsFunc(b.w.org.Officers, func(o engine.Officer) bool { return o.ID == id }) {
			return engine.ActRecord{}, engine.Errorf(engine.CodeOfficerUnknown, "no officer %s", id)
		}
	}
	return b.begin(key, engine.ActReassign, a.Agency, officer, a.ID, reason), nil
}

func (b *bureau) PutAbsence(_ context.Context, a engine.Actor, absence engine.Absence) error {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	org := b.w.org
	org.Absences = b.absences
	if err := engine.MayEnterAbsence(a, engine.NewDirectory(org), absence); err != nil {
		return err
	}
	b.absences = append(b.absences, absence)
	return nil
}

func (b *bureau) Absences(_ context.Context, agency string) ([]engine.Absence, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	if agency != b.w.org.Agency.Code {
		return nil, nil
	}
	return slices.Clone(b.absences), nil
}

func (b *bureau) EndAbsence(_ context.Context, a engine.Actor, officer string, from calendar.Date) error {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	i := slices.IndexFunc(b.absences, func(x engine.Absence) bool { return x.Officer == officer && x.From == from })
	if i < 0 {
		return engine.Errorf(engine.CodeNotFound, "no absence of %s from %s", officer, from)
	}
	if a.ID != officer {
		return engine.Errorf(engine.CodeForbidden, "it is not your absence")
	}
	b.absences = slices.Delete(b.absences, i, i+1)
	return nil
}

func (b *bureau) Chain(_ context.Context, agency, dossier string) ([]engine.ChainPart, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	if c, ok := b.w.cases[dossier]; !ok || c.Agency != agency {
		return nil, engine.Errorf(engine.CodeNotFound, "no dossier %s", dossier)
	}
	return b.parts, nil
}

// Slip reads the handoffs sent with a slip out of the facts.
func (b *bureau) Slip(_ context.Context, agency, slip string) ([]engine.Slipped, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	var out []engine.Slipped
	for code, facts := range b.w.facts {
		if b.w.cases[code].Agency != agency {
			continue
		}
		for _, f := range facts {
			switch {
			case f.Kind == engine.FactHandoffSent && f.Handoff.Slip == slip:
				out = append(out, engine.Slipped{Dossier: code, FromDepartment: f.From, ToDepartment: f.To, SentAt: f.At})
			case f.Kind == engine.FactHandoffAccepted && len(out) > 0 && out[len(out)-1].Dossier == code:
				last := &out[len(out)-1]
				last.Answer, last.AnsweredAt, last.AnsweredBy = "accepted", f.At, f.Actor
			}
		}
	}
	if len(out) == 0 {
		return nil, engine.Errorf(engine.CodeNotFound, "no slip %s", slip)
	}
	slices.SortFunc(out, func(x, y engine.Slipped) int { return cmp.Compare(x.Dossier, y.Dossier) })
	return out, nil
}
