package webhook

import (
	"net/netip"
	"syscall"

	"motcua/engine"
)

// refusedError is an address that nothing is sent to.
type refusedError struct{ address string }

func (e *refusedError) Error() string { return "the address " + e.address + " is internal" }

// guard decides which addresses may be dialled. It is asked by the dialer, after
// names were resolved and for every attempt to connect: what it sees is the
// address the connection goes to, so a name that first leads outside and then
// inside gains nothing.
type guard struct{ allowed []netip.Prefix }

// control refuses a connection before it is made; see net.Dialer.Control.
func (g guard) control(network, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || network != "tcp4" && network != "tcp6" || !g.permits(at.Addr()) {
		return &refusedError{address}
	}
	return nil
}

func (g guard) permits(ip netip.Addr) bool {
	ip = ip.WithZone("").Unmap() // 10.0.0.1 is that, however it is written
	for _, p := range g.allowed {
		if p.Contains(ip) {
			return true
		}
	}
	return !engine.PrivateAddress(ip)
}
