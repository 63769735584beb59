package devstack_test

import (
	"net/http"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"motcua/internal/devstack"
)

const taskQueue = "devstack-test"

// askAndEcho waits for one signal and answers with what it said.
func askAndEcho(ctx workflow.Context) (string, error) {
	var said string
	workflow.GetSignalChannel(ctx, "say").Receive(ctx, &said)
	return said, nil
}

func TestTemporal(t *testing.T) {
	dir := t.TempDir()
	pg := startPostgres(t, devstack.PostgresOptions{Dir: dir})
	opts := devstack.TemporalOptions{
		Dir: dir, DatabaseURL: pg.URL("postgres"), UIAddress: ":0", Log: t.Output(),
	}
	whole := t // a server started by one step serves the next ones too
	temporal := startTemporal(whole, opts)
	address := temporal.Address()
	startWorkflow(t, temporal, "over a stop")
	startWorkflow(t, temporal, "over a kill")

	t.Run("serves its web UI", func(t *testing.T) {
		require.Equal(t, "motcua", temporal.Namespace())
		answer, err := http.Get("http://" + temporal.UIAddress() + "/namespaces/motcua/workflows")
		require.NoError(t, err)
		defer answer.Body.Close()
		require.Equal(t, http.StatusOK, answer.StatusCode)
	})
	t.Run("carries on after a stop", func(t *testing.T) {
		require.NoError(t, temporal.Stop())
		require.NoError(t, temporal.Stop(), "a second stop does nothing")
		temporal = startTemporal(whole, opts)
		require.Equal(t, address, temporal.Address())
		require.Equal(t, "hello", finishWorkflow(t, temporal, "over a stop"))
	})
	t.Run("carries on after a kill", func(t *testing.T) {
		require.NoError(t, temporal.Kill())
		<-temporal.Done()
		temporal = startTemporal(whole, opts)
		require.Equal(t, "hello", finishWorkflow(t, temporal, "over a kill"))
	})
	t.Run("refuses a second server on its database", func(t *testing.T) {
		second := opts
		second.Dir = filepath.Join(dir, "second")
		_, err := devstack.StartTemporal(t.Context(), second)
		require.ErrorContains(t, err, "another Temporal server seems to run on this database")
	})
	require.NoError(t, temporal.Stop())
}

func TestStartTemporalSaysWhyItCannotStart(t *testing.T) {
	_, err := devstack.StartTemporal(t.Context(), devstack.TemporalOptions{
		Dir: t.TempDir(), DatabaseURL: "postgres://nobody@127.0.0.1:1/postgres", Log: t.Output(),
	})
	require.ErrorContains(t, err, "connect to PostgreSQL")
}

func startTemporal(t *testing.T, opts devstack.TemporalOptions) *devstack.Temporal {
	t.Helper()
	temporal, err := devstack.StartTemporal(t.Context(), opts)
	require.NoError(t, err)
	t.Cleanup(func() { _ = temporal.Stop() })
	return temporal
}

func dial(t *testing.T, temporal *devstack.Temporal) client.Client {
	t.Helper()
	c, err := client.DialContext(t.Context(), client.Options{
		HostPort: temporal.Address(), Namespace: temporal.Namespace(),
	})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

// startWorkflow starts a workflow that waits to be finished.
func startWorkflow(t *testing.T, temporal *devstack.Temporal, id string) {
	t.Helper()
	options := client.StartWorkflowOptions{ID: id, TaskQueue: taskQueue}
	_, err := dial(t, temporal).ExecuteWorkflow(t.Context(), options, askAndEcho)
	require.NoError(t, err)
}

func finishWorkflow(t *testing.T, temporal *devstack.Temporal, id string) string {
	t.Helper()
	c := dial(t, temporal)
	w := worker.New(c, taskQueue, worker.Options{})
	w.RegisterWorkflow(askAndEcho)
	require.NoError(t, w.Start())
	defer w.Stop()
	require.NoError(t, c.SignalWorkflow(t.Context(), id, "", "say", "hello"))
	var said string
	require.NoError(t, c.GetWorkflow(t.Context(), id, "").Get(t.Context(), &said))
	return said
}
