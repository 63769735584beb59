// Package smtp writes mails to officers in their language and hands them to a
// mail server. What a mail may say is decided by what it is given: codes, names
// of steps, moments and links, nothing of applicants.
package smtp
