package smtp_test

import (
	"io"
	"mime/quotedprintable"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"

	"motcua/engine"
	"motcua/engine/calendar"
	"motcua/internal/notify/smtp"
)

var eight = time.Date(2026, time.November, 17, 8, 0, 0, 0, calendar.Zone())

func notice(i int, raise string) engine.MailNotice {
	return engine.MailNotice{
		Notification: engine.Notification{
			ID: int64(i), Dossier: "H00.101-261117-000" + strconv.Itoa(i), State: "appraisal", Rung: "100% of step", Raise: raise, Moment: eight, CreatedAt: eight,
		},
		Procedure: "2.000908", ProcedureName: engine.Text{VI: "Cấp bản sao", EN: "Issue a copy"},
		StateName: engine.Text{VI: "Thẩm định hồ sơ", EN: "Appraisal"}, Due: eight.Add(24 * time.Hour),
		Present: engine.Text{VI: "Ký duyệt", EN: "Signature"}, StepDue: eight.Add(4 * time.Hour),
	}
}

// late is a notification of a dossier that is late by now.
func late(n engine.MailNotice) engine.MailNotice {
	n.Late = engine.Text{VI: "quá hạn 2 giờ làm việc", EN: "late by 2 working hours"}
	return n
}

func letter(address, language string, notices ...engine.MailNotice) engine.Mail {
	return engine.Mail{
		ID: notices[0].ID, Officer: "lan", Address: address, Language: language, Agency: engine.Text{VI: "UBND phường Thí Điểm", EN: "Thí Điểm Ward"},
		Attempts: 1, CreatedAt: eight, Since: eight, Notices: notices,
	}
}

func mailer(t *testing.T, o *postOffice, change ...func(*smtp.Options)) *smtp.Mailer {
	t.Helper()
	options := smtp.Options{URL: "smtp://" + o.addr, From: "Một cửa <no-reply@example.vn>", PublicURL: "https://motcua.example.vn"}
	for _, c := range change {
		c(&options)
	}
	m, err := smtp.New(options)
	require.NoError(t, err)
	return m
}

func body(t *testing.T, r received) string {
	t.Helper()
	require.Equal(t, "quoted-printable", r.msg.Header.Get("Content-Transfer-Encoding"))
	text, err := io.ReadAll(quotedprintable.NewReader(r.msg.Body))
	require.NoError(t, err)
	return strings.ReplaceAll(string(text), "\r\n", "\n")
}

func TestMail(t *testing.T) {
	t.Parallel()
	o := open(t)
	m := mailer(t, o)
	require.NoError(t, m.Mail(t.Context(), letter("lan@example.vn", "vi", notice(1, "overdue"))))
	require.NoError(t, m.Mail(t.Context(), letter("lan@example.vn", "en", notice(1, "due-soon"))))
	list := o.list()
	require.Len(t, list, 2)
	require.Equal(t, "lan@example.vn", list[0].to)
	require.NotContains(t, list[0].msg.Header.Get("Subject"), "ồ", "headers are encoded on the way")
	require.Equal(t, "[Quá hạn] Hồ sơ H00.101-261117-0001", list[0].subject(t))
	require.Equal(t, "[Due soon] Dossier H00.101-261117-0001", list[1].subject(t))
	text := body(t, list[0])
	for _, said := range []string{
		"Thủ tục: Cấp bản sao", "Bước xử lý: Thẩm định hồ sơ", "Hẹn trả kết quả: 08:00 18/11/2026", "100% of step",
		"https://motcua.example.vn/dossiers/H00.101-261117-0001", "UBND phường Thí Điểm",
	} {
		require.Contains(t, text, said)
	}
	require.NotEmpty(t, list[0].msg.Header.Get("Message-ID"))
	require.Equal(t, list[0].msg.Header.Get("Message-ID"), list[1].msg.Header.Get("Message-ID"), "the same mail, whenever it is sent")
	require.Equal(t, "auto-generated", list[0].msg.Header.Get("Auto-Submitted"))
}

