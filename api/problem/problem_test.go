package problem_test

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/api/caller"
	"motcua/api/problem"
	"motcua/engine"
)

// codes reads the constants of type Code from a source file, so that a new
// one cannot be forgotten here.
func codes(t *testing.T, file string) []engine.Code {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	require.NoError(t, err)
	var out []engine.Code
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || len(spec.Values) != 1 || !strings.HasPrefix(spec.Names[0].Name, "Code") {
			return true
		}
		if value, ok := spec.Values[0].(*ast.BasicLit); ok {
			code, err := strconv.Unquote(value.Value)
			require.NoError(t, err)
			out = append(out, engine.Code(code))
		}
		return true
	})
	return out
}

func TestEveryCodeHasOneRow(t *testing.T) {
	all := append(codes(t, "../../engine/errors.go"), codes(t, "table.go")...)
	require.Greater(t, len(all), 20)
	require.ElementsMatch(t, all, problem.Codes())
}

func TestOf(t *testing.T) {
	ctx := caller.With(t.Context(), &caller.Call{Trace: "t1", Lang: caller.EN})

	t.Run("finds the code however wrapped", func(t *testing.T) {
		e := engine.Errorf(engine.CodeEventNotPermitted, "not in state %q", "received")
		e.State = "received"
		p := problem.Of(ctx, fmt.Errorf("fire: %w", e))
		require.Equal(t, http.StatusConflict, p.Status)
		require.Equal(t, "received", p.State)
		require.Equal(t, "t1", p.Trace)
		require.Equal(t, `not in state "received"`, p.Detail)
	})
	t.Run("says nothing of an error without a code, and keeps it for the log", func(t *testing.T) {
		p := problem.Of(ctx, errors.New("password is hunter2"))
		require.Equal(t, engine.CodeInternal, p.Code)
		require.Empty(t, p.Detail)
		require.EqualError(t, caller.From(ctx).Failure, "password is hunter2")
	})
	t.Run("takes a deadline for a part that is away", func(t *testing.T) {
		require.Equal(t, engine.CodeUnavailable, problem.Of(ctx, context.DeadlineExceeded).Code)
	})
	t.Run("takes a code nobody knows for our fault", func(t *testing.T) {
		require.Equal(t, engine.CodeInternal, problem.Of(ctx, engine.Errorf("no-such-code", "x")).Code)
	})
	t.Run("points at the place where there is one", func(t *testing.T) {
		e := engine.Errorf(engine.CodeInvalid, "field is required")
		e.Path = "/fields/copies"
		require.Equal(t, []problem.Fault{{In: "body", Path: "/fields/copies", Message: "field is required"}}, problem.Of(ctx, e).Errors)
	})
	t.Run("keeps long numbers to itself", func(t *testing.T) {
		require.Equal(t, "no … in H00.101-261117-0001", problem.Of(ctx, engine.Errorf(engine.CodeInvalid, "no 001099012345 in H00.101-261117-0001")).Detail)
	})
}

func TestOfStatus(t *testing.T) {
	for status, code := range map[int]engine.Code{
		400: problem.CodeMalformed, 404: engine.CodeNotFound, 408: problem.CodeTimeout, 413: engine.CodeTooLarge,
		415: problem.CodeMediaType, 418: problem.CodeMalformed, 422: engine.CodeInvalid, 500: engine.CodeInternal, 502: engine.CodeInternal,
	} {
		require.Equal(t, code, problem.OfStatus(t.Context(), status).Code, status)
	}
}

func TestWrite(t *testing.T) {
	w := httptest.NewRecorder()
	problem.New(t.Context(), engine.CodeUnauthenticated).Write(w)
	require.Equal(t, http.StatusUnauthorized, w.Code)
	require.Equal(t, "application/problem+json", w.Header().Get("Content-Type"))
	require.Equal(t, `Bearer realm="motcua"`, w.Header().Get("WWW-Authenticate"))
	require.Contains(t, w.Body.String(), "Chưa xác thực")
}
