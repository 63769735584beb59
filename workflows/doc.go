// Package workflows drives dossiers through events and time on Temporal. A
// workflow knows when to ask the ledger and nothing of what the answer rests
// on: procedures, calendars and ladders are decided by the engine inside the
// ledger's transaction, so a new engine or a new definition never breaks the
// replay of a dossier that has run for a year.
package workflows
