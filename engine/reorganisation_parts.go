package engine

import (
	"fmt"
	"slices"
)

// merge lets one department take over what several did.
func (w *redraw) merge(codes []string, into *DepartmentWish) error {
	if into == nil || into.Code == "" {
		return w.invalid("/into", "say which department they become")
	}
	for i, code := range codes {
		place := fmt.Sprintf("/merge/%d", i)
		if _, err := w.living(place, code); err != nil {
			return err
		}
		if slices.Contains(codes[:i], code) {
			return w.invalid(place, "department %q is named twice", code)
		}
	}
	sources := slices.DeleteFunc(slices.Clone(codes), func(code string) bool { return code == into.Code })
	if w.find(into.Code) < 0 && len(sources) < 2 || len(sources) == 0 {
		return w.invalid("/merge", "it takes two departments to merge; rename one otherwise")
	}
	if err := w.become("/into", sources[0], *into); err != nil {
		return err
	}
	for _, code := range sources {
		w.o.Successions = append(w.o.Successions, Succession{From: code, To: into.Code})
		if err := w.dissolve("/merge", code, into.Code); err != nil {
			return err
		}
		w.transfer(code, func(_ Officer, role string) []RoleIn { return []RoleIn{{into.Code, role}} })
	}
	return nil
}

// become makes the department that a merger leads to, or finds it.
func (w *redraw) become(place, first string, into DepartmentWish) error {
	at := w.find(into.Code)
	if at < 0 {
		source := w.o.Departments[w.find(first)]
		if into.Parent == "" {
			into.Parent = source.Parent
		}
		if into.Parent != "" {
			if _, err := w.living(place+"/parent", into.Parent); err != nil {
				return err
			}
		}
		return w.found(place, w.find(first), Department{Code: into.Code, Name: into.Name, Parent: into.Parent})
	}
	if _, err := w.living(place+"/code", into.Code); err != nil {
		return err
	}
	if into.Name.VI != "" {
		w.o.Departments[at].Name = into.Name
	}
	if into.Parent != "" {
		return w.move(into.Code, into.Parent)
	}
	return nil
}

// split gives the work of one department to several.
func (w *redraw) split(code string, parts []DepartmentPart) error {
	at, err := w.living("/split", code)
	if err != nil {
		return err
	}
	if len(parts) < 2 {
		return w.invalid("/parts", "a department is split into two at least")
	}
	source := w.o.Departments[at]
	for i, p := range parts {
		place := fmt.Sprintf("/parts/%d", i)
		rest := Succession{From: code, To: p.Code, Roles: p.Roles, Procedures: p.Procedures}
		switch last := i == len(parts)-1; {
		case rest.rest() != last && last:
			return w.invalid(place, "the last part takes the rest: it names no roles and no procedures")
		case rest.rest() != last:
			return w.invalid(place, "only the last part takes the rest: say which roles or procedures this one takes")
		}
		if err := w.staffed(place, code, p.Officers); err != nil {
			return err
		}
		d := Department{Code: p.Code, Name: p.Name, Parent: p.Parent}
		if d.Parent == "" {
			d.Parent = source.Parent
		} else if _, err := w.living(place+"/parent", d.Parent); err != nil {
			return err
		}
		if err := w.found(place, at+i, d); err != nil {
			return err
		}
		w.o.Successions = append(w.o.Successions, rest)
	}
	if err := w.dissolve("/split", code, parts[len(parts)-1].Code); err != nil {
		return err
	}
	w.transfer(code, func(o Officer, role string) []RoleIn { return shared(parts, o, role) })
	return nil
}

// staffed refuses officers of a part who do not work in the department.
func (w *redraw) staffed(place, code string, officers []string) error {
	for i, id := range officers {
		there := slices.ContainsFunc(w.o.Officers, func(o Officer) bool {
			return o.ID == id && slices.ContainsFunc(o.Roles, func(r RoleIn) bool { return r.Department == code })
		})
		if !there {
			return w.invalid(fmt.Sprintf("%s/officers/%d", place, i), "no officer %q works in department %q", id, code)
		}
	}
	return nil
}

// shared is where an officer holds a role once the department is split: in the
// parts that take it over, but only in those that name the officer where any
// of them does.
func shared(parts []DepartmentPart, o Officer, role string) []RoleIn {
	var all, named []RoleIn
	for _, p := range parts {
		if len(p.Roles) > 0 && !slices.Contains(p.Roles, role) {
			continue
		}
		r := RoleIn{p.Code, role}
		all = append(all, r)
		if slices.Contains(p.Officers, o.ID) {
			named = append(named, r)
		}
		if len(p.Procedures) == 0 { // all of that role goes here: nothing is left for those behind
			break
		}
	}
	if len(named) > 0 {
		return named
	}
	return all
}

// transfer gives officers the roles that come in the place of those they held
// in a department.
func (w *redraw) transfer(code string, become func(Officer, string) []RoleIn) {
	for i, o := range w.o.Officers {
		var roles []RoleIn
		for _, r := range o.Roles {
			if r.Department == code {
				roles = union(roles, become(o, r.Role))
			} else {
				roles = union(roles, []RoleIn{r})
			}
		}
		w.o.Officers[i].Roles = roles
	}
}

// rename calls a department otherwise; another code makes it another one.
func (w *redraw) rename(code string, as *DepartmentWish) error {
	at, err := w.living("/rename", code)
	switch {
	case err != nil:
		return err
	case as == nil || as.Name.VI == "" && (as.Code == "" || as.Code == code):
		return w.invalid("/as", "say what it is called, or its new code")
	}
	wish := *as
	if wish.Name.VI == "" {
		wish.Name = w.o.Departments[at].Name
	}
	if wish.Code == "" || wish.Code == code {
		w.o.Departments[at].Name = wish.Name
		if wish.Parent != "" {
			return w.move(code, wish.Parent)
		}
		return nil
	}
	if w.find(wish.Code) >= 0 {
		return w.used("/as/code", wish.Code)
	}
	if err := w.become("/as", code, wish); err != nil {
		return err
	}
	w.o.Successions = append(w.o.Successions, Succession{From: code, To: wish.Code})
	if err := w.dissolve("/rename", code, wish.Code); err != nil {
		return err
	}
	w.transfer(code, func(_ Officer, role string) []RoleIn { return []RoleIn{{wish.Code, role}} })
	return nil
}

// move puts a department under another one.
func (w *redraw) move(code, under string) error {
	at, err := w.living("/move", code)
	if err == nil && under != "" {
		_, err = w.living("/under", under)
	}
	if err == nil {
		w.o.Departments[at].Parent = under
	}
	return err
}
