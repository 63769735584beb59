package e2e_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/api/proxy"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	"motcua/internal/postgres/pgtest"
	"motcua/internal/temporalclient"
	motcuaworker "motcua/worker"
	"motcua/workflows/contract"
)

// recordTo names the directory that receives this run's histories, to be kept
// in workflows/testdata/histories and replayed for ever.
const recordTo = "MOTCUA_RECORD_HISTORIES"

// TestHistories plays the plain ways a dossier can go. Like every test that
// closes a dossier, it keeps their histories.
func TestHistories(t *testing.T) {
	withdrawn := open(t)
	fire(t, "portal", withdrawn, "withdraw")
	keep(t, "withdrawn", withdrawn)

	refused := open(t)
	comment(t, refused)
	send(t, signer, http.MethodPost, "/api/v1/dossiers/"+refused+"/events", "", map[string]string{"event": "sign"})
	fire(t, "portal", refused, "withdraw")
	keep(t, "refused-event", refused)

	supplemented := open(t)
	fireWith(t, reception, supplemented, "request-supplement", remark)
	fire(t, "portal", supplemented, "supplement")
	fire(t, reception, supplemented, "accept")
	for _, step := range theRest {
		fire(t, step[0], supplemented, step[1])
	}
	keep(t, "supplemented", supplemented)
}

// keep replays the history of a closed dossier with the present code, finds in
// it no word of what only the ledger may know, and records it if asked to.
func keep(t *testing.T, name, dossier string) {
	t.Helper()
	eventually(t, "its workflow has ended", func() bool { return ended(t, dossier) })
	h := history(t, dossier)
	sealing := temporalclient.Sealed(client.Options{}, pgtest.Keys())
	replayer, err := worker.NewWorkflowReplayerWithOptions(worker.WorkflowReplayerOptions{
		DataConverter: sealing.DataConverter, FailureConverter: sealing.FailureConverter,
	})
	require.NoError(t, err)
	motcuaworker.RegisterWorkflows(replayer)
	require.NoError(t, replayer.ReplayWorkflowHistory(silent{}, h), name)
	raw, err := proto.Marshal(h) // payloads as they are; their JSON form is base64
	require.NoError(t, err)
	require.Contains(t, string(raw), dossier)
	// What lies sealed in the payloads is held to the same, and is what is kept:
	// recorded histories need no key.
	require.NoError(t, proxy.VisitPayloads(context.Background(), h, proxy.VisitPayloadsOptions{
		Visitor: func(_ *proxy.VisitPayloadsContext, p []*commonpb.Payload) ([]*commonpb.Payload, error) {
			return temporalclient.Codec(pgtest.Keys()).Decode(p)
		},
	}))
	opened, err := proto.Marshal(h)
	require.NoError(t, err)
	require.Contains(t, string(opened), `"dossier":"`+dossier, "payloads were opened")
	require.NotContains(t, string(raw), `"dossier":"`, "payloads are sealed")
	raw = append(raw, opened...)
	for _, secret := range []string{"Bí Mật", "001190012345", "0912345678", "giấy chứng sinh"} {
		require.NotContains(t, string(raw), secret)
	}
	if dir := os.Getenv(recordTo); dir != "" {
		text, err := protojson.MarshalOptions{Indent: " "}.Marshal(h)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name+".json"), append(text, '\n'), 0o644))
	}
}

func comment(t *testing.T, dossier string) {
	t.Helper()
	fireWith(t, reception, dossier, "comment", remark)
}

func history(t *testing.T, dossier string) *historypb.History {
	t.Helper()
	h := &historypb.History{}
	events := w.client.GetWorkflowHistory(context.Background(), contract.WorkflowID(dossier), "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		e, err := events.Next()
		require.NoError(t, err)
		h.Events = append(h.Events, e)
	}
	return h
}

func updatesCompleted(t *testing.T, dossier string) int {
	t.Helper()
	n := 0
	for _, e := range history(t, dossier).GetEvents() {
		if e.GetEventType() == enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED {
			n++
		}
	}
	return n
}
