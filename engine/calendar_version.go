package engine

import (
	"slices"
	"strings"
)

// CalendarStanding is what is published when a version of a calendar is
// decided on.
type CalendarStanding struct {
	Published int // the last published version of the calendar; 0: none
	Base      int // that of the calendar it adds to; 0: none
}

// DecideCalendarUpload answers the state a calendar is stored in, as the given
// version: it takes the place of a text that is not published, or begins the
// version after the last published one. Known is nil for a version nobody
// stored yet; a draft cannot be approved. Errors: CodeWrongRole,
// CodeEventNotPermitted, CodeNeedsUnmet.
func DecideCalendarUpload(known *CalendarRecord, version int, draft bool, a Actor, s CalendarStanding) (VersionState, error) {
	if err := MayControl(a, ActionUpload); err != nil {
		return "", err
	}
	from, to := VersionState(""), VersionChecked
	if known != nil {
		from = known.State
	}
	if draft {
		to = VersionDraft
	}
	if !slices.Contains(from.after(ActionUpload), to) {
		return "", calendarNotInState(*known, ActionUpload)
	}
	return to, nextCalendar(version, s)
}

// DecideCalendar answers where a step leads the version of a calendar, or why
// it may not be taken: approve, reject or publish. Errors: CodeWrongRole,
// CodeEventNotPermitted, CodeNeedsUnmet, CodeSameOfficer, CodeCommentRequired.
func DecideCalendar(v CalendarRecord, c VersionCommand, s CalendarStanding) (VersionState, error) {
	if err := MayControl(c.Actor, c.Action); err != nil {
		return "", err
	}
	steps := []VersionAction{ActionApprove, ActionReject, ActionPublish}
	to := v.State.after(c.Action)
	if len(to) != 1 || !slices.Contains(steps, c.Action) {
		return "", calendarNotInState(v, c.Action)
	}
	switch {
	case c.SHA256 != "" && c.SHA256 != v.SHA256:
		return "", Errorf(CodeNeedsUnmet, "another text stands under the version by now, %s: read it first", v.SHA256)
	case c.Action == ActionApprove && slices.Contains(v.Authors, c.Actor.ID):
		return "", Errorf(CodeSameOfficer, "%s is an author of this calendar: another officer must approve it", c.Actor.ID)
	case c.Action == ActionReject && strings.TrimSpace(c.Comment) == "":
		return "", Errorf(CodeCommentRequired, "to %s a version takes a reason", c.Action)
	case c.Action == ActionPublish:
		if err := CheckCalendarPublish(v, s); err != nil {
			return "", err
		}
	}
	return to[0], nil
}

// CheckCalendarPublish holds a version to the conditions of publishing: it is
// the one after the last published, and what it has of its base is what is
// published there now. Errors: CodeNeedsUnmet.
func CheckCalendarPublish(v CalendarRecord, s CalendarStanding) error {
	if err := nextCalendar(v.Spec.Version, s); err != nil {
		return err
	}
	if v.Spec.BaseVersion != s.Base {
		return Errorf(CodeNeedsUnmet, "it adds to version %d of calendar %s, of which version %d is published by now: upload it again",
			v.Spec.BaseVersion, v.Spec.Base, s.Base)
	}
	return nil
}

// nextCalendar: a calendar nobody published yet may begin with any number.
func nextCalendar(version int, s CalendarStanding) error {
	if version == s.Published+1 || s.Published == 0 {
		return nil
	}
	return Errorf(CodeNeedsUnmet, "version %d is published last: the next one is version %d, not %d", s.Published, s.Published+1, version)
}

func calendarNotInState(v CalendarRecord, action VersionAction) error {
	refusal := Errorf(CodeEventNotPermitted, "calendar %s version %d is %s: it cannot %s now", v.Spec.Code, v.Spec.Version, v.State, action)
	refusal.State = string(v.State)
	return refusal
}
