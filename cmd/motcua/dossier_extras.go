package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"motcua/api"
	"motcua/engine"
)

// extras are the flags of dossier fire that go with some events only.
type extras struct {
	until, basis string
	overrides    api.OverridesBody
	// Of dossier bulk, which has no body of one event.
	officer, target string
}

func (x *extras) flags(c *cobra.Command, body *api.EventBody) {
	f := c.Flags()
	f.StringVar(&body.Officer, "officer", "", "with reassign: to whom; without it, to the department's pool")
	f.StringVar(&x.until, "until", "", "with suspend: when the clocks run again by themselves, as RFC 3339")
	f.StringVar(&x.basis, "basis", "", "with suspend: the rule it rests on")
	f.StringVar(&x.overrides.To, "to-state", "", "with override: the state the dossier is put into")
	f.StringVar(&x.overrides.Extend, "extend", "", "with override and extend-limit: by how much the legal limits are lengthened, such as 2wd")
	f.StringVar(&body.Target, "target", "", "with endorse and turn-down: the proposal; with acknowledge: the clock of the alarm; with return-dossier: the step")
}

// into puts what was given into a body.
func (x *extras) into(body *api.EventBody) error {
	until, err := instant("until", x.until)
	if err != nil {
		return err
	}
	if x.until != "" || x.basis != "" {
		body.Halt = &api.HaltBody{Until: until, Basis: x.basis}
	}
	if body.Event == engine.EventExtend {
		body.Extend, x.overrides.Extend = x.overrides.Extend, ""
	}
	if x.overrides != (api.OverridesBody{}) {
		body.Overrides = &x.overrides
	}
	return nil
}

// printStandstill prints what keeps a dossier from going on.
func printStandstill(w io.Writer, v api.DossierView) {
	for _, h := range v.Halts {
		what := "suspended"
		if h.Outage {
			what = "outage"
		}
		fmt.Fprintf(w, "%s from %s%s: %s%s\n", what, rfc3339(h.From), when(!h.Until.IsZero(), " until "+rfc3339(h.Until)), h.Reason, prefixed(", basis ", h.Basis))
	}
	for _, p := range v.Proposals {
		fmt.Fprintf(w, "%s: %s proposed %s, to be endorsed by %s%s\n", p.ID, p.Officer, p.Event, place(p.Approval.Department, p.Approval.Role), prefixed(": ", p.Comment))
	}
	if v.Parent != nil {
		fmt.Fprintln(w, "part of", v.Parent.Dossier)
	}
}

// chainView is the answer of the route that lists the parts of a dossier.
type chainView struct {
	Code  string             `json:"code"`
	Parts []engine.ChainPart `json:"parts"`
}

func printChain(w io.Writer, out chainView) {
	if len(out.Parts) == 0 {
		fmt.Fprintf(w, "%s has no linked dossiers\n", out.Code)
		return
	}
	columns(w, func(t io.Writer) {
		row(t, "PART", "AGENCY", "CODE", "STATE", "DUE", "OUTCOME")
		for _, p := range out.Parts {
			row(t, first(p.Link, p.Procedure)+when(p.Name.VI != "", " ("+p.Name.VI+")"), dash(p.Agency), first(p.Dossier, "not open yet"), dash(p.State), moment(p.Due, false), dash(p.Outcome))
		}
	})
}
