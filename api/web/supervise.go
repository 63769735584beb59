package web

import (
	"cmp"
	"net/url"
	"time"

	"motcua/api/caller"
	"motcua/engine"
	"motcua/engine/calendar"
)

// localTime is how a browser writes the moment of a datetime-local input; the
// office means Viet Nam's time by it.
const localTime = "2006-01-02T15:04"

// supervision reads what goes with the events of supervisors.
func supervision(form url.Values, cmd *engine.Command) error {
	for _, name := range []string{"officer", "target", "to", "extend", "until", "basis"} {
		if !acceptable(form.Get(name), 500) {
			return engine.Errorf(engine.CodeInvalid, "a value is too long or holds control characters")
		}
	}
	switch cmd.Event {
	case engine.EventReassign:
		cmd.Officer = form.Get("officer")
	case engine.EventEndorse, engine.EventTurnDown, engine.EventAcknowledge, engine.EventReturn:
		cmd.Target = form.Get("target")
	case engine.EventExtend:
		extend, err := calendar.ParseDuration(form.Get("extend"))
		if err != nil {
			return engine.Errorf(engine.CodeInvalid, "the extension is not a duration such as 2wd")
		}
		cmd.Extend = extend
	case engine.EventSuspend:
		until, err := localMoment("until", form.Get("until"))
		cmd.Halt = &engine.HaltOrder{Until: until, Basis: form.Get("basis")}
		return err
	case engine.EventOverride:
		cmd.Overrides = &engine.Overrides{To: form.Get("to")}
		if text := form.Get("extend"); text != "" {
			extend, err := calendar.ParseDuration(text)
			if err != nil {
				return engine.Errorf(engine.CodeInvalid, "the extension is not a duration such as 2wd")
			}
			cmd.Overrides.Extend = extend
		}
	}
	return nil
}

// localMoment reads a datetime-local input; empty is no moment.
func localMoment(name, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(localTime, text, calendar.Zone())
	if err != nil {
		return t, engine.Errorf(engine.CodeInvalid, "%s is not a moment", name)
	}
	return t, nil
}

// proposed finds an event that waits to be endorsed.
func (v dossierView) proposed(id string) engine.Proposal {
	for _, p := range v.Case.Proposals {
		if p.ID == id {
			return p
		}
	}
	return engine.Proposal{}
}

// proposalText says what was proposed.
func (v dossierView) proposalText(p engine.Proposal) string {
	return quoted(v.event(p.Event, v.Case.State, "")) + v.overrides(p.Overrides)
}

func (v dossierView) roleIn(r engine.RoleIn) string {
	return roleWord(v.Lang, r.Role) + " · " + v.department(r.Department)
}

// warning says which rung a clock of acknowledgement is of.
func (v dossierView) warning(clock string) string {
	for _, a := range v.Case.Alarms {
		switch {
		case a.Clock != clock:
		case a.Raised():
			return rungWord(v.Lang, engine.NoticeEscalated)
		case a.Rung < len(v.machine.Ladder):
			return rungWord(v.Lang, v.machine.Ladder[a.Rung].String())
		}
	}
	return clock
}

// subject says what a clock is of: a step, or a part of the dossier.
func (v dossierView) subject(k engine.Clock) string {
	switch k.Kind {
	case engine.ClockAlarm:
		return v.warning(k.ID)
	case engine.ClockLink, engine.ClockReceipt:
		if part, ok := v.Case.Part(k.Subject); ok {
			return v.part(part)
		}
	case engine.ClockConsultation:
		return v.consultation(k.Subject)
	}
	return v.state(k.Subject)
}

// departmentTime is a row of the table that says whose the time was.
type departmentTime struct {
	Department string
	engine.DepartmentTime
}

func (v dossierView) attributed(facts []engine.StoredFact, now time.Time, cal *calendar.Calendar) (rows []departmentTime, all time.Duration) {
	plain := make([]engine.Fact, len(facts))
	for i, f := range facts {
		plain[i] = f.Fact
	}
	for _, d := range engine.Totals(engine.Attribute(plain, now), cal) {
		rows = append(rows, departmentTime{v.department(d.Department), d})
		all += d.Elapsed
	}
	return rows, all
}

// length writes a stretch of time, and none as a dash.
func (v dossierView) length(d time.Duration) string {
	if d < time.Second {
		return "—"
	}
	return span(v.Lang, d)
}

// partName is what a linked dossier is called where it is a part.
func partName(l caller.Lang, p engine.ChainPart) string {
	return cmp.Or(l.Text(p.Name), l.Text(p.ProcedureName), p.Procedure)
}

func agencyName(l caller.Lang, p engine.ChainPart) string {
	return cmp.Or(l.Text(p.AgencyName), p.Agency)
}
