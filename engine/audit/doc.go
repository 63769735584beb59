// Package audit proves the record: what a day's digest covers, how it is
// signed, and what is wrong with rows that do not agree with it.
//
// Every dossier's facts are chained by [engine.Link]. A chain alone does not
// notice when its newest rows go, or when it is replaced as a whole, so once a
// day the head of every chain that grew becomes a [Leaf], the leaves of an
// agency the root of a Merkle tree (RFC 9162), and the root a [Statement] that
// follows the one of the day before and is signed with Ed25519. Whoever keeps
// a statement elsewhere can hold the ledger to it.
//
// The package is pure, as the engine is: the program that has no database
// near verifies exported digests and evidence by the same code as the ledger.
package audit