func TestDigest(t *testing.T) {
	t.Parallel()
	o := open(t)
	m := mailer(t, o)
	require.NoError(t, m.Mail(t.Context(), letter("hoa@example.vn", "vi", notice(1, ""), notice(2, "due-soon"), late(notice(3, "overdue")), late(notice(4, "due-soon")))))
	require.Len(t, o.list(), 1)
	got := o.list()[0]
	require.Equal(t, "[Tổng hợp] 4 hồ sơ: 2 quá hạn, 1 sắp đến hạn", got.subject(t))
	text := body(t, got)
	require.Contains(t, text, "- Quá hạn: hồ sơ H00.101-261117-0004", "it was due soon when the rung fired, and is late by now")
	require.Regexp(t, `(?s)-0003.*-0004.*-0002.*-0001`, text, "what is overdue comes first")
	require.Contains(t, text, `- Quá hạn: hồ sơ H00.101-261117-0003, quá hạn 2 giờ làm việc
  Thủ tục: Cấp bản sao
  Bước: Ký duyệt, hạn bước 12:00 17/11/2026, hẹn trả 08:00 18/11/2026
  https://motcua.example.vn/dossiers/H00.101-261117-0003
`)

	var many []engine.MailNotice
	for i := range 60 {
		many = append(many, notice(i+1, "overdue"))
	}
	require.NoError(t, m.Mail(t.Context(), letter("hoa@example.vn", "en", many...)))
	require.Contains(t, body(t, o.list()[1]), "and 10 more on the board")

	again := late(notice(2, "escalated"))
	require.NoError(t, m.Mail(t.Context(), letter("hoa@example.vn", "en", notice(1, "overdue"), notice(2, "due-soon"), again, notice(2, ""))))
	require.Equal(t, "[Digest] 2 dossiers: 2 overdue, 0 due soon", o.list()[2].subject(t), "each dossier once, by the weightiest that is told of it")
	text = body(t, o.list()[2])
	require.Contains(t, text, "- Escalated: dossier H00.101-261117-0002, late by 2 working hours\n")
	require.Equal(t, 2, strings.Count(text, "- "), text)
}

// TestRefusals: what the server says for now is tried again, what it says for
// good of a recipient is not, and its words stay out.
func TestRefusals(t *testing.T) {
	t.Parallel()
	o := open(t)
	o.refuses["later@example.vn"] = &gosmtp.SMTPError{Code: 451, EnhancedCode: gosmtp.EnhancedCode{4, 3, 0}, Message: "later@example.vn: try later"}
	o.refuses["never@example.vn"] = &gosmtp.SMTPError{Code: 550, EnhancedCode: gosmtp.EnhancedCode{5, 1, 1}, Message: "never@example.vn: no such user"}
	m := mailer(t, o)
	for address, want := range map[string]engine.Undelivered{
		"later@example.vn": {Class: "smtp-451"},
		"never@example.vn": {Class: "smtp-550", Final: true},
		"not an address":   {Class: "address", Final: true},
	} {
		var u *engine.Undelivered
		err := m.Mail(t.Context(), letter(address, "vi", notice(1, "overdue")))
		require.ErrorAs(t, err, &u, address)
		require.Equal(t, want, *u)
		require.NotContains(t, err.Error(), "@")
	}
	require.Empty(t, o.list())
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	m, err := smtp.New(smtp.Options{URL: "smtp://127.0.0.1:1", From: "no-reply@example.vn"})
	require.NoError(t, err)
	var u *engine.Undelivered
	require.ErrorAs(t, m.Mail(t.Context(), letter("lan@example.vn", "vi", notice(1, ""))), &u)
	require.Equal(t, engine.Undelivered{Class: "connect"}, *u)
}

func TestTemplates(t *testing.T) {
	t.Parallel()
	dir, o := t.TempDir(), open(t)
	put := func(name, text string) {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	put("2.000908/vi/notice.txt", `{{define "subject"}}Bản sao {{.Dossier}}{{end}}{{define "body"}}{{.State}}{{end}}`)
	m := mailer(t, o, func(o *smtp.Options) { o.Templates = dir })
	other := notice(2, "overdue")
	other.Procedure = "1.004873"
	require.NoError(t, m.Mail(t.Context(), letter("lan@example.vn", "vi", notice(1, "overdue"))))
	require.NoError(t, m.Mail(t.Context(), letter("lan@example.vn", "vi", other)))
	require.Equal(t, "Bản sao H00.101-261117-0001", o.list()[0].subject(t))
	require.Equal(t, "[Quá hạn] Hồ sơ H00.101-261117-0002", o.list()[1].subject(t))

	put("vi/digest.txt", `{{define "subject"}}{{.Applicant}}{{end}}{{define "body"}}{{end}}`)
	_, err := smtp.New(smtp.Options{URL: "smtp://" + o.addr, From: "no-reply@example.vn", Templates: dir})
	require.ErrorContains(t, err, "vi/digest.txt", "what a template cannot know shows when the process starts")
}
