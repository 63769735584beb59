package engine_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

// official is the table of status codes the portals exchange, as published.
var official = map[engine.PortalCode]string{
	1: "Mới đăng ký", 2: "Được tiếp nhận", 3: "Không được tiếp nhận", 4: "Đang xử lý", 5: "Yêu cầu bổ sung giấy tờ",
	6: "Yêu cầu thực hiện nghĩa vụ tài chính", 7: "Công dân yêu cầu rút hồ sơ", 8: "Dừng xử lý", 9: "Đã xử lý xong", 10: "Đã trả kết quả",
}

// withPayment adds to the stage's procedure a state that waits for a payment and
// one the applicant withdraws to. It declares no portal status anywhere.
func withPayment(def *engine.Definition) {
	name := def.Name
	by := func(event, to, who string) engine.Transition {
		return engine.Transition{Event: event, To: to, Name: name, By: who}
	}
	for i := range def.States {
		switch def.States[i].ID {
		case "received":
			def.States[i].On = append(def.States[i].On, by("withdraw", "withdrawn", engine.ByApplicant))
		case "under-signature":
			def.States[i].On = append(def.States[i].On, by("ask-payment", "awaiting-payment", ""))
		}
	}
	def.States = append(def.States,
		engine.State{ID: "awaiting-payment", Name: name, Clock: "suspended", WaitsFor: "finance", On: []engine.Transition{by("paid", "under-signature", engine.ByApplicant)}},
		engine.State{ID: "withdrawn", Name: name, Final: true, Outcome: "withdrawn"})
}

type play func(s *stage)

func fires(day, hour, minute int, who engine.Actor, event string) play {
	return func(s *stage) { s.t.Helper(); s.fire(at(day, hour, minute), who, event) }
}

// roads lead to each of the ten codes.
var roads = map[engine.PortalCode][]play{
	1:  {},
	2:  {fires(10, 9, 0, lan, "accept")},
	3:  {fires(10, 9, 0, lan, "refuse")},
	4:  {fires(10, 9, 0, lan, "accept"), fires(10, 9, 1, minh, engine.EventAcceptHandoff), fires(10, 9, 2, minh, "submit")},
	5:  {fires(10, 9, 0, lan, "accept"), fires(10, 9, 1, minh, engine.EventAcceptHandoff), fires(10, 9, 2, minh, "request-supplement")},
	6:  {fires(10, 9, 0, lan, "accept"), fires(10, 9, 1, minh, engine.EventAcceptHandoff), fires(10, 9, 2, minh, "submit"), fires(10, 9, 3, chair, "ask-payment")},
	7:  {fires(10, 9, 0, portal, "withdraw")},
	8:  {fires(10, 9, 0, lan, "accept"), fires(10, 9, 1, minh, engine.EventAcceptHandoff), fires(10, 9, 2, minh, "request-supplement"), func(s *stage) { s.tick(at(28, 9, 0)) }},
	9:  {fires(10, 9, 0, lan, "accept"), fires(10, 9, 1, minh, engine.EventAcceptHandoff), fires(10, 9, 2, minh, "submit"), fires(10, 9, 3, chair, "sign")},
	10: {fires(10, 9, 0, lan, "accept"), fires(10, 9, 1, minh, engine.EventAcceptHandoff), fires(10, 9, 2, minh, "submit"), fires(10, 9, 3, chair, "sign"), fires(10, 9, 4, lan, "hand-over")},
}

// TestPortalContract: each of the ten codes is reached by a dossier of a
// procedure that declares none, under the published names, and is the status of
// the last line of the log.
func TestPortalContract(t *testing.T) {
	t.Parallel()
	require.Len(t, roads, 10)
	for code, name := range official {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, name, code.Name().VI)
			s := started(t, withPayment)
			require.Equal(t, engine.PortalRegistered, s.rules.PortalStatus(s.c))
			for _, step := range roads[code] {
				step(s)
			}
			require.Equal(t, code, s.rules.PortalStatus(s.c), "in state %s", s.c.State)
			log, err := engine.ProcessLog(s.facts, s.machines)
			require.NoError(t, err)
			require.Equal(t, code, log[len(log)-1].Status)
		})
	}
	require.Zero(t, newStage(t).rules.PortalStatus(engine.Case{}), "before it is started there is none")
}

func (s *stage) machines(engine.ProcedureRef) (*engine.Machine, error) { return s.rules.Machine, nil }

