package api

import (
	"errors"
	"reflect"
	"regexp"
	"strings"

	"github.com/go-playground/validator/v10"

	"motcua/api/caller"
	"motcua/api/problem"
)

// rules checks values by the validate tags, the same rules the other rooms
// use; huma checks the shape before that.
var rules = newRules()

// id is how procedures, states, events and papers are named; it cannot hold a
// person.
var id = regexp.MustCompile(`^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$`)

func newRules() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return name
	})
	matching := func(ok func(string) bool) validator.Func {
		return func(f validator.FieldLevel) bool { return ok(f.Field().String()) }
	}
	for tag, check := range map[string]func(string) bool{"id": id.MatchString, "plain": plain} {
		if err := v.RegisterValidation(tag, matching(check)); err != nil {
			panic(err) // a tag misspelt in this file
		}
	}
	return v
}

// invalid is one broken rule. It knows the place and the rule, not the value.
type invalid struct{ in, path, tag, param string }

// Error names the rule; the words for people are made by fault.
func (e *invalid) Error() string { return e.path + " breaks the rule " + e.tag }

func (e *invalid) fault(lang caller.Lang) problem.Fault {
	return problem.Fault{In: e.in, Path: e.path, Message: e.message(lang)}
}

func (e *invalid) message(lang caller.Lang) string {
	switch e.tag {
	case "required":
		return lang.T("bắt buộc phải có", "required")
	case "max":
		return lang.T("dài hoặc nhiều hơn ", "longer or more than ") + e.param
	case "oneof":
		values := strings.ReplaceAll(e.param, " ", ", ")
		return lang.T("phải là một trong: ", "must be one of: ") + values
	case "email":
		return lang.T("không phải địa chỉ thư điện tử", "not an e-mail address")
	case "id":
		return lang.T("chỉ được gồm chữ cái không dấu, chữ số, dấu chấm và gạch nối", "may hold letters, digits, dots and hyphens only")
	case "plain":
		return lang.T("có ký tự điều khiển không được phép", "holds control characters")
	case "with":
		return lang.T("chỉ đi cùng thao tác: ", "goes only with: ") + e.param
	case "handing":
		return lang.T("chỉ đi cùng thao tác chuyển hồ sơ sang bước khác", "goes only with an event of the procedure")
	case "duration":
		return lang.T("phải là khoảng thời gian như 2wd", "must be a duration such as 2wd")
	case "depth":
		return lang.T("lồng nhau quá sâu", "nested too deeply")
	default:
		return lang.T("không hợp lệ", "not valid")
	}
}

// check applies the rules to a decoded body.
func check(body any) []error {
	var broken validator.ValidationErrors
	if err := rules.Struct(body); !errors.As(err, &broken) {
		return nil
	}
	out := make([]error, len(broken))
	for i, b := range broken {
		_, place, _ := strings.Cut(b.Namespace(), ".")
		out[i] = &invalid{in: "body", path: pointer(place), tag: b.Tag(), param: b.Param()}
	}
	return out
}

// maxDepth bounds how deep the values of fields may nest; the definition's
// fields are flat, so this is generous.
const maxDepth = 8

// checkFields applies to free data what tags cannot say: no control
// characters, no depth without end.
func checkFields(path string, v any, depth int) []error {
	if depth > maxDepth {
		return []error{&invalid{in: "body", path: path, tag: "depth"}}
	}
	var out []error
	switch v := v.(type) {
	case string:
		if !plain(v) {
			out = append(out, &invalid{in: "body", path: path, tag: "plain"})
		}
	case []any:
		for _, item := range v {
			out = append(out, checkFields(path, item, depth+1)...)
		}
	case map[string]any:
		for name, item := range v {
			if !problem.SafeName(name) {
				out = append(out, &invalid{in: "body", path: path, tag: "id"})
				continue
			}
			out = append(out, checkFields(path+"/"+name, item, depth+1)...)
		}
	}
	return out
}
