package problem

import (
	"net/http"

	"motcua/engine"
)

// Codes that exist in HTTP only; everything else is a code of the engine.
const (
	CodeMalformed        engine.Code = "malformed"              // the request cannot be read at all
	CodeMethodNotAllowed engine.Code = "method-not-allowed"     // the route knows other methods
	CodeMediaType        engine.Code = "media-type-unsupported" // the body is not JSON
	CodeNotAcceptable    engine.Code = "not-acceptable"         // the answer has no such format
	CodeTimeout          engine.Code = "timeout"                // the body took too long to arrive
)

// class is what HTTP and people are told of a code.
type class struct {
	Code   engine.Code
	Status int
	Title  engine.Text
}

// classes is the one table from codes to HTTP. The rule behind the statuses:
// 422 when the request can never be right as it stands, 409 when the dossier's
// present state is what stands against it, 403 when it is who asks.
var classes = []class{
	{engine.CodeInvalid, http.StatusUnprocessableEntity, engine.Text{VI: "Dữ liệu không hợp lệ", EN: "The input is not valid"}},
	{engine.CodeUnauthenticated, http.StatusUnauthorized, engine.Text{VI: "Chưa xác thực", EN: "Not authenticated"}},
	{engine.CodeForbidden, http.StatusForbidden, engine.Text{VI: "Không có quyền thực hiện", EN: "Not allowed"}},
	{engine.CodeNotFound, http.StatusNotFound, engine.Text{VI: "Không tìm thấy", EN: "Not found"}},
	{engine.CodeProcedureUnknown, http.StatusUnprocessableEntity, engine.Text{VI: "Không có thủ tục đang có hiệu lực với mã này", EN: "No version of this procedure is in effect"}},
	{engine.CodeAgencyUnknown, http.StatusUnprocessableEntity, engine.Text{VI: "Không có cơ quan với mã này", EN: "Unknown agency"}},
	{engine.CodeAgencyNotBound, http.StatusUnprocessableEntity, engine.Text{VI: "Cơ quan chưa được bố trí đủ bộ phận cho thủ tục này", EN: "The agency lacks a department this procedure needs"}},
	{engine.CodeEventUnknown, http.StatusUnprocessableEntity, engine.Text{VI: "Thủ tục không có thao tác này", EN: "The procedure has no such event"}},
	{engine.CodeEventNotPermitted, http.StatusConflict, engine.Text{VI: "Thao tác không được phép ở bước hiện tại", EN: "The event is not permitted in the present state"}},
	{engine.CodeWrongRole, http.StatusForbidden, engine.Text{VI: "Vai trò của bạn không được thực hiện thao tác này", EN: "Your role may not do this"}},
	{engine.CodeNotHolder, http.StatusConflict, engine.Text{VI: "Hồ sơ đang do cán bộ khác xử lý", EN: "Another officer holds the dossier"}},
	{engine.CodeSameOfficer, http.StatusForbidden, engine.Text{VI: "Bước này phải do cán bộ khác thực hiện", EN: "Another officer must take this step"}},
	{engine.CodeCommentRequired, http.StatusUnprocessableEntity, engine.Text{VI: "Cần ghi lý do", EN: "A reason is required"}},
	{engine.CodeNeedsUnmet, http.StatusConflict, engine.Text{VI: "Chưa đủ điều kiện để thực hiện thao tác", EN: "A condition of the event does not hold"}},
	{engine.CodeHandoffPending, http.StatusConflict, engine.Text{VI: "Hồ sơ đang chờ đơn vị nhận bàn giao", EN: "The dossier waits for a handoff to be accepted"}},
	{engine.CodeExtensionRefused, http.StatusConflict, engine.Text{VI: "Không được gia hạn", EN: "The limit cannot be extended"}},
	{engine.CodeSuspensionExhausted, http.StatusConflict, engine.Text{VI: "Đã hết số lần được tạm dừng", EN: "The dossier was suspended as often as allowed"}},
	{engine.CodeMigrationRefused, http.StatusConflict, engine.Text{VI: "Không chuyển được hồ sơ sang phiên bản khác", EN: "The dossier stays with its version"}},
	{engine.CodeSuspended, http.StatusConflict, engine.Text{VI: "Việc tạm dừng tính thời hạn không còn như yêu cầu", EN: "The clocks are suspended already, or are not"}},
	{engine.CodeOfficerUnknown, http.StatusUnprocessableEntity, engine.Text{VI: "Cơ quan không có cán bộ này", EN: "The agency has no such officer"}},
	{engine.CodeDossierClosed, http.StatusConflict, engine.Text{VI: "Hồ sơ đã kết thúc", EN: "The dossier is closed"}},
	{engine.CodeIdempotencyConflict, http.StatusUnprocessableEntity, engine.Text{VI: "Khóa chống trùng đã dùng cho yêu cầu khác", EN: "The idempotency key was used for another request"}},
	{engine.CodePrecondition, http.StatusPreconditionFailed, engine.Text{VI: "Hồ sơ đã thay đổi từ khi bạn đọc", EN: "The dossier has changed since you read it"}},
	{engine.CodeTooManyRequests, http.StatusTooManyRequests, engine.Text{VI: "Gửi quá nhiều yêu cầu, xin chờ", EN: "Too many requests, wait a little"}},
	{engine.CodeTooLarge, http.StatusRequestEntityTooLarge, engine.Text{VI: "Dữ liệu gửi lên quá lớn", EN: "The body is too large"}},
	{engine.CodeUnavailable, http.StatusServiceUnavailable, engine.Text{VI: "Hệ thống tạm thời chưa phục vụ được, xin thử lại", EN: "Temporarily unavailable, try again"}},
	{engine.CodeInternal, http.StatusInternalServerError, engine.Text{VI: "Lỗi hệ thống", EN: "Internal error"}},

	{CodeMalformed, http.StatusBadRequest, engine.Text{VI: "Không đọc được yêu cầu", EN: "The request cannot be read"}},
	{CodeMethodNotAllowed, http.StatusMethodNotAllowed, engine.Text{VI: "Phương thức không được hỗ trợ", EN: "Method not allowed"}},
	{CodeMediaType, http.StatusUnsupportedMediaType, engine.Text{VI: "Kiểu nội dung không được hỗ trợ", EN: "Unsupported media type"}},
	{CodeNotAcceptable, http.StatusNotAcceptable, engine.Text{VI: "Không có định dạng được yêu cầu", EN: "No such format"}},
	{CodeTimeout, http.StatusRequestTimeout, engine.Text{VI: "Yêu cầu gửi đến quá chậm", EN: "The request took too long to arrive"}},
}

