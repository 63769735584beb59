package temporalclient

import (
	"fmt"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/opentelemetry"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/workflow"
)

// Traced gives the options of a client whose calls, and whose workers' updates
// and activities, have spans. The trace travels in a header of the SDK that
// holds what carry writes, a traceparent; it stays in histories.
func Traced(o client.Options, provider trace.TracerProvider, carry propagation.TextMapPropagator) (client.Options, error) {
	traces, err := Tracing(provider, carry)
	if err != nil {
		return o, err
	}
	o.Interceptors = append(o.Interceptors, traces) // the SDK's workers take it over from their client
	return o, nil
}

// Tracing is the interceptor of [Traced], for replayers, which have no client.
func Tracing(provider trace.TracerProvider, carry propagation.TextMapPropagator) (interceptor.Interceptor, error) {
	traces, err := opentelemetry.NewTracingInterceptor(opentelemetry.TracerOptions{
		Tracer: provider.Tracer("temporal-sdk-go"), TextMapPropagator: carry, DisableBaggage: true, DisableQueryTracing: true,
		AllowInvalidParentSpans: true, // a header from elsewhere must not fail a task
	})
	if err != nil {
		return nil, fmt.Errorf("trace temporal: %w", err)
	}
	return once{traces}, nil
}

// once keeps the SDK's interceptor to what happens once. By itself it makes a
// span of a whole workflow, which lasts for weeks, would be the parent of all
// that time does, and begins anew with each replay; and a span of each update
// that a replay goes through again. Here what time does is a trace of its own,
// and a replay, which does nothing, makes no spans.
type once struct{ interceptor.Interceptor }

// InterceptWorkflow implements the SDK's interface.
func (o once) InterceptWorkflow(ctx workflow.Context, next interceptor.WorkflowInboundInterceptor) interceptor.WorkflowInboundInterceptor {
	traced := o.Interceptor.InterceptWorkflow(ctx, next)
	return &inbound{WorkflowInboundInterceptorBase: interceptor.WorkflowInboundInterceptorBase{Next: traced}, plain: next}
}

type inbound struct {
	interceptor.WorkflowInboundInterceptorBase
	plain interceptor.WorkflowInboundInterceptor
}

// ExecuteWorkflow runs a workflow without a span.
func (i *inbound) ExecuteWorkflow(ctx workflow.Context, in *interceptor.ExecuteWorkflowInput) (any, error) {
	return i.plain.ExecuteWorkflow(ctx, in)
}

// ValidateUpdate has nothing to show: no update has a validator.
func (i *inbound) ValidateUpdate(ctx workflow.Context, in *interceptor.UpdateInput) error {
	return i.plain.ValidateUpdate(ctx, in)
}

// ExecuteUpdate handles an update within a span, the first time.
func (i *inbound) ExecuteUpdate(ctx workflow.Context, in *interceptor.UpdateInput) (any, error) {
	if workflow.IsReplaying(ctx) {
		return i.plain.ExecuteUpdate(ctx, in)
	}
	return i.Next.ExecuteUpdate(ctx, in)
}
