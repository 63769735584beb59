package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
)

var (
	author   = officer("tam", engine.DepartmentQuality, engine.RoleProcedureAuthor)
	approver = officer("yen", engine.DepartmentQuality, engine.RoleProcedureApprover)
	board    = engine.Actor{Kind: engine.ActorOfficer, ID: "both", Agency: agency, Roles: append(author.Roles, approver.Roles...)}
	today    = calendar.NewDate(2026, time.November, 22)
)

func version(state engine.VersionState) engine.VersionRecord {
	return engine.VersionRecord{
		Version: engine.Version{Code: "1.001193", Version: 2, Effective: engine.Effective{From: today.AddDays(-100)}},
		State:   state, Authors: []string{"tam", "both"},
	}
}

func step(action engine.VersionAction, a engine.Actor) engine.VersionCommand {
	return engine.VersionCommand{Action: action, Actor: a, Comment: "theo biên bản họp", To: today.AddDays(1)}
}

// TestVersionSteps goes through every action in every state.
func TestVersionSteps(t *testing.T) {
	allowed := map[engine.VersionState]map[engine.VersionAction]engine.VersionState{
		engine.VersionDraft:     {},
		engine.VersionChecked:   {engine.ActionApprove: engine.VersionApproved, engine.ActionReject: engine.VersionDraft},
		engine.VersionApproved:  {engine.ActionPublish: engine.VersionPublished, engine.ActionReject: engine.VersionDraft},
		engine.VersionPublished: {engine.ActionRetire: engine.VersionRetired},
		engine.VersionRetired:   {},
	}
	for _, from := range engine.VersionStates() {
		for _, action := range []engine.VersionAction{engine.ActionApprove, engine.ActionReject, engine.ActionPublish, engine.ActionRetire} {
			t.Run(string(from)+" "+string(action), func(t *testing.T) {
				to, err := engine.DecideVersion(version(from), step(action, approver), today)
				want, ok := allowed[from][action]
				if !ok {
					require.Equal(t, engine.CodeEventNotPermitted, engine.CodeOf(err))
					var refusal *engine.Error
					require.ErrorAs(t, err, &refusal)
					require.Equal(t, string(from), refusal.State)
					return
				}
				require.NoError(t, err)
				require.Equal(t, want, to)
			})
		}
	}
}

