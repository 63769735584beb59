package engine

import "slices"

// sender is a handoff whose sender was dissolved, in the name of the successor.
func (r Rules) sender(h *Handoff) *Handoff {
	if h == nil {
		return nil
	}
	from, _ := r.asWritten().State(h.FromState)
	now := r.Org.Present(r.Code, RoleIn{h.FromDepartment, from.Role}).Department
	if now == h.FromDepartment {
		return nil
	}
	out := *h
	out.FromDepartment = now
	return &out
}

func (r Rules) signatures(list []Signature) []Signature {
	out := slices.Clone(list)
	for i := range out {
		out[i].RoleIn = r.Org.Present(r.Code, out[i].RoleIn)
	}
	if slices.Equal(out, list) {
		return nil
	}
	return out
}

func (r Rules) proposals(list []Proposal) []Proposal {
	var out []Proposal
	for _, p := range list {
		if now := r.Org.Present(r.Code, p.Approval); now != p.Approval {
			p.Approval = now
			out = append(out, p)
		}
	}
	return out
}

// rounds are the open rounds of consultations in which somebody was asked that
// was dissolved since.
func (r Rules) rounds(list []Consulted) []Consulted {
	var out []Consulted
	for _, round := range list {
		if round.Result != "" {
			continue
		}
		if now := r.round(round); !slices.Equal(now.Opinions, round.Opinions) {
			out = append(out, now)
		}
	}
	return out
}

// answers is the department that answers a request now.
func (r Rules) answers(o Opinion) string {
	return r.Org.Present(r.Code, RoleIn{o.Department, o.Role}).Department
}

// pending says whether an answer may be given that counts.
func (o Opinion) pending() bool { return o.Says == "" && o.Officer == "" && !o.Withdrawn }

// round gives each request to the department that has the work now. A
// department that came of several that were asked speaks once: where one of
// them has answered, that is its answer; else the lead's request stands, or
// the first. The others are not asked any more.
func (r Rules) round(round Consulted) Consulted {
	round.Opinions = slices.Clone(round.Opinions)
	for i, o := range round.Opinions {
		if o.Withdrawn {
			continue
		}
		now := r.answers(o)
		switch {
		case r.voice(round, now) == i:
			round.Opinions[i].Department = now
		case o.pending():
			round.Opinions[i].Withdrawn = true
		}
	}
	return round
}

// voice is which of the requests of a round stands for a department.
func (r Rules) voice(round Consulted, department string) int {
	best, most := -1, -1
	for i, o := range round.Opinions {
		if o.Withdrawn && o.Officer == "" || r.answers(o) != department {
			continue
		}
		weight := 0
		if !o.pending() {
			weight += 2
		}
		if r.leads(round.Consultation, o) {
			weight++
		}
		if weight > most {
			best, most = i, weight
		}
	}
	return best
}

// leads says whether a request went to the department that leads the
// consultation, under the name of the definition or of one of its successors.
func (r Rules) leads(id string, o Opinion) bool {
	c, _ := r.asWritten().consultation(id)
	return c.Lead != "" && slices.Contains(r.Org.line(r.Code, RoleIn{c.Lead, o.Role}), o.Department)
}

// moved is what a reorganisation makes of a case.
func moved(c Case, f Fact) Case {
	if f.To != "" {
		c.Department, c.Role = f.Department, f.Role
	}
	if f.Moved == nil {
		return c
	}
	if f.Moved.Handoff != nil {
		c.Handoff = f.Moved.Handoff
	}
	if f.Moved.Signatures != nil {
		c.Signatures = f.Moved.Signatures
	}
	for _, round := range f.Moved.Consulted {
		c.Consulted = consulted(c.Consulted, round)
	}
	if len(f.Moved.Proposals) > 0 {
		c.Proposals = slices.Clone(c.Proposals)
	}
	for _, p := range f.Moved.Proposals {
		i := slices.IndexFunc(c.Proposals, func(o Proposal) bool { return o.ID == p.ID })
		if i >= 0 {
			c.Proposals[i] = p
		}
	}
	return c
}
