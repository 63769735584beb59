package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/api"
)

func TestObserve(t *testing.T) {
	var seen []string
	s := newSite(t, func(o *api.Options) {
		o.Observe = func(method, route string, status int, took time.Duration) {
			require.GreaterOrEqual(t, took, time.Duration(0))
			seen = append(seen, method+" "+route+" "+http.StatusText(status))
		}
	})
	for _, path := range []string{"/healthz", "/api/v1/dossiers/H01.1-260101-0001", "/no/such/H01.1-260101-0001"} {
		s.get(path)
	}
	require.Len(t, seen, 3)
	for _, line := range seen {
		require.NotContains(t, line, "260101", "a route is a pattern")
	}
	require.Equal(t, "GET /healthz OK", seen[0])
	require.Equal(t, "GET /api/v1/dossiers/{code} Unauthorized", seen[1])
}
