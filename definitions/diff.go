package definitions

import (
	"reflect"
	"strconv"

	"motcua/engine"
)

// ChangeKind says what became of a place between two versions.
type ChangeKind string

// The kinds of a change.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
)

// Weight says what a change may touch.
type Weight string

// The weights of a change.
const (
	// Substance alters time, actors, events, papers, guards or the law a
	// procedure rests on.
	Substance Weight = "substance"
	// Wording alters what people read and no dossier feels.
	Wording Weight = "wording"
)

// Change is one difference between two versions of a procedure.
type Change struct {
	// Path is a JSON pointer (RFC 6901) into the newer version; of what was
	// removed, into the older one.
	Path   string      `json:"path"`
	Kind   ChangeKind  `json:"kind"`
	Weight Weight      `json:"weight"`
	Text   engine.Text `json:"text"`
}

// Diff says in words what differs between two versions of a procedure, in the
// order of the newer one; nothing for two that mean the same. What has an id
// is found again by it, an event by its name and condition, a rung by its
// moment, a document by its sign; so a step whose id was changed is one removed
// and one added, and the sentence says so when both have one name. Layout,
// comments and values written out that would hold anyway are no difference.
func Diff(before, after *engine.Machine) []Change {
	d := &differ{}
	d.fields(place{}, reflect.ValueOf(before.Definition), reflect.ValueOf(after.Definition))
	d.initial(before, after)
	return d.changes
}

type differ struct{ changes []Change }

// place is where two versions are being compared: its pointer in each, what
// sentences call it, and whether it is wording only.
type place struct {
	before, after string
	subject       engine.Text
	wording       bool
}

func (p place) key(key string) place {
	p.before, p.after = p.before+"/"+key, p.after+"/"+key
	return p
}

func (p place) items(i, j int) place {
	p.before, p.after = p.before+"/"+strconv.Itoa(i), p.after+"/"+strconv.Itoa(j)
	return p
}

// of is the place under the name of a part of it; a part without one is not
// mentioned.
func (p place) of(w word, called engine.Text) place {
	p.wording = p.wording || w.wording
	p.subject = both(func(lang string) string {
		return joined(", ", name(p.subject, lang), joined(" ", name(w.noun, lang), name(called, lang)))
	})
	return p
}

func (d *differ) fields(at place, before, after reflect.Value) {
	for i, key := range keysOf(after.Type()) {
		d.value(at.key(key), wordOf(after.Type(), key), before.Field(i), after.Field(i))
	}
}

func (d *differ) value(at place, w word, before, after reflect.Value) {
	switch t := after.Type(); {
	case isLeaf(t):
		d.leaf(at, w, w.said(before), w.said(after))
	case t.Kind() == reflect.Slice:
		d.list(at, w, before, after)
	case t.Kind() == reflect.Struct:
		d.fields(at.of(w, engine.Text{}), before, after)
	case before.IsNil() && after.IsNil():
	case before.IsNil():
		d.add(at, w, Added, appeared(at, w, engine.Text{}, gist(after.Elem(), true)))
	case after.IsNil():
		d.add(at, w, Removed, vanished(at, w, engine.Text{}, gist(before.Elem(), true)))
	default:
		d.fields(at.of(w, engine.Text{}), before.Elem(), after.Elem())
	}
}

func (d *differ) leaf(at place, w word, was, is engine.Text) {
	switch {
	case was == is:
	case was.VI == "":
		d.add(at, w, Added, at.say("thêm %[1]s %[2]s", "%[1]s %[2]s added", w.noun, is))
	case is.VI == "":
		d.add(at, w, Removed, at.say("bỏ %[1]s %[2]s", "%[1]s %[2]s removed", w.noun, was))
	case at.subject.VI == "":
		d.add(at, w, Changed, at.say("%s: %s → %s", "%s: %s → %s", w.noun, was, is))
	case w.plain:
		d.add(at, w, Changed, at.say("%s → %s", "%s → %s", was, is))
	default:
		d.add(at, w, Changed, at.say("%s %s → %s", "%s %s → %s", w.noun, was, is))
	}
}

func (d *differ) add(at place, w word, kind ChangeKind, text engine.Text) {
	c := Change{Path: at.after, Kind: kind, Weight: Substance, Text: text}
	if kind == Removed {
		c.Path = at.before
	}
	if at.wording || w.wording {
		c.Weight = Wording
	}
	d.changes = append(d.changes, c)
}

// initial mentions another first step: it is where dossiers start.
func (d *differ) initial(before, after *engine.Machine) {
	if len(before.States) == 0 || len(after.States) == 0 || before.Initial().ID == after.Initial().ID {
		return
	}
	d.add(place{after: "/states/0"}, word{}, Changed, place{}.say(
		"hồ sơ bắt đầu ở bước %[2]s thay cho %[1]s", "dossiers start in step %[2]s instead of %[1]s",
		itemOf(reflect.ValueOf(before.Initial())).called(), itemOf(reflect.ValueOf(after.Initial())).called()))
}
