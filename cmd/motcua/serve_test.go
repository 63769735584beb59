package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMetricsApart: who serves the API refuses to show metrics to everybody who
// reaches it, before it connects to anything.
func TestMetricsApart(t *testing.T) {
	ringed(t)
	t.Setenv("DATABASE_URL", "postgres://nobody@127.0.0.1:1/none")
	t.Setenv("MOTCUA_METRICS_LISTEN", "127.0.0.1:8080")
	for _, line := range [][]string{{"api"}, {"dev", "--dir", t.TempDir(), "--listen", "127.0.0.1:8080"}} {
		r := command(t, line...)
		require.Equal(t, exitUsage, r.code, line)
		require.Contains(t, r.err, "MOTCUA_METRICS_LISTEN has the port of MOTCUA_LISTEN", line)
	}
}
