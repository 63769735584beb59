package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"motcua/api/caller"
	"motcua/engine"
)

// Calendars reads versions of calendars, and what a publication would move.
// Errors: CodeNotFound, CodeWrongRole.
type Calendars interface {
	Calendars(ctx context.Context) ([]engine.CalendarRecord, error)
	CalendarRecords(ctx context.Context, code string) ([]engine.CalendarRecord, error)
	PreviewCalendar(ctx context.Context, a engine.Actor, code string, version int, cursor string, limit int) (engine.ActPage, error)
}

// Acts reads acts on many dossiers. Errors: CodeNotFound.
type Acts interface {
	Act(ctx context.Context, agency, id string) (engine.ActRecord, error)
	ActResults(ctx context.Context, agency, id, cursor string, limit int) (engine.ActPage, error)
	Acts(ctx context.Context, agency string, kind engine.ActKind, limit int) ([]engine.ActRecord, error)
}

// Outages reads declared outages.
type Outages interface {
	Outages(ctx context.Context, agency string) ([]engine.Outage, error)
}

// Slips reads the lists many dossiers are handed over with. Errors: CodeNotFound.
type Slips interface {
	Slip(ctx context.Context, agency, slip string) ([]engine.Slipped, error)
}

// Bureau is what the page of operations rests on. Declare and End change an
// outage as whoever is signed in, and answer the id of the act; Accept takes
// over what waits of a slip for them.
type Bureau struct {
	Calendars Calendars
	Acts      Acts
	Outages   Outages
	Slips     Slips
	Accept    func(ctx context.Context, slip, key string) (done, refused int, err error)
	Declare   func(ctx context.Context, o engine.Outage, key string) (act string, err error)
	End       func(ctx context.Context, outage string, until time.Time, comment string) (act string, err error)
	Many      Many
}

func (b Bureau) complete() bool {
	return b.Calendars != nil && b.Acts != nil && b.Outages != nil && b.Slips != nil && b.Accept != nil && b.Declare != nil && b.End != nil && b.Many.complete()
}

// latestActs bounds the list of acts, outcomesShown the outcomes on a page.
const (
	latestActs    = 20
	progressEvery = "3" // seconds after which the page of an act that runs is read anew where scripts are off
	outcomesShown = 100
)

type operationsView struct {
	Lang       caller.Lang
	Outages    []engine.Outage
	Calendars  []engine.CalendarRecord
	Acts       []engine.ActRecord
	MayDeclare bool
	Key        string
	names      names
}

func (s *Site) operations(w http.ResponseWriter, r *http.Request) error {
	ctx, call := r.Context(), caller.From(r.Context())
	v := operationsView{Lang: call.Lang, names: s.names(ctx), MayDeclare: engine.MayDeclare(call.Actor) == nil, Key: caller.RandomID()}
	var err error
	if v.Outages, err = s.Bureau.Outages.Outages(ctx, call.Actor.Agency); err != nil {
		return err
	}
	if v.Acts, err = s.Bureau.Acts.Acts(ctx, call.Actor.Agency, "", latestActs); err != nil {
		return err
	}
	if v.Calendars, err = s.versions(ctx); err != nil {
		return err
	}
	s.render(w, r, http.StatusOK, s.frame(r, call.Lang.T("Điều hành", "Operations")), operationsPage(v))
	return nil
}

// versions lists every version of every calendar.
func (s *Site) versions(ctx context.Context) ([]engine.CalendarRecord, error) {
	published, err := s.Bureau.Calendars.Calendars(ctx)
	if err != nil {
		return nil, err
	}
	var out []engine.CalendarRecord
	for _, c := range published {
		records, err := s.Bureau.Calendars.CalendarRecords(ctx, c.Spec.Code)
		if err != nil {
			return nil, err
		}
		out = append(out, records...)
	}
	return out, nil
}

// outcomesView is an act with what it did, or the preview of one.
type outcomesView struct {
	Lang  caller.Lang
	Title string
	Act   *engine.ActRecord
	Page  engine.ActPage
	More  string // address of the next page
	Key   string // makes a form that is sent twice one act
	// Confirm is what is asked, of the preview of an act on many dossiers.
	Confirm *bulkView
}

