package engine

import (
	"slices"
	"time"
)

// NotifyBy is how an officer is told outside the pages.
const (
	NotifyByEmail = "email"
	NotifyByNone  = "none"
)

// MailState is what became of a notification that goes out by mail.
type MailState string

// A mail is pending until the server has taken it, or it is given up.
const (
	MailPending MailState = "pending"
	MailSent    MailState = "sent"
	MailDead    MailState = "dead"
)

// Mail is one mail to one officer: a notification, or several that became due
// together. It holds nothing of applicants and no comment.
type Mail struct {
	// ID is its first notification: the same mail has the same ID whenever it is
	// sent again.
	ID        int64
	Officer   string
	Address   string // empty: the officer has none any more, or wants no mail
	Language  string // vi or en
	Agency    Text
	Attempts  int       // this one included
	CreatedAt time.Time // when its first notification was written
	Since     time.Time // since when it could have been sent
	Notices   []MailNotice
}

// Dossiers lists the codes of the dossiers a mail tells of, each once.
func (m Mail) Dossiers() []string {
	var list []string
	for _, n := range m.Notices {
		if !slices.Contains(list, n.Dossier) {
			list = append(list, n.Dossier)
		}
	}
	return list
}

// MailNotice is a notification as a mail tells it.
type MailNotice struct {
	Notification
	Procedure     string
	ProcedureName Text
	StateName     Text
	Due           time.Time // the appointment; zero: there is none
	// Present is what the step is called in which the dossier stands now, and
	// StepDue when that is due; zero: nothing runs.
	Present Text
	StepDue time.Time
	// Late says by how much working time the sooner of what runs is late now;
	// empty: nothing is.
	Late Text
}

// MailDelivery is a line of the log of what was sent to whom. It does not hold
// the address.
type MailDelivery struct {
	Notification int64     `json:"notification"`
	Dossier      string    `json:"dossier"`
	Officer      string    `json:"officer"`
	Channel      string    `json:"channel"`
	Mail         int64     `json:"mail,omitempty"` // the mail it went into: the same number, the same mail
	State        MailState `json:"state"`
	Attempts     int       `json:"attempts"`
	NextAt       time.Time `json:"next_at,omitzero"` // while it is pending
	Error        string    `json:"error,omitempty"`
	SentAt       time.Time `json:"sent_at,omitzero"`
}

// MailLog selects lines of the log, newest first.
type MailLog struct {
	Agency string
	State  MailState // empty: any
	Before int64     // only notifications before this one; zero: from the newest
	Limit  int
}

// Undelivered is why a mail was not taken: a class, because the words of mail
// servers repeat addresses and do not belong into logs.
type Undelivered struct {
	Class string
	// Final says that trying again would fail again.
	Final bool
}

// Error says the class.
func (u *Undelivered) Error() string { return "mail not delivered: " + u.Class }