func TestPortalStatus(t *testing.T) {
	t.Parallel()
	t.Run("is what the state declares, where it does", func(t *testing.T) {
		t.Parallel()
		s := started(t, func(def *engine.Definition) { def.States[0].PortalStatus = 4 })
		require.Equal(t, engine.PortalProcessing, s.rules.PortalStatus(s.c))
	})
	t.Run("is processing where a dossier comes back to the step it was accepted in", func(t *testing.T) {
		t.Parallel()
		s := verified(t)
		require.Equal(t, engine.PortalAccepted, s.rules.PortalStatus(s.c))
		s.fire(at(10, 10, 0), minh, "submit")
		s.fire(at(10, 11, 0), chair, "return")
		require.Equal(t, engine.PortalProcessing, s.rules.PortalStatus(s.c))
	})
	t.Run("is stopped, not refused at the door, once it was accepted", func(t *testing.T) {
		t.Parallel()
		s := verified(t, func(def *engine.Definition) {
			def.States[1].On = append(def.States[1].On, engine.Transition{Event: "refuse", To: "refused", Name: def.Name})
		})
		s.fire(at(10, 10, 0), minh, "refuse")
		require.Equal(t, engine.PortalStopped, s.rules.PortalStatus(s.c))
	})
	t.Run("is that of the state while a supervisor lets it stand still", func(t *testing.T) {
		t.Parallel()
		s := verified(t)
		leader := officer("leader", "leadership", engine.RoleLeader)
		leader.Oversees = []string{"leadership", "civil-status"}
		s.ok(at(10, 10, 0), engine.Command{Event: engine.EventSuspend, Actor: leader, Comment: "lý do", Halt: &engine.HaltOrder{Basis: "căn cứ", Until: at(12, 8, 0)}})
		require.True(t, s.c.Halted())
		require.Equal(t, engine.PortalAccepted, s.rules.PortalStatus(s.c))
	})
}

// TestProcessLog: exactly the fields that are exchanged, in the order of time.
func TestProcessLog(t *testing.T) {
	t.Parallel()
	s := started(t, withPayment)
	for _, step := range roads[8] {
		step(s)
	}
	log, err := engine.ProcessLog(s.facts, s.machines)
	require.NoError(t, err)
	require.Equal(t, []engine.ProcessEntry{
		{Person: "portal", At: "20260810080000", Content: "Mở hồ sơ: Bước", Status: 1},
		{Person: "lan", At: "20260810090000", Content: "Bước: Bước", Status: 2, Due: "20260813173000"},
		{Person: "minh", At: "20260810090200", Content: "Bước: Bước", Status: 5},
		{Person: "", At: "20260819173000", Content: "Bước: Bước", Status: 8},
	}, log)
	text, err := json.Marshal(log[1])
	require.NoError(t, err)
	require.JSONEq(t, `{"person":"lan","at":"20260810090000","content":"Bước: Bước","status":2,"due":"20260813173000"}`, string(text))
}

func TestAnnouncements(t *testing.T) {
	t.Parallel()
	s := started(t, withPayment)
	for _, step := range roads[10] {
		step(s)
	}
	all, err := engine.Announcements(s.facts, 1, s.machines)
	require.NoError(t, err)
	t.Run("tell of the official status whenever it is another one, with the line of the log", func(t *testing.T) {
		var codes []engine.PortalCode
		previous := engine.PortalCode(0)
		for _, a := range all {
			if a.Type != engine.AnnouncedPortal {
				continue
			}
			require.Equal(t, previous, a.Data.Portal.Previous)
			require.Equal(t, a.Data.Portal.Code, a.Data.Log.Status)
			previous = a.Data.Portal.Code
			codes = append(codes, previous)
		}
		require.Equal(t, []engine.PortalCode{1, 2, 4, 9, 10}, codes)
	})
	t.Run("tell once that the dossier was accepted, with the appointment", func(t *testing.T) {
		accepted := slices.DeleteFunc(slices.Clone(all), func(a engine.Announcement) bool { return a.Type != engine.AnnouncedAccepted })
		require.Len(t, accepted, 1)
		require.Equal(t, at(13, 17, 30), accepted[0].Data.DueAt)
	})
	t.Run("are in order, have ids of their own, and are the same in parts as in one", func(t *testing.T) {
		ids := map[string]bool{}
		for i, a := range all {
			require.False(t, ids[a.ID], "%s twice", a.ID)
			ids[a.ID] = true
			require.NotContains(t, a.ID, ".")
			require.True(t, i == 0 || all[i-1].Seq < a.Seq || all[i-1].Seq == a.Seq && all[i-1].Part < a.Part)
		}
		var parts []engine.Announcement
		for from, to := int64(1), int64(0); to < int64(len(s.facts)); from = to + 1 {
			to = s.endOfDecision(from)
			some, err := engine.Announcements(s.facts[:to], from, s.machines)
			require.NoError(t, err)
			parts = append(parts, some...)
		}
		require.Equal(t, all, parts)
	})
	t.Run("hold nothing that was written freely, nor who acted", func(t *testing.T) {
		for _, a := range all {
			a.Data.Log = nil // names who acted, as the portals ask
			text, err := json.Marshal(a)
			require.NoError(t, err)
			for _, secret := range []string{"lý do", "minh", "lan"} {
				require.NotContains(t, string(text), secret)
			}
		}
	})
	t.Run("are of known types", func(t *testing.T) {
		known := engine.AnnouncementTypes()
		require.Contains(t, known, "vn.motcua.handoff.sent")
		require.Contains(t, known, "vn.motcua.dossier.overridden")
		for _, a := range all {
			require.Contains(t, known, a.Type)
		}
		for _, kind := range known {
			require.True(t, strings.HasPrefix(kind, "vn.motcua."))
			require.Equal(t, 3, strings.Count(kind, "."), kind)
		}
	})
}

