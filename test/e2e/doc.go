// Package e2e proves the main job on the real thing: PostgreSQL, Temporal, and
// the motcua binary as processes that can be killed. Nothing is mocked and no
// clock is turned; procedures are given limits in seconds instead.
package e2e
