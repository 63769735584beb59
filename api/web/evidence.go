package web

import (
	"net/http"
	"net/url"
	"strings"

	"motcua/api/caller"
	"motcua/engine"
	"motcua/engine/audit"
)

// evidenceView is the evidence pack of a dossier as it is printed.
type evidenceView struct {
	audit.Evidence
	Lang     caller.Lang
	Timeline []entry
	Digests  []engine.Digest // of the timeline's entries
	Findings []string
	teller
}

func (s *Site) evidence(w http.ResponseWriter, r *http.Request) error {
	ctx, call := r.Context(), caller.From(r.Context())
	pack, err := s.Evidence(ctx, r.PathValue("code"))
	if err != nil {
		return err
	}
	_, c, err := s.Dossiers.Get(ctx, call.Actor.Agency, pack.Dossier.Code)
	if err != nil {
		return err
	}
	rules, err := s.Dossiers.Rules(ctx, c)
	if err != nil {
		return err
	}
	v := evidenceView{Evidence: pack, Lang: call.Lang, teller: teller{names: s.names(ctx), machine: rules.Machine}}
	// The pack holds what officers wrote as it is sealed; people read it hidden.
	facts, err := s.Dossiers.Facts(ctx, call.Actor.Agency, pack.Dossier.Code)
	if err != nil {
		return err
	}
	facts = facts[:min(len(facts), len(pack.Facts))] // no more than the pack proves
	for i := range facts {
		v.Digests = append(v.Digests, pack.Facts[i].Digest)
	}
	v.Timeline = v.timeline(facts)
	for _, f := range pack.SelfCheck.Findings {
		v.Findings = append(v.Findings, f.In(call.Lang.Tag()))
	}
	s.render(w, r, http.StatusOK, s.frame(r, call.Lang.T("Chứng cứ hồ sơ ", "Evidence of ")+pack.Dossier.Code), evidencePage(v))
	return nil
}

func evidenceHref(code string) string { return "/dossiers/" + url.PathEscape(code) + "/evidence" }

// account is the printed account of a clock.
func (v evidenceView) account(k audit.ExplainedClock) string {
	return v.Lang.T(k.VI, k.EN)
}

// roles says with which roles somebody acted.
func (v evidenceView) heldRoles(a engine.Actor) string {
	var out []string
	for _, r := range a.Roles {
		out = append(out, r.Role+" @ "+v.department(r.Department))
	}
	for _, s := range a.StandsIn {
		out = append(out, s.Role+" @ "+v.department(s.Department)+v.Lang.T(" thay ", " for ")+v.officer(s.For))
	}
	return strings.Join(out, "; ")
}

// by names who gave a command.
func (v evidenceView) by(a engine.Actor) string {
	return v.who(engine.Fact{ActorKind: a.Kind, Actor: a.ID})
}

// became says what a command came to.
func (v evidenceView) became(c audit.CommandRecord) standing {
	switch {
	case c.DecidedAt.IsZero():
		return standing{"none", "◔", v.Lang.T("chưa quyết định", "not decided")}
	case c.Refusal != nil:
		return standing{"overdue", "✗", v.Lang.T("từ chối: ", "refused: ") + string(c.Refusal.Code)}
	}
	return standing{"intime", "✓", v.state(c.State)}
}

func (v evidenceView) shareKind(k engine.ShareKind) string {
	switch k {
	case engine.ShareWorking:
		return v.Lang.T("xử lý", "working")
	case engine.ShareInTransit:
		return v.Lang.T("đang chuyển", "in transit")
	case engine.ShareWaiting:
		return v.Lang.T("chờ người nộp", "waiting")
	}
	return v.Lang.T("tạm dừng", "halted")
}
