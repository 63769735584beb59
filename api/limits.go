package api

import (
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"motcua/engine"
)

// How much one caller may ask for, unless the options say otherwise.
const (
	defaultRate   = 300 // requests per second; twice as many may come at once
	guessRate     = 1   // wrong keys per second and address
	guessBurst    = 20
	callersKnown  = 10_000 // callers remembered; all others share one quota
	callerIdle    = 10 * time.Minute
	shareOfCaller = 4 // of the requests served at once, one caller has one in so many at most
	maxStreams    = 512
	callerStreams = 16 // of one caller at once
)

// quota keeps one caller from taking what the others need: so many requests a
// second, and so many at once.
type quota struct {
	mu      sync.Mutex
	now     func() time.Time
	rate    rate.Limit
	burst   int
	at      int // at once
	callers map[string]*counted
}

type counted struct {
	*rate.Limiter
	at   int
	seen time.Time
}

func newQuota(perSecond float64, burst, atOnce int, now func() time.Time) *quota {
	return &quota{now: now, rate: rate.Limit(perSecond), burst: burst, at: atOnce, callers: map[string]*counted{}}
}

var errTooMany = engine.Errorf(engine.CodeTooManyRequests, "more requests than one caller may send; wait and ask again")

// enter counts a request of a caller in, or refuses it. Whoever was let in
// calls leave.
func (q *quota) enter(caller string) (leave func(), err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	c := q.caller(caller)
	if c.at >= q.at || !c.AllowN(q.now(), 1) {
		return nil, errTooMany
	}
	c.at++
	return func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		c.at--
	}, nil
}

// allow counts one more of a caller, and says whether it was within bounds.
func (q *quota) allow(caller string) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.caller(caller).AllowN(q.now(), 1)
}

func (q *quota) caller(name string) *counted {
	if len(q.callers) >= callersKnown {
		q.forget()
	}
	if _, known := q.callers[name]; !known && len(q.callers) >= callersKnown {
		name = "" // everybody else
	}
	c := q.callers[name]
	if c == nil {
		c = &counted{Limiter: rate.NewLimiter(q.rate, q.burst)}
		q.callers[name] = c
	}
	c.seen = q.now()
	return c
}

// forget drops those who were not seen for a while and have nothing running.
func (q *quota) forget() {
	before := q.now().Add(-callerIdle)
	for name, c := range q.callers {
		if c.at == 0 && c.seen.Before(before) {
			delete(q.callers, name)
		}
	}
}

// remote is the address a request comes from. A proxy before the server is
// one address: guesses are then counted for all behind it.
func remote(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
