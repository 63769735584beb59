// Package filter is how addresses carry a filter of dossiers: the parameters
// of the API, the address of the board, a saved view. One reading of them
// makes the one [engine.Filter] that lists, counts, acts on many and exports
// share, so that what is counted is what is listed.
package filter

import (
	"time"

	"motcua/engine"
	"motcua/engine/calendar"
)

// Params are the parameters, by the names they have in an address.
type Params struct {
	List       string       `query:"list" enum:"overdue,due-soon,stuck,unaccepted,unacknowledged,unanswered,waiting,returned" doc:"One of the supervisors' lists; all of them are of open dossiers"`
	Soon       string       `query:"soon" maxLength:"16" pattern:"^[0-9]+[a-z]+$" doc:"How near due-soon looks, in working or plain time; 0wd is today" default:"1wd" example:"2wd"`
	Idle       string       `query:"idle" maxLength:"16" pattern:"^[0-9]+[a-z]+$" doc:"How long nothing has moved in what is stuck; wd are whole working days" default:"3wd" example:"5wd"`
	Status     string       `query:"status" enum:"running,suspended,closed"`
	Department string       `query:"department" maxLength:"64" doc:"With the departments below it; of a closed dossier, where it stood last"`
	Holder     string       `query:"holder" maxLength:"64" doc:"Id of an officer, \"me\", or \"-\" for nobody"`
	Procedure  string       `query:"procedure" maxLength:"64"`
	Channel    string       `query:"channel" maxLength:"64"`
	State      string       `query:"state" maxLength:"64" doc:"Id of a state"`
	Overdue    OptionalBool `query:"overdue" doc:"Whether the dossier or its present step is overdue, closed dossiers included"`

	DueFrom       time.Time `query:"due_from" doc:"Dossier or step due from the moment on, whichever comes first"`
	DueBefore     time.Time `query:"due_before" doc:"Dossier or step due before the moment, whichever comes first"`
	StartedFrom   time.Time `query:"started_from"`
	StartedBefore time.Time `query:"started_before"`
	EnteredFrom   time.Time `query:"entered_from" doc:"In its present step since the moment or later"`
	EnteredBefore time.Time `query:"entered_before"`
	ClosedFrom    time.Time `query:"closed_from"`
	ClosedBefore  time.Time `query:"closed_before"`

	Query string `query:"q" maxLength:"100" doc:"The beginning of a dossier's code; words of the name of a procedure or, whole, of the applicant's name or identity number: all of them, with or without diacritics"`
}

// Ordered are the parameters of a list, which also has an order.
type Ordered struct {
	Params
	Sort string `query:"sort" enum:"due,-due,started,-started,entered,-entered,acted,-acted" default:"due" doc:"due: the most urgent first; started: the oldest; entered: the longest in its step; acted: the longest without anything that moved it (these two with a list, or with status running or suspended). With - the other way round"`
}

// Filter is the filter that whoever asks means. Their reach is not among the
// parameters: nothing in an address widens it. Errors: CodeInvalid with the
// parameter.
func (p Params) Filter(reach engine.Reach) (engine.Filter, error) {
	f := engine.Filter{
		Reach: reach, List: engine.List(p.List), Status: p.Status, Department: p.Department, Holder: p.Holder,
		Procedure: p.Procedure, Channel: p.Channel, State: p.State, Overdue: p.Overdue.Pointer(), Query: p.Query,
		Due: engine.Period{From: p.DueFrom, Before: p.DueBefore}, Started: engine.Period{From: p.StartedFrom, Before: p.StartedBefore},
		Entered: engine.Period{From: p.EnteredFrom, Before: p.EnteredBefore}, Closed: engine.Period{From: p.ClosedFrom, Before: p.ClosedBefore},
	}
	if p.Holder == "me" {
		f.Holder = reach.Officer
	}
	var err error
	if f.Soon, err = duration("soon", p.Soon); err != nil {
		return f, err
	}
	f.Idle, err = duration("idle", p.Idle)
	return f, err
}

// Filter is [Params.Filter] with the order.
func (p Ordered) Filter(reach engine.Reach) (engine.Filter, error) {
	f, err := p.Params.Filter(reach)
	f.Sort = engine.Order(p.Sort)
	return f, err
}

// duration reads one; none is none.
func duration(name, text string) (calendar.Duration, error) {
	if text == "" {
		return calendar.Duration{}, nil
	}
	d, err := calendar.ParseDuration(text)
	if err != nil {
		return d, &engine.Error{Code: engine.CodeInvalid, Path: "/" + name, Message: "not a duration such as 2wd"}
	}
	return d, nil
}
