package engine

import (
	"strconv"
	"time"
)

// The states of a delivery.
const (
	DeliveryPending   = "pending"   // to be sent, or to be sent again
	DeliveryDelivered = "delivered" // the subscriber answered 2xx
	DeliveryDead      = "dead"      // given up; it can be replayed
)

// WebhookPolicy bounds how long subscribers are tried. The zero values mean
// the defaults.
type WebhookPolicy struct {
	// GiveUp is how long after it was announced something is dead.
	GiveUp time.Duration
	// DisableAfter is how long nothing may succeed before a subscription is disabled.
	DisableAfter time.Duration
	// Keep is how long deliveries are kept that are over.
	Keep time.Duration
	// PlainLoopback allows http:// to this machine: development and tests.
	PlainLoopback bool
}

// WithDefaults fills in what is not said.
func (p WebhookPolicy) WithDefaults() WebhookPolicy {
	for _, d := range []struct {
		of       *time.Duration
		fallback time.Duration
	}{{&p.GiveUp, 72 * time.Hour}, {&p.DisableAfter, 5 * 24 * time.Hour}, {&p.Keep, 30 * 24 * time.Hour}} {
		if *d.of <= 0 {
			*d.of = d.fallback
		}
	}
	return p
}

// Delivery is one announcement on its way to one subscriber.
type Delivery struct {
	ID           int64
	Webhook      string
	URL          string
	Secrets      [][]byte // the valid ones, the newest first
	Announcement Announcement
	Attempts     int // this one included
	Tries        int // the same, since it was replayed
}

// Classes of what went wrong with an attempt. They say nothing of the answer's words.
const (
	FailedAddress  = "address-refused" // the name leads to an internal address
	FailedResolve  = "resolve"         // the name leads nowhere
	FailedConnect  = "connect"
	FailedTLS      = "tls"
	FailedTimeout  = "timeout"
	FailedRedirect = "redirect" // followed never: it could lead anywhere
	FailedStatus   = "status"   // answered, but not 2xx
	FailedInternal = "internal" // nothing could be sent at all
)

// Attempt is what became of sending a delivery once.
type Attempt struct {
	Delivery int64         `json:"-"`
	Number   int           `json:"number"`
	At       time.Time     `json:"at"`
	Status   int           `json:"status,omitempty"` // of the answer; 0: none came
	Latency  time.Duration `json:"-"`
	Millis   int64         `json:"latency_ms"`
	// Failure is its class; empty: delivered.
	Failure string `json:"failure,omitempty"`
	// Excerpt is the beginning of the answer's body, for whoever looks for the
	// reason. It is not logged.
	Excerpt string `json:"excerpt,omitempty"`
	// Asked is how long the subscriber asked to be left alone (Retry-After).
	Asked time.Duration `json:"-"`
	// RetryIn is how long the delivery waits for its next attempt.
	RetryIn time.Duration `json:"-"`
}

// Delivered says whether the subscriber took it.
func (a Attempt) Delivered() bool { return a.Failure == "" }

// Why names the failure for people: its class, and the status if there was one.
func (a Attempt) Why() string {
	if a.Status > 0 {
		return a.Failure + " " + strconv.Itoa(a.Status)
	}
	return a.Failure
}

// Gone says whether the subscriber wants no more, ever (410).
func (a Attempt) Gone() bool { return a.Status == 410 }

// Away says whether the subscriber as a whole seems to be away, rather than not
// to like this one delivery: then the others wait too.
func (a Attempt) Away() bool {
	return !a.Delivered() && (a.Status == 0 || a.Status >= 500 || a.Status == 429)
}

const (
	firstRetry = time.Second
	lastRetry  = 15 * time.Minute
)

// RetryIn is how long a delivery waits after so many tries: twice as long each
// time, shortened by a share of half of it between 0 and 1, so that many do not
// come back at once.
func RetryIn(tries int, share float64) time.Duration {
	wait := min(firstRetry<<min(max(tries-1, 0), 20), lastRetry)
	return wait - time.Duration(share*float64(wait)/2)
}

// DeliveryRecord is a delivery as people read it.
type DeliveryRecord struct {
	ID       int64     `json:"id"`
	Message  string    `json:"message"` // the webhook-id the subscriber sees
	Type     string    `json:"type"`
	Dossier  string    `json:"dossier"`
	Seq      int64     `json:"seq"`
	State    string    `json:"state"`
	Attempts int       `json:"attempts"`
	Created  time.Time `json:"created_at"`
	// NextAt is when it is tried next; zero while one before it of the same
	// dossier is under way.
	NextAt   time.Time `json:"next_at,omitzero"`
	GiveUpAt time.Time `json:"give_up_at,omitzero"`
	EndedAt  time.Time `json:"ended_at,omitzero"`
	Tries    []Attempt `json:"tries,omitempty"` // the last ones, newest first
}

// DeliveryFilter selects deliveries of a subscription.
type DeliveryFilter struct {
	State  string
	Before int64 // id: a page ends where the one before began
	Limit  int
}

// Replay selects deliveries to send again: by id, or by when they were announced.
type Replay struct {
	IDs   []int64
	From  time.Time
	To    time.Time
	State string // only those in this state; empty: dead ones
}
