// Package config reads what a process is told by its environment. Every value
// has a name, a default where a safe one exists, and a check; nothing is read
// from the environment anywhere else. Temporal's own TEMPORAL_* variables and
// profiles are read by Temporal's library.
package config

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"reflect"
	"strconv"

	"github.com/caarlos0/env/v11"
)

// Config is the environment of a process.
type Config struct {
	// DatabaseURL is the ledger's database, in PostgreSQL's URL form.
	DatabaseURL string `env:"DATABASE_URL"`
	// Listen is the address the API listens on.
	Listen string `env:"MOTCUA_LISTEN" envDefault:"127.0.0.1:8080"`
	// MetricsListen is the address metrics and health are served on, apart from
	// Listen; empty: they are not.
	MetricsListen string `env:"MOTCUA_METRICS_LISTEN"`
	// DevSignIn lets anybody sign in as any officer; loopback only.
	DevSignIn bool `env:"MOTCUA_DEV_SIGN_IN"`
	// CallerRate bounds the requests of one caller per second.
	CallerRate float64 `env:"MOTCUA_CALLER_RATE" envDefault:"300"`
	SignIn
	// Keys is the key ring that seals personal data, as JSON; KeysFile names a
	// file that holds it. Every process of an installation has the same.
	Keys     string `env:"MOTCUA_KEYS"`
	KeysFile string `env:"MOTCUA_KEYS_FILE"`
	// Retention is how long a closed dossier is kept before its personal data
	// may be erased without a further order; zero: there is no rule.
	Retention Retention `env:"MOTCUA_RETENTION"`
	// AuditKey signs the daily digests: PEM, or base64 in one line.
	AuditKey string `env:"MOTCUA_AUDIT_KEY"`
	// AuditKeyFile names a file with that key; what is held here is its content.
	AuditKeyFile string `env:"MOTCUA_AUDIT_KEY_FILE,file"`
	// LogLevel is debug, info, warn or error.
	LogLevel slog.Level `env:"MOTCUA_LOG_LEVEL" envDefault:"info"`
	// LogFormat is text or json.
	LogFormat string `env:"MOTCUA_LOG_FORMAT" envDefault:"text"`
	Webhook
	Mail
	Tracing
}

// Load reads and checks the environment. The error names every variable that
// is off, and never the value of one that may be secret.
func Load() (Config, error) {
	var c Config
	if err := env.Parse(&c); err != nil {
		return c, named(err)
	}
	if err := c.readSecret(); err != nil {
		return c, err
	}
	return c, c.Validate()
}

// named says for each value that cannot be read which variable held it.
func named(err error) error {
	var all env.AggregateError
	if !errors.As(err, &all) {
		return fmt.Errorf("environment: %w", err)
	}
	errs := make([]error, len(all.Errors))
	for i, e := range all.Errors {
		var p env.ParseError
		if errs[i] = e; errors.As(e, &p) {
			if field, ok := reflect.TypeFor[Config]().FieldByName(p.Name); ok {
				errs[i] = fmt.Errorf("%s: %w", field.Tag.Get("env"), p.Err)
			}
		}
	}
	return errors.Join(errs...)
}

// Validate checks the values against each other. Whoever changes one after
// Load calls it again.
func (c Config) Validate() error {
	var errs []error
	if err := CheckAddress(c.Listen); err != nil {
		errs = append(errs, fmt.Errorf("MOTCUA_LISTEN: %w", err))
	} else if c.DevSignIn && !Loopback(c.Listen) {
		errs = append(errs, fmt.Errorf("MOTCUA_DEV_SIGN_IN lets anybody sign in, so MOTCUA_LISTEN must be a loopback address, not %q", c.Listen))
	}
	if c.MetricsListen != "" {
		if err := CheckAddress(c.MetricsListen); err != nil {
			errs = append(errs, fmt.Errorf("MOTCUA_METRICS_LISTEN: %w", err))
		}
	}
	if c.CallerRate < 1 {
		errs = append(errs, errors.New("MOTCUA_CALLER_RATE is the requests one caller may make per second, 1 or more"))
	}
	if c.AuditKey != "" && c.AuditKeyFile != "" {
		errs = append(errs, errors.New("MOTCUA_AUDIT_KEY and MOTCUA_AUDIT_KEY_FILE are both set"))
	}
	if c.LogFormat != "text" && c.LogFormat != "json" {
		errs = append(errs, fmt.Errorf("MOTCUA_LOG_FORMAT is %q, not text or json", c.LogFormat))
	}
	errs = append(errs, c.SignIn.validate()...)
	errs = append(errs, c.Webhook.validate())
	errs = append(errs, c.Mail.validate())
	errs = append(errs, c.Tracing.validate())
	if c.DevSignIn && c.Issuer != "" {
		errs = append(errs, errors.New("MOTCUA_DEV_SIGN_IN would be a back door beside MOTCUA_OIDC_ISSUER: set one of them"))
	}
	if c.Keys != "" && c.KeysFile != "" {
		errs = append(errs, errors.New("MOTCUA_KEYS and MOTCUA_KEYS_FILE are both set: one of them holds the key ring"))
	}
	return errors.Join(errs...)
}

// NeedApart keeps the metrics off the port that everybody reaches. It is for
// processes that serve the API: in others MOTCUA_LISTEN means nothing.
func (c Config) NeedApart() error {
	_, public, _ := net.SplitHostPort(c.Listen)
	if _, port, _ := net.SplitHostPort(c.MetricsListen); port != "0" && port == public {
		return errors.New("MOTCUA_METRICS_LISTEN has the port of MOTCUA_LISTEN: metrics are not for everybody who reaches the API")
	}
	return nil
}

// NeedKeys says how to give a key ring where there is none.
func (c Config) NeedKeys() error {
	if c.Keys == "" && c.KeysFile == "" {
		return errors.New("no key ring: personal data is stored sealed, so MOTCUA_KEYS_FILE must name a key ring; make one with: motcua keys generate --file keys.json")
	}
	return nil
}

// CheckAddress refuses what is not host:port, or :port for every interface.
func CheckAddress(address string) error {
	_, port, err := net.SplitHostPort(address)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return fmt.Errorf("%q is not an address such as 127.0.0.1:8080", address)
	}
	return nil
}

// Loopback says whether only this machine can reach an address. Of names it
// trusts localhost alone: where others lead is not ours to know.
func Loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// NeedDatabase returns the database's URL, or says how to give one.
func (c Config) NeedDatabase() (string, error) {
	if c.DatabaseURL == "" {
		return "", errors.New("DATABASE_URL is not set; it names the ledger's database, such as postgres://motcua@localhost/motcua")
	}
	return c.DatabaseURL, nil
}

// Logger logs to w, which is standard error in a process, as the environment
// says.
func (c Config) Logger(w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: c.LogLevel}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}
