package config

import (
	"errors"
	"net/mail"
	"net/url"
)

// Mail is how officers are told by mail; without a URL they are not.
type Mail struct {
	// SMTPURL is the mail server: smtp://user:password@host:587 or smtps://….
	SMTPURL string `env:"MOTCUA_SMTP_URL"`
	// SMTPFrom is the sender of mails.
	SMTPFrom string `env:"MOTCUA_SMTP_FROM"`
	// MailTemplates is a directory of mail templates that win over the program's.
	MailTemplates string `env:"MOTCUA_MAIL_TEMPLATES"`
}

// validate never repeats the URL: it may hold a password.
func (m Mail) validate() error {
	if m.SMTPURL == "" {
		return nil
	}
	u, err := url.Parse(m.SMTPURL)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" || u.Path != "" && u.Path != "/" {
		return errors.New("MOTCUA_SMTP_URL is not an address such as smtp://user:password@mail.example.vn:587")
	}
	if _, err := mail.ParseAddress(m.SMTPFrom); err != nil {
		return errors.New("MOTCUA_SMTP_URL needs MOTCUA_SMTP_FROM, a sender such as no-reply@example.vn")
	}
	return nil
}
