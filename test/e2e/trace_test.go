package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	commonpb "go.temporal.io/api/common/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"

	"motcua/internal/postgres/pgtest"
	"motcua/internal/telemetry"
	"motcua/internal/temporalclient"
	motcuaworker "motcua/worker"
)

const eventRoute = "POST /api/v1/dossiers/{code}/events"

// TestOneTrace: what an officer does is one trace, from the request through the
// workflow to the statements in PostgreSQL, over two processes.
func TestOneTrace(t *testing.T) {
	c := traced(t)
	dossier := open(t)
	eventually(t, "the relay has started its workflow", func() bool { return running(t, dossier) })
	r := send(t, reception, http.MethodPost, "/api/v1/dossiers/"+dossier+"/events", "", map[string]string{"event": "comment", "comment": remark})
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	id := r.Header.Get("Trace-Id")
	named := func(list []span, name string) []span {
		return slices.DeleteFunc(slices.Clone(list), func(s span) bool { return s.GetName() != name })
	}
	var list []span
	eventually(t, "both processes have sent what they did", func() bool {
		list = c.of(id)
		return len(named(list, eventRoute)) > 0 && len(named(list, "RunActivity:fire")) > 0 && len(named(list, "HandleUpdate:fire")) > 0
	})
	t.Logf("\n%s", tree(list))
	for _, s := range list {
		path := above(list, s)
		require.Equal(t, eventRoute, path[len(path)-1], "%s", tree(list))
	}
	statements := map[string]int{}
	for _, s := range list {
		if s.says("db.query.text") != "" {
			path := above(list, s)
			require.True(t, slices.Contains(path, "RunActivity:fire") == (s.role == "worker"), path)
			statements[s.role]++
		}
		require.Equal(t, "motcua", s.service)
	}
	require.GreaterOrEqual(t, statements["api"], 2, "who asks, the command on record, the answer")
	require.GreaterOrEqual(t, statements["worker"], 4, "the transaction that decides")
	activity := named(list, "RunActivity:fire")[0]
	require.Equal(t, []string{"RunActivity:fire", "StartActivity:fire", "HandleUpdate:fire", "UpdateWorkflow:fire", eventRoute}, above(list, activity))
	require.Equal(t, "dossier/"+dossier, activity.says("temporalWorkflowID"))
	require.Equal(t, dossier, named(list, eventRoute)[0].says("motcua.dossier"))
	require.Contains(t, w.api.log.String(), "trace_id="+id+" dossier="+dossier+" workflow_id=dossier/"+dossier)

	eventually(t, "the relay's errand is a trace", func() bool {
		return slices.ContainsFunc(c.roots(), func(s span) bool { return s.GetName() == "errand start" && s.says("motcua.dossier") == dossier })
	})
	callersTrace(t, c, dossier)
	stopWorker(t) // the next one replays what this one did
	var err error
	w.worker, err = w.start(context.Background(), "worker", c.variables...)
	require.NoError(t, err)
	fire(t, reception, dossier, "accept")
	for _, step := range theRest {
		fire(t, step[0], dossier, step[1])
	}
	keep(t, "traced", dossier)
	replaysQuietly(t, dossier)
	rootsAreNamed(t, c)
	stopWorker(t)
	all, _ := c.all()
	handled := slices.DeleteFunc(named(all, "HandleUpdate:fire"), func(s span) bool { return s.says("temporalWorkflowID") != "dossier/"+dossier })
	require.Len(t, handled, updatesCompleted(t, dossier), "each once, though it was replayed, and the last before the process ended")
}

// stopWorker lets the worker end as an operator does.
func stopWorker(t *testing.T) {
	t.Helper()
	require.NoError(t, w.worker.signal(syscall.SIGTERM))
	eventually(t, "the worker has stopped", w.worker.ended)
}