func TestVersionRefusals(t *testing.T) {
	system := engine.Actor{Kind: engine.ActorSystem, ID: "portal", Agency: agency, Roles: approver.Roles}
	elsewhere := officer("lan", "one-stop", engine.RoleProcedureApprover)
	retire := func(to calendar.Date) engine.VersionCommand {
		c := step(engine.ActionRetire, approver)
		c.To = to
		return c
	}
	silent := func(action engine.VersionAction) engine.VersionCommand {
		c := step(action, approver)
		c.Comment = " "
		return c
	}
	meant := func(sha string) engine.VersionCommand {
		c := step(engine.ActionApprove, approver)
		c.SHA256 = sha
		return c
	}
	stored := version(engine.VersionChecked)
	stored.SHA256 = "f00d"
	ending := version(engine.VersionPublished)
	ending.Effective.To = today.AddDays(10)
	later := version(engine.VersionPublished)
	later.Effective.From = today.AddDays(30)
	for name, c := range map[string]struct {
		version engine.VersionRecord
		command engine.VersionCommand
		code    engine.Code
	}{
		"approved by its author":           {version(engine.VersionChecked), step(engine.ActionApprove, board), engine.CodeSameOfficer},
		"approved by an author's role":     {version(engine.VersionChecked), step(engine.ActionApprove, author), engine.CodeWrongRole},
		"the text that is meant":           {stored, meant("f00d"), ""},
		"another text than is meant":       {stored, meant("beef"), engine.CodeNeedsUnmet},
		"approved by a system":             {version(engine.VersionChecked), step(engine.ActionApprove, system), engine.CodeWrongRole},
		"approved in another department":   {version(engine.VersionChecked), step(engine.ActionApprove, elsewhere), engine.CodeWrongRole},
		"published by an author's role":    {version(engine.VersionApproved), step(engine.ActionPublish, author), engine.CodeWrongRole},
		"rejected by its author":           {version(engine.VersionApproved), step(engine.ActionReject, board), ""},
		"rejected without a reason":        {version(engine.VersionApproved), silent(engine.ActionReject), engine.CodeCommentRequired},
		"retired without a reason":         {version(engine.VersionPublished), silent(engine.ActionRetire), engine.CodeCommentRequired},
		"retired today":                    {version(engine.VersionPublished), retire(today), engine.CodeInvalid},
		"retired without a day":            {version(engine.VersionPublished), retire(calendar.Date{}), engine.CodeInvalid},
		"retired tomorrow":                 {version(engine.VersionPublished), retire(today.AddDays(1)), ""},
		"retired where it ends":            {ending, retire(today.AddDays(10)), ""},
		"retired after it has ended":       {ending, retire(today.AddDays(11)), engine.CodeInvalid},
		"retired before it has begun":      {later, retire(today.AddDays(30)), engine.CodeInvalid},
		"an upload is not decided here":    {version(engine.VersionDraft), step(engine.ActionUpload, author), engine.CodeEventNotPermitted},
		"an action that does not exist":    {version(engine.VersionDraft), step("burn", approver), engine.CodeEventNotPermitted},
		"a successor is no officer's step": {version(engine.VersionDraft), step(engine.ActionSucceed, approver), engine.CodeEventNotPermitted},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := engine.DecideVersion(c.version, c.command, today)
			require.Equal(t, c.code, engine.CodeOf(err), "%v", err)
		})
	}
}

func TestUploads(t *testing.T) {
	warning := engine.Findings{{Code: "sum-under-limit", Severity: engine.SeverityWarning}}
	wrong := append(warning, engine.Finding{Code: "unknown-state", Severity: engine.SeverityError})
	known := func(s engine.VersionState) *engine.VersionRecord { v := version(s); return &v }
	for name, c := range map[string]struct {
		known    *engine.VersionRecord
		actor    engine.Actor
		findings engine.Findings
		draft    bool
		origin   string
		state    engine.VersionState
		code     engine.Code
	}{
		"new":                        {nil, author, nil, false, "", engine.VersionChecked, ""},
		"new with warnings":          {nil, author, warning, false, "", engine.VersionChecked, ""},
		"new with errors":            {nil, author, wrong, false, "", "", engine.CodeInternal}, // findings carry no code of their own
		"a draft with errors":        {nil, author, wrong, true, "", engine.VersionDraft, ""},
		"a draft without":            {nil, author, nil, true, "", engine.VersionDraft, ""},
		"over a draft":               {known(engine.VersionDraft), author, nil, false, "", engine.VersionChecked, ""},
		"over a checked one":         {known(engine.VersionChecked), board, nil, false, "", engine.VersionChecked, ""},
		"over an approved one":       {known(engine.VersionApproved), author, nil, false, "", engine.VersionChecked, ""},
		"a draft over an approved":   {known(engine.VersionApproved), author, wrong, true, "", engine.VersionDraft, ""},
		"over a published one":       {known(engine.VersionPublished), author, nil, false, "", "", engine.CodeEventNotPermitted},
		"over a retired one":         {known(engine.VersionRetired), author, nil, false, "", "", engine.CodeEventNotPermitted},
		"by an approver":             {nil, approver, nil, false, "", "", engine.CodeWrongRole},
		"by nobody":                  {nil, engine.Actor{}, nil, false, "", "", engine.CodeWrongRole},
		"a new one from a bundle":    {nil, author, warning, false, "bundle", engine.VersionChecked, ""},
		"a known one from a bundle":  {known(engine.VersionChecked), author, nil, false, "bundle", "", engine.CodeEventNotPermitted},
		"a broken one from a bundle": {nil, author, wrong, false, "bundle", "", engine.CodeInternal},
	} {
		t.Run(name, func(t *testing.T) {
			state, err := engine.DecideUpload(c.known, engine.Upload{Actor: c.actor, Findings: c.findings, Draft: c.draft, Origin: c.origin})
			require.Equal(t, c.code, engine.CodeOf(err), "%v", err)
			require.Equal(t, c.state, state)
		})
	}
}

