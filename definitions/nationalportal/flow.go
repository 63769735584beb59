package nationalportal

import (
	"motcua/engine"
	"motcua/engine/calendar"
)

// The department and the roles of the flow, as agencies name them.
const (
	oneStop    = "one-stop"
	division   = "specialist-division"
	leadership = "leadership"

	receptionOfficer = "reception-officer"
	head             = "head"
	specialist       = "specialist"
	signer           = "signer"
)

func said(vi, en string) engine.Text { return engine.Text{VI: vi, EN: en} }

// step begins a state in which an officer acts.
func step(id, department, role string, portal int, name engine.Text, on ...engine.Transition) engine.State {
	return engine.State{ID: id, Name: name, Department: department, Role: role, PortalStatus: portal, On: on}
}

// on begins an event.
func on(event, to, vi, en string) engine.Transition {
	return engine.Transition{Event: event, To: to, Name: said(vi, en)}
}

// reasoned is an event that takes a reason and prints a form.
func reasoned(t engine.Transition, form string) engine.Transition {
	t.Comment, t.Print = "required", form
	return t
}

func withdraw() engine.Transition {
	t := on("withdraw", "withdrawn", "Rút hồ sơ", "Withdraw")
	t.By, t.Print = engine.ByApplicant, "stop-notice"
	return t
}

func returned(to string) engine.Transition {
	return reasoned(on("return", to, "Trả lại", "Return"), "")
}

// flow is the usual way of a dossier through a one-stop office (cơ chế một cửa,
// Nghị định 118/2025/NĐ-CP): no record says how an agency divides its work.
func flow() []engine.State {
	states := append(intake(), handled()...)
	states = append(states,
		waiting("awaiting-completion", "submitted", said("Chờ hoàn thiện hồ sơ", "Awaiting completion")),
		waiting("awaiting-supplement", "under-processing", said("Chờ bổ sung hồ sơ", "Awaiting supplement")))
	return append(states, closed()...)
}

// intake is what happens until the dossier is accepted.
func intake() []engine.State {
	accept := on("accept", "accepted", "Tiếp nhận", "Accept")
	accept.Print, accept.Needs = "receipt", []string{engine.NeedComponents}
	submitted := step("submitted", oneStop, receptionOfficer, 1, said("Chờ tiếp nhận", "Awaiting reception"),
		accept,
		reasoned(on("request-supplement", "awaiting-completion", "Yêu cầu hoàn thiện hồ sơ", "Request completion"), "supplement-request"),
		reasoned(on("refuse", "not-accepted", "Từ chối tiếp nhận", "Refuse"), "refusal"),
		withdraw())
	submitted.Within = workingDay // an online filing is answered within eight working hours
	return []engine.State{submitted}
}

// handled are the steps whose times add up to the limit, and the handing over.
func handled() []engine.State {
	review := step("under-review", division, head, 4, said("Lãnh đạo phòng xem xét", "Under review"),
		on("approve", "under-signature", "Trình lãnh đạo", "Approve"), returned("under-processing"))
	review.NotSameOfficerAs = []string{"under-processing"}
	signature := step("under-signature", leadership, signer, 4, said("Lãnh đạo ký duyệt", "Under signature"),
		on("sign", "result-ready", "Ký duyệt", "Sign"),
		reasoned(on("refuse", "refused", "Từ chối giải quyết", "Refuse"), "refusal"),
		returned("under-processing"))
	signature.NotSameOfficerAs = []string{"under-processing", "under-review"}
	ready := step("result-ready", oneStop, receptionOfficer, 9, said("Chờ trả kết quả", "Result ready"),
		on("hand-over", "returned", "Trả kết quả", "Hand over"))
	ready.Outcome = "resolved"
	return []engine.State{
		step("accepted", oneStop, receptionOfficer, 2, said("Đã tiếp nhận, chuyển xử lý", "Accepted: forward"),
			on("forward", "under-assignment", "Chuyển phòng chuyên môn", "Forward"), withdraw()),
		step("under-assignment", division, head, 4, said("Phân công xử lý", "Under assignment"),
			on("assign", "under-processing", "Phân công", "Assign"), returned("accepted")),
		step("under-processing", division, specialist, 4, said("Thẩm định, xử lý hồ sơ", "Under processing"),
			on("submit", "under-review", "Trình lãnh đạo phòng", "Submit for review"),
			reasoned(on("request-supplement", "awaiting-supplement", "Yêu cầu bổ sung", "Request supplement"), "supplement-request"),
			withdraw()),
		review, signature, ready,
	}
}

// waiting is a state in which the legal clock stands still until the applicant
// has done something, or for too long not.
func waiting(id, back string, name engine.Text) engine.State {
	supplement := on("supplement", back, "Nộp bổ sung", "Supplement")
	supplement.By = engine.ByApplicant
	lapse := on(onExpiry, "closed-unsupplemented", "Hết hạn bổ sung", "Lapse")
	lapse.By, lapse.Print = engine.ByClock, "stop-notice"
	s := step(id, oneStop, receptionOfficer, 5, name, supplement, withdraw(), lapse)
	s.Clock, s.WaitsFor = "suspended", "applicant"
	return s
}

const onExpiry = "lapse"

// suspension bounds the waiting, as shipped procedures do.
func suspension() *engine.Suspension {
	return &engine.Suspension{Max: calendar.Duration{Value: 30, Unit: calendar.Day}, MaxTimes: 2, OnExpiry: onExpiry}
}

func closed() []engine.State {
	end := func(id, outcome string, portal int, name engine.Text) engine.State {
		return engine.State{ID: id, Name: name, Final: true, Outcome: outcome, PortalStatus: portal}
	}
	return []engine.State{
		end("returned", "resolved", 10, said("Đã trả kết quả", "Result returned")),
		end("not-accepted", "refused", 3, said("Không được tiếp nhận", "Not accepted")),
		end("refused", "refused", 8, said("Từ chối giải quyết", "Refused")),
		end("withdrawn", "withdrawn", 7, said("Người nộp rút hồ sơ", "Withdrawn")),
		end("closed-unsupplemented", "stopped", 8, said("Dừng xử lý do không bổ sung", "Closed without a supplement")),
	}
}

// ladder is the usual escalation; only a dossier with a limit has an
// appointment to warn of.
func ladder(limited bool) []engine.Rung {
	rungs := []engine.Rung{
		{At: 75, Of: engine.OfStep, Notify: []string{engine.RoleHolder}, Raise: "due-soon"},
		{At: 100, Of: engine.OfStep, Notify: []string{engine.RoleHolder, engine.RoleHead}, Raise: "overdue"},
		{After: calendar.Duration{Value: 4, Unit: calendar.WorkingHour}, Of: engine.OfStep, Notify: []string{engine.RoleHead, engine.RoleLeader}, Raise: "escalated"},
	}
	if limited {
		rungs = append(rungs,
			engine.Rung{At: 75, Of: engine.OfDossier, Notify: []string{engine.RoleHolder, engine.RoleHead}, Raise: "due-soon"},
			engine.Rung{At: 100, Of: engine.OfDossier, Notify: []string{engine.RoleHolder, engine.RoleHead, engine.RoleLeader}, Raise: "overdue"})
	}
	return append(rungs, engine.Rung{At: 100, Of: engine.OfSuspension, Notify: []string{engine.RoleHolder}})
}
