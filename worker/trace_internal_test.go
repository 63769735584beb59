package worker

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"motcua/engine"
	"motcua/workflows/contract"
)

const traced = "H01.1-260101-0001"

func recorded(t *testing.T) (*tracetest.SpanRecorder, trace.Tracer) {
	t.Helper()
	recorder := tracetest.NewSpanRecorder()
	return recorder, sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder)).Tracer("motcua")
}

func attributes(s sdktrace.ReadOnlySpan) map[string]any {
	all := map[string]any{}
	for _, a := range s.Attributes() {
		all[string(a.Key)] = a.Value.AsInterface()
	}
	return all
}

// idle is an outbox with one batch of errands, and then with none.
type idle struct {
	desk
	errands []engine.Errand
	done    []int64
}

func (i *idle) Claim(context.Context, int, time.Duration) ([]engine.Errand, error) {
	batch := i.errands
	i.errands = nil
	return batch, nil
}

func (i *idle) Done(_ context.Context, ids []int64) error {
	i.done = append(i.done, ids...)
	return nil
}

// TestErrandsAreTraced: each errand is a trace of its own, and looking for one
// in vain is none.
func TestErrandsAreTraced(t *testing.T) {
	t.Parallel()
	recorder, tracer := recorded(t)
	box := &idle{errands: []engine.Errand{{ID: 1, Kind: engine.ErrandTell, Dossier: traced, Attempts: 2}, {ID: 2, Kind: engine.ErrandTell, Dossier: traced}}}
	r := &Relay{Outbox: box, Logger: slog.New(slog.DiscardHandler), Tracer: tracer}
	require.Equal(t, 2, r.round(t.Context()))
	require.Zero(t, r.round(t.Context()))
	require.ElementsMatch(t, []int64{1, 2}, box.done)
	list := recorder.Ended()
	require.Len(t, list, 2)
	require.NotEqual(t, list[0].SpanContext().TraceID(), list[1].SpanContext().TraceID())
	for _, s := range list {
		require.Equal(t, "errand tell", s.Name())
		require.False(t, s.Parent().IsValid())
		require.Equal(t, traced, attributes(s)["motcua.dossier"])
		require.Equal(t, codes.Unset, s.Status().Code)
	}

	box = &idle{desk: desk{err: engine.Errorf(engine.CodeUnavailable, "Nguyễn Bí Mật")}}
	r.Outbox = box
	require.Zero(t, r.carry(t.Context(), engine.Errand{ID: 3, Kind: engine.ErrandTell, Dossier: traced}))
	failed := recorder.Ended()[2]
	require.Equal(t, sdktrace.Status{Code: codes.Error, Description: string(engine.CodeUnavailable)}, failed.Status())
	require.Equal(t, string(engine.CodeUnavailable), attributes(failed)["motcua.failure"])
}

// shop is a subscriber's side that does not take what it is sent.
type shop struct {
	Subscribers
	within trace.SpanContext
	err    error
}

func (s *shop) Send(ctx context.Context, d engine.Delivery) engine.Attempt {
	s.within = trace.SpanContextFromContext(ctx)
	return engine.Attempt{Delivery: d.ID, Failure: engine.FailedTimeout}
}

func (s *shop) Attempted(context.Context, engine.Delivery, engine.Attempt) error { return s.err }

// TestDeliveriesAreTraced: what is sent, is sent within its span, and the lines
// of the log say which dossier it was about.
func TestDeliveriesAreTraced(t *testing.T) {
	t.Parallel()
	recorder, tracer := recorded(t)
	var log bytes.Buffer
	s := &shop{err: engine.Errorf(engine.CodeUnavailable, "the ledger is away")}
	a := &Announcer{Subscribers: s, Sender: s, Logger: slog.New(slog.NewTextHandler(&log, nil)), Tracer: tracer, Share: func() float64 { return 0 }}
	a.send(t.Context(), engine.Delivery{ID: 7, Webhook: "hook", Attempts: 1, Announcement: engine.Announcement{Dossier: traced}})
	list := recorder.Ended()
	require.Len(t, list, 1)
	require.Equal(t, s.within.SpanID(), list[0].SpanContext().SpanID())
	require.Equal(t, map[string]any{
		"motcua.dossier": traced, "motcua.webhook": "hook", "motcua.delivery": int64(7), "motcua.attempt": int64(1), "motcua.failure": engine.FailedTimeout,
	}, attributes(list[0]))
	for _, line := range bytes.Split(bytes.TrimSpace(log.Bytes()), []byte("\n")) {
		require.Contains(t, string(line), "dossier="+traced+" workflow_id="+contract.WorkflowID(traced))
	}
	require.Contains(t, log.String(), "record a delivery")

	a.Tracer = nil
	a.send(t.Context(), engine.Delivery{ID: 8})
	require.False(t, s.within.IsValid(), "without a tracer nothing is put between")
	require.Len(t, recorder.Started(), 1)
}

// bag is a mailbag whose mails the server does not take.
type bag struct {
	Mailbag
	class string
}

func (b *bag) MailFailed(_ context.Context, _ int64, class string, _ time.Duration) error {
	b.class = class
	return nil
}

// TestMailsAreTraced: a mail is a trace of its own that does not say to whom.
func TestMailsAreTraced(t *testing.T) {
	t.Parallel()
	recorder, tracer := recorded(t)
	b := &bag{}
	p := &Postman{Mailbag: b, Logger: slog.New(slog.DiscardHandler), Tracer: tracer}
	p.post(t.Context(), engine.Mail{ID: 5, Officer: "lan", Attempts: 1, Notices: []engine.MailNotice{
		{Notification: engine.Notification{Dossier: traced}}, {Notification: engine.Notification{Dossier: traced}}}})
	require.Equal(t, "no-address", b.class)
	list := recorder.Ended()
	require.Len(t, list, 1)
	require.ElementsMatch(t, []attribute.KeyValue{
		attribute.Int64("motcua.mail", 5), attribute.Int("motcua.attempt", 1), attribute.StringSlice("motcua.dossiers", []string{traced}),
		attribute.String("motcua.failure", "no-address"),
	}, list[0].Attributes())
}
