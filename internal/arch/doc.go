// Package arch holds the law of the rooms: which package of motcua may know which other one, and what none of them may ever
// reach. It has no code of its own. The law is the table in law_test.go, the judge is checker_test.go, and `make law` runs both.
//
// The judge parses the sources of the module itself, so that go test's cache sees every file it read: a law that asks a child
// process (`go list`) is answered "ok (cached)" after it was broken.
package arch
