package engine

import "motcua/engine/calendar"

// variant is the case of the procedure a dossier is.
func (m *Machine) variant(id string) (Variant, bool) {
	for _, v := range m.Variants {
		if v.ID == id {
			return v, true
		}
	}
	return Variant{}, false
}

// LimitsOf are the limits of a variant; of no variant, those of the procedure.
func (m *Machine) LimitsOf(variant string) Limits {
	limits := m.Limits
	if v, ok := m.variant(variant); ok {
		if !v.Statutory.IsZero() {
			limits.Statutory = v.Statutory
		}
		if !v.Committed.IsZero() {
			limits.Committed = v.Committed
		}
	}
	return limits
}

// stepLimit is a limit as a variant has it: its own, else the declared one.
func (m *Machine) stepLimit(variant string, named func(StepLimit) bool, declared calendar.Duration) calendar.Duration {
	v, _ := m.variant(variant)
	for _, s := range v.Steps {
		if named(s) {
			return s.Within
		}
	}
	return declared
}

// WithinOf is the limit of a step by itself: of its cell, where it shares one.
func (m *Machine) WithinOf(variant string, s State) calendar.Duration {
	if s.Cell != "" {
		return m.cellWithin(variant, s.Cell)
	}
	return m.stepLimit(variant, func(l StepLimit) bool { return l.State == s.ID }, s.Within)
}

func (m *Machine) cellWithin(variant, id string) calendar.Duration {
	var declared calendar.Duration
	for _, c := range m.Cells {
		if c.ID == id {
			declared = c.Within
		}
	}
	return m.stepLimit(variant, func(l StepLimit) bool { return l.Cell == id }, declared)
}

func (m *Machine) stageWithin(variant, id string) calendar.Duration {
	var declared calendar.Duration
	for _, s := range m.Stages {
		if s.ID == id {
			declared = s.Within
		}
	}
	return m.stepLimit(variant, func(l StepLimit) bool { return l.Stage == id }, declared)
}

func (m *Machine) consultation(id string) (Consultation, bool) {
	for _, c := range m.Consultations {
		if c.ID == id {
			return c, true
		}
	}
	return Consultation{}, false
}

func (m *Machine) consultWithin(variant string, c Consultation) calendar.Duration {
	return m.stepLimit(variant, func(l StepLimit) bool { return l.Consultation == c.ID }, c.Within)
}

// settle finds the variant of the dossier. It may still change while the legal
// clock has not started; from then on it is settled.
func (d *decider) settle() {
	if !d.c.AcceptedAt.IsZero() {
		return
	}
	d.choose()
}

// choose makes the first variant whose condition holds the dossier's.
func (d *decider) choose() {
	chosen := ""
	for _, v := range d.Variants {
		if d.Holds(v.When, d.c) {
			chosen = v.ID
			break
		}
	}
	if chosen != d.c.Variant {
		d.record(Fact{Kind: FactVariantChosen, Variant: chosen})
	}
}
