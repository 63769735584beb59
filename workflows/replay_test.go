package workflows_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.temporal.io/sdk/interceptor"
	sdkworker "go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"motcua/internal/telemetry"
	"motcua/internal/temporalclient"
	"motcua/worker"
	"motcua/workflows"
	"motcua/workflows/contract"
)

// recorded is how many histories are kept. They are never removed: a dossier
// may run for a year. docs/determinism.md says how they are recorded.
const recorded = 11

func histories(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/histories/*.json")
	require.NoError(t, err)
	require.Len(t, files, recorded)
	return files
}

func TestReplay(t *testing.T) {
	t.Parallel()
	for _, file := range histories(t) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			replayer := sdkworker.NewWorkflowReplayer()
			worker.RegisterWorkflows(replayer)
			require.NoError(t, replayer.ReplayWorkflowHistoryFromJSONFile(nil, file))
		})
	}
}

// TestReplayTraced: whether a process is traced makes no difference to what it
// replays, and a replay, which does nothing, makes no spans.
func TestReplayTraced(t *testing.T) {
	t.Parallel()
	recorder := tracetest.NewSpanRecorder()
	traces, err := temporalclient.Tracing(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder)), telemetry.Traceparent{})
	require.NoError(t, err)
	for _, file := range histories(t) {
		replayer, err := sdkworker.NewWorkflowReplayerWithOptions(sdkworker.WorkflowReplayerOptions{Interceptors: []interceptor.WorkerInterceptor{traces}})
		require.NoError(t, err)
		worker.RegisterWorkflows(replayer)
		require.NoError(t, replayer.ReplayWorkflowHistoryFromJSONFile(nil, file), file)
	}
	require.Empty(t, recorder.Started())
}

// TestReplayNotices is the control: logic that commands something else breaks
// every recorded history.
func TestReplayNotices(t *testing.T) {
	t.Parallel()
	changed := func(ctx workflow.Context, in contract.DossierInput) error {
		if err := workflow.Sleep(ctx, time.Minute); err != nil {
			return err
		}
		return workflows.Dossier(ctx, in)
	}
	for _, file := range histories(t) {
		replayer := sdkworker.NewWorkflowReplayer()
		replayer.RegisterWorkflowWithOptions(changed, workflow.RegisterOptions{Name: contract.WorkflowDossier})
		require.Error(t, replayer.ReplayWorkflowHistoryFromJSONFile(nil, file), file)
	}
}
