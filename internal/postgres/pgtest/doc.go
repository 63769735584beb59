// Package pgtest gives each test a migrated PostgreSQL database of its own.
//
// The server is the one $MOTCUA_TEST_DATABASE_URL names, or else a private one
// that is started once per test process and ends with it. The schema is
// migrated once, into a template; a test's database is a copy of it (some tens
// of milliseconds), so tests run in parallel and see nothing of each other.
package pgtest
