// Package scenario plays what happens to one dossier on a virtual clock: a
// scenario file says who does what and when, the run answers with the timeline
// of everything that follows, the work of time included. The same file runs on
// the engine alone, through the workflow with skipped time, and on real servers;
// where they disagree, the layer at fault is known.
package scenario
