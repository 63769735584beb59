package config_test

import (
	"bytes"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/internal/config"
)

// webhooks are the defaults of webhooks.
var webhooks = config.Webhook{WebhookGiveUp: 72 * time.Hour, WebhookDisableAfter: 120 * time.Hour}

// environment sets the variables of the package, and clears those not given.
func environment(t *testing.T, values map[string]string) {
	t.Helper()
	for _, name := range []string{
		"MOTCUA_WEBHOOK_ALLOW", "MOTCUA_WEBHOOK_PLAIN_LOOPBACK", "MOTCUA_WEBHOOK_GIVE_UP", "MOTCUA_WEBHOOK_DISABLE_AFTER",
		"MOTCUA_SMTP_URL", "MOTCUA_SMTP_FROM", "MOTCUA_MAIL_TEMPLATES",
		"DATABASE_URL", "MOTCUA_LISTEN", "MOTCUA_METRICS_LISTEN", "MOTCUA_DEV_SIGN_IN", "MOTCUA_CALLER_RATE", "MOTCUA_LOG_LEVEL", "MOTCUA_LOG_FORMAT", "MOTCUA_PUBLIC_URL",
		"MOTCUA_OIDC_ISSUER", "MOTCUA_OIDC_CLIENT_ID", "MOTCUA_OIDC_CLIENT_SECRET", "MOTCUA_OIDC_CLIENT_SECRET_FILE", "MOTCUA_OIDC_CLAIM",
		"MOTCUA_OIDC_SCOPES", "MOTCUA_SESSION_IDLE", "MOTCUA_SESSION_MAX",
		"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
		"OTEL_TRACES_EXPORTER", "OTEL_TRACES_SAMPLER", "OTEL_SDK_DISABLED",
	} {
		t.Setenv(name, values[name])
	}
}

// signIn are variables under which people sign in at an issuer, and others.
func signIn(others map[string]string) map[string]string {
	values := map[string]string{
		"MOTCUA_PUBLIC_URL": "https://motcua.example.vn", "MOTCUA_OIDC_ISSUER": "https://id.example.vn/realms/tinh", "MOTCUA_OIDC_CLIENT_ID": "motcua",
	}
	maps.Copy(values, others)
	return values
}

func TestLoad(t *testing.T) {
	t.Run("has safe defaults", func(t *testing.T) {
		environment(t, nil)
		c, err := config.Load()
		require.NoError(t, err)
		require.Equal(t, config.Config{Webhook: webhooks, Listen: "127.0.0.1:8080", CallerRate: 300, LogFormat: "text", SignIn: config.SignIn{
			Claim: "preferred_username", Scopes: []string{"openid", "profile"}, SessionIdle: 30 * time.Minute, SessionMax: 12 * time.Hour,
		}}, c)
	})
	t.Run("reads every variable", func(t *testing.T) {
		environment(t, map[string]string{
			"DATABASE_URL": "postgres://motcua@db/motcua", "MOTCUA_LISTEN": "[::1]:0", "MOTCUA_METRICS_LISTEN": "127.0.0.1:9464", "MOTCUA_DEV_SIGN_IN": "true",
			"MOTCUA_CALLER_RATE":  "25.5",
			"MOTCUA_SESSION_IDLE": "10m", "MOTCUA_SESSION_MAX": "8h", "MOTCUA_LOG_LEVEL": "warn", "MOTCUA_LOG_FORMAT": "json",
		})
		c, err := config.Load()
		require.NoError(t, err)
		require.Equal(t, config.Config{Webhook: webhooks,
			DatabaseURL: "postgres://motcua@db/motcua", Listen: "[::1]:0", MetricsListen: "127.0.0.1:9464", DevSignIn: true, CallerRate: 25.5, LogLevel: slog.LevelWarn, LogFormat: "json",
			SignIn: config.SignIn{
				Claim: "preferred_username", Scopes: []string{"openid", "profile"}, SessionIdle: 10 * time.Minute, SessionMax: 8 * time.Hour,
			},
		}, c)
	})
	t.Run("reads how people sign in", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "secret")
		require.NoError(t, os.WriteFile(file, []byte("s3cret\n"), 0o600))
		environment(t, signIn(map[string]string{
			"MOTCUA_OIDC_CLIENT_SECRET_FILE": file, "MOTCUA_OIDC_CLAIM": "employee_id", "MOTCUA_OIDC_SCOPES": "openid,profile,staff",
		}))
		c, err := config.Load()
		require.NoError(t, err)
		require.Equal(t, config.SignIn{
			PublicURL: "https://motcua.example.vn", Issuer: "https://id.example.vn/realms/tinh", ClientID: "motcua", ClientSecret: "s3cret",
			ClientSecretFile: file, Claim: "employee_id", Scopes: []string{"openid", "profile", "staff"},
			SessionIdle: 30 * time.Minute, SessionMax: 12 * time.Hour,
		}, c.SignIn)
	})
	t.Run("does without TLS on this machine only", func(t *testing.T) {
		for _, host := range []string{"localhost:8080", "127.0.0.1:8080", "[::1]:8080"} {
			environment(t, signIn(map[string]string{"MOTCUA_PUBLIC_URL": "http://" + host, "MOTCUA_OIDC_ISSUER": "http://" + host}))
			_, err := config.Load()
			require.NoError(t, err, host)
		}
	})
	t.Run("lets a server listen everywhere when people sign in for real", func(t *testing.T) {
		environment(t, map[string]string{"MOTCUA_LISTEN": ":8080"})
		_, err := config.Load()
		require.NoError(t, err)
	})
}

func TestLoadRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		variable, value, want string
	}{
		"a level nobody knows":     {"MOTCUA_LOG_LEVEL", "loud", `MOTCUA_LOG_LEVEL: slog: level string "loud": unknown name`},
		"a switch that is neither": {"MOTCUA_DEV_SIGN_IN", "maybe", `MOTCUA_DEV_SIGN_IN: strconv.ParseBool: parsing "maybe": invalid syntax`},
		"a format nobody knows":    {"MOTCUA_LOG_FORMAT", "xml", `MOTCUA_LOG_FORMAT is "xml", not text or json`},
		"an address without port":  {"MOTCUA_LISTEN", "localhost", `MOTCUA_LISTEN: "localhost" is not an address such as 127.0.0.1:8080`},
		"a port that is none":      {"MOTCUA_LISTEN", "localhost:99999", `MOTCUA_LISTEN: "localhost:99999" is not an address such as 127.0.0.1:8080`},
		"no requests at all":       {"MOTCUA_CALLER_RATE", "0", "MOTCUA_CALLER_RATE is the requests one caller may make per second, 1 or more"},
		"an endless session":       {"MOTCUA_SESSION_MAX", "999h", "MOTCUA_SESSION_MAX is 999h0m0s, more than 168h0m0s"},
		"a session of no use":      {"MOTCUA_SESSION_IDLE", "5s", "MOTCUA_SESSION_IDLE is 5s, not between 1m0s and MOTCUA_SESSION_MAX"},
		"a pause beyond the end":   {"MOTCUA_SESSION_IDLE", "13h", "MOTCUA_SESSION_IDLE is 13h0m0s, not between 1m0s and MOTCUA_SESSION_MAX"},
		"pages without TLS":        {"MOTCUA_PUBLIC_URL", "http://motcua.example.vn", `MOTCUA_PUBLIC_URL: "http://motcua.example.vn" is not https`},
		"pages below a path":       {"MOTCUA_PUBLIC_URL", "https://example.vn/motcua", `MOTCUA_PUBLIC_URL: "https://example.vn/motcua" has a path; the pages are served at the root`},
		"an address that is none":  {"MOTCUA_PUBLIC_URL", "motcua.example.vn", "MOTCUA_PUBLIC_URL: not an address such as https://motcua.example.vn"},
	} {
		t.Run(name, func(t *testing.T) {
			environment(t, map[string]string{c.variable: c.value})
			_, err := config.Load()
			require.EqualError(t, err, c.want)
		})
	}
	t.Run("the development sign-in where others reach it", func(t *testing.T) {
		for _, address := range []string{":8080", "0.0.0.0:8080", "192.0.2.1:8080", "[::]:8080", "example.org:8080"} {
			environment(t, map[string]string{"MOTCUA_DEV_SIGN_IN": "true", "MOTCUA_LISTEN": address})
			_, err := config.Load()
			require.ErrorContains(t, err, "must be a loopback address", address)
		}
	})
	t.Run("a sign-in that cannot be", func(t *testing.T) {
		missing := filepath.Join(t.TempDir(), "none")
		for want, changed := range map[string]map[string]string{
			`MOTCUA_OIDC_ISSUER: "http://id.example.vn" is not https`: {"MOTCUA_OIDC_ISSUER": "http://id.example.vn"},
			"MOTCUA_OIDC_ISSUER needs MOTCUA_OIDC_CLIENT_ID":          {"MOTCUA_OIDC_CLIENT_ID": ""},
			"MOTCUA_OIDC_ISSUER needs MOTCUA_PUBLIC_URL":              {"MOTCUA_PUBLIC_URL": ""},
			"set one of them":                               {"MOTCUA_OIDC_CLIENT_SECRET": "hunter2", "MOTCUA_OIDC_CLIENT_SECRET_FILE": missing},
			"MOTCUA_OIDC_CLIENT_SECRET_FILE: open":          {"MOTCUA_OIDC_CLIENT_SECRET_FILE": missing},
			"MOTCUA_OIDC_CLIENT_SECRET_FILE names an empty": {"MOTCUA_OIDC_CLIENT_SECRET_FILE": os.DevNull},
			"would be a back door":                          {"MOTCUA_DEV_SIGN_IN": "true"},
		} {
			environment(t, signIn(changed))
			_, err := config.Load()
			require.ErrorContains(t, err, want)
			require.NotContains(t, err.Error(), "hunter2")
		}
	})
	t.Run("everything that is off, at once", func(t *testing.T) {
		environment(t, map[string]string{"MOTCUA_LOG_FORMAT": "xml", "MOTCUA_PUBLIC_URL": "https://an:hunter2@example.vn", "MOTCUA_LISTEN": "x"})
		_, err := config.Load()
		require.Len(t, strings.Split(err.Error(), "\n"), 3)
		require.NotContains(t, err.Error(), "hunter2")

		environment(t, map[string]string{"MOTCUA_LOG_LEVEL": "loud", "MOTCUA_DEV_SIGN_IN": "maybe"})
		_, err = config.Load()
		require.ErrorContains(t, err, "MOTCUA_LOG_LEVEL")
		require.ErrorContains(t, err, "MOTCUA_DEV_SIGN_IN")
	})
}

