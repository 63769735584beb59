package devstack

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
)

const (
	loopback = "127.0.0.1"

	// startAttempts is how often a start is tried when another program takes the chosen port in
	// the moment between choosing it and listening on it.
	startAttempts = 3
)

// FreePort returns a loopback TCP port on which nobody listens. It is not reserved: listen soon.
func FreePort() (int, error) {
	l, err := net.Listen("tcp", net.JoinHostPort(loopback, "0"))
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// portFree says whether one could listen on the port now.
func portFree(port int) bool {
	l, err := net.Listen("tcp", net.JoinHostPort(loopback, strconv.Itoa(port)))
	if err != nil {
		return false
	}
	_ = l.Close()
	return true
}

// rememberedPort returns the port written in the file while it is free, else a free one, which it
// writes there, so that a restart keeps its address where possible.
func rememberedPort(file string) (int, error) {
	if text, err := os.ReadFile(file); err == nil {
		port, err := strconv.Atoi(strings.TrimSpace(string(text)))
		if err == nil && port > 0 && portFree(port) {
			return port, nil
		}
	}
	port, err := FreePort()
	if err != nil {
		return 0, err
	}
	if err := os.WriteFile(file, []byte(strconv.Itoa(port)+"\n"), 0o600); err != nil {
		return 0, fmt.Errorf("remember the port: %w", err)
	}
	return port, nil
}

// rememberedAddress completes an address without host or port: loopback, and the remembered port.
func rememberedAddress(address, file string) (_ string, chosen bool, _ error) {
	if address == "" {
		address = ":0"
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", false, fmt.Errorf("address %q: %w", address, err)
	}
	if host == "" {
		host = loopback
	}
	if port != "0" && port != "" {
		return net.JoinHostPort(host, port), false, nil
	}
	number, err := rememberedPort(file)
	if err != nil {
		return "", false, err
	}
	return net.JoinHostPort(host, strconv.Itoa(number)), true, nil
}

// addressTaken says whether somebody answers or listens at a loopback address.
func addressTaken(address string) bool {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return true
	}
	_ = l.Close()
	return false
}
