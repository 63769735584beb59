package main

import (
	"time"

	"go.temporal.io/server/common/dynamicconfig"
)

// unlimited lifts a rate limit whose default protects a shared cluster from one busy namespace.
// Here there is but one, and throttling it would only hide the machine's real limit.
const unlimited = 100_000

// dynamicConfig is the server's dynamic configuration, fixed for the life of the process. Keys come
// from the server's own settings, so that a renamed one fails the build instead of being ignored.
func dynamicConfig() dynamicconfig.StaticClient {
	return dynamicconfig.StaticClient{
		dynamicconfig.FrontendRPS.Key():                                         unlimited,
		dynamicconfig.FrontendMaxNamespaceRPSPerInstance.Key():                  unlimited,
		dynamicconfig.FrontendMaxConcurrentLongRunningRequestsPerInstance.Key(): unlimited,
		dynamicconfig.FrontendPersistenceMaxQPS.Key():                           unlimited,
		dynamicconfig.HistoryRPS.Key():                                          unlimited,
		dynamicconfig.HistoryPersistenceMaxQPS.Key():                            unlimited,
		dynamicconfig.MatchingRPS.Key():                                         unlimited,
		dynamicconfig.MatchingPersistenceMaxQPS.Key():                           unlimited,

		// The queues are polled as often as work arrives, and timers fire close to their moment.
		dynamicconfig.TransferProcessorMaxPollRPS.Key(): 2000,
		dynamicconfig.TimerProcessorMaxPollRPS.Key():    2000,
		dynamicconfig.TimerProcessorMaxTimeShift.Key():  50 * time.Millisecond,

		// One partition: on one machine forwarding between partitions costs and spreads nothing.
		dynamicconfig.MatchingNumTaskqueueReadPartitions.Key():  1,
		dynamicconfig.MatchingNumTaskqueueWritePartitions.Key(): 1,

		// Said although they are the defaults, because motcua relies on them.
		dynamicconfig.EnableEagerWorkflowStart.Key():                           true,
		dynamicconfig.FrontendEnableUpdateWorkflowExecution.Key():              true,
		dynamicconfig.FrontendEnableUpdateWorkflowExecutionAsyncAccepted.Key(): true,
	}
}