func TestLoopback(t *testing.T) {
	for address, want := range map[string]bool{
		"127.0.0.1:0": true, "127.1.2.3:80": true, "[::1]:80": true, "localhost:80": true,
		":80": false, "0.0.0.0:80": false, "[::]:80": false, "10.0.0.1:80": false, "localhost.example:80": false, "127.0.0.1": false,
	} {
		require.Equal(t, want, config.Loopback(address), address)
	}
}

func TestNeedDatabase(t *testing.T) {
	url, err := config.Config{DatabaseURL: "postgres://db/motcua"}.NeedDatabase()
	require.NoError(t, err)
	require.Equal(t, "postgres://db/motcua", url)
	_, err = config.Config{}.NeedDatabase()
	require.ErrorContains(t, err, "DATABASE_URL is not set")
}

func TestLogger(t *testing.T) {
	var text, lines bytes.Buffer
	config.Config{LogLevel: slog.LevelWarn, LogFormat: "text"}.Logger(&text).Info("quiet")
	require.Empty(t, text.String())
	config.Config{LogLevel: slog.LevelWarn, LogFormat: "text"}.Logger(&text).Warn("loud", "dossier", "H00.101-261123-0001")
	require.Contains(t, text.String(), "level=WARN msg=loud dossier=H00.101-261123-0001")
	config.Config{LogFormat: "json"}.Logger(&lines).Info("loud")
	require.Contains(t, lines.String(), `"msg":"loud"`)
}

func TestMetricsListen(t *testing.T) {
	for address, why := range map[string]string{"127.0.0.1:9464": "", "127.0.0.1:0": "", "9464": "not an address", ":8080": ""} {
		environment(t, map[string]string{"MOTCUA_METRICS_LISTEN": address})
		_, err := config.Load()
		if why == "" {
			require.NoError(t, err, address)
			continue
		}
		require.ErrorContains(t, err, "MOTCUA_METRICS_LISTEN", address)
		require.ErrorContains(t, err, why)
	}
}

// TestNeedApart: who serves the API keeps its port to it; a worker, in which
// MOTCUA_LISTEN means nothing, may take that port.
func TestNeedApart(t *testing.T) {
	for metrics, apart := range map[string]bool{":8080": false, "127.0.0.1:8080": false, "127.0.0.1:9464": true, "127.0.0.1:0": true, "": true} {
		c := config.Config{Listen: "127.0.0.1:8080", MetricsListen: metrics}
		if apart {
			require.NoError(t, c.NeedApart(), metrics)
		} else {
			require.ErrorContains(t, c.NeedApart(), "not for everybody", metrics)
		}
	}
}
