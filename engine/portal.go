package engine

// PortalCode is the official status of a dossier, as the national portal of
// public services and the provinces' systems exchange it (mã trạng thái hồ sơ).
type PortalCode int

// The ten official status codes.
const (
	PortalRegistered  PortalCode = 1  // Mới đăng ký
	PortalAccepted    PortalCode = 2  // Được tiếp nhận
	PortalNotAccepted PortalCode = 3  // Không được tiếp nhận
	PortalProcessing  PortalCode = 4  // Đang xử lý
	PortalSupplement  PortalCode = 5  // Yêu cầu bổ sung giấy tờ
	PortalPayment     PortalCode = 6  // Yêu cầu thực hiện nghĩa vụ tài chính
	PortalWithdrawn   PortalCode = 7  // Công dân yêu cầu rút hồ sơ
	PortalStopped     PortalCode = 8  // Dừng xử lý
	PortalDone        PortalCode = 9  // Đã xử lý xong
	PortalReturned    PortalCode = 10 // Đã trả kết quả
)

var portalNames = map[PortalCode]Text{
	PortalRegistered:  {VI: "Mới đăng ký", EN: "Newly registered"},
	PortalAccepted:    {VI: "Được tiếp nhận", EN: "Accepted"},
	PortalNotAccepted: {VI: "Không được tiếp nhận", EN: "Not accepted"},
	PortalProcessing:  {VI: "Đang xử lý", EN: "Being processed"},
	PortalSupplement:  {VI: "Yêu cầu bổ sung giấy tờ", EN: "Supplement requested"},
	PortalPayment:     {VI: "Yêu cầu thực hiện nghĩa vụ tài chính", EN: "Payment requested"},
	PortalWithdrawn:   {VI: "Công dân yêu cầu rút hồ sơ", EN: "Withdrawn by the citizen"},
	PortalStopped:     {VI: "Dừng xử lý", EN: "Processing stopped"},
	PortalDone:        {VI: "Đã xử lý xong", EN: "Processing finished"},
	PortalReturned:    {VI: "Đã trả kết quả", EN: "Result returned"},
}

// Name is what the code means.
func (p PortalCode) Name() Text { return portalNames[p] }

// PortalStatus derives the official status of a dossier at any moment: what
// the state declares, or else what follows from how the dossier stands. A
// dossier that is not started has none, 0. A supervisor's halt and a declared
// outage have no code of their own: the dossier keeps the one of its state.
func (m *Machine) PortalStatus(c Case) PortalCode {
	if !c.Started() || c.State == "" {
		return 0
	}
	s, _ := m.State(c.State)
	switch {
	case s.PortalStatus > 0:
		return PortalCode(s.PortalStatus)
	case c.Closed():
		return ended(c, c.Outcome)
	case s.WaitsFor == "finance":
		return PortalPayment
	case s.AwaitsApplicant():
		return PortalSupplement
	case s.Outcome == OutcomeResolved:
		return PortalDone // decided, and not yet in the citizen's hands
	case s.Outcome != "":
		return ended(c, s.Outcome)
	}
	return m.underWay(c)
}

// underWay is the status of a dossier on its way: registered until its legal
// clock has started, accepted in the step that this happened in, then being
// processed, also where it comes back to that step. A procedure without limits
// has no such clock; there the first step is the filing.
func (m *Machine) underWay(c Case) PortalCode {
	switch {
	case !c.AcceptedAt.IsZero() && c.State == m.Limits.Starts && !c.EnteredAt.After(c.AcceptedAt):
		return PortalAccepted
	case !c.AcceptedAt.IsZero():
		return PortalProcessing
	case m.Limits.Starts == "" && c.Visits > 1:
		return PortalProcessing
	}
	return PortalRegistered
}

// ended is the status of a dossier that came to an end by an outcome.
func ended(c Case, outcome string) PortalCode {
	switch {
	case outcome == OutcomeWithdrawn:
		return PortalWithdrawn
	case outcome == OutcomeRefused && c.AcceptedAt.IsZero():
		return PortalNotAccepted
	case outcome == OutcomeResolved:
		return PortalReturned
	}
	return PortalStopped
}
