package api

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"motcua/api/caller"
	"motcua/api/problem"
	"motcua/engine"
)

// huma makes the errors of its own checks through these package variables and
// offers no other way. Its own shape repeats the rejected value, and for an
// unknown property the whole body: with a citizen's number in it.
func init() {
	huma.ValidateStrictCasing = true
	huma.NewError = func(status int, _ string, _ ...error) huma.StatusError {
		return problem.OfStatus(context.Background(), status)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, _ string, errs ...error) huma.StatusError {
		p := reword(ctx.Context(), status, errs)
		p.Headers(ctx.SetHeader)
		return p
	}
}

// reword makes the problem behind what huma met: an error of a handler, or
// what its checks found wrong with the input.
func reword(ctx context.Context, status int, errs []error) *problem.Problem {
	if status == http.StatusInternalServerError {
		return problem.Of(ctx, errors.Join(errs...))
	}
	var faults []problem.Fault
	for _, err := range errs {
		f, rule := fault(ctx, err)
		// What cannot be read has no values whose rules could be judged.
		if rule && status != http.StatusUnprocessableEntity {
			continue
		}
		if !slices.ContainsFunc(faults, func(g problem.Fault) bool { return g.In == f.In && g.Path == f.Path }) {
			faults = append(faults, f)
		}
	}
	slices.SortStableFunc(faults, func(f, g problem.Fault) int {
		return cmp.Or(cmp.Compare(f.In, g.In), cmp.Compare(f.Path, g.Path))
	})
	return problem.OfStatus(ctx, status, faults...)
}

// fault takes from an error the place and the rule, never the value. It says
// whether the rule is one of ours rather than one of huma's.
func fault(ctx context.Context, err error) (f problem.Fault, ours bool) {
	lang := caller.From(ctx).Lang
	var broken *invalid
	if errors.As(err, &broken) {
		return broken.fault(lang), true
	}
	var found *huma.ErrorDetail
	if !errors.As(err, &found) {
		return problem.Fault{Message: lang.T("không hợp lệ", "not valid")}, false
	}
	in, rest, _ := strings.Cut(found.Location, ".")
	f = problem.Fault{In: in, Path: pointer(rest), Message: wording(lang, found.Message)}
	if _, ok := found.Value.(string); ok && in == "body" && rest == "" {
		f.Message = lang.T("không phải JSON hợp lệ", "not valid JSON") // the value is the whole text
	}
	if missing, ok := strings.CutPrefix(found.Message, missingProperty); ok {
		property, _, _ := strings.Cut(missing, " ")
		f.Path += "/" + property
		f.Message = lang.T("bắt buộc phải có", "required")
	}
	return f, false
}

// missingProperty is how huma reports, at the object, a property it lacks.
const missingProperty = "expected required property "

// pointer writes "fields.items[2].name" as a JSON pointer. A name the client
// made up is quoted only where it could be a misspelt property.
func pointer(place string) string {
	if place == "" {
		return ""
	}
	var out strings.Builder
	for step := range strings.FieldsFuncSeq(place, func(r rune) bool { return r == '.' || r == '[' || r == ']' }) {
		if !index(step) && !problem.SafeName(step) {
			break
		}
		out.WriteString("/" + step)
	}
	return out.String()
}

func index(step string) bool { return len(step) < 5 && strings.Trim(step, "0123456789") == "" }

// wordings are what huma's checks say, by how they begin.
var wordings = []struct{ begins, vi string }{
	{"unexpected property", "thuộc tính không được biết đến"},
	{"unknown query parameter", "tham số không được biết đến"},
	{"required", "bắt buộc phải có"},
	{"expected string to be RFC 3339", "phải là thời điểm theo RFC 3339"},
	{"invalid date/time", "phải là thời điểm theo RFC 3339"},
	{"expected string to match", "sai định dạng"},
	{"expected string to be", "sai định dạng"},
	{"expected string", "phải là chuỗi"},
	{"expected integer", "phải là số nguyên"},
	{"invalid integer", "phải là số nguyên"},
	{"expected number", "ngoài khoảng cho phép"},
	{"expected boolean", "phải là true hoặc false"},
	{"invalid boolean", "phải là true hoặc false"},
	{"expected array", "phải là danh sách"},
	{"expected object", "phải là đối tượng"},
	{"expected length", "sai độ dài"},
	{"expected value to be one of", "phải là một trong"},
}

// wording passes on what huma says where it is known to quote the schema only.
func wording(lang caller.Lang, said string) string {
	for _, w := range wordings {
		if rest, ok := strings.CutPrefix(said, w.begins); ok {
			if _, choices, ok := strings.Cut(rest, `"`); ok {
				return lang.T(w.vi+": "+strings.Trim(choices, `"`), said)
			}
			return lang.T(w.vi, said)
		}
	}
	return lang.T("không hợp lệ", "not valid")
}

// adapter registers huma's operations as routes of ours, policy and all.
type adapter struct {
	routes *router
	kept   func(next http.Handler, secret bool) http.Handler
}

// Handle makes a route of an operation; its policy is in the metadata, and the
// router refuses one without.
func (a adapter) Handle(op *huma.Operation, handler func(huma.Context)) {
	verb, _ := op.Metadata[policyKey].(engine.Verb)
	vital, _ := op.Metadata[vitalKey].(bool)
	stream, _ := op.Metadata[streamKey].(bool)
	var h http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler(humago.NewContext(op, r, w)) })
	if kept, _ := op.Metadata[keptKey].(bool); kept {
		secret, _ := op.Metadata[secretKey].(bool)
		h = a.kept(h, secret)
	}
	a.routes.add(Route{Method: op.Method, Path: op.Path, Verb: verb, Vital: vital, Stream: stream}, h)
}

func (a adapter) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.routes.ServeHTTP(w, r) }

var errNoFormat = engine.Errorf(problem.CodeNotAcceptable, "that format is not offered here")
