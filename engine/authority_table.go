package engine

// The verbs.
const (
	VerbPublic  Verb = "public"
	VerbSelf    Verb = "self.read"
	VerbMyViews Verb = "views.manage"

	VerbStartDossier    Verb = "dossier.start"
	VerbReadDossier     Verb = "dossier.read"
	VerbListDossiers    Verb = "dossier.list"
	VerbFire            Verb = "dossier.fire"
	VerbPreviewEvent    Verb = "dossier.preview"
	VerbWatch           Verb = "dossier.watch"
	VerbBulk            Verb = "dossier.bulk"
	VerbReadEvidence    Verb = "dossier.evidence"
	VerbReadPersonal    Verb = "personal.read"
	VerbErasePersonal   Verb = "personal.erase"
	VerbReadReadings    Verb = "personal.readings"
	VerbReadPortal      Verb = "portal.read"
	VerbSendHandoff     Verb = "handoff.send"
	VerbReadHandoff     Verb = "handoff.read"
	VerbReadActs        Verb = "act.read"
	VerbCancelAct       Verb = "act.cancel"
	VerbReadProcedures  Verb = "procedure.read"
	VerbAuthorProcedure Verb = "procedure.author"
	VerbApproveVersion  Verb = "procedure.approve"
	VerbSimulate        Verb = "procedure.simulate"
	VerbReadImpact      Verb = "procedure.impact"
	VerbMigrate         Verb = "migration.run"
	VerbReadCalendars   Verb = "calendar.read"
	VerbAuthorCalendar  Verb = "calendar.author"
	VerbApproveCalendar Verb = "calendar.approve"
	VerbPreviewCalendar Verb = "calendar.preview"
	VerbExportCatalogue Verb = "catalogue.export"
	VerbImportCatalogue Verb = "catalogue.import"
	VerbReadLegal       Verb = "legal.read"
	VerbEnterLegal      Verb = "legal.enter"

	VerbReadOutages        Verb = "outage.read"
	VerbDeclareOutage      Verb = "outage.declare"
	VerbReadAbsences       Verb = "absence.read"
	VerbEnterAbsence       Verb = "absence.enter"
	VerbDismissOfficer     Verb = "officer.dismiss"
	VerbReadOrganisation   Verb = "organisation.read"
	VerbChangeOrganisation Verb = "organisation.change"
	VerbManageKeys         Verb = "key.manage"
	VerbEndSessions        Verb = "session.end"
	VerbLinkAccounts       Verb = "account.link"
	VerbManageWebhooks     Verb = "webhook.manage"
	VerbReadDeliveries     Verb = "notification.deliveries"
	VerbReadAudit          Verb = "audit.read"
)

// How rows of the table are written shortly.
var (
	work = []Grant{
		{CapacityOfficer, ScopeDepartment}, {CapacityHead, ScopeSubtree}, {CapacityLeader, ScopeAgency},
	}
	everybody = []Grant{{CapacitySystem, ScopeAll}, {CapacitySignedIn, ScopeAll}}
)

func also(grants []Grant, more ...Grant) []Grant {
	return append(append([]Grant{}, grants...), more...)
}

func only(s Scope, capacities ...Capacity) []Grant {
	out := make([]Grant, len(capacities))
	for i, capacity := range capacities {
		out[i] = Grant{capacity, s}
	}
	return out
}

