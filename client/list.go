package client

import (
	"context"
	"fmt"
	"iter"
	"net/url"
	"reflect"
	"strconv"
	"time"
)

// Filter selects dossiers; what is zero does not select.
type Filter struct {
	List          string    `query:"list"` // one of the supervisors' lists
	Soon          string    `query:"soon"`
	Idle          string    `query:"idle"`
	Status        string    `query:"status"`     // running, suspended or closed
	Department    string    `query:"department"` // and those below it
	Holder        string    `query:"holder"`     // an officer, "me", or "-" for nobody
	Procedure     string    `query:"procedure"`
	Channel       string    `query:"channel"`
	State         string    `query:"state"`
	Overdue       *bool     `query:"overdue"`
	DueFrom       time.Time `query:"due_from"`
	DueBefore     time.Time `query:"due_before"`
	StartedFrom   time.Time `query:"started_from"`
	StartedBefore time.Time `query:"started_before"`
	EnteredFrom   time.Time `query:"entered_from"`
	EnteredBefore time.Time `query:"entered_before"`
	ClosedFrom    time.Time `query:"closed_from"`
	ClosedBefore  time.Time `query:"closed_before"`
	Query         string    `query:"q"` // a code's beginning, or words
	Sort          string    `query:"sort"`
	Cursor        string    `query:"cursor"` // where to go on; the iterator keeps it
	Limit         int       `query:"limit"`  // of one page
}

// values writes what selects.
func (f Filter) values() url.Values {
	out, v := url.Values{}, reflect.ValueOf(f)
	for i := range v.NumField() {
		if name := v.Type().Field(i).Tag.Get("query"); !v.Field(i).IsZero() {
			out.Set(name, written(v.Field(i).Interface()))
		}
	}
	return out
}

func written(v any) string {
	switch v := v.(type) {
	case time.Time:
		return v.Format(time.RFC3339Nano)
	case *bool:
		return strconv.FormatBool(*v)
	default:
		return fmt.Sprint(v)
	}
}

type page struct {
	At       time.Time `json:"at"`
	Dossiers []Record  `json:"dossiers"`
	Next     string    `json:"next,omitempty"`
}

// Dossiers goes through the dossiers a filter selects, page by page, the most
// urgent first. After an error it ends.
func (c *Client) Dossiers(ctx context.Context, f Filter) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for {
			var p page
			if _, err := c.send(ctx, call{operation: listDossiers, values: f.values()}, &p); err != nil {
				yield(Record{}, err)
				return
			}
			for _, r := range p.Dossiers {
				if !yield(r, nil) {
					return
				}
			}
			if p.Next == "" {
				return
			}
			f.Cursor = p.Next
		}
	}
}
