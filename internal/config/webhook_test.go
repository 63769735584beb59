package config_test

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/internal/config"
)

func TestLoadWebhook(t *testing.T) {
	environment(t, map[string]string{
		"MOTCUA_WEBHOOK_ALLOW": "10.20.0.0/16,fd00::/8", "MOTCUA_WEBHOOK_PLAIN_LOOPBACK": "true",
		"MOTCUA_WEBHOOK_GIVE_UP": "1h", "MOTCUA_WEBHOOK_DISABLE_AFTER": "2h",
	})
	c, err := config.Load()
	require.NoError(t, err)
	require.Equal(t, config.Webhook{
		WebhookAllow:         []netip.Prefix{netip.MustParsePrefix("10.20.0.0/16"), netip.MustParsePrefix("fd00::/8")},
		WebhookPlainLoopback: true, WebhookGiveUp: time.Hour, WebhookDisableAfter: 2 * time.Hour,
	}, c.Webhook)
	t.Setenv("MOTCUA_WEBHOOK_ALLOW", "10.20.0.1")
	_, err = config.Load()
	require.ErrorContains(t, err, "MOTCUA_WEBHOOK_ALLOW: ")
	t.Setenv("MOTCUA_WEBHOOK_ALLOW", "")
	t.Setenv("MOTCUA_WEBHOOK_GIVE_UP", "-1h")
	_, err = config.Load()
	require.ErrorContains(t, err, "MOTCUA_WEBHOOK_GIVE_UP and MOTCUA_WEBHOOK_DISABLE_AFTER are durations such as 72h")
}
