// Package config reads what a process is told by its environment. Every value
// has a name, a default where a safe one exists, and a check; nothing is read
// from the environment anywhere else. Temporal's own TEMPORAL_* variables and
// profiles are read by Temporal's library.
package config

import (
	"errors"
	"fmt"
	"log/slog"
	"os"

	"github.com/caarlos0/env/v11"
)

// Config is the environment of a process.
type Config struct {
	// DatabaseURL is the ledger's database, in PostgreSQL's URL form.
	DatabaseURL string `env:"DATABASE_URL"`
	// Listen is the address the API listens on.
	Listen string `env:"MOTCUA_LISTEN" envDefault:"127.0.0.1:8080"`
	// DevSignIn lets anybody sign in as any officer; loopback only.
	DevSignIn bool `env:"MOTCUA_DEV_SIGN_IN"`
	// SessionKey signs session cookies; several API processes must share one.
	SessionKey string `env:"MOTCUA_SESSION_KEY"`
	// LogLevel is debug, info, warn or error.
	LogLevel slog.Level `env:"MOTCUA_LOG_LEVEL" envDefault:"info"`
	// LogFormat is text or json.
	LogFormat string `env:"MOTCUA_LOG_FORMAT" envDefault:"text"`
}

// Load reads and checks the environment.
func Load() (Config, error) {
	var c Config
	if err := env.Parse(&c); err != nil {
		return c, fmt.Errorf("environment: %w", err)
	}
	return c, c.validate()
}

func (c Config) validate() error {
	var errs []error
	if c.LogFormat != "text" && c.LogFormat != "json" {
		errs = append(errs, fmt.Errorf("MOTCUA_LOG_FORMAT is %q, not text or json", c.LogFormat))
	}
	if c.SessionKey != "" && len(c.SessionKey) < 32 {
		errs = append(errs, errors.New("MOTCUA_SESSION_KEY is shorter than 32 characters"))
	}
	return errors.Join(errs...)
}

// NeedDatabase returns the database's URL, or says how to give one.
func (c Config) NeedDatabase() (string, error) {
	if c.DatabaseURL == "" {
		return "", errors.New("DATABASE_URL is not set; it names the ledger's database, such as postgres://motcua@localhost/motcua")
	}
	return c.DatabaseURL, nil
}

// Logger logs to standard error as the environment says.
func (c Config) Logger() *slog.Logger {
	options := &slog.HandlerOptions{Level: c.LogLevel}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(os.Stderr, options))
	}
	return slog.New(slog.NewTextHandler(os.Stderr, options))
}
