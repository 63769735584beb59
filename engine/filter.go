package engine

import (
	"slices"
	"strings"
	"time"

	"motcua/engine/calendar"
)

// List names what supervisors look for among the open dossiers. Each is
// derived when it is read, from what stands in the dossier's row and the
// moment it is judged at, so it is right with every background job stopped.
type List string

// The lists.
const (
	ListOverdue        List = "overdue"        // the dossier or its present step
	ListDueSoon        List = "due-soon"       // not overdue, and due within [Filter.Soon]
	ListStuck          List = "stuck"          // may go on, and nothing moved for [Filter.Idle]
	ListUnaccepted     List = "unaccepted"     // a handoff that nobody accepted
	ListUnacknowledged List = "unacknowledged" // a rung that nobody acknowledged
	ListUnanswered     List = "unanswered"     // a consultation in which somebody is silent
	ListWaiting        List = "waiting"        // for the applicant
	ListReturned       List = "returned"       // back in a step it had been through
)

// Lists are all of them, in the order in which they are shown.
func Lists() []List {
	return []List{
		ListOverdue, ListDueSoon, ListStuck, ListUnaccepted, ListUnacknowledged, ListUnanswered, ListWaiting, ListReturned,
	}
}

// Text is what people call a list.
func (l List) Text() Text {
	return map[List]Text{
		ListOverdue:        {VI: "Quá hạn", EN: "Overdue"},
		ListDueSoon:        {VI: "Sắp đến hạn", EN: "Due soon"},
		ListStuck:          {VI: "Không có tiến triển", EN: "Stuck"},
		ListUnaccepted:     {VI: "Chờ nhận bàn giao", EN: "Handoffs not accepted"},
		ListUnacknowledged: {VI: "Cảnh báo chưa xác nhận", EN: "Warnings not acknowledged"},
		ListUnanswered:     {VI: "Chờ cho ý kiến", EN: "Opinions not given"},
		ListWaiting:        {VI: "Chờ người nộp hồ sơ", EN: "Waiting for the applicant"},
		ListReturned:       {VI: "Bị trả lại", EN: "Returned"},
	}[l]
}

// Order is how a list is sorted; one that begins with "-" is the other way
// round. Ties are broken by age, so that every order is total.
type Order string

// The orders.
const (
	OrderDue     Order = "due"     // the soonest running due moment first: the default
	OrderStarted Order = "started" // the oldest first
	OrderEntered Order = "entered" // the longest in its step first
	OrderActed   Order = "acted"   // the longest without anything that moved it first
)

// Orders are all of them, both ways.
func Orders() []Order {
	var out []Order
	for _, o := range []Order{OrderDue, OrderStarted, OrderEntered, OrderActed} {
		out = append(out, o, "-"+o)
	}
	return out
}

// Descending takes an order apart.
func (o Order) Descending() (by Order, descending bool) {
	name, descending := strings.CutPrefix(string(o), "-")
	return Order(name), descending
}

// HolderNobody selects the dossiers that lie in the pool of a department.
const HolderNobody = "-"

// What is looked for where a filter does not say it.
var (
	DefaultSoon = calendar.Duration{Value: 1, Unit: calendar.WorkingDay}
	DefaultIdle = calendar.Duration{Value: 3, Unit: calendar.WorkingDay}
)

// Filter selects records; zero values select everything within reach. It is
// one object for a list, its count, an act on all that it selects and an
// export of them, so that these cannot disagree.
type Filter struct {
	// Reach is set from who asks, never from what is asked, and nothing else
	// in a filter widens it. The zero Reach reaches nothing; it is in no text,
	// so that none can bring it.
	Reach Reach `json:"-"`
	// At is the moment at which "overdue" and the like are judged; zero is the
	// present. Whoever counts and then lists, or comes back for what was
	// selected, gives the same one.
	At time.Time `json:"at,omitzero"`

	List List              `json:"list,omitempty"`
	Soon calendar.Duration `json:"soon,omitzero"` // how near ListDueSoon looks; zero: DefaultSoon
	Idle calendar.Duration `json:"idle,omitzero"` // how long ListStuck looks back; zero: DefaultIdle

	Status     string `json:"status,omitempty"`
	Department string `json:"department,omitempty"` // with those below it; of a closed dossier, where it stood last
	Holder     string `json:"holder,omitempty"`     // officer id, or HolderNobody
	Procedure  string `json:"procedure,omitempty"`
	Channel    string `json:"channel,omitempty"`
	State      string `json:"state,omitempty"`
	Overdue    *bool  `json:"overdue,omitempty"` // of the dossier or of its present step
	Query      string `json:"q,omitempty"`       // may be a person's name: it is not for the record

	Due     Period `json:"due,omitzero"` // of the dossier or its step, whichever comes first, while it runs
	Started Period `json:"started,omitzero"`
	Entered Period `json:"entered,omitzero"` // the present step
	Closed  Period `json:"closed,omitzero"`

	Sort   Order  `json:"-"`
	Cursor string `json:"-"` // from the page before
	Limit  int    `json:"-"`
}

