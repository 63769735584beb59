package api_test

import (
	"context"
	"strconv"
	"time"

	"motcua/engine"
)

func (b *bureau) Organisation(_ context.Context, agency string) (engine.Organisation, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	if agency != b.w.org.Agency.Code {
		return engine.Organisation{}, engine.Errorf(engine.CodeAgencyUnknown, "no agency %q", agency)
	}
	return b.w.org, nil
}

func (b *bureau) ImportOrganisation(_ context.Context, a engine.Actor, org engine.Organisation, preview bool) (engine.OrganisationChanges, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	if err := engine.MayReorganise(a); err != nil {
		return engine.OrganisationChanges{}, err
	}
	if org.Agency.Code != a.Agency {
		return engine.OrganisationChanges{}, &engine.Error{Code: engine.CodeInvalid, Path: "/agency/code", Message: "this is not your agency"}
	}
	changes := engine.CompareOrganisations(b.w.org, org)
	if !preview {
		b.w.org = org
	}
	return changes, nil
}

func (b *bureau) PreviewReorganisation(_ context.Context, a engine.Actor, r engine.Reorganisation, _ string, _ int) (engine.OrganisationChanges, engine.ActPage, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	after, _, err := b.w.org.Reorganised(r)
	return engine.CompareOrganisations(b.w.org, after), engine.ActPage{Outcomes: []engine.ActOutcome{}, Counts: &engine.ActCounts{}}, err
}

func (b *bureau) Reorganise(_ context.Context, a engine.Actor, key string, r engine.Reorganisation) (engine.OrganisationChanges, engine.ActRecord, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	after, _, err := b.w.org.Reorganised(r)
	if err != nil {
		return engine.OrganisationChanges{}, engine.ActRecord{}, err
	}
	changes := engine.CompareOrganisations(b.w.org, after)
	b.w.org = after
	return changes, b.begin(key, engine.ActReorganisation, a.Agency, a.Agency, a.ID, r.Reason), nil
}

func (b *bureau) IssueKey(_ context.Context, a engine.Actor, k engine.KeyRequest) (engine.KeyRecord, string, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	if err := engine.CheckKey(k, engine.Actor{Kind: engine.ActorSystem, ID: k.Name, Agency: a.Agency}); err != nil {
		return engine.KeyRecord{}, "", err
	}
	for _, known := range b.issued {
		if k.ID != "" && known.ID == k.ID {
			return known, "", nil
		}
	}
	return b.newKey(a, k, ""), "mc_secret", nil
}

func (b *bureau) newKey(a engine.Actor, k engine.KeyRequest, replaces string) engine.KeyRecord {
	if k.ID == "" {
		k.ID = "key" + strconv.Itoa(len(b.issued))
	}
	r := engine.KeyRecord{
		ID: k.ID, Kind: k.Kind, Name: k.Name, Officer: k.Officer, Agency: a.Agency, Verbs: k.Verbs, State: engine.KeyActive,
		IssuedBy: a.ID, CreatedAt: b.w.now, ExpiresAt: b.w.now.Add(engine.KeyLife), Replaces: replaces,
	}
	b.issued = append(b.issued, r)
	return r
}

func (b *bureau) keyOf(agency, id string) *engine.KeyRecord {
	for i := range b.issued {
		if b.issued[i].ID == id && b.issued[i].Agency == agency {
			return &b.issued[i]
		}
	}
	return nil
}

func (b *bureau) RotateKey(_ context.Context, a engine.Actor, id string, overlap, _ time.Duration) (engine.KeyRecord, string, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	old := b.keyOf(a.Agency, id)
	if old == nil {
		return engine.KeyRecord{}, "", engine.Errorf(engine.CodeNotFound, "no key %s", id)
	}
	old.ExpiresAt = b.w.now.Add(overlap)
	return b.newKey(a, engine.KeyRequest{Kind: old.Kind, Name: old.Name, Verbs: old.Verbs}, id), "mc_other_secret", nil
}

func (b *bureau) WithdrawKey(_ context.Context, a engine.Actor, id string) (engine.KeyRecord, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	k := b.keyOf(a.Agency, id)
	if k == nil {
		return engine.KeyRecord{}, engine.Errorf(engine.CodeNotFound, "no key %s", id)
	}
	k.State, k.RevokedAt, k.RevokedBy = engine.KeyRevoked, b.w.now, a.ID
	return *k, nil
}

func (b *bureau) Keys(_ context.Context, agency string, _ bool, _ string, _ int) ([]engine.KeyRecord, string, error) {
	b.w.mu.Lock()
	defer b.w.mu.Unlock()
	var out []engine.KeyRecord
	for _, k := range b.issued {
		if k.Agency == agency {
			out = append(out, k)
		}
	}
	return out, "", nil
}
