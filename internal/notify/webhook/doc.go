// Package webhook sends announcements to subscribers: a CloudEvents 1.0 body,
// signed after Standard Webhooks, to addresses on the public internet only.
package webhook
