package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"motcua/engine"
)

// coded gives an error of the driver its code and says what was being done.
// An error that carries a code already is passed on. The driver's own words
// are wrapped for logs; the message of the code is fit for anybody.
func coded(err error, format string, args ...any) error {
	var known *engine.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	var e *engine.Error
	switch {
	case away(err):
		e = engine.Errorf(engine.CodeUnavailable, "the ledger cannot be reached or is too busy")
	case unstorable(err):
		e = engine.Errorf(engine.CodeInvalid, "the text holds a character that cannot be stored")
	default:
		e = engine.Errorf(engine.CodeInternal, "the ledger failed")
	}
	return fmt.Errorf("%s: %w: %w", fmt.Sprintf(format, args...), e, err)
}

func notFound(format string, args ...any) error {
	return engine.Errorf(engine.CodeNotFound, format, args...)
}

// away says whether the same call may succeed later: the server is gone,
// going, full or busy, or the caller's time is up.
func away(err error) bool {
	var answer *pgconn.PgError
	if errors.As(err, &answer) {
		return awayState(answer)
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) ||
		pgconn.SafeToRetry(err) || pgconn.Timeout(err)
}

// awayStates are the SQLSTATEs, beside the classes 08 (connection) and 53
// (resources), after which the call may be repeated.
var awayStates = []string{
	"40001", // serialization failure
	"40P01", // deadlock
	"55P03", // lock timeout
	"57014", // statement timeout, or cancelled
	"57P01", // the server shuts down
	"57P02", // another process of the server crashed
	"57P03", // the server starts
	"25P03", // idle in transaction for too long: this process stood still
	"25006", // read only: the server has become a standby
}

func awayState(e *pgconn.PgError) bool {
	return strings.HasPrefix(e.Code, "08") || strings.HasPrefix(e.Code, "53") || slices.Contains(awayStates, e.Code) ||
		// A migration changed a table under a prepared statement; it is prepared anew.
		e.Code == "0A000" && strings.HasPrefix(e.Message, "cached plan")
}

// unstorable says whether the server refused a string: text cannot hold NUL,
// nor jsonb its escape.
func unstorable(err error) bool {
	return isState(err, "22021") || isState(err, "22P05")
}

func isState(err error, state string) bool {
	var answer *pgconn.PgError
	return errors.As(err, &answer) && answer.Code == state
}
