// Package devstack starts the private local stack behind "motcua dev" and behind the tests that
// need the real thing: a PostgreSQL cluster of its own from the system's binaries, and a Temporal
// server as a child process.
//
// Everything lives below one directory, listens on loopback only, keeps its data and its ports over
// restarts, and ends with the process that started it, even when that process is killed. It is no
// way to run production.
package devstack
