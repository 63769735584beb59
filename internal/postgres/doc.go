// Package postgres is the ledger: the dossiers' memory in PostgreSQL.
//
// [Ledger] answers the ports that the API, the activities and the worker
// declare. A dossier changes in one way only: its row is locked, the engine
// decides, and facts, projection, clocks, notifications, outcome and errands
// are written in the same transaction. Facts are append-only and chained; the
// rest is a projection of them, checked by [Ledger.Verify]. "Overdue" is
// computed when it is read, so it is right with every background job stopped.
//
// Every error carries a code of [motcua/engine.Code]. CodeUnavailable means
// that nothing is known to have changed and that the same call, with the same
// key or command, may be repeated.
package postgres
