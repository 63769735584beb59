// Package draft writes definitions as text: what an importer understood of
// somebody else's description of a procedure, with what it did not understand
// as comments beside it. A draft reads back, through definitions.Read, as the
// very definition it was written from.
package draft
