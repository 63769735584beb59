// Package digit turns workflow configurations of eGov DIGIT (a
// BusinessService: states, actions, roles and service levels) into drafts of
// definitions.
//
// A draft says what the configuration says, faults included: an action that
// leads to a state that does not exist leads there in the draft too, and lint
// finds it, with its place. What the language has no place for stands beside
// it as a remark with the original words.
package digit
