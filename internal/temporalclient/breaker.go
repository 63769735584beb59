package temporalclient

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"go.temporal.io/api/serviceerror"
)

// openFor is how long the breaker spares officers the wait after Temporal did
// not answer. The ledger decides meanwhile.
const openFor = 5 * time.Second

// breaker remembers that Temporal was away a moment ago.
type breaker struct{ until atomic.Int64 }

func (b *breaker) closed() bool { return time.Now().UnixNano() >= b.until.Load() }

// report opens the breaker after an error that says Temporal or its workers
// are away. Other errors concern one workflow, and a caller who hung up
// (whose own context ended) says nothing of Temporal.
func (b *breaker) report(caller context.Context, err error) {
	if err != nil && caller.Err() == nil && away(err) {
		b.until.Store(time.Now().Add(openFor).UnixNano())
	}
}

func away(err error) bool {
	var unavailable *serviceerror.Unavailable
	var deadline *serviceerror.DeadlineExceeded
	return errors.As(err, &unavailable) || errors.As(err, &deadline) || errors.Is(err, context.DeadlineExceeded)
}
