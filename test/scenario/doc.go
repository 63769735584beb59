// Package scenario plays the shipped scenarios through the workflow and the
// activities, in Temporal's test environment with skipped time, and holds what
// is recorded against what the engine alone makes of them.
package scenario
