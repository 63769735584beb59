package config_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/internal/config"
)

// TestTraced: nothing is traced unless somebody wants the spans.
func TestTraced(t *testing.T) {
	for name, c := range map[string]struct {
		values map[string]string
		want   bool
	}{
		"nobody listens":       {nil, false},
		"a sampler is no wish": {map[string]string{"OTEL_TRACES_SAMPLER": "always_on"}, false},
		"a collector":          {map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}, true},
		"one for traces":       {map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://traces.example.vn/v1/traces"}, true},
		"but not traces":       {map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_TRACES_EXPORTER": "none"}, false},
		"but nothing":          {map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"}, false},
	} {
		environment(t, c.values)
		got, err := config.Load()
		require.NoError(t, err, name)
		require.Equal(t, c.want, got.Traced(), name)
	}
}

// TestTracingIsChecked: the SDK would start with each of these and send into
// nothing, or in a way nobody asked for.
func TestTracingIsChecked(t *testing.T) {
	for name, value := range map[string]string{
		"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "collector:4318", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
		"OTEL_TRACES_EXPORTER": "zipkin", "OTEL_TRACES_SAMPLER": "sometimes", "OTEL_SDK_DISABLED": "perhaps",
	} {
		environment(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", name: value})
		_, err := config.Load()
		require.ErrorContains(t, err, name)
	}
	environment(t, map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "grpc://hush@collector"})
	_, err := config.Load()
	require.ErrorContains(t, err, "OTEL_EXPORTER_OTLP_ENDPOINT is not an address")
	require.NotContains(t, err.Error(), "hush")
}
