package engine

import (
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// Webhook is a subscription: where announcements of an agency are sent, and
// which. Its secrets are not part of it; they are shown once, when they are made.
type Webhook struct {
	ID          string `json:"id"`
	Agency      string `json:"agency"`
	URL         string `json:"url"`
	Description string `json:"description,omitempty"`
	// Types, Procedures and Departments narrow what is sent; empty is all.
	Types       []string `json:"types,omitempty"`
	Procedures  []string `json:"procedures,omitempty"`
	Departments []string `json:"departments,omitempty"`
	// StatusOnly asks for changes of state and of the portal's status only.
	StatusOnly bool `json:"status_only,omitempty"`
	// Enabled says whether anything is sent. What happens while it is not waits,
	// as long as it would for a subscriber that is away.
	Enabled        bool      `json:"enabled"`
	DisabledReason string    `json:"disabled_reason,omitempty"`
	DisabledAt     time.Time `json:"disabled_at,omitzero"`
	// FailingSince is when the first of the failures was that no success came after.
	FailingSince time.Time `json:"failing_since,omitzero"`
	CreatedAt    time.Time `json:"created_at"`
	CreatedBy    string    `json:"created_by"`
	// Secrets says which are valid, the newest first, and until when.
	Secrets []WebhookSecret `json:"secrets,omitempty"`
	Pending int             `json:"pending"`
	Dead    int             `json:"dead"`
}

// WebhookSecret is one valid secret, without what makes it one.
type WebhookSecret struct {
	CreatedAt time.Time `json:"created_at"`
	// Until is when an overlap ends; zero for the newest.
	Until time.Time `json:"until,omitzero"`
}

// SecretPrefix begins a secret as Standard Webhooks writes them.
const SecretPrefix = "whsec_"

// Wants says whether the subscription asks for an announcement.
func (w Webhook) Wants(a Announcement) bool {
	concerned := len(w.Departments) == 0 || slices.ContainsFunc(a.Departments, func(d string) bool { return slices.Contains(w.Departments, d) })
	return w.Agency == a.Agency && concerned &&
		(!w.StatusOnly || slices.Contains(statusTypes, a.Type)) &&
		(len(w.Types) == 0 || slices.Contains(w.Types, a.Type)) &&
		(len(w.Procedures) == 0 || slices.Contains(w.Procedures, a.Data.Procedure))
}

// CheckWebhook holds a subscription against the rules. Plain HTTP is for a
// receiver on this machine, and only where development is allowed it. Errors:
// CodeInvalid, with the place.
func CheckWebhook(w Webhook, plainLoopback bool) error {
	if err := checkTarget(w.URL, plainLoopback); err != nil {
		return err
	}
	known := AnnouncementTypes()
	for i, t := range w.Types {
		if !slices.Contains(known, t) {
			return &Error{Code: CodeInvalid, Path: "/types/" + strconv.Itoa(i), Message: "no such type of event"}
		}
	}
	return nil
}

func checkTarget(target string, plainLoopback bool) error {
	bad := func(message string) error { return &Error{Code: CodeInvalid, Path: "/url", Message: message} }
	u, err := url.Parse(target)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || u.Opaque != "":
		return bad("it must be an address such as https://portal.example/hooks")
	case u.User != nil || u.Fragment != "":
		return bad("it may hold neither a name and password nor a fragment")
	}
	ip, _ := netip.ParseAddr(u.Hostname())
	local := ip.Unmap().IsLoopback() || u.Hostname() == "localhost"
	switch {
	case u.Scheme == "http" && plainLoopback && local:
		return nil
	case u.Scheme != "https":
		return bad("it must begin with https://")
	case ip.IsValid() && !local && PrivateAddress(ip) || local && !plainLoopback:
		return bad("it names an internal address")
	}
	return nil
}

// blocked are ranges that no subscriber on the internet has, beyond those that
// netip names: this network, carrier-grade NAT, protocol assignments, examples,
// benchmarks, what is reserved, and IPv6 that carries an IPv4 address, which is
// judged by that address.
var blocked = prefixes("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15",
	"198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fec0::/10", "3fff::/20", "::/96")

func prefixes(texts ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		out[i] = netip.MustParsePrefix(text)
	}
	return out
}

// PrivateAddress says whether an address is none of the public internet's:
// this machine, a private network, a link (169.254.169.254, where clouds keep
// credentials), a group, or reserved. IPv4 written as IPv6 is judged as IPv4.
func PrivateAddress(ip netip.Addr) bool {
	ip = ip.WithZone("").Unmap()
	return !ip.IsValid() || ip.IsLoopback() || ip.IsPrivate() || ip.IsUnspecified() || ip.IsMulticast() ||
		ip.IsLinkLocalUnicast() || !ip.IsGlobalUnicast() ||
		slices.ContainsFunc(blocked, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// IssuedWebhook is a subscription with a secret that was just made: the only
// time it is shown.
type IssuedWebhook struct {
	Webhook
	Secret string `json:"secret,omitempty"`
}
