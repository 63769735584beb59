package problem

import "regexp"

// number finds runs of digits as long as an identity number (9 or 12), a phone
// number or an account; dossier and procedure codes have no such run.
var number = regexp.MustCompile(`[0-9]{9,}`)

// scrub keeps such numbers out of a text that quotes part of a request.
func scrub(text string) string { return number.ReplaceAllString(text, "…") }

// name is what a property of ours could be called.
var name = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]{0,63}$`)

// SafeName says whether a name the client chose may be quoted back: one that
// could be a misspelt property, not one that could be a person or a number.
func SafeName(s string) bool { return name.MatchString(s) && !number.MatchString(s) }
