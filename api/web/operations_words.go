package web

import (
	"motcua/api/caller"
	"motcua/api/problem"
	"motcua/engine"
)

func actWord(l caller.Lang, kind engine.ActKind) string {
	switch kind {
	case engine.ActMigration:
		return l.T("Chuyển phiên bản quy trình", "Migration")
	case engine.ActCalendar:
		return l.T("Tính lại theo lịch làm việc mới", "New calendar")
	case engine.ActOutage:
		return l.T("Sự cố hệ thống: tạm dừng", "Outage: suspended")
	case engine.ActOutageEnd:
		return l.T("Hết sự cố: tính tiếp", "Outage over: resumed")
	case engine.ActBulk:
		return l.T("Thao tác trên nhiều hồ sơ", "A verb on many dossiers")
	case engine.ActReassign:
		return l.T("Bàn giao hồ sơ của cán bộ nghỉ việc", "Dossiers of an officer who left")
	case engine.ActReorganisation:
		return l.T("Sắp xếp lại đơn vị", "Departments reorganised")
	case engine.ActOrganisation:
		return l.T("Nhập sơ đồ tổ chức", "Organisation imported")
	default:
		return string(kind)
	}
}

func actState(l caller.Lang, r engine.ActRecord) standing {
	if r.State == engine.ActCancelled {
		return standing{"none", "■", l.T("đã dừng", "cancelled")}
	}
	if r.State == engine.MigrationDone {
		return standing{"intime", "✓", l.T("đã xong", "done")}
	}
	return standing{"soon", "◔", l.T("đang thực hiện", "running")}
}

func versionWord(l caller.Lang, s engine.VersionState) string {
	switch s {
	case engine.VersionDraft:
		return l.T("bản nháp", "draft")
	case engine.VersionChecked:
		return l.T("đã kiểm tra", "checked")
	case engine.VersionApproved:
		return l.T("đã phê duyệt", "approved")
	case engine.VersionPublished:
		return l.T("đã ban hành", "published")
	default:
		return string(s)
	}
}

func resultOf(l caller.Lang, result string) string {
	switch result {
	case engine.ResultPending:
		return l.T("chưa xem đến", "pending")
	case engine.ResultChanged:
		return l.T("✓ đã thay đổi", "✓ changed")
	case engine.ResultRejected:
		return l.T("⚠ giữ nguyên", "⚠ left as it was")
	case engine.ResultCancelled:
		return l.T("■ đã dừng trước khi thực hiện", "■ cancelled before")
	case engine.ResultUnchanged:
		return l.T("– không cần thay đổi", "– nothing to change")
	default:
		return result
	}
}

// titleOf says a code as problems do.
func titleOf(l caller.Lang, code engine.Code) string {
	_, title := problem.ClassOf(code)
	return l.Text(title)
}

// whyKept says why a dossier was left as it was; in detail only in English,
// which is what details are written in.
func whyKept(l caller.Lang, o engine.ActOutcome) string {
	switch {
	case l == caller.EN:
		return o.Message
	case o.Code == "":
		return "" // the result says it
	}
	return titleOf(l, o.Code)
}