func (s *Site) act(w http.ResponseWriter, r *http.Request) error {
	ctx, call, id := r.Context(), caller.From(r.Context()), r.PathValue("id")
	record, err := s.Bureau.Acts.Act(ctx, call.Actor.Agency, id)
	if err != nil {
		return err
	}
	page, err := s.Bureau.Acts.ActResults(ctx, call.Actor.Agency, id, r.URL.Query().Get("cursor"), outcomesShown)
	if err != nil {
		return err
	}
	v := outcomesView{Lang: call.Lang, Title: actWord(call.Lang, record.Kind), Act: &record, Page: page, More: nextPage(r, page), Key: caller.RandomID()}
	f := s.frame(r, v.Title)
	f.Live = record.State == engine.MigrationRunning
	s.render(w, r, http.StatusOK, f, outcomesPage(v))
	return nil
}

func (s *Site) calendarPreview(w http.ResponseWriter, r *http.Request) error {
	ctx, call, code := r.Context(), caller.From(r.Context()), r.PathValue("code")
	version, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		return engine.Errorf(engine.CodeNotFound, "no such version")
	}
	page, err := s.Bureau.Calendars.PreviewCalendar(ctx, call.Actor, code, version, r.URL.Query().Get("cursor"), outcomesShown)
	if err != nil {
		return err
	}
	v := outcomesView{
		Lang: call.Lang, Page: page, More: nextPage(r, page),
		Title: call.Lang.T("Xem trước lịch ", "Preview of calendar ") + code + call.Lang.T(" phiên bản ", " version ") + strconv.Itoa(version),
	}
	s.render(w, r, http.StatusOK, s.frame(r, v.Title), outcomesPage(v))
	return nil
}

func nextPage(r *http.Request, p engine.ActPage) string {
	if p.Next == "" {
		return ""
	}
	return r.URL.Path + "?" + query("cursor", p.Next)
}

func (s *Site) declareOutage(w http.ResponseWriter, r *http.Request) error {
	if err := parse(r); err != nil {
		return err
	}
	from, err := localMoment("from", r.PostForm.Get("from"))
	if err != nil {
		return err
	}
	o := engine.Outage{System: r.PostForm.Get("system"), Reason: written(r, "reason"), Basis: r.PostForm.Get("basis"), From: from}
	if o.System == "" || o.Reason == "" || !acceptable(o.System, 200) || !acceptable(o.Reason, 4000) || !acceptable(o.Basis, 500) || !acceptable(r.PostForm.Get("key"), 200) {
		return engine.Errorf(engine.CodeInvalid, "an outage needs its system and a reason")
	}
	act, err := s.Bureau.Declare(r.Context(), o, r.PostForm.Get("key"))
	if err != nil {
		return err
	}
	http.Redirect(w, r, actHref(act), http.StatusSeeOther)
	return nil
}

func (s *Site) endOutage(w http.ResponseWriter, r *http.Request) error {
	if err := parse(r); err != nil {
		return err
	}
	until, err := localMoment("until", r.PostForm.Get("until"))
	if err != nil {
		return err
	}
	comment := written(r, "comment")
	if !acceptable(comment, 4000) {
		return engine.Errorf(engine.CodeInvalid, "the comment is too long or holds control characters")
	}
	act, err := s.Bureau.End(r.Context(), r.PathValue("id"), until, comment)
	if err != nil {
		return err
	}
	http.Redirect(w, r, actHref(act), http.StatusSeeOther)
	return nil
}

// written is the text of an input of several lines.
func written(r *http.Request, name string) string {
	return strings.TrimSpace(strings.ReplaceAll(r.PostForm.Get(name), "\r\n", "\n"))
}

func actHref(id string) string { return "/operations/acts/" + url.PathEscape(id) }

func calendarHref(v engine.CalendarRecord) string {
	return "/operations/calendars/" + url.PathEscape(v.Spec.Code) + "/versions/" + strconv.Itoa(v.Spec.Version)
}
