package workflows

// Versions of workflow logic. A change to what a workflow commands, or to the
// order of it, gets a constant here and a workflow.GetVersion where it
// branches; the branch stays until no recorded history needs it. The recorded
// histories under testdata/histories are replayed by the tests.
//
// There is none yet: the first released logic is workflow.DefaultVersion.
// Opening linked dossiers came later and needs no version: what it commands is
// commanded only after an outcome that lists something to open, and no outcome
// in a history written before that lists anything.
