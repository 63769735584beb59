package definitions_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
)

func TestInspect(t *testing.T) {
	s := shipped(t)[0]
	known, err := definitions.ExampleOrganisations()
	require.NoError(t, err)
	def, findings := definitions.Inspect(s.Text, known)
	require.Empty(t, findings)
	require.Equal(t, s.Machine.Definition, def)

	def, findings = definitions.Inspect(bytes.Replace(s.Text, []byte("states:"), []byte("nonsense: 1\nstates:"), 1), known)
	require.Error(t, findings.Err())
	require.Equal(t, s.Machine.Code, def.Code, "what could be read is there")
	require.Equal(t, s.Machine.Version, def.Version)

	def, findings = definitions.Inspect([]byte("\t{"), known)
	require.Error(t, findings.Err())
	require.Empty(t, def.Code)
}
