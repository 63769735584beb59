package smtp

import (
	"cmp"
	"embed"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"
	"text/template"
	"time"

	"motcua/engine"
)

//go:embed templates
var embedded embed.FS

// listed is how many dossiers a digest lists.
const listed = 50

const (
	noticeFile = "notice.txt"
	digestFile = "digest.txt"
)

// letters are the templates by path: "vi/notice.txt" for every procedure,
// "1.004873/vi/notice.txt" for one.
type letters struct {
	templates map[string]*template.Template
	publicURL string
}

// newLetters reads the templates of the program and those of dir, which win.
// Each is tried on an example, so that a mistake shows when the process starts.
func newLetters(dir, publicURL string) (*letters, error) {
	l := &letters{templates: map[string]*template.Template{}, publicURL: publicURL}
	own, err := fs.Sub(embedded, "templates")
	if err != nil {
		return nil, err
	}
	if err := l.read(own); err != nil {
		return nil, err
	}
	if dir == "" {
		return l, nil
	}
	return l, l.read(os.DirFS(dir))
}

func (l *letters) read(from fs.FS) error {
	return fs.WalkDir(from, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Base(name) != noticeFile && path.Base(name) != digestFile {
			return err
		}
		text, err := fs.ReadFile(from, name)
		if err != nil {
			return err
		}
		t, err := template.New(name).Option("missingkey=error").Parse(string(text))
		if err != nil {
			return fmt.Errorf("mail template: %w", err)
		}
		var data any = line{}
		if path.Base(name) == digestFile {
			data = digest{Lines: []line{{}}}
		}
		if _, _, err = written(t, data); err != nil {
			return fmt.Errorf("mail template %s: %w", name, err)
		}
		l.templates[name] = t
		return nil
	})
}

// line is what a template may say of a notification.
type line struct {
	Heading, Dossier, Procedure, State, Due, StepDue, Late, Rung, Moment, Link, Agency string
}

// digest is what a template may say of several dossiers.
type digest struct {
	Count, Overdue, DueSoon, More int
	Lines                         []line
	Board, Agency                 string
}

// write words a mail.
func (l *letters) write(m engine.Mail) (subject, body string, err error) {
	if len(m.Notices) == 1 {
		n := m.Notices[0]
		return written(l.find(n.Procedure, m.Language, noticeFile), l.line(m, n))
	}
	return written(l.find("", m.Language, digestFile), l.digest(m))
}

// digest lists the dossiers of a mail, each once and as it stands now, the
// weightiest of what is told of it first.
func (l *letters) digest(m engine.Mail) digest {
	d := digest{Agency: in(m.Language, m.Agency), Board: l.publicURL}
	notices := slices.Clone(m.Notices)
	slices.SortStableFunc(notices, func(a, b engine.MailNotice) int {
		return cmp.Or(cmp.Compare(weight(a), weight(b)), a.Due.Compare(b.Due))
	})
	seen := make(map[string]bool, len(notices))
	for _, n := range notices {
		if seen[n.Dossier] {
			continue
		}
		seen[n.Dossier] = true
		d.Count++
		switch weight(n) {
		case 0:
			d.Overdue++
		case 1:
			d.DueSoon++
		}
		if d.Count <= listed {
			one := l.line(m, n)
			one.State = in(m.Language, n.Present)
			d.Lines = append(d.Lines, one)
		}
	}
	d.More = d.Count - len(d.Lines)
	return d
}

// find is the template of a procedure, or else the one of all.
func (l *letters) find(procedure, language, file string) *template.Template {
	if language != "en" {
		language = "vi"
	}
	if t, ok := l.templates[path.Join(procedure, language, file)]; ok {
		return t
	}
	return l.templates[path.Join(language, file)]
}

func written(t *template.Template, data any) (subject, body string, err error) {
	var s, b strings.Builder
	if err = t.ExecuteTemplate(&s, "subject", data); err != nil {
		return "", "", err
	}
	if err = t.ExecuteTemplate(&b, "body", data); err != nil {
		return "", "", err
	}
	// A subject is one line, whatever a name holds.
	return strings.Join(strings.Fields(s.String()), " "), strings.TrimSpace(b.String()) + "\n", nil
}

func (l *letters) line(m engine.Mail, n engine.MailNotice) line {
	out := line{
		Heading: heading(m.Language, n), Dossier: n.Dossier, Procedure: in(m.Language, n.ProcedureName), State: in(m.Language, n.StateName),
		Rung: n.Rung, Moment: clock(n.Moment), Due: clock(n.Due), StepDue: clock(n.StepDue), Late: in(m.Language, n.Late), Agency: in(m.Language, m.Agency),
	}
	if l.publicURL != "" {
		out.Link = l.publicURL + "/dossiers/" + url.PathEscape(n.Dossier)
	}
	return out
}

// weight puts what is overdue, by its rung or by now, before what will be, and
// that before the rest.
func weight(n engine.MailNotice) int {
	switch {
	case n.Raise == "overdue", n.Raise == "escalated", n.Late != engine.Text{}:
		return 0
	case n.Raise == "due-soon":
		return 1
	}
	return 2
}

func heading(language string, n engine.MailNotice) string {
	t := engine.Text{VI: "Nhắc việc", EN: "Reminder"}
	switch {
	case n.Fact != "":
		t = engine.Text{VI: "Hồ sơ theo dõi có thay đổi", EN: "A dossier you watch has changed"}
	case n.Raise == "escalated":
		t = engine.Text{VI: "Đã báo lên cấp trên", EN: "Escalated"}
	case weight(n) == 0:
		t = engine.Text{VI: "Quá hạn", EN: "Overdue"}
	case weight(n) == 1:
		t = engine.Text{VI: "Sắp đến hạn", EN: "Due soon"}
	}
	return in(language, t)
}

func in(language string, t engine.Text) string {
	if language == "en" && t.EN != "" {
		return t.EN
	}
	return t.VI
}

func clock(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format("15:04 02/01/2006")
}
