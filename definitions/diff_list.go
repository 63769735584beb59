package definitions

import (
	"reflect"
	"slices"
	"strconv"

	"motcua/engine"
)

// item is how one entry of a list is told from the others and called.
type item struct {
	key   string      // by which it is found in the other version
	loose string      // by which it is found when the key has changed
	id    engine.Text // as the file calls it, quoted
	name  engine.Text // as people call it; may be empty
}

func newItem(id string, name engine.Text) item {
	return item{key: id, loose: id, id: same(titled(id)), name: name}
}

func itemOf(v reflect.Value) item {
	switch x := v.Interface().(type) {
	case engine.LegalBasis:
		return newItem(x.Ref, engine.Text{})
	case engine.Fee:
		return newItem(x.Name.VI, engine.Text{})
	case engine.RoleIn:
		return newItem(x.Department+"/"+x.Role, engine.Text{})
	case engine.Rung:
		return newItem(x.String(), engine.Text{})
	case engine.Handed:
		return newItem(x.ID, engine.Text{})
	case engine.StepLimit:
		return stepLimitItem(x)
	case engine.Transition:
		it := newItem(x.Event, x.Name)
		it.key += " " + string(x.When)
		return it
	}
	return newItem(v.FieldByName("ID").String(), v.FieldByName("Name").Interface().(engine.Text))
}

func stepLimitItem(l engine.StepLimit) item {
	for _, of := range []struct{ id, vi, en string }{
		{l.State, "của bước ", "of step "}, {l.Cell, "của ô thời gian ", "of time cell "},
		{l.Stage, "của giai đoạn ", "of stage "}, {l.Consultation, "của việc lấy ý kiến ", "of consultation "},
	} {
		if of.id != "" {
			key := of.en + of.id
			return item{key: key, loose: key, id: engine.Text{VI: of.vi + titled(of.id), EN: of.en + titled(of.id)}}
		}
	}
	return item{}
}

// titled quotes a name, of which some fill a page.
func titled(s string) string { return strconv.Quote(clipped(s, 120)) }

// called is the name people know the item by, else its id.
func (it item) called() engine.Text {
	if it.name.VI == "" {
		return it.id
	}
	return both(func(lang string) string { return titled(name(it.name, lang)) })
}

// title is id and name.
func (it item) title() engine.Text {
	if it.name.VI == "" {
		return it.id
	}
	return both(func(lang string) string { return name(it.id, lang) + " (" + name(it.name, lang) + ")" })
}

func itemsOf(list reflect.Value) []item {
	items := make([]item, list.Len())
	for i := range items {
		items[i] = itemOf(list.Index(i))
	}
	return items
}

// list compares two lists item by item, whatever their order, and mentions the
// order once.
func (d *differ) list(at place, w word, before, after reflect.Value) {
	was, is := itemsOf(before), itemsOf(after)
	from, lost := match(was, is)
	for _, i := range lost {
		d.add(at.items(i, 0), w, Removed, vanished(at, w, was[i].title(), gist(before.Index(i), false)))
	}
	for j, i := range from {
		if i < 0 {
			title := both(func(lang string) string { return name(is[j].title(), lang) + twin(is[j], was, lost, lang) })
			d.add(at.items(0, j), w, Added, appeared(at, w, title, gist(after.Index(j), false)))
			continue
		}
		d.fields(at.items(i, j).of(w, is[j].called()), before.Index(i), after.Index(j))
	}
	kept := slices.DeleteFunc(from, func(i int) bool { return i < 0 })
	if !slices.IsSorted(kept) {
		at.wording = at.wording || !w.ordered
		d.add(at, w, Changed, at.say("thứ tự các %s đã thay đổi", "the %s order has changed", w.noun))
	}
}

// match finds for each item the one it was before, or -1, and lists those that
// are no more. Of several alike the first is the first.
func match(was, is []item) (from, lost []int) {
	from, taken := slices.Repeat([]int{-1}, len(is)), make([]bool, len(was))
	for _, sign := range []func(item) string{func(it item) string { return it.key }, func(it item) string { return it.loose }} {
		waiting := make(map[string][]int, len(was))
		for i, it := range was {
			if !taken[i] {
				waiting[sign(it)] = append(waiting[sign(it)], i)
			}
		}
		for j, it := range is {
			if queue := waiting[sign(it)]; from[j] < 0 && len(queue) > 0 {
				from[j], taken[queue[0]], waiting[sign(it)] = queue[0], true, queue[1:]
			}
		}
	}
	for i := range was {
		if !taken[i] {
			lost = append(lost, i)
		}
	}
	return from, lost
}

// twin remarks that what was added has the name of something removed: most
// likely one thing under another id.
func twin(it item, was []item, lost []int, lang string) string {
	i := slices.IndexFunc(lost, func(i int) bool { return it.name.VI != "" && was[i].name.VI == it.name.VI })
	if i < 0 {
		return ""
	}
	old := name(was[lost[i]].id, lang)
	if lang == "en" {
		return ", by the name of the removed " + old
	}
	return ", trùng tên với " + old + " đã bỏ"
}