// endOfDecision is the last fact of the decision that a fact begins.
func (s *stage) endOfDecision(from int64) int64 {
	moment := s.facts[from-1].At
	for from < int64(len(s.facts)) && s.facts[from].At.Equal(moment) {
		from++
	}
	return from
}

func TestWebhookWants(t *testing.T) {
	t.Parallel()
	a := engine.Announcement{Type: engine.AnnouncedPortal, Agency: agency, Departments: []string{"one-stop"}, Data: engine.Announced{Procedure: "1.001193"}}
	sent := a
	sent.Type = engine.AnnouncementType(engine.FactHandoffSent)
	for name, c := range map[string]struct {
		hook engine.Webhook
		a    engine.Announcement
		want bool
	}{
		"everything of its agency":  {engine.Webhook{}, sent, true},
		"its types":                 {engine.Webhook{Types: []string{engine.AnnouncedPortal}}, a, true},
		"no other type":             {engine.Webhook{Types: []string{engine.AnnouncedPortal}}, sent, false},
		"changes of status":         {engine.Webhook{StatusOnly: true}, a, true},
		"only changes of status":    {engine.Webhook{StatusOnly: true}, sent, false},
		"its procedures":            {engine.Webhook{Procedures: []string{"1.001193"}}, a, true},
		"no other procedure":        {engine.Webhook{Procedures: []string{"2.000908"}}, a, false},
		"its departments":           {engine.Webhook{Departments: []string{"police", "one-stop"}}, a, true},
		"no other department":       {engine.Webhook{Departments: []string{"police"}}, a, false},
		"nothing of another agency": {engine.Webhook{Agency: "H00.102"}, a, false},
	} {
		t.Run(name, func(t *testing.T) {
			if c.hook.Agency == "" {
				c.hook.Agency = agency
			}
			require.Equal(t, c.want, c.hook.Wants(c.a))
		})
	}
}

func TestCheckWebhook(t *testing.T) {
	t.Parallel()
	for url, c := range map[string]struct{ ok, inDevelopment bool }{
		"https://portal.example/hooks":          {true, true},
		"https://portal.example:8443/hooks?a=b": {true, true},
		"http://portal.example/hooks":           {},
		"http://127.0.0.1:9000/":                {false, true},
		"http://localhost:9000/":                {false, true},
		"http://[::1]:9000/":                    {false, true},
		"https://127.0.0.1/":                    {false, true},
		"https://localhost/":                    {false, true},
		"https://169.254.169.254/latest":        {},
		"https://10.0.0.1/":                     {},
		"https://[::ffff:10.0.0.1]/":            {},
		"https://user:secret@portal.example/":   {},
		"https://portal.example/#part":          {},
		"ftp://portal.example/":                 {},
		"portal.example/hooks":                  {},
		"https:portal.example":                  {},
		"https://":                              {},
		"":                                      {},
	} {
		require.Equal(t, c.ok, engine.CheckWebhook(engine.Webhook{URL: url}, false) == nil, url)
		require.Equal(t, c.inDevelopment, engine.CheckWebhook(engine.Webhook{URL: url}, true) == nil, "%s in development", url)
	}
	err := engine.CheckWebhook(engine.Webhook{URL: "https://portal.example", Types: []string{"vn.motcua.dossier.closed", "bogus"}}, false)
	var refusal *engine.Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, "/types/1", refusal.Path)
}

func TestRetryIn(t *testing.T) {
	t.Parallel()
	for tries, want := range map[int]time.Duration{0: time.Second, 1: time.Second, 2: 2 * time.Second, 5: 16 * time.Second, 11: 15 * time.Minute, 1000: 15 * time.Minute} {
		require.Equal(t, want, engine.RetryIn(tries, 0))
		require.Equal(t, want/2, engine.RetryIn(tries, 1))
	}
}