// Period is a range of moments: From is in it and Before is not; zero ends are open.
type Period struct {
	From   time.Time `json:"from,omitzero"`
	Before time.Time `json:"before,omitzero"`
}

// IsZero says whether both ends are open.
func (p Period) IsZero() bool { return p.From.IsZero() && p.Before.IsZero() }

// Holds says whether a moment is in the period.
func (p Period) Holds(t time.Time) bool {
	return !t.Before(p.From) && (p.Before.IsZero() || t.Before(p.Before))
}

// Open says whether a filter keeps to open dossiers by its list or status.
func (f Filter) Open() bool {
	return f.List != "" || f.Status == StatusRunning || f.Status == StatusSuspended
}

// ofOpen says whether an order means something of open dossiers only: they
// are few, and who is done stands in no step.
func (o Order) ofOpen() bool {
	by, _ := o.Descending()
	return by == OrderEntered || by == OrderActed
}

// Check finds what no filter can mean. Errors: CodeForbidden where nothing is
// within reach, CodeInvalid with the place otherwise.
func (f Filter) Check() error {
	invalid := func(path, message string) error {
		return &Error{Code: CodeInvalid, Path: path, Message: message}
	}
	switch {
	case f.Reach.Agency == "":
		return Errorf(CodeForbidden, "dossiers are listed for one agency")
	case f.List != "" && !slices.Contains(Lists(), f.List):
		return invalid("/list", "there is no such list")
	case f.Status != "" && !slices.Contains([]string{StatusRunning, StatusSuspended, StatusClosed}, f.Status):
		return invalid("/status", "status must be running, suspended or closed")
	case f.Sort != "" && !slices.Contains(Orders(), f.Sort):
		return invalid("/sort", "there is no such order")
	case !f.Open() && f.Sort.ofOpen():
		return invalid("/sort", "this order is of open dossiers: choose a list, or the status running or suspended")
	}
	return nil
}

// SoonBy is until when something due is due soon.
func (f Filter) SoonBy(cal *calendar.Calendar, now time.Time) time.Time {
	d := f.Soon
	if d.IsZero() {
		d = DefaultSoon
	}
	return cal.Add(now, d)
}

// IdleSince is before when the last movement of a stuck dossier was. In
// working days it is the beginning of the first of so many whole working days
// that have passed without one: neither today counts nor the day of the
// movement.
func (f Filter) IdleSince(cal *calendar.Calendar, now time.Time) time.Time {
	d := f.Idle
	if d.IsZero() {
		d = DefaultIdle
	}
	if d.Unit != calendar.WorkingDay || d.Value == 0 {
		return cal.Sub(now, d)
	}
	d.Value--
	yesterday := calendar.DateOf(now).Midnight().Add(-time.Millisecond)
	return closed(cal.Sub(yesterday, d)).Midnight()
}

// closed is the day that a closing moment ends; 24:00 is of the day before.
func closed(closing time.Time) calendar.Date { return calendar.DateOf(closing.Add(-time.Millisecond)) }

// Page is one page of records, in the order asked for.
type Page struct {
	Records []Record
	Next    string    // cursor of the next page; empty on the last
	At      time.Time // the moment it was judged at
}

// Counted is how many records a filter selects, and when.
type Counted struct {
	Count int       `json:"count"`
	At    time.Time `json:"at"`
}
