// Package documents runs what the documents show. Fenced blocks marked console
// hold commands and what they print; the tests run them in order, document by
// document, on one `motcua dev` with fresh data, and compare.
package documents
