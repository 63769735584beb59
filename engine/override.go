package engine

import (
	"fmt"
	"slices"
	"strings"

	"motcua/engine/calendar"
)

// override puts the dossier into a state, or lengthens its limits, past what
// the definition allows. It is on record as what it is; a breach stays one.
func (d *decider) override() error {
	o := d.cmd.Overrides
	if err := d.mayOverride(d.c, d.cmd.Actor); err != nil {
		return err
	}
	switch {
	case strings.TrimSpace(d.cmd.Comment) == "":
		return refused(d.c, CodeCommentRequired, "an override needs a reason")
	case o == nil || o.To == "" && o.Extend.IsZero():
		return &Error{Code: CodeInvalid, Message: "an override names a state, an extension, or both", Path: "/overrides"}
	}
	if err := d.checkOverrides(*o); err != nil {
		return err
	}
	return d.overruled(*o)
}

func (d *decider) checkOverrides(o Overrides) error {
	if _, ok := d.State(o.To); o.To != "" && !ok {
		return &Error{Code: CodeInvalid, Message: fmt.Sprintf("procedure %s has no state %q", d.Code, o.To), Path: "/overrides/to"}
	}
	if o.To == d.c.State {
		return refused(d.c, CodeEventNotPermitted, "the dossier stands in state %q", o.To)
	}
	if o.Extend.IsZero() {
		return nil
	}
	return d.checkExtend(o.Extend, "/overrides/extend")
}

// checkExtend holds an extension against the limits it is to lengthen.
func (d *decider) checkExtend(by calendar.Duration, path string) error {
	legal := d.legal()
	if len(legal) == 0 {
		return refused(d.c, CodeExtensionRefused, "no legal limit runs")
	}
	if slices.ContainsFunc(legal, func(k Clock) bool { return k.Budget.Unit != by.Unit }) || by.Value <= 0 {
		return &Error{Code: CodeInvalid, Message: fmt.Sprintf("the limit is counted in %s", legal[0].Budget.Unit), Path: path}
	}
	return nil
}

// mayOverride: who the definition says; without a word, a leader of the agency.
func (m *Machine) mayOverride(c Case, a Actor) error {
	by := []string{RoleLeader}
	if m.Override != nil && len(m.Override.By) > 0 {
		by = m.Override.By
	}
	for _, role := range by {
		if a.Kind == ActorOfficer && a.Agency == c.Agency && (role == RoleLeader && a.leads() || role == RoleHead && a.Supervises(c.Department)) {
			return nil
		}
	}
	return refused(c, CodeWrongRole, "an override takes the %s", strings.Join(by, " or the "))
}

// overrule does what an override says.
func (d *decider) overrule(o Overrides) {
	basis := ""
	if d.Override != nil {
		basis = d.Override.Basis
	}
	d.record(Fact{Kind: FactOverridden, Event: d.cmd.Event, From: d.c.State, To: o.To, By: o.Extend, Overrides: &o, Comment: d.cmd.Comment, Basis: basis})
	if !o.Extend.IsZero() {
		d.lengthen(o.Extend, ruleOverride)
	}
	if o.To != "" {
		to, _ := d.State(o.To)
		d.happen(Transition{Event: d.cmd.Event, To: o.To}, to, basis)
	}
}
