package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions/schema"
	"motcua/engine"
)

func TestProcedureExport(t *testing.T) {
	export := []string{"procedure", "export", copyFile}
	in := func(words ...string) result { return command(t, append(export[:len(export):len(export)], words...)...) }
	requireGolden(t, "export", session(t, export,
		append(export[:3:3], "--format", "dot", "--lang", "en"),
		append(export[:3:3], "--format", "scxml"),
	))
	t.Run("mermaid unless told otherwise", func(t *testing.T) {
		require.Equal(t, in(), in("--format", "mermaid"))
		require.Contains(t, in("--lang", "en").out, `state "Awaiting reception" as s_submitted`)
	})
	t.Run("svg", func(t *testing.T) {
		r := in("--format", "svg")
		require.Equal(t, exitOK, r.code)
		require.True(t, strings.HasPrefix(r.out, "<svg"))
	})
	t.Run("json is what the digest is of", func(t *testing.T) {
		var def struct {
			engine.Definition
			SHA256 string
		}
		require.NoError(t, json.Unmarshal([]byte(in("--format", "json").out), &def))
		require.Equal(t, "2.000908", def.Code)
		require.Len(t, def.SHA256, 64)
	})
	t.Run("as a result in JSON", func(t *testing.T) {
		var exported map[string]string
		require.NoError(t, json.Unmarshal([]byte(in("-o", "json").out), &exported))
		require.Equal(t, "mermaid", exported["format"])
		require.True(t, strings.HasPrefix(exported["text"], "stateDiagram-v2"))
	})
}

func TestProcedureSchema(t *testing.T) {
	r := command(t, "procedure", "schema")
	require.Equal(t, result{exitOK, string(schema.JSON()), ""}, r)
	require.JSONEq(t, r.out, command(t, "procedure", "schema", "--output", "json").out)
	require.Equal(t, exitUsage, command(t, "procedure", "schema", "extra").code)
}
