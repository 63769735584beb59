// Package telemetry is how an installation is watched over: Prometheus metrics
// of a process and of the ledger, and a listener of their own, apart from the
// port that officers and portals reach. No metric has a label that names a
// dossier or a person.
package telemetry
