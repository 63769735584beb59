package config

import (
	"errors"
	"net/netip"
	"time"
)

// Webhook is how subscribers are told what happens.
type Webhook struct {
	// WebhookAllow are internal networks that webhooks may be sent to.
	WebhookAllow []netip.Prefix `env:"MOTCUA_WEBHOOK_ALLOW"`
	// WebhookPlainLoopback allows webhooks over http:// to this machine: development.
	WebhookPlainLoopback bool `env:"MOTCUA_WEBHOOK_PLAIN_LOOPBACK"`
	// WebhookGiveUp is how long a delivery to a subscriber is tried.
	WebhookGiveUp time.Duration `env:"MOTCUA_WEBHOOK_GIVE_UP" envDefault:"72h"`
	// WebhookDisableAfter is how long nothing may succeed before a subscription is disabled.
	WebhookDisableAfter time.Duration `env:"MOTCUA_WEBHOOK_DISABLE_AFTER" envDefault:"120h"`
}

func (w Webhook) validate() error {
	if w.WebhookGiveUp <= 0 || w.WebhookDisableAfter <= 0 {
		return errors.New("MOTCUA_WEBHOOK_GIVE_UP and MOTCUA_WEBHOOK_DISABLE_AFTER are durations such as 72h")
	}
	return nil
}
