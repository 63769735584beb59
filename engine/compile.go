package engine

import (
	"reflect"
	"regexp"
	"strings"

	"github.com/go-playground/validator/v10"
)

var structure = newStructure()

func newStructure() *validator.Validate {
	v := validator.New(validator.WithRequiredStructEnabled())
	v.RegisterTagNameFunc(func(f reflect.StructField) string {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		return name
	})
	return v
}

// Compile turns a definition into a machine: structural validation, then the
// rules of lint. sha256 is the digest of the text the definition was read
// from. The machine is nil when one of the findings is an error; warnings come
// back beside a machine.
func Compile(def Definition, sha256 string) (*Machine, Findings) {
	if findings := validate(def); findings.Err() != nil {
		return nil, findings
	}
	m := newMachine(def, sha256)
	findings := lint(m)
	if findings.Err() != nil {
		return nil, findings
	}
	return m, findings
}

// ValidateOrganisation checks each value of an organisation by the tags of its
// field, as [Compile] does for a definition.
func ValidateOrganisation(o Organisation) Findings { return validate(o) }

// ValidateReorganisation checks each value of a reorganisation likewise.
func ValidateReorganisation(r Reorganisation) Findings { return validate(r) }

// validate checks each value of a struct by the tags of its field.
func validate(v any) Findings {
	err := structure.Struct(v)
	if err == nil {
		return nil
	}
	broken, ok := err.(validator.ValidationErrors) //nolint:errorlint // Struct returns exactly this type
	if !ok {
		return Findings{{Code: "structure", Message: err.Error(), MessageVI: "không kiểm tra được: " + err.Error(), Severity: SeverityError}}
	}
	findings := make(Findings, len(broken))
	for i, b := range broken {
		en, vi := explain(b)
		findings[i] = Finding{Path: pointer(b.Namespace()), Code: "structure", Message: en, MessageVI: vi, Severity: SeverityError}
	}
	return findings
}

var indexed = regexp.MustCompile(`\[(\d+)\]`)

// pointer writes the validator's namespace "Definition.states[2].on" as a JSON
// pointer.
func pointer(namespace string) string {
	_, path, _ := strings.Cut(namespace, ".")
	return "/" + strings.ReplaceAll(indexed.ReplaceAllString(path, ".$1"), ".", "/")
}

// explain says in words which rule a value breaks, naming the value by its
// place: "states[2].name.vi is required".
func explain(b validator.FieldError) (en, vi string) {
	_, what, _ := strings.Cut(b.Namespace(), ".")
	switch b.Tag() {
	case "required":
		return what + " is required", "thiếu " + what
	case "oneof":
		words := strings.ReplaceAll(b.Param(), " ", ", ")
		return what + " must be one of: " + words, what + " phải là một trong: " + words
	case "max":
		return what + bound(b, " may not be more than ", " may not be longer than ", " may not have more than ", " characters", " items"),
			what + bound(b, " không được lớn hơn ", " không được dài quá ", " không được có quá ", " ký tự", " mục")
	case "min":
		return what + bound(b, " must be at least ", " may not be shorter than ", " must have at least ", " characters", " items"),
			what + bound(b, " ít nhất phải là ", " không được ngắn hơn ", " phải có ít nhất ", " ký tự", " mục")
	case "eq":
		return what + " must be " + b.Param(), what + " phải là " + b.Param()
	}
	return what + " breaks the rule " + b.Tag(), what + " không đúng quy tắc " + b.Tag()
}

// bound words a limit by what it limits: a number, a text or a list.
func bound(b validator.FieldError, number, text, list, characters, items string) string {
	switch b.Kind() {
	case reflect.String:
		return text + b.Param() + characters
	case reflect.Slice:
		return list + b.Param() + items
	default:
		return number + b.Param()
	}
}
