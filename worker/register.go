package worker

import (
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"motcua/activities"
	"motcua/workflows"
	"motcua/workflows/contract"
)

// RegisterWorkflows registers every workflow under its wire name.
func RegisterWorkflows(r worker.WorkflowRegistry) {
	r.RegisterWorkflowWithOptions(workflows.Dossier, workflow.RegisterOptions{Name: contract.WorkflowDossier})
}

// RegisterActivities registers every activity under its wire name.
func RegisterActivities(r worker.ActivityRegistry, a *activities.Activities) {
	r.RegisterActivityWithOptions(a.Fire, activity.RegisterOptions{Name: contract.ActivityFire})
	r.RegisterActivityWithOptions(a.Tick, activity.RegisterOptions{Name: contract.ActivityTick})
	r.RegisterActivityWithOptions(a.Open, activity.RegisterOptions{Name: contract.ActivityOpen})
}
