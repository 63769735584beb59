package config_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/internal/config"
)

func TestLoadMail(t *testing.T) {
	environment(t, map[string]string{"MOTCUA_SMTP_URL": "smtp://bot:hush@mail.example.vn:587", "MOTCUA_SMTP_FROM": "Một cửa <no-reply@example.vn>", "MOTCUA_MAIL_TEMPLATES": "mails"})
	c, err := config.Load()
	require.NoError(t, err)
	require.Equal(t, config.Mail{SMTPURL: "smtp://bot:hush@mail.example.vn:587", SMTPFrom: "Một cửa <no-reply@example.vn>", MailTemplates: "mails"}, c.Mail)
	t.Setenv("MOTCUA_SMTP_FROM", "")
	_, err = config.Load()
	require.ErrorContains(t, err, "MOTCUA_SMTP_FROM")
	t.Setenv("MOTCUA_SMTP_FROM", "no-reply@example.vn")
	for _, off := range []string{"mail.example.vn", "https://bot:hush@mail.example.vn", "smtp://bot:hush@", "smtp://bot:hush@host/path", "smtp://bot:hush@ho st"} {
		t.Setenv("MOTCUA_SMTP_URL", off)
		_, err = config.Load()
		require.ErrorContains(t, err, "MOTCUA_SMTP_URL is not an address", off)
		require.NotContains(t, err.Error(), "hush")
	}
}
