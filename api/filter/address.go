package filter

import (
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"motcua/engine"
	"motcua/engine/calendar"
)

// maxText bounds a value that an address gives: what the API's parameters are
// bounded to, at least.
const maxText = 100

// Parse reads the parameters of an address, as [Ordered.Values] writes them
// and as the form of a page sends them: days stand for their first moments.
// Names it does not know are passed over, for an address carries more than a
// filter. Errors: CodeInvalid with the parameter.
func Parse(values url.Values) (Ordered, error) {
	var p Ordered
	err := p.each(func(name string, field reflect.Value) error {
		text := strings.TrimSpace(values.Get(name))
		if text == "" {
			return nil
		}
		if len(text) > maxText || !read(field, text) {
			return &engine.Error{Code: engine.CodeInvalid, Path: "/" + name, Message: name + " cannot be read"}
		}
		return nil
	})
	if err != nil {
		return p, err
	}
	f, err := p.Filter(engine.Reach{Agency: "any"})
	if err == nil {
		err = f.Check()
	}
	return p, err
}

// Values are the parameters that are set, by name: the same filter has the
// same address.
func (p Ordered) Values() url.Values {
	out := url.Values{}
	_ = p.each(func(name string, field reflect.Value) error {
		if text := written(field); text != "" {
			out.Set(name, text)
		}
		return nil
	})
	return out
}

// Names are the names of all parameters.
func Names() []string {
	var names []string
	var p Ordered
	_ = p.each(func(name string, _ reflect.Value) error { names = append(names, name); return nil })
	return names
}

// each goes through the fields by the names of their parameters.
func (p *Ordered) each(do func(name string, field reflect.Value) error) error {
	all := reflect.ValueOf(p).Elem()
	for _, field := range reflect.VisibleFields(all.Type()) {
		if name := field.Tag.Get("query"); name != "" {
			if err := do(name, all.FieldByIndex(field.Index)); err != nil {
				return err
			}
		}
	}
	return nil
}

func read(field reflect.Value, text string) bool {
	switch into := field.Addr().Interface().(type) {
	case *string:
		*into = text
		return true
	case *OptionalBool:
		yes, err := strconv.ParseBool(text)
		*into = OptionalBool{set: true, Into: yes}
		return err == nil
	case *time.Time:
		t, err := time.Parse(time.RFC3339, text)
		if day, failed := calendar.ParseDate(text); failed == nil {
			t, err = day.Midnight(), nil
		}
		*into = t
		return err == nil
	}
	return false
}

func written(field reflect.Value) string {
	switch value := field.Interface().(type) {
	case string:
		return value
	case OptionalBool:
		if value.set {
			return strconv.FormatBool(value.Into)
		}
	case time.Time:
		if !value.IsZero() {
			return value.In(calendar.Zone()).Format(time.RFC3339)
		}
	}
	return ""
}

// Without is the same filter without some of its parameters.
func Without(values url.Values, names ...string) url.Values {
	out := url.Values{}
	for name, list := range values {
		if !slices.Contains(names, name) {
			out[name] = list
		}
	}
	return out
}

// OptionalBool is a parameter that may be absent, which is not false.
type OptionalBool struct {
	set bool
	// Into is where huma writes; it must be exported for that.
	Into bool
}

// Schema says the parameter is a plain boolean.
func (o *OptionalBool) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeBoolean}
}

// Receiver is where huma puts the value.
func (o *OptionalBool) Receiver() reflect.Value { return reflect.ValueOf(o).Elem().FieldByName("Into") }

// OnParamSet learns whether there was one.
func (o *OptionalBool) OnParamSet(set bool, _ any) { o.set = set }

// Pointer is the value, nil where there was none.
func (o OptionalBool) Pointer() *bool {
	if !o.set {
		return nil
	}
	return &o.Into
}
