package scenario

import (
	"cmp"
	"slices"
	"strings"

	"motcua/engine"
)

// papers tells the components that were handed in.
func (t *teller) papers(f engine.Fact, l *Line) {
	l.What = engine.Text{VI: "nhận giấy tờ", EN: "papers received"}
	names := make([]engine.Text, len(f.Components))
	for i, id := range f.Components {
		at := slices.IndexFunc(t.Components, func(c engine.Component) bool { return c.ID == id })
		names[i] = both("")
		if at >= 0 {
			names[i] = t.Components[at].Name
		}
	}
	l.Detail = listed(f.Components, names)
	l.shape = "papers " + strings.Join(f.Components, ", ")
}

// fields tells which fields were given. Of their values the record holds only
// those that conditions rest on.
func (t *teller) fields(f engine.Fact, l *Line) {
	l.What = engine.Text{VI: "nhận thông tin", EN: "fields received"}
	ids, names := slices.Clone(f.Given), make([]engine.Text, len(f.Given))
	for i, id := range f.Given {
		at := slices.IndexFunc(t.Fields, func(d engine.Field) bool { return d.ID == id })
		names[i] = both("")
		if at >= 0 {
			names[i] = t.Fields[at].Name
		}
		if value, kept := f.Fields[id]; kept {
			ids[i] = id + " = " + value
		}
	}
	l.Detail = listed(ids, names)
	l.shape = "fields " + strings.Join(ids, ", ")
}

// listed writes ids, each with its name where it has one.
func listed(ids []string, names []engine.Text) engine.Text {
	vi, en := make([]string, len(ids)), make([]string, len(ids))
	for i, id := range ids {
		vi[i], en[i] = id, id
		if name := names[i]; name.VI != "" {
			vi[i], en[i] = id+" ("+name.VI+")", id+" ("+cmp.Or(name.EN, name.VI)+")"
		}
	}
	return engine.Text{VI: strings.Join(vi, "; "), EN: strings.Join(en, "; ")}
}

// variant tells which case of the procedure the dossier is.
func (t *teller) variant(f engine.Fact, l *Line) {
	l.What = engine.Text{VI: "xác định trường hợp", EN: "variant chosen"}
	l.Detail = engine.Text{VI: "không thuộc trường hợp riêng nào", EN: "none of them"}
	if i := slices.IndexFunc(t.Variants, func(v engine.Variant) bool { return v.ID == f.Variant }); i >= 0 {
		l.Detail = listed([]string{f.Variant}, []engine.Text{t.Variants[i].Name})
	}
	l.shape = "variant " + cmp.Or(f.Variant, none)
}

// fired tells an event that left the dossier where it was.
func (t *teller) fired(f engine.Fact, l *Line) {
	l.What = engine.Text{VI: "thao tác", EN: "event"}
	name := t.event(f.Event, f.To, "")
	l.Detail = listed([]string{f.Event}, []engine.Text{name})
	l.shape = "event " + f.Event
}

// signed tells one voice towards the quorum of an event.
func (t *teller) signed(f engine.Fact, l *Line) {
	l.What = engine.Text{VI: "ký, biểu quyết", EN: "voice given"}
	name, role := t.event(f.Event, t.c.State, ""), f.Department+"/"+f.Role
	l.Detail = listed([]string{f.Event + ", " + role}, []engine.Text{name})
	l.shape = "signed " + f.Event + " as " + role
}

// extended tells that the legal limits were lengthened.
func (t *teller) extended(f engine.Fact, l *Line) {
	l.What = engine.Text{VI: "gia hạn", EN: "limit extended"}
	l.Detail = engine.Text{VI: "thêm " + f.By.String(), EN: "by " + f.By.String()}
	l.shape = "extended " + f.By.String()
}