// classOf finds a code's row; a code nobody put in the table is our fault.
func classOf(code engine.Code) class {
	for _, c := range classes {
		if c.Code == code {
			return c
		}
	}
	return classOf(engine.CodeInternal)
}

// statuses says which code stands for a status HTTP machinery made by itself.
var statuses = []struct {
	Status int
	Code   engine.Code
}{
	{http.StatusBadRequest, CodeMalformed},
	{http.StatusUnauthorized, engine.CodeUnauthenticated},
	{http.StatusForbidden, engine.CodeForbidden},
	{http.StatusNotFound, engine.CodeNotFound},
	{http.StatusMethodNotAllowed, CodeMethodNotAllowed},
	{http.StatusNotAcceptable, CodeNotAcceptable},
	{http.StatusRequestTimeout, CodeTimeout},
	{http.StatusRequestEntityTooLarge, engine.CodeTooLarge},
	{http.StatusUnsupportedMediaType, CodeMediaType},
	{http.StatusPreconditionFailed, engine.CodePrecondition},
	{http.StatusUnprocessableEntity, engine.CodeInvalid},
	{http.StatusTooManyRequests, engine.CodeTooManyRequests},
	{http.StatusServiceUnavailable, engine.CodeUnavailable},
}

// Codes lists every code a client can meet, in the order of the table.
func Codes() []engine.Code {
	out := make([]engine.Code, len(classes))
	for i, c := range classes {
		out[i] = c.Code
	}
	return out
}

// ClassOf is the status and the title of a code, for whoever describes it.
func ClassOf(code engine.Code) (status int, title engine.Text) {
	c := classOf(code)
	return c.Status, c.Title
}
