// Package client speaks to a motcua server: it starts dossiers once and only
// once, fires events, and reads lists, facts and clocks. It imports nothing
// but the standard library, so that a backend can take it as it is.
//
// Every change takes an idempotency key. Choose it, and store it with what it
// is for, before the call: whoever calls again with the same key, after a lost
// answer or a crash, gets the first outcome, and nothing happens twice. Within
// a call the client itself asks again, under the same key, when the server is
// away, asks to wait, or the connection breaks.
package client

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Client is a caller of one server by one API key. It may be used by many
// goroutines.
type Client struct {
	base, key string
	options   Options
}

// Options change what a client does; the zero value is good.
type Options struct {
	// HTTP sends the requests; by default a client with a timeout of 30 seconds
	// for each. It follows no redirect either way: a key goes to no third party.
	HTTP *http.Client
	// Attempts is how often a request is sent at most; by default 6.
	Attempts int
	// Wait is the first pause between two attempts; it doubles up to MaxWait. A
	// Retry-After of the server goes before it. By default 200ms and 30s.
	Wait, MaxWait time.Duration
	// Language of titles in problems: "vi", the default, or "en".
	Language string
	// UserAgent names the program in the server's eyes.
	UserAgent string
}

// New makes a client of the server at an address such as https://motcua.example.vn,
// with the key "mc_<id>_<secret>".
func New(address, key string, o Options) (*Client, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("motcua: %q is no address of a server", address)
	}
	if !strings.HasPrefix(key, "mc_") {
		return nil, errors.New("motcua: the API key does not begin with mc_")
	}
	return &Client{base: strings.TrimRight(address, "/"), key: key, options: o.withDefaults()}, nil
}

func (o Options) withDefaults() Options {
	sender := http.Client{Timeout: 30 * time.Second}
	if o.HTTP != nil {
		sender = *o.HTTP
	}
	sender.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	o.HTTP = &sender
	if o.Attempts <= 0 {
		o.Attempts = 6
	}
	if o.Wait <= 0 {
		o.Wait = 200 * time.Millisecond
	}
	if o.MaxWait <= 0 {
		o.MaxWait = 30 * time.Second
	}
	if o.UserAgent == "" {
		o.UserAgent = "motcua-client"
	}
	return o
}
