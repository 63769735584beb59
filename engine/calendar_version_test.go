package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
)

func calendarRecord(state engine.VersionState) engine.CalendarRecord {
	return engine.CalendarRecord{
		Spec: calendar.Spec{Code: "vn-national", Version: 3}, SHA256: "f00d", State: state, Authors: []string{"tam", "both"},
	}
}

// afterTwo is what stands when version 2 is published.
var afterTwo = engine.CalendarStanding{Published: 2}

// TestCalendarSteps goes through every action in every state.
func TestCalendarSteps(t *testing.T) {
	t.Parallel()
	allowed := map[engine.VersionState]map[engine.VersionAction]engine.VersionState{
		engine.VersionChecked:  {engine.ActionApprove: engine.VersionApproved, engine.ActionReject: engine.VersionDraft},
		engine.VersionApproved: {engine.ActionPublish: engine.VersionPublished, engine.ActionReject: engine.VersionDraft},
	}
	for _, from := range engine.VersionStates() {
		for _, action := range []engine.VersionAction{
			engine.ActionApprove, engine.ActionReject, engine.ActionPublish, engine.ActionRetire, engine.ActionSucceed, engine.ActionUpload,
		} {
			t.Run(string(from)+" "+string(action), func(t *testing.T) {
				t.Parallel()
				actor := approver
				if action == engine.ActionUpload {
					actor = author
				}
				to, err := engine.DecideCalendar(calendarRecord(from), step(action, actor), afterTwo)
				want, ok := allowed[from][action]
				if !ok {
					require.Equal(t, engine.CodeEventNotPermitted, engine.CodeOf(err))
					return
				}
				require.NoError(t, err)
				require.Equal(t, want, to)
			})
		}
	}
}

func TestCalendarRefusals(t *testing.T) {
	t.Parallel()
	silent := step(engine.ActionReject, approver)
	silent.Comment = " "
	meant := func(sha string) engine.VersionCommand {
		c := step(engine.ActionApprove, approver)
		c.SHA256 = sha
		return c
	}
	adds := calendarRecord(engine.VersionApproved)
	adds.Spec.Base, adds.Spec.BaseVersion = "vn", 4
	standing := func(published, base int) engine.CalendarStanding {
		return engine.CalendarStanding{Published: published, Base: base}
	}
	for name, c := range map[string]struct {
		record   engine.CalendarRecord
		command  engine.VersionCommand
		standing engine.CalendarStanding
		code     engine.Code
	}{
		"approved by its author":         {calendarRecord(engine.VersionChecked), step(engine.ActionApprove, board), afterTwo, engine.CodeSameOfficer},
		"approved by an author's role":   {calendarRecord(engine.VersionChecked), step(engine.ActionApprove, author), afterTwo, engine.CodeWrongRole},
		"published by an author's role":  {calendarRecord(engine.VersionApproved), step(engine.ActionPublish, author), afterTwo, engine.CodeWrongRole},
		"the text that is meant":         {calendarRecord(engine.VersionChecked), meant("f00d"), afterTwo, ""},
		"another text than is meant":     {calendarRecord(engine.VersionChecked), meant("beef"), afterTwo, engine.CodeNeedsUnmet},
		"rejected without a reason":      {calendarRecord(engine.VersionChecked), silent, afterTwo, engine.CodeCommentRequired},
		"published out of turn":          {calendarRecord(engine.VersionApproved), step(engine.ActionPublish, approver), standing(1, 0), engine.CodeNeedsUnmet},
		"published after it was overrun": {calendarRecord(engine.VersionApproved), step(engine.ActionPublish, approver), standing(3, 0), engine.CodeNeedsUnmet},
		"published on its base":          {adds, step(engine.ActionPublish, approver), standing(2, 4), ""},
		"published on a later base":      {adds, step(engine.ActionPublish, approver), standing(2, 5), engine.CodeNeedsUnmet},
		"published without its base":     {adds, step(engine.ActionPublish, approver), standing(2, 0), engine.CodeNeedsUnmet},
		"the first of all":               {calendarRecord(engine.VersionApproved), step(engine.ActionPublish, approver), standing(0, 0), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := engine.DecideCalendar(c.record, c.command, c.standing)
			require.Equal(t, c.code, engine.CodeOf(err), "%v", err)
		})
	}
}

func TestCalendarUploads(t *testing.T) {
	t.Parallel()
	known := func(s engine.VersionState) *engine.CalendarRecord { r := calendarRecord(s); return &r }
	for name, c := range map[string]struct {
		known   *engine.CalendarRecord
		version int
		draft   bool
		actor   engine.Actor
		state   engine.VersionState
		code    engine.Code
	}{
		"new":                      {nil, 3, false, author, engine.VersionChecked, ""},
		"a new draft":              {nil, 3, true, author, engine.VersionDraft, ""},
		"by an approver's role":    {nil, 3, false, approver, "", engine.CodeWrongRole},
		"a version too far":        {nil, 4, false, author, "", engine.CodeNeedsUnmet},
		"a version of before":      {nil, 2, false, author, "", engine.CodeNeedsUnmet},
		"over a draft":             {known(engine.VersionDraft), 3, false, author, engine.VersionChecked, ""},
		"a draft over a draft":     {known(engine.VersionDraft), 3, true, author, engine.VersionDraft, ""},
		"over a checked one":       {known(engine.VersionChecked), 3, false, author, engine.VersionChecked, ""},
		"over an approved one":     {known(engine.VersionApproved), 3, false, author, engine.VersionChecked, ""},
		"over a published one":     {known(engine.VersionPublished), 3, false, author, "", engine.CodeEventNotPermitted},
		"a draft over a published": {known(engine.VersionPublished), 3, true, author, "", engine.CodeEventNotPermitted},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			state, err := engine.DecideCalendarUpload(c.known, c.version, c.draft, c.actor, afterTwo)
			require.Equal(t, c.code, engine.CodeOf(err), "%v", err)
			if c.code == "" {
				require.Equal(t, c.state, state)
			}
		})
	}
	_, err := engine.DecideCalendarUpload(nil, 7, false, author, engine.CalendarStanding{})
	require.NoError(t, err, "a calendar nobody published may begin with any number")
}
