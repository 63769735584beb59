package postgres

import (
	"context"
	"encoding/json"
	"slices"

	"motcua/engine"
	"motcua/engine/calendar"
)

// resolved is a calendar in both its forms: as its authors write it, and
// complete, with what it has of the published version of its base.
type resolved struct {
	own, spec calendar.Spec
}

// resolve completes a calendar as it was uploaded. One that is complete
// already is taken apart first. Errors: CodeInvalid, CodeNeedsUnmet.
func resolve(ctx context.Context, db queryer, given calendar.Spec) (resolved, error) {
	if given.Base == "" {
		c, err := calendar.New(given)
		if err != nil {
			return resolved{}, engine.Errorf(engine.CodeInvalid, "%v", err)
		}
		return resolved{c.Spec(), c.Spec()}, nil
	}
	if err := given.Check(); err != nil {
		return resolved{}, engine.Errorf(engine.CodeInvalid, "%v", err)
	}
	base, err := baseOf(ctx, db, given)
	switch {
	case err != nil:
		return resolved{}, err
	case base == nil:
		return resolved{}, engine.Errorf(engine.CodeNeedsUnmet, "there is no calendar %s, which %s adds to", given.Base, given.Code)
	}
	if err := flat(ctx, db, given, base.Spec); err != nil {
		return resolved{}, err
	}
	if given.BaseVersion != 0 {
		taken, err := oneCalendar(ctx, db, given.Base, given.BaseVersion)
		if err != nil {
			return resolved{}, err
		}
		if taken == nil {
			return resolved{}, engine.Errorf(engine.CodeNeedsUnmet, "there is no version %d of calendar %s, which %s adds to", given.BaseVersion, given.Base, given.Code)
		}
		given = apart(given, taken.Spec)
	}
	return complete(given, base.Spec)
}

// baseOf finds what a calendar adds to: the last published version or, in a
// catalogue that was imported and not published yet, the last one stored.
func baseOf(ctx context.Context, db queryer, spec calendar.Spec) (*calendarVersion, error) {
	list, err := calendarVersions(ctx, db, calendarSQL+` WHERE code = $1 ORDER BY (state = 'published') DESC, version DESC LIMIT 1`, spec.Base)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// complete joins what a calendar says itself with its base.
func complete(own, base calendar.Spec) (resolved, error) {
	own = own.Normal()
	spec, err := calendar.Resolve(own, base)
	if err != nil {
		return resolved{}, engine.Errorf(engine.CodeInvalid, "%v", err)
	}
	return resolved{own, spec}, nil
}

// flat refuses a base that has a base itself: a new version would have to be
// carried on without end where calendars add to each other.
func flat(ctx context.Context, db queryer, spec, base calendar.Spec) error {
	if base.Base != "" || base.Code == spec.Code {
		return engine.Errorf(engine.CodeInvalid, "calendar %s has a base itself and can be none", base.Code)
	}
	followers, err := followersOf(ctx, db, spec.Code)
	if err == nil && len(followers) > 0 {
		err = engine.Errorf(engine.CodeInvalid, "calendar %s adds to %s, which can therefore have no base", followers[0].Spec.Code, spec.Code)
	}
	return err
}

// followersOf lists the published calendars that add to one, by code.
func followersOf(ctx context.Context, db queryer, base string) ([]calendarVersion, error) {
	return calendarVersions(ctx, db, calendarSQL+`
		WHERE base = $1 AND state = 'published' AND NOT EXISTS (
			SELECT FROM calendars later WHERE later.code = calendars.code AND later.version > calendars.version AND later.state = 'published')
		ORDER BY code`, base)
}

// apart is a complete calendar without what it has of its base.
func apart(spec, base calendar.Spec) calendar.Spec {
	spec.BaseVersion = 0
	if spec.KnownUntil == base.KnownUntil {
		spec.KnownUntil = calendar.Date{}
	}
	spec.Exceptions = slices.DeleteFunc(slices.Clone(spec.Exceptions), func(e calendar.Exception) bool {
		return slices.ContainsFunc(base.Exceptions, func(o calendar.Exception) bool { return sameText(e, o) })
	})
	spec.Unannounced = slices.DeleteFunc(slices.Clone(spec.Unannounced), func(p calendar.Period) bool { return slices.Contains(base.Unannounced, p) })
	return spec.Normal()
}

// sameText compares by what is stored: two calendars that say the same have
// the same text.
func sameText(a, b any) bool {
	one, err := json.Marshal(a)
	other, failed := json.Marshal(b)
	return err == nil && failed == nil && string(one) == string(other)
}
