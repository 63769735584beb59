package engine

import "slices"

// evolveClocks is what the facts of clocks and of the ladder make of a case.
func evolveClocks(c Case, f Fact) Case {
	switch f.Kind {
	case FactClockStarted:
		c.Clocks = append(slices.Clone(c.Clocks), *f.Clock)
		if f.Clock.Succeeds != "" {
			c = succeededBy(c, *f.Clock)
		}
		if f.Alarm != nil {
			c.Alarms = append(slices.Clone(c.Alarms), *f.Alarm)
		}
		if k := f.Clock.Kind; c.AcceptedAt.IsZero() && (k == ClockStatutory || k == ClockCommitted) {
			c.AcceptedAt = f.At
		}
	case FactClockSuspended, FactClockResumed:
		c.Clocks = replaced(c.Clocks, *f.Clock)
	case FactClockStopped:
		c.Clocks = without(c.Clocks, f.Clock.ID)
		c.Alarms = slices.DeleteFunc(slices.Clone(c.Alarms), func(a Alarm) bool { return a.Clock == f.Clock.ID })
		if f.Clock.Kind == ClockStep {
			c.Steps = usedUp(c.Steps, *f.Clock)
		}
	case FactRungFired:
		c.Clocks = fired(c.Clocks, *f.Rung)
	}
	return c
}

// usedUp remembers what a visit used of the clock of a step.
func usedUp(steps []StepUsed, k Clock) []StepUsed {
	out := slices.DeleteFunc(slices.Clone(steps), func(s StepUsed) bool { return s.Subject == k.Subject })
	return append(out, StepUsed{Subject: k.Subject, Consumed: k.Consumed})
}

// succeededBy lets what hangs on a clock follow it to its successor.
func succeededBy(c Case, k Clock) Case {
	c.Consulted = succeeded(c.Consulted, k)
	c.Alarms = slices.Clone(c.Alarms)
	for i := range c.Alarms {
		if c.Alarms[i].Of == k.Succeeds {
			c.Alarms[i].Of = k.ID
		}
	}
	c.Linked = slices.Clone(c.Linked)
	for i := range c.Linked {
		switch k.Succeeds {
		case c.Linked[i].Receipt:
			c.Linked[i].Receipt = k.ID
		case c.Linked[i].Clock:
			c.Linked[i].Clock = k.ID
		}
	}
	return c
}

func answered(proposals []Proposal, p Proposal) []Proposal {
	return slices.DeleteFunc(slices.Clone(proposals), func(o Proposal) bool { return o.ID == p.ID })
}

func told(parts []Linked, part Linked) []Linked {
	out := slices.Clone(parts)
	for i := range out {
		if out[i].ID == part.ID {
			out[i] = part
		}
	}
	return out
}

// heard is what a halt says of the linked dossier that causes it.
func heard(parts []Linked, f Fact) []Linked {
	if f.Linked == nil {
		return parts
	}
	return told(parts, *f.Linked)
}

// takenUp notes that an officer has done something with a dossier that is a
// part of another one. Who reorganises the agency has not looked at it.
func takenUp(c Case, f Fact) Case {
	if f.Kind == FactDepartmentChanged {
		return c
	}
	if c.Parent != nil && !c.Parent.Acknowledged && f.ActorKind == ActorOfficer {
		p := *c.Parent
		p.Acknowledged = true
		c.Parent = &p
	}
	return c
}