// TestTraceWhileAway: what the ledger decides because no worker answers is in
// the trace of the request that waited for one.
func TestTraceWhileAway(t *testing.T) {
	c := traced(t)
	dossier := open(t)
	eventually(t, "the relay has started its workflow", func() bool { return running(t, dossier) })
	w.worker.kill()
	r := send(t, reception, http.MethodPost, "/api/v1/dossiers/"+dossier+"/events", "", map[string]string{"event": "comment", "comment": remark})
	require.Equal(t, http.StatusOK, r.Status, "%s", r.Body)
	var list []span
	eventually(t, "the request was sent", func() bool {
		list = c.of(r.Header.Get("Trace-Id"))
		return slices.ContainsFunc(list, func(s span) bool { return s.GetName() == eventRoute })
	})
	said := map[string]span{}
	for _, s := range list {
		said[s.GetName()] = s
	}
	require.Equal(t, tracepb.Status_STATUS_CODE_ERROR, said["UpdateWorkflow:fire"].GetStatus().GetCode(), "%s", tree(list))
	require.Empty(t, said["UpdateWorkflow:fire"].GetStatus().GetMessage())
	require.Equal(t, "api", said["batch query INSERT facts"].role, "%s", tree(list))
	require.NotEqual(t, tracepb.Status_STATUS_CODE_ERROR, said[eventRoute].GetStatus().GetCode(), "it was decided all the same")
}

// callersTrace: who sends a traceparent finds the request under it.
func callersTrace(t *testing.T, c *collector, dossier string) {
	t.Helper()
	const id, parent = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.api.base+"/api/v1/dossiers/"+dossier+"/events", strings.NewReader(`{"event":"comment","comment":"x"}`))
	require.NoError(t, err)
	for name, value := range map[string]string{
		"Authorization": "Bearer " + w.keys[reception], "Content-Type": "application/json",
		"Traceparent": "00-" + id + "-" + parent + "-01", "Tracestate": "vendor=9431", "Baggage": "who=9431",
	} {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.Equal(t, id, res.Header.Get("Trace-Id"))
	eventually(t, "the caller's trace goes on here", func() bool {
		return slices.ContainsFunc(c.of(id), func(s span) bool {
			return s.GetName() == eventRoute && bytes.HasPrefix(s.GetParentSpanId(), []byte{0, 0xf0, 0x67})
		})
	})
	for _, s := range c.of(id) {
		require.Empty(t, s.GetTraceState())
	}
}

// replaysQuietly: a history written under tracing replays with and without it,
// holds no more of the trace than its traceparents, and makes no spans.
func replaysQuietly(t *testing.T, dossier string) {
	t.Helper()
	h := history(t, dossier)
	recorder := tracetest.NewSpanRecorder()
	traces, err := temporalclient.Tracing(sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder)), telemetry.Traceparent{})
	require.NoError(t, err)
	sealing := temporalclient.Sealed(client.Options{}, pgtest.Keys())
	replayer, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{
		DataConverter: sealing.DataConverter, FailureConverter: sealing.FailureConverter, Interceptors: []interceptor.WorkerInterceptor{traces},
	})
	require.NoError(t, err)
	motcuaworker.RegisterWorkflows(replayer)
	require.NoError(t, replayer.ReplayWorkflowHistory(silent{}, h))
	require.Empty(t, recorder.Started())
	headers := 0
	for _, p := range carried(h) {
		headers++
		var fields map[string]string
		require.NoError(t, json.Unmarshal(p.GetData(), &fields))
		require.Len(t, fields, 1)
		require.Regexp(t, regexp.MustCompile(`^00-[0-9a-f]{32}-[0-9a-f]{16}-01$`), fields["traceparent"])
	}
	require.Positive(t, headers)
}

// carried lists what headers of a history hold.
func carried(h *historypb.History) []*commonpb.Payload {
	var list []*commonpb.Payload
	for _, e := range h.GetEvents() {
		for _, header := range []*commonpb.Header{
			e.GetWorkflowExecutionStartedEventAttributes().GetHeader(),
			e.GetWorkflowExecutionUpdateAcceptedEventAttributes().GetAcceptedRequest().GetInput().GetHeader(),
			e.GetActivityTaskScheduledEventAttributes().GetHeader(),
			e.GetWorkflowExecutionSignaledEventAttributes().GetHeader(),
		} {
			for _, p := range header.GetFields() {
				list = append(list, p)
			}
		}
	}
	return list
}

// rootsAreNamed: only what somebody asked for, or what was found to do, begins
// a trace. The relay has looked for errands some ten times by now.
func rootsAreNamed(t *testing.T, c *collector) {
	t.Helper()
	known := regexp.MustCompile(`^(GET|POST)( /|$)|^errand (start|wake|tell)$|^delivery$|^mail$|^StartActivity:tick$`)
	for _, s := range c.roots() {
		require.Regexp(t, known, s.GetName())
	}
}
