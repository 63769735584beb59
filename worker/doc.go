// Package worker is the process that keeps dossiers moving: it runs the
// workflows and activities, and the relay that carries errands from the ledger's
// outbox to Temporal. What is registered is registered in one place, for
// production, tests and replay alike.
package worker
