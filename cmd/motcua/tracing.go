package main

import (
	"context"
	"log/slog"

	oteltrace "go.opentelemetry.io/otel/trace"
	"go.temporal.io/sdk/client"

	"motcua/internal/config"
	"motcua/internal/notify/webhook"
	"motcua/internal/postgres"
	"motcua/internal/telemetry"
	"motcua/internal/temporalclient"
)

// traced is what a process is wired from where it is traced. Where it is not,
// it is what it would be without tracing: nothing is put between that does
// nothing.
type traced struct {
	tracing  *telemetry.Tracing
	temporal client.Options
	pool     []postgres.OpenOption
	log      *slog.Logger
}

// trace begins to trace a process, if its environment says where to.
func trace(ctx context.Context, role string, cfg config.Config, temporal client.Options, log *slog.Logger) (traced, error) {
	t := traced{temporal: temporal, log: log}
	if !cfg.Traced() {
		return t, nil
	}
	tracing, err := telemetry.NewTracing(ctx, telemetry.TracingOptions{Version: version, Role: role, Logger: log})
	if err != nil {
		return t, err
	}
	if t.temporal, err = temporalclient.Traced(temporal, tracing.Provider(), telemetry.Traceparent{}); err != nil {
		return t, err
	}
	t.tracing, t.log = tracing, tracing.Logger(log)
	t.pool = append(t.pool, postgres.Traced(tracing.Provider()))
	return t, nil
}

// sender adds to a sender's options that what is sent is traced.
func (t traced) sender(o webhook.Options) webhook.Options {
	if t.tracing != nil {
		o.Traces, o.Carry = t.tracing.Provider(), telemetry.Traceparent{}
	}
	return o
}

// tracer is what background work makes its spans with; nil: it makes none.
func (p *parts) tracer() oteltrace.Tracer {
	if p.tracing == nil {
		return nil
	}
	return p.tracing.Provider().Tracer("motcua")
}
