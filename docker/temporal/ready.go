package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	commonpb "go.temporal.io/api/common/v1"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	taskqueuepb "go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/server/common"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
)

const (
	retryEvery   = 50 * time.Millisecond
	callTimeout  = 3 * time.Second
	readyTimeout = 2 * time.Minute
)

// probe asks the frontend whether the namespace can be used.
type probe struct {
	client      workflowservice.WorkflowServiceClient
	namespace   string
	namespaceID string
	shards      int32
}

// waitUsable registers the namespace when it is missing and returns once a workflow can be started
// in it: the frontend answers, every history shard is owned and knows the namespace, and matching
// serves task queues.
func waitUsable(ctx context.Context, o options) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	conn, err := grpc.NewClient(dialAddress(o.address), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return fmt.Errorf("dial the frontend: %w", err)
	}
	defer conn.Close()
	p := &probe{
		client:    workflowservice.NewWorkflowServiceClient(serviceErrors{conn}),
		namespace: o.namespace,
		shards:    int32(o.historyShards), //nolint:gosec // a few, checked to be positive
	}
	steps := []func(context.Context) error{
		func(ctx context.Context) error { return p.register(ctx, o.retention) },
		p.describe, p.askHistory, p.askMatching,
	}
	for _, step := range steps {
		if err := until(ctx, step); err != nil {
			return fmt.Errorf("wait for namespace %s: %w", o.namespace, err)
		}
	}
	return nil
}

// until repeats a step, every attempt with a deadline of its own, until it succeeds.
func until(ctx context.Context, step func(context.Context) error) error {
	for {
		callCtx, cancel := context.WithTimeout(ctx, callTimeout)
		err := step(callCtx)
		cancel()
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(retryEvery):
		}
	}
}

// register creates the namespace; one that exists keeps its retention.
func (p *probe) register(ctx context.Context, retention time.Duration) error {
	_, err := p.client.RegisterNamespace(ctx, &workflowservice.RegisterNamespaceRequest{
		Namespace:                        p.namespace,
		Description:                      "motcua's dossiers",
		WorkflowExecutionRetentionPeriod: durationpb.New(retention),
	})
	var exists *serviceerror.NamespaceAlreadyExists
	if errors.As(err, &exists) {
		return nil
	}
	return err
}

// describe learns the namespace's id.
func (p *probe) describe(ctx context.Context) error {
	answer, err := p.client.DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: p.namespace})
	if err != nil {
		return err
	}
	p.namespaceID = answer.GetNamespaceInfo().GetId()
	return nil
}

// askHistory asks every shard for a workflow that does not exist: only a shard that is owned and
// finds the namespace in its cache can say so.
func (p *probe) askHistory(ctx context.Context) error {
	asked := map[int32]bool{}
	for n := 0; int32(len(asked)) < p.shards; n++ { //nolint:gosec // bounded by the number of shards
		id := fmt.Sprintf("motcua-ready-%d", n)
		shard := common.WorkflowIDToHistoryShard(p.namespaceID, id, p.shards)
		if asked[shard] {
			continue
		}
		_, err := p.client.DescribeWorkflowExecution(ctx, &workflowservice.DescribeWorkflowExecutionRequest{
			Namespace: p.namespace,
			Execution: &commonpb.WorkflowExecution{WorkflowId: id},
		})
		var notFound *serviceerror.NotFound
		if !errors.As(err, &notFound) {
			return fmt.Errorf("history shard %d: %w", shard, err)
		}
		asked[shard] = true
	}
	return nil
}

// askMatching asks for the pollers of a task queue nobody uses.
func (p *probe) askMatching(ctx context.Context) error {
	_, err := p.client.DescribeTaskQueue(ctx, &workflowservice.DescribeTaskQueueRequest{
		Namespace:     p.namespace,
		TaskQueue:     &taskqueuepb.TaskQueue{Name: "motcua-ready", Kind: enumspb.TASK_QUEUE_KIND_NORMAL},
		TaskQueueType: enumspb.TASK_QUEUE_TYPE_WORKFLOW,
	})
	return err
}

// serviceErrors turns gRPC statuses into the service's error types, as the SDK does.
type serviceErrors struct{ grpc.ClientConnInterface }

func (c serviceErrors) Invoke(ctx context.Context, method string, args, reply any, opts ...grpc.CallOption) error {
	return serviceerror.FromStatus(status.Convert(c.ClientConnInterface.Invoke(ctx, method, args, reply, opts...)))
}
