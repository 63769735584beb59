package config_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/internal/config"
)

// environment sets the variables of the package, and clears those not given.
func environment(t *testing.T, values map[string]string) {
	t.Helper()
	for _, name := range []string{
		"DATABASE_URL", "MOTCUA_LISTEN", "MOTCUA_DEV_SIGN_IN", "MOTCUA_SESSION_KEY", "MOTCUA_CALLER_RATE", "MOTCUA_LOG_LEVEL", "MOTCUA_LOG_FORMAT",
	} {
		t.Setenv(name, values[name])
	}
}

func TestLoad(t *testing.T) {
	t.Run("has safe defaults", func(t *testing.T) {
		environment(t, nil)
		c, err := config.Load()
		require.NoError(t, err)
		require.Equal(t, config.Config{Listen: "127.0.0.1:8080", CallerRate: 300, LogFormat: "text"}, c)
	})
	t.Run("reads every variable", func(t *testing.T) {
		environment(t, map[string]string{
			"DATABASE_URL": "postgres://motcua@db/motcua", "MOTCUA_LISTEN": "[::1]:0", "MOTCUA_DEV_SIGN_IN": "true",
			"MOTCUA_SESSION_KEY": strings.Repeat("k", 32), "MOTCUA_CALLER_RATE": "25.5",
			"MOTCUA_LOG_LEVEL": "warn", "MOTCUA_LOG_FORMAT": "json",
		})
		c, err := config.Load()
		require.NoError(t, err)
		require.Equal(t, config.Config{
			DatabaseURL: "postgres://motcua@db/motcua", Listen: "[::1]:0", DevSignIn: true,
			SessionKey: strings.Repeat("k", 32), CallerRate: 25.5, LogLevel: slog.LevelWarn, LogFormat: "json",
		}, c)
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
		"a short key":              {"MOTCUA_SESSION_KEY", "hunter2", "MOTCUA_SESSION_KEY is shorter than 32 characters"},
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
	t.Run("everything that is off, at once", func(t *testing.T) {
		environment(t, map[string]string{"MOTCUA_LOG_FORMAT": "xml", "MOTCUA_SESSION_KEY": "hunter2", "MOTCUA_LISTEN": "x"})
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
