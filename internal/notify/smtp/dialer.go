package smtp

import (
	"context"
	"crypto/tls"
	"errors"
	"net"

	mail "github.com/wneessen/go-mail"
)

// dialer connects to a mail server. The library waits for the greeting, the
// handshake and the answer to a password without end, so that a server which
// takes connections and says nothing would hold the mails of all: whatever it
// says is bounded here, by the time the connection may take.
type dialer struct {
	dial   mail.DialContextFunc // nil: over the network
	config *tls.Config          // set: the connection begins with TLS
}

func (d dialer) connect(ctx context.Context, network, address string) (net.Conn, error) {
	dial := d.dial
	if dial == nil {
		dial = (&net.Dialer{}).DialContext
	}
	conn, err := dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	if deadline, ok := ctx.Deadline(); ok {
		err = conn.SetDeadline(deadline)
	}
	if err == nil && d.config != nil {
		encrypted := tls.Client(conn, d.config)
		if err = encrypted.HandshakeContext(ctx); err == nil {
			return encrypted, nil
		}
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}
