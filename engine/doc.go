// Package engine decides. It knows what a procedure's definition means: which
// event may happen in which state, what that starts, stops and suspends, when
// each due moment comes and which rung of the ladder it fires.
//
// The whole package is pure. [Decide] looks at a case, a command and a moment
// and answers with facts and effects as data; [Evolve] folds one fact into a
// case. Neither has a clock, a goroutine, a callback or a map whose order
// shows, so the same input gives the same decision for ever: inside the
// ledger's transaction, in a simulation, in a test, in an audit years later.
//
// Everything outside this room speaks its words: commands go in, facts come
// out, a [Case] is what stands between them.
package engine
