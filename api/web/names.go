package web

import (
	"context"
	"slices"

	"motcua/api/caller"
	"motcua/engine"
)

// names turns ids of departments and officers into what people call them.
// What it does not know it leaves as the id.
type names struct {
	lang caller.Lang
	org  engine.Organisation
}

// names finds the names of the signed-in officer's agency. A page is still of
// use with ids only, so it does not fail for want of them.
func (s *Site) names(ctx context.Context) names {
	call := caller.From(ctx)
	n := names{lang: call.Lang}
	organisations, err := s.People.Officers(ctx)
	if err != nil {
		return n
	}
	i := slices.IndexFunc(organisations, func(o engine.Organisation) bool { return o.Agency.Code == call.Actor.Agency })
	if i >= 0 {
		n.org = organisations[i]
	}
	return n
}

func (n names) agency() string { return n.lang.Text(n.org.Agency.Name) }

func (n names) department(code string) string {
	for _, d := range n.org.Departments {
		if d.Code == code {
			return n.lang.Text(d.Name)
		}
	}
	return code
}

func (n names) officer(id string) string {
	for _, o := range n.org.Officers {
		if o.ID == id {
			return o.Name
		}
	}
	return id
}
