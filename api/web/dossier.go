package web

import (
	"bytes"
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"motcua/api/caller"
	"motcua/api/problem"
	"motcua/engine"
	"motcua/engine/calendar"
)

// dossierView is all a dossier's page shows.
type dossierView struct {
	Lang      caller.Lang
	Record    engine.Record
	Case      engine.Case
	Permitted []engine.Permitted
	Dossier   standing
	Step      standing
	Diagram   string // SVG, empty when it cannot be drawn
	Steps     []step
	Timeline  []entry
	Clocks    []clockView
	Parts     []engine.ChainPart
	Times     []departmentTime
	Life      time.Duration // their sum
	Watched   bool          // by the reader
	MayWatch  bool
	Key       string // makes a form that is sent twice one command
	Done      string // the event just carried out
	Refused   *problem.Problem
	Comment   string // what was written when it was refused
	Tried     string // the event that was refused
	personal
	teller
}

// step is a state of the procedure, as the table beside the diagram tells it.
type step struct {
	Name, Department string
	Current, Visited bool
}

// clockView is a clock with the account of its due moment.
type clockView struct {
	engine.Clock
	Standing    standing
	Explanation engine.Explanation
}

func (s *Site) dossier(w http.ResponseWriter, r *http.Request) error {
	v, err := s.look(r, "")
	if err != nil {
		return err
	}
	if done := r.URL.Query().Get("done"); v.machine.Knows(done) || engine.ReservedName(done).VI != "" {
		v.Done = v.event(done, "", "")
	}
	s.render(w, r, http.StatusOK, s.frame(r, v.Record.Code), dossierPage(v))
	return nil
}

// look reads everything about a dossier; what is personal in it in full, if the
// reader works on it or says for which purpose.
func (s *Site) look(r *http.Request, purpose string) (dossierView, error) {
	ctx, code := r.Context(), r.PathValue("code")
	call := caller.From(ctx)
	record, c, err := s.Dossiers.Get(ctx, call.Actor.Agency, code)
	if err != nil {
		return dossierView{}, err
	}
	rules, err := s.Dossiers.Rules(ctx, c)
	if err != nil {
		return dossierView{}, err
	}
	facts, clocks, disclosed, err := s.record(ctx, &c, purpose)
	if err != nil {
		return dossierView{}, err
	}
	v := dossierView{
		Lang: call.Lang, Record: record, Case: c, Permitted: rules.Permitted(c, call.Actor), Key: caller.RandomID(),
		teller:  teller{names: s.names(ctx), machine: rules.Machine},
		Dossier: s.standing(call.Lang, record.DueAt, record.Overdue, rules.Cal),
		Step:    s.standing(call.Lang, record.StepDueAt, record.StepOverdue, rules.Cal),
	}
	v.personal = personalOf(call, rules.Machine, record.Applicant, disclosed)
	visited := visitedStates(facts)
	v.Timeline, v.Steps = v.timeline(facts), v.steps(visited)
	if v.Clocks, err = s.explained(ctx, call.Lang, rules, c, clocks); err != nil {
		return dossierView{}, err
	}
	v.Times, v.Life = v.attributed(facts, s.Now(), rules.Cal)
	if len(c.Linked) > 0 {
		if v.Parts, err = s.Chains.Chain(ctx, call.Actor.Agency, code); err != nil {
			return dossierView{}, err
		}
	}
	if v.Watched, err = s.Watches.Watches(ctx, call.Actor, code); err != nil {
		return dossierView{}, err
	}
	v.MayWatch = engine.May(call.Actor, engine.VerbWatch) > engine.ScopeNone && !c.Closed()
	v.Diagram = s.diagram(ctx, rules.Machine, c.State, visited)
	return v, nil
}

// visitedStates lists the states a dossier has been in, in order, each once.
func visitedStates(facts []engine.StoredFact) []string {
	var out []string
	for _, f := range facts {
		if f.Kind == engine.FactStateEntered && !slices.Contains(out, f.To) {
			out = append(out, f.To)
		}
	}
	return out
}

func (v dossierView) steps(visited []string) []step {
	out := make([]step, len(v.machine.States))
	for i, st := range v.machine.States {
		out[i] = step{
			Name: v.Lang.Text(st.Name), Department: v.department(st.Department),
			Current: st.ID == v.Case.State, Visited: slices.Contains(visited, st.ID),
		}
	}
	return out
}

// explained explains each clock by the calendar it was computed with.
func (s *Site) explained(ctx context.Context, l caller.Lang, r engine.Rules, c engine.Case, clocks []engine.Clock) ([]clockView, error) {
	out, now := make([]clockView, len(clocks)), s.Now()
	for i, k := range clocks {
		by, err := RulesOf(ctx, s.Dossiers, r, c, k)
		if err != nil {
			return nil, err
		}
		out[i] = clockView{Clock: k, Explanation: by.Explain(k, now), Standing: s.clockStanding(l, k, by.Cal)}
	}
	return out, nil
}

// RulesOf are the rules of a dossier by the calendar one of its clocks was
// computed with, which is another one where a new version has been published
// since; r are those it goes by now.
func RulesOf(ctx context.Context, d Dossiers, r engine.Rules, c engine.Case, k engine.Clock) (engine.Rules, error) {
	if then := c.Under(k); then.Calendar != c.Calendar {
		return d.Rules(ctx, then)
	}
	return r, nil
}

func (s *Site) clockStanding(l caller.Lang, k engine.Clock, cal *calendar.Calendar) standing {
	switch {
	case !k.Open():
		class := "intime"
		if k.Verdict == engine.VerdictViolated {
			class = "overdue"
		}
		sign, text, _ := strings.Cut(verdictWord(l, k.Verdict), " ")
		return standing{class, sign, text}
	case !k.Running():
		return standing{"none", "❚❚", l.T("đang tạm dừng", "suspended")}
	default:
		return s.standing(l, k.Due, k.Overdue(s.Now()), cal)
	}
}

// diagram draws the procedure; a page without one is still a page. What comes
// before the svg element has no place inside HTML.
func (s *Site) diagram(ctx context.Context, m *engine.Machine, current string, visited []string) string {
	if s.Draw == nil {
		return ""
	}
	drawing, err := s.Draw(ctx, m, caller.From(ctx).Lang.Tag(), current, visited)
	at := bytes.Index(drawing, []byte("<svg"))
	if err != nil || at < 0 {
		return ""
	}
	return string(drawing[at:])
}

// fire carries out what a form asks for, and shows the dossier again: after
// success by a redirect, so that reloading does not repeat it; after a refusal
// at once, with what was written still there.
func (s *Site) fire(w http.ResponseWriter, r *http.Request) error {
	if err := parse(r); err != nil {
		return err
	}
	cmd, key, err := command(r)
	if err != nil {
		return err
	}
	if _, err = s.Fire(r.Context(), cmd, key); err == nil {
		http.Redirect(w, r, dossierHref(cmd.Dossier)+"?"+query("done", cmd.Event), http.StatusSeeOther)
		return nil
	}
	refused := problem.Of(r.Context(), err)
	v, lookErr := s.look(r, "")
	if lookErr != nil {
		return err
	}
	v.Refused, v.Tried, v.Comment = refused, cmd.Event, cmd.Comment
	s.render(w, r, refused.Status, s.frame(r, v.Record.Code), dossierPage(v))
	return nil
}
