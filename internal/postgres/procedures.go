package postgres

import (
	"context"

	"motcua/engine"
)

// Versions lists the versions that were ever published by code and version,
// without their texts.
func (l *Ledger) Versions(ctx context.Context) ([]engine.Version, error) {
	published, err := l.VersionRecords(ctx, "", "")
	list := make([]engine.Version, len(published))
	for i, v := range published {
		list[i] = v.Version
	}
	return list, err
}

// Version finds one version, published or not, with its text, which compiles.
// Errors: CodeNotFound, CodeNeedsUnmet for a draft with errors,
// CodeUnavailable.
func (l *Ledger) Version(ctx context.Context, code string, version int) (engine.Version, error) {
	v, err := l.VersionRecord(ctx, code, version)
	if err == nil && v.Findings.Err() != nil {
		return engine.Version{}, engine.Errorf(engine.CodeNeedsUnmet, "version %d of procedure %s is a draft with errors", version, code)
	}
	return v.Version, err
}

// PutVersion publishes a version with its exact text, as the program itself
// does when it is set up: nobody approves it. The same text again changes
// nothing; another text under the same code and version is refused, and so is
// a version in effect on a day on which another one is. A version without an
// end is given one by its successor's first day. Errors: CodeInvalid,
// CodeUnavailable.
func (l *Ledger) PutVersion(ctx context.Context, m *engine.Machine, text []byte) error {
	if sum(text) != m.SHA256 {
		return engine.Errorf(engine.CodeInvalid, "procedure %s version %d was not compiled from this text", m.Code, m.Version)
	}
	err := l.control(ctx, func(c *control) error {
		known, err := c.find(ctx, m.Code, m.Version)
		switch {
		case err != nil:
			return err
		case known == nil:
			return c.putNew(ctx, m, text)
		case known.PublishedAt.IsZero():
			return engine.Errorf(engine.CodeInvalid, "procedure %s version %d is being prepared here (%s): give the new one a new version", m.Code, m.Version, known.State)
		case known.SHA256 != m.SHA256:
			return engine.Errorf(engine.CodeInvalid, "procedure %s version %d is published with another text: give the new one a new version", m.Code, m.Version)
		}
		return c.index(ctx, m.Definition) // the register may be younger than the version
	})
	if isState(err, "23P01") { // the exclusion constraint
		return &engine.Error{
			Code: engine.CodeInvalid, Path: "/effective",
			Message: "another version of procedure " + m.Code + " is in effect in the same time",
		}
	}
	return coded(err, "publish procedure %s version %d", m.Code, m.Version)
}

func (c *control) putNew(ctx context.Context, m *engine.Machine, text []byte) error {
	var open []int
	err := c.QueryRow(ctx, `
		SELECT array_agg(version) FROM procedure_versions
		WHERE code = $1 AND state = 'published' AND upper_inf(effective) AND lower(effective) < $2::date`,
		m.Code, m.Effective.From.String()).Scan(&open)
	if err != nil {
		return err
	}
	for _, version := range open { // one at most: their ranges exclude each other
		if err := c.succeed(ctx, engine.Itself, m.Code, version, m.Definition); err != nil {
			return err
		}
	}
	u := engine.Upload{Actor: engine.Itself, Definition: m.Definition, Text: text}
	if err := c.store(ctx, nil, u, engine.VersionPublished); err != nil {
		return err
	}
	if _, err = c.enter(ctx, m.Code, m.Version, engine.ActionPublish, engine.Itself, ""); err != nil {
		return err
	}
	return c.index(ctx, m.Definition)
}