// Authority is who may do what, and how far: the only such table. The engine
// asks further of who fires an event (the role of the step, separation of
// duties), and of who approves (not the author); nothing widens what stands
// here. docs/authority.md is generated from it.
var Authority = []Right{
	{VerbPublic, Text{VI: "Xem trang công khai", EN: "See what is public"}, only(ScopeAll, CapacityAnybody)},
	{VerbSelf, Text{VI: "Xem mình là ai, thông báo của mình", EN: "Read who one is and one's own notifications"}, also(only(ScopeOwn, CapacitySystem), Grant{CapacitySignedIn, ScopeOwn})},
	{VerbMyViews, Text{VI: "Lưu bộ lọc danh sách", EN: "Keep views of lists"}, only(ScopeOwn, CapacitySignedIn)},

	{VerbStartDossier, Text{VI: "Tiếp nhận hồ sơ mới", EN: "Start a dossier"}, only(ScopeAgency, CapacitySystem, CapacityOfficer)},
	{VerbReadDossier, Text{VI: "Đọc hồ sơ", EN: "Read a dossier"}, also(work, only(ScopeAgency, CapacitySystem, CapacityAuditor, CapacityPrivacy)...)},
	{VerbListDossiers, Text{VI: "Xem danh sách và số đếm", EN: "List and count dossiers"}, also(work, only(ScopeAgency, CapacitySystem, CapacityAuditor, CapacityPrivacy)...)},
	{VerbFire, Text{VI: "Thực hiện sự kiện trên hồ sơ", EN: "Fire an event on a dossier"}, also(work, Grant{CapacitySystem, ScopeAgency})},
	{VerbPreviewEvent, Text{VI: "Xem trước hệ quả của sự kiện", EN: "Preview what an event would do"}, also(work, Grant{CapacitySystem, ScopeAgency})},
	{VerbWatch, Text{VI: "Theo dõi hồ sơ", EN: "Watch a dossier"}, work},
	{VerbBulk, Text{VI: "Xử lý nhiều hồ sơ cùng lúc", EN: "Act on many dossiers at once"}, []Grant{{CapacityHead, ScopeSubtree}, {CapacityLeader, ScopeAgency}}},
	{VerbReadEvidence, Text{VI: "Đọc chứng cứ của hồ sơ", EN: "Read the evidence of a dossier"}, also(work, only(ScopeAgency, CapacitySystem, CapacityAuditor, CapacityPrivacy)...)},
	{VerbReadPersonal, Text{VI: "Đọc dữ liệu cá nhân, có ghi nhận", EN: "Read personal data, on record"}, also(work, only(ScopeAgency, CapacitySystem, CapacityPrivacy)...)},
	{VerbErasePersonal, Text{VI: "Xóa dữ liệu cá nhân", EN: "Erase personal data"}, only(ScopeAgency, CapacityPrivacy)},
	{VerbReadReadings, Text{VI: "Xem ai đã đọc dữ liệu cá nhân", EN: "Read who read personal data"}, only(ScopeAgency, CapacityPrivacy, CapacityAuditor)},
	{VerbReadPortal, Text{VI: "Đọc trạng thái theo mã của Cổng quốc gia", EN: "Read the status in the national portal's codes"}, also(work, only(ScopeAgency, CapacitySystem, CapacityAuditor)...)},
	{VerbSendHandoff, Text{VI: "Bàn giao và nhận nhiều hồ sơ", EN: "Hand over and accept many dossiers"}, work},
	{VerbReadHandoff, Text{VI: "Đọc phiếu bàn giao", EN: "Read a handoff slip"}, also(work, Grant{CapacityAuditor, ScopeAgency})},

	{VerbReadActs, Text{VI: "Đọc quyết định trên nhiều hồ sơ", EN: "Read acts on many dossiers"}, only(ScopeAgency, CapacitySignedIn)},
	{VerbCancelAct, Text{VI: "Dừng một quyết định đang thực hiện", EN: "Cancel an act that runs"}, []Grant{{CapacityHead, ScopeOwn}, {CapacityLeader, ScopeAgency}}},
	{VerbReadProcedures, Text{VI: "Đọc thủ tục", EN: "Read procedures"}, everybody},
	{VerbAuthorProcedure, Text{VI: "Soạn thủ tục", EN: "Write procedures"}, only(ScopeAll, CapacityAuthor)},
	{VerbApproveVersion, Text{VI: "Phê duyệt, công bố, bãi bỏ thủ tục", EN: "Approve, publish and retire procedures"}, only(ScopeAll, CapacityApprover)},
	{VerbSimulate, Text{VI: "Chạy thử thủ tục", EN: "Simulate a procedure"}, only(ScopeAll, CapacitySignedIn)},
	{VerbReadImpact, Text{VI: "Đếm hồ sơ theo phiên bản thủ tục", EN: "Count dossiers by version of a procedure"}, only(ScopeAgency, CapacitySystem, CapacitySignedIn)},
	{VerbMigrate, Text{VI: "Chuyển hồ sơ sang phiên bản khác", EN: "Migrate running dossiers"}, only(ScopeAgency, CapacityApprover)},
	{VerbReadCalendars, Text{VI: "Đọc lịch làm việc", EN: "Read calendars"}, everybody},
	{VerbAuthorCalendar, Text{VI: "Soạn lịch làm việc", EN: "Write calendars"}, only(ScopeAll, CapacityAuthor)},
	{VerbApproveCalendar, Text{VI: "Phê duyệt, công bố lịch làm việc", EN: "Approve and publish calendars"}, only(ScopeAll, CapacityApprover)},
	{VerbPreviewCalendar, Text{VI: "Xem trước hạn bị đổi bởi lịch mới", EN: "Preview what a calendar would move"}, only(ScopeAll, CapacityAuthor, CapacityApprover)},
	{VerbExportCatalogue, Text{VI: "Xuất bộ thủ tục", EN: "Export the catalogue"}, everybody},
	{VerbImportCatalogue, Text{VI: "Nhập bộ thủ tục", EN: "Import a catalogue"}, only(ScopeAll, CapacityAuthor)},
	{VerbReadLegal, Text{VI: "Đọc danh mục văn bản pháp luật", EN: "Read the register of legal documents"}, everybody},
	{VerbEnterLegal, Text{VI: "Ghi thay đổi văn bản pháp luật", EN: "Enter a change of a legal document"}, only(ScopeAll, CapacityAuthor)},

	{VerbReadOutages, Text{VI: "Xem sự cố hệ thống đã công bố", EN: "Read declared outages"}, only(ScopeAgency, CapacitySystem, CapacitySignedIn)},
	{VerbDeclareOutage, Text{VI: "Công bố sự cố hệ thống", EN: "Declare an outage, or its end"}, only(ScopeAgency, CapacityLeader, CapacityApprover)},
	{VerbReadAbsences, Text{VI: "Xem ai vắng, ai thay", EN: "Read who is away"}, only(ScopeAgency, CapacitySignedIn)},
	{VerbEnterAbsence, Text{VI: "Ghi vắng mặt, ủy quyền", EN: "Enter an absence"}, []Grant{{CapacitySignedIn, ScopeOwn}, {CapacityHead, ScopeSubtree}, {CapacityLeader, ScopeAgency}}},
	{VerbDismissOfficer, Text{VI: "Ghi nhận cán bộ thôi việc", EN: "Record that an officer has left"}, only(ScopeAgency, CapacityLeader)},
	{VerbReadOrganisation, Text{VI: "Xem tổ chức", EN: "Read the organisation"}, only(ScopeAgency, CapacitySignedIn)},
	{VerbChangeOrganisation, Text{VI: "Thay đổi tổ chức", EN: "Change the organisation"}, only(ScopeAgency, CapacityAdministrator)},
	{VerbManageKeys, Text{VI: "Cấp và thu hồi khóa API", EN: "Issue and revoke API keys"}, only(ScopeAgency, CapacityAdministrator)},
	{VerbEndSessions, Text{VI: "Kết thúc phiên đăng nhập của cán bộ", EN: "End an officer's sessions"}, only(ScopeAgency, CapacityAdministrator)},
	{VerbLinkAccounts, Text{VI: "Gắn tài khoản đăng nhập với cán bộ", EN: "Link an account of the issuer with an officer"}, only(ScopeAgency, CapacityAdministrator)},
	{VerbManageWebhooks, Text{VI: "Quản lý webhook", EN: "Manage webhooks"}, only(ScopeAgency, CapacitySystem, CapacityAdministrator)},
	{VerbReadDeliveries, Text{VI: "Xem nhật ký gửi thông báo", EN: "Read the delivery log of notifications"}, only(ScopeAgency, CapacityAdministrator, CapacityAuditor)},
	{VerbReadAudit, Text{VI: "Kiểm tra và xuất nhật ký", EN: "Verify and export the record"}, only(ScopeAgency, CapacityAuditor)},
}