func TestCheckPublish(t *testing.T) {
	from := func(days int) engine.Effective { return engine.Effective{From: today.AddDays(days)} }
	until := func(e engine.Effective, days int) engine.Effective { e.To = today.AddDays(days); return e }
	published := func(ranges ...engine.Effective) (list []engine.Version) {
		for i, e := range ranges {
			list = append(list, engine.Version{Version: i + 1, Effective: e})
		}
		return list
	}
	sums := engine.Findings{{Code: "sum-under-limit", Severity: engine.SeverityWarning}}
	for name, c := range map[string]struct {
		effective engine.Effective
		published []engine.Version
		change    func(*engine.Definition)
		findings  engine.Findings
		ended     int // version; 0 is none
		refused   string
	}{
		"the first, from the past":       {effective: from(-500)},
		"the first, from later":          {effective: from(50)},
		"a successor from today":         {effective: from(0), published: published(from(-500)), ended: 1},
		"a successor from later":         {effective: from(30), published: published(until(from(-500), -100), from(-100)), ended: 2},
		"a successor from yesterday":     {effective: from(-1), published: published(from(-500)), refused: "is past"},
		"a successor after the end":      {effective: from(30), published: published(until(from(-500), 30))},
		"a successor before the end":     {effective: from(29), published: published(until(from(-500), 30)), refused: "version 1 is in effect in the same time"},
		"within an open range's day one": {effective: from(30), published: published(from(30)), refused: "version 1 is in effect"},
		"before one that is to come":     {effective: from(10), published: published(from(30)), refused: "version 1 is in effect"},
		"ending before one to come":      {effective: until(from(10), 30), published: published(from(30))},
		"without a cause":                {effective: from(0), change: func(d *engine.Definition) { d.Cause = nil }, refused: "names no cause"},
		"with a sum that is off":         {effective: from(0), findings: sums, refused: "sum-under-limit"},
		"internal, with such a sum":      {effective: from(0), findings: sums, change: func(d *engine.Definition) { d.Level = "internal" }},
		"with another warning":           {effective: from(0), findings: engine.Findings{{Code: "unbounded", Severity: engine.SeverityWarning}}},
	} {
		t.Run(name, func(t *testing.T) {
			def := engine.Definition{Level: "commune", Effective: c.effective, Cause: &engine.LegalBasis{Ref: "1/QĐ-UBND"}}
			if c.change != nil {
				c.change(&def)
			}
			ended, err := engine.CheckPublish(def, c.findings, c.published, today)
			if c.refused != "" {
				require.Equal(t, engine.CodeNeedsUnmet, engine.CodeOf(err))
				require.ErrorContains(t, err, c.refused)
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.ended == 0, ended == nil)
			if ended != nil {
				require.Equal(t, c.ended, ended.Version)
			}
		})
	}
}

func TestVersionEventsAreChained(t *testing.T) {
	first, link, err := engine.SealVersionEvent("", "1.001193", 2, engine.VersionEvent{Seq: 1, Action: engine.ActionUpload, Actor: "tam"})
	require.NoError(t, err)
	require.Equal(t, link, engine.LinkVersionEvent("", "1.001193", 2, first))
	require.NotEqual(t, link, engine.LinkVersionEvent("", "1.001193", 3, first), "an entry cannot be lent to another version")
	_, next, err := engine.SealVersionEvent(link, "1.001193", 2, engine.VersionEvent{Seq: 2})
	require.NoError(t, err)
	require.NotEqual(t, link, next)
}
