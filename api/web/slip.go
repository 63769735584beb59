package web

import (
	"net/http"
	"net/url"
	"strconv"

	"motcua/api/caller"
	"motcua/engine"
)

// slipView is a list that many dossiers were handed over with.
type slipView struct {
	Lang    caller.Lang
	Slip    string
	List    []engine.Slipped
	Waiting int
	Key     string
	Done    string // how many were just accepted
	Refused string // and how many could not be
	names   names
}

func (s *Site) slip(w http.ResponseWriter, r *http.Request) error {
	ctx, call, slip := r.Context(), caller.From(r.Context()), r.PathValue("slip")
	list, err := s.Bureau.Slips.Slip(ctx, call.Actor.Agency, slip)
	if err != nil {
		return err
	}
	v := slipView{Lang: call.Lang, Slip: slip, List: list, Key: caller.RandomID(), names: s.names(ctx)}
	v.Done, v.Refused = number(r, "done"), number(r, "refused")
	for _, h := range list {
		if h.Answer == "" {
			v.Waiting++
		}
	}
	s.render(w, r, http.StatusOK, s.frame(r, call.Lang.T("Phiếu bàn giao", "Handoff slip")), slipPage(v))
	return nil
}

// number is a parameter of the address that is a number; anything else is none.
func number(r *http.Request, name string) string {
	if n, err := strconv.Atoi(r.URL.Query().Get(name)); err == nil && n > 0 {
		return strconv.Itoa(n)
	}
	return ""
}

func (s *Site) acceptSlip(w http.ResponseWriter, r *http.Request) error {
	if err := parse(r); err != nil {
		return err
	}
	slip, key := r.PathValue("slip"), r.PostForm.Get("key")
	if !acceptable(key, 200) {
		return engine.Errorf(engine.CodeInvalid, "a value is too long or holds control characters")
	}
	done, refused, err := s.Bureau.Accept(r.Context(), slip, key)
	if err != nil {
		return err
	}
	http.Redirect(w, r, slipHref(slip)+"?"+query("done", strconv.Itoa(done), "refused", strconv.Itoa(refused)), http.StatusSeeOther)
	return nil
}

func slipHref(slip string) string { return "/handoffs/" + url.PathEscape(slip) }

// slipAnswer says how a handoff ended.
func slipAnswer(l caller.Lang, answer string) standing {
	switch answer {
	case "":
		return standing{"soon", "◔", l.T("chờ nhận", "waiting")}
	case "accepted":
		return standing{"intime", "✓", l.T("đã nhận", "accepted")}
	case "returned":
		return standing{"none", "↩", l.T("trả lại", "returned")}
	case "recalled":
		return standing{"none", "↩", l.T("đã thu hồi", "recalled")}
	}
	return standing{"none", "–", answer}
}
