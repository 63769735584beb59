package engine

import (
	"fmt"
	"slices"
	"strings"
)

// Reorganisation is what one decision does to the departments of an agency, in
// order: each change meets what those before it have made.
type Reorganisation struct {
	Reason  string             `yaml:"reason" json:"reason" validate:"max=4000"`
	Changes []DepartmentChange `yaml:"changes" json:"changes" validate:"min=1,max=50,dive"`
}

// DepartmentChange is one change: a merger, a division, another name or
// another place in the tree. Exactly one of Merge, Split, Rename and Move is
// set.
type DepartmentChange struct {
	// Merge names departments whose work goes into one: Into, which is new or
	// stays. The others are dissolved.
	Merge []string        `yaml:"merge" json:"merge,omitempty" validate:"max=50,dive,required,max=64"`
	Into  *DepartmentWish `yaml:"into" json:"into,omitempty"`
	// Split names a department that is dissolved; its work goes to Parts.
	Split string           `yaml:"split" json:"split,omitempty" validate:"max=64"`
	Parts []DepartmentPart `yaml:"parts" json:"parts,omitempty" validate:"max=50,dive"`
	// Rename names a department that is called otherwise from now on, as As
	// says. Another code is another department for ever.
	Rename string          `yaml:"rename" json:"rename,omitempty" validate:"max=64"`
	As     *DepartmentWish `yaml:"as" json:"as,omitempty"`
	// Move names a department that stands Under another one; empty: at the top.
	Move  string `yaml:"move" json:"move,omitempty" validate:"max=64"`
	Under string `yaml:"under" json:"under,omitempty" validate:"max=64"`
}

// DepartmentWish says what a department is to be. What it leaves out stays as
// it is or, for a new one, comes from the department it succeeds.
type DepartmentWish struct {
	Code   string `yaml:"code" json:"code,omitempty" validate:"max=64"`
	Name   Text   `yaml:"name" json:"name,omitzero" validate:"-"`
	Parent string `yaml:"parent" json:"parent,omitempty" validate:"max=64"`
}

// DepartmentPart is a part of a department that was split. What the first part
// that fits takes over is its own: by the roles of steps, by procedures, or by
// both. The last part names neither and takes the rest.
type DepartmentPart struct {
	Code       string   `yaml:"code" json:"code" validate:"required,max=64"`
	Name       Text     `yaml:"name" json:"name" validate:"-"`
	Parent     string   `yaml:"parent" json:"parent,omitempty" validate:"max=64"`
	Roles      []string `yaml:"roles" json:"roles,omitempty" validate:"max=50,dive,required,max=64"`
	Procedures []string `yaml:"procedures" json:"procedures,omitempty" validate:"max=500,dive,required,max=64"`
	// Officers who work in this part only of those that name anybody. Who is
	// named in none works in every part that has their role.
	Officers []string `yaml:"officers" json:"officers,omitempty" validate:"max=5000,dive,required,max=64"`
}

// MayReorganise says whether an actor may change the organisation of their
// agency. Errors: CodeWrongRole, CodeForbidden.
func MayReorganise(a Actor) error {
	if a.Agency == "" || May(a, VerbChangeOrganisation) == ScopeNone {
		return VerbChangeOrganisation.Refused(a)
	}
	return nil
}

// Reorganised is an organisation after a reorganisation; dissolved are the
// departments that it dissolved. Errors: CodeInvalid with the path of what
// cannot be, CodeCommentRequired.
func (o Organisation) Reorganised(r Reorganisation) (after Organisation, dissolved []string, err error) {
	switch {
	case strings.TrimSpace(r.Reason) == "":
		return o, nil, &Error{Code: CodeCommentRequired, Path: "/reason", Message: "a reorganisation takes a reason"}
	case len(r.Changes) == 0:
		return o, nil, &Error{Code: CodeInvalid, Path: "/changes", Message: "say what changes"}
	}
	w := newRedraw(o)
	for i, c := range r.Changes {
		w.path = fmt.Sprintf("/changes/%d", i)
		if err := w.change(c); err != nil {
			return o, nil, err
		}
	}
	return w.o, w.dissolved, nil
}

