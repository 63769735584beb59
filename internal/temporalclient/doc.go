// Package temporalclient speaks to Temporal for everybody else: it fires
// commands through a dossier's workflow, starts workflows and wakes them. It
// turns Temporal's errors into the engine's codes, and when Temporal is away it
// says so at once, so that nobody waits for it.
package temporalclient
