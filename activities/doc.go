// Package activities performs what a workflow may not do itself: it reaches the
// ledger. It declares the small port it needs and says of every error whether
// repeating can help.
package activities
