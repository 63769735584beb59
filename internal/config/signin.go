package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strings"
	"time"
)

// SignIn is how people sign in, and for how long.
type SignIn struct {
	// PublicURL is where browsers reach the API and its pages.
	PublicURL string `env:"MOTCUA_PUBLIC_URL"`
	// Issuer is the OpenID Connect issuer that signs people in; empty: none does.
	Issuer   string `env:"MOTCUA_OIDC_ISSUER"`
	ClientID string `env:"MOTCUA_OIDC_CLIENT_ID"`
	// ClientSecret may be empty: PKCE protects a client that cannot keep one.
	ClientSecret     string `env:"MOTCUA_OIDC_CLIENT_SECRET"`
	ClientSecretFile string `env:"MOTCUA_OIDC_CLIENT_SECRET_FILE"`
	// Claim names the officer in what the issuer says of an account.
	Claim string `env:"MOTCUA_OIDC_CLAIM" envDefault:"preferred_username"`
	// Scopes are what is asked of the issuer.
	Scopes []string `env:"MOTCUA_OIDC_SCOPES" envDefault:"openid,profile"`
	// SessionIdle is the longest pause within a session, SessionMax the
	// longest session.
	SessionIdle time.Duration `env:"MOTCUA_SESSION_IDLE" envDefault:"30m"`
	SessionMax  time.Duration `env:"MOTCUA_SESSION_MAX" envDefault:"12h"`
}

const (
	// shortest is what nobody can work with less than.
	shortest = time.Minute
	// longest is more than any office needs.
	longest = 7 * 24 * time.Hour
)

// readSecret takes the client's secret from its file, without the line's end
// that editors add.
func (s *SignIn) readSecret() error {
	if s.ClientSecretFile == "" {
		return nil
	}
	if s.ClientSecret != "" {
		return errors.New("MOTCUA_OIDC_CLIENT_SECRET and MOTCUA_OIDC_CLIENT_SECRET_FILE are both set: set one of them")
	}
	text, err := os.ReadFile(s.ClientSecretFile)
	if err != nil {
		return fmt.Errorf("MOTCUA_OIDC_CLIENT_SECRET_FILE: %w", err)
	}
	if s.ClientSecret = strings.TrimRight(string(text), "\r\n"); s.ClientSecret == "" {
		return errors.New("MOTCUA_OIDC_CLIENT_SECRET_FILE names an empty file")
	}
	return nil
}

func (s SignIn) validate() []error {
	var errs []error
	if s.SessionIdle < shortest || s.SessionIdle > s.SessionMax {
		errs = append(errs, fmt.Errorf("MOTCUA_SESSION_IDLE is %s, not between %s and MOTCUA_SESSION_MAX", s.SessionIdle, shortest))
	}
	if s.SessionMax > longest {
		errs = append(errs, fmt.Errorf("MOTCUA_SESSION_MAX is %s, more than %s", s.SessionMax, longest))
	}
	if s.PublicURL != "" {
		if err := checkURL(s.PublicURL); err != nil {
			errs = append(errs, fmt.Errorf("MOTCUA_PUBLIC_URL: %w", err))
		} else if u, _ := url.Parse(s.PublicURL); u.Path != "" {
			errs = append(errs, fmt.Errorf("MOTCUA_PUBLIC_URL: %q has a path; the pages are served at the root", s.PublicURL))
		}
	}
	if s.Issuer == "" {
		return errs
	}
	if err := checkURL(s.Issuer); err != nil {
		errs = append(errs, fmt.Errorf("MOTCUA_OIDC_ISSUER: %w", err))
	}
	for name, value := range map[string]string{"MOTCUA_OIDC_CLIENT_ID": s.ClientID, "MOTCUA_PUBLIC_URL": s.PublicURL} {
		if value == "" {
			errs = append(errs, fmt.Errorf("MOTCUA_OIDC_ISSUER needs %s", name))
		}
	}
	return errs
}

// checkURL takes https alone: without it cookies and codes travel in the open.
// On this machine itself http will do.
func checkURL(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("not an address such as https://motcua.example.vn") // not repeated: it may hold a password
	}
	host := u.Hostname()
	ip := net.ParseIP(host)
	if u.Scheme != "https" && (u.Scheme != "http" || host != "localhost" && !ip.IsLoopback()) {
		return fmt.Errorf("%q is not https", text)
	}
	return nil
}
