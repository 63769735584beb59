// Package api serves motcua over HTTP: a JSON API for machines, described by
// an OpenAPI 3.1 document, and pages for people (package web).
//
// It decides nothing. Every change goes to the ledger, through the dossier's
// workflow while that can be reached; every answer comes from the ledger. What
// is decided here is who may knock: each route is registered with a policy, and
// one without is refused.
package api