// redraw is an organisation on which changes are made.
type redraw struct {
	o         Organisation
	path      string // of the change at hand
	dissolved []string
}

func newRedraw(o Organisation) *redraw {
	o.Departments, o.Successions = slices.Clone(o.Departments), slices.Clone(o.Successions)
	o.Officers = slices.Clone(o.Officers)
	for i := range o.Officers {
		o.Officers[i].Roles = slices.Clone(o.Officers[i].Roles)
	}
	return &redraw{o: o}
}

func (w *redraw) invalid(place, format string, args ...any) error {
	return &Error{Code: CodeInvalid, Path: w.path + place, Message: fmt.Sprintf(format, args...)}
}

func (w *redraw) change(c DepartmentChange) error {
	set := 0
	for _, is := range []bool{len(c.Merge) > 0, c.Split != "", c.Rename != "", c.Move != ""} {
		if is {
			set++
		}
	}
	if set != 1 {
		return w.invalid("", "a change is one of merge, split, rename and move")
	}
	var err error
	switch {
	case len(c.Merge) > 0:
		err = w.merge(c.Merge, c.Into)
	case c.Split != "":
		err = w.split(c.Split, c.Parts)
	case c.Rename != "":
		err = w.rename(c.Rename, c.As)
	default:
		err = w.move(c.Move, c.Under)
	}
	if err != nil {
		return err
	}
	return w.tree()
}

// living finds a department that is not dissolved.
func (w *redraw) living(place, code string) (int, error) {
	i := w.find(code)
	switch {
	case i < 0:
		return i, w.invalid(place, "agency %s has no department %q", w.o.Agency.Code, code)
	case w.o.Departments[i].Dissolved:
		return i, w.invalid(place, "department %q was dissolved before", code)
	}
	return i, nil
}

func (w *redraw) find(code string) int {
	return slices.IndexFunc(w.o.Departments, func(d Department) bool { return d.Code == code })
}

// found adds a new department before the one at a place.
func (w *redraw) found(place string, at int, d Department) error {
	switch {
	case !kebab.MatchString(d.Code):
		return w.invalid(place+"/code", "department %q must be kebab-case", d.Code)
	case w.find(d.Code) >= 0:
		return w.used(place+"/code", d.Code)
	case strings.TrimSpace(d.Name.VI) == "":
		return w.invalid(place+"/name", "a new department has a name in Vietnamese")
	}
	w.o.Departments = slices.Insert(w.o.Departments, at, d)
	return nil
}

func (w *redraw) used(place, code string) error {
	return w.invalid(place, "department %q exists or existed: a code means one department for ever", code)
}

// dissolve gives a department's place in the tree to its successor.
func (w *redraw) dissolve(place, code, heir string) error {
	if code == DepartmentQuality {
		return w.invalid(place, "department %q stays: who controls procedures is found by its code", code)
	}
	i := w.find(code)
	above := w.o.Departments[i].Parent
	w.o.Departments[i].Parent, w.o.Departments[i].Dissolved = "", true
	for j, d := range w.o.Departments {
		switch {
		case d.Parent != code:
		case d.Code == heir:
			w.o.Departments[j].Parent = above
		default:
			w.o.Departments[j].Parent = heir
		}
	}
	w.dissolved = append(w.dissolved, code)
	return nil
}

// tree refuses a department that stands above itself.
func (w *redraw) tree() error {
	d := NewDirectory(w.o)
	for _, u := range w.o.Departments {
		if u.Parent != "" && slices.Contains(d.upwards(u.Parent), u.Code) {
			return w.invalid("", "department %q would stand above itself", u.Code)
		}
	}
	return nil
}
