package temporalclient_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"motcua/internal/telemetry"
	"motcua/internal/temporalclient"
)

func traces(t *testing.T) (*tracetest.SpanRecorder, interceptor.Interceptor) {
	t.Helper()
	recorder := tracetest.NewSpanRecorder()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder))
	t.Cleanup(func() { _ = provider.Shutdown(context.Background()) })
	made, err := temporalclient.Tracing(provider, telemetry.Traceparent{})
	require.NoError(t, err)
	return recorder, made
}

// TestOneTrace: an update and its activity are one trace; a tick, which nobody called, is another.
func TestOneTrace(t *testing.T) {
	t.Parallel()
	recorder, traced := traces(t)
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	env.SetWorkerOptions(worker.Options{Interceptors: []interceptor.WorkerInterceptor{traced}})
	var inside []trace.SpanContext
	act := func(ctx workflow.Context, what string) error {
		ctx = workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{ScheduleToCloseTimeout: time.Minute})
		return workflow.ExecuteLocalActivity(ctx, func(ctx context.Context, _ string) error {
			inside = append(inside, trace.SpanContextFromContext(ctx))
			return nil
		}, what).Get(ctx, nil)
	}
	env.RegisterDelayedCallback(func() {
		env.UpdateWorkflowNoRejection("fire", "c1", t)
	}, time.Second)
	env.ExecuteWorkflow(func(ctx workflow.Context) error {
		fired := false
		if err := workflow.SetUpdateHandler(ctx, "fire", func(ctx workflow.Context) error {
			fired = true
			return act(ctx, "fire")
		}); err != nil {
			return err
		}
		if err := act(ctx, "tick"); err != nil {
			return err
		}
		return workflow.Await(ctx, func() bool { return fired && workflow.AllHandlersFinished(ctx) })
	})
	require.NoError(t, env.GetWorkflowError())

	byID, byName := map[trace.SpanID]sdktrace.ReadOnlySpan{}, map[string]int{}
	for _, s := range recorder.Ended() {
		byID[s.SpanContext().SpanID()] = s
		byName[s.Name()]++
	}
	require.Equal(t, 1, byName["HandleUpdate:fire"], byName)
	require.Zero(t, byName["ValidateUpdate:fire"])
	for name := range byName {
		require.NotContains(t, name, "RunWorkflow", "it would last for weeks")
	}
	require.Len(t, inside, 2)
	chain := func(sc trace.SpanContext) (names []string) {
		for s := byID[sc.SpanID()]; s != nil; s = byID[s.Parent().SpanID()] {
			names = append(names, s.InstrumentationScope().Name+" "+s.Name())
		}
		return names
	}
	require.Len(t, chain(inside[0]), 2, "the tick is a trace of its own")
	require.Len(t, chain(inside[1]), 3)
	require.Contains(t, chain(inside[1])[2], "HandleUpdate:fire")
	require.NotEqual(t, inside[0].TraceID(), inside[1].TraceID())
}
