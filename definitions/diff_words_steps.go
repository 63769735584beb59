package definitions

var timeWords = map[string]word{
	"Limits.statutory":   noun("thời hạn theo quy định", "statutory limit"),
	"Limits.committed":   noun("thời hạn cam kết", "committed limit"),
	"Limits.starts":      noun("bước bắt đầu tính thời hạn", "step the limits start in"),
	"Limits.cutoff":      noun("giờ chốt", "cut-off"),
	"Limits.working_day": noun("một ngày làm việc tính bằng", "a working day counts as"),

	"Cutoff.at":          noun("lúc", "at"),
	"Cutoff.counts_from": noun("sau đó tính từ", "what is later counts from"),

	"Variant.id":        noun("mã", "id").named(),
	"Variant.name":      word{}.named(),
	"Variant.when":      noun("điều kiện", "condition").guards(),
	"Variant.statutory": noun("thời hạn theo quy định", "statutory limit"),
	"Variant.committed": noun("thời hạn cam kết", "committed limit"),
	"Variant.steps":     noun("thời hạn riêng", "own limit"),

	"StepLimit.state":        noun("bước", "step").named(),
	"StepLimit.cell":         noun("ô thời gian", "time cell").named(),
	"StepLimit.stage":        noun("giai đoạn", "stage").named(),
	"StepLimit.consultation": noun("việc lấy ý kiến", "consultation").named(),
	"StepLimit.within":       noun("thời hạn", "limit").plainly(),

	"Cell.id":     noun("mã", "id").named(),
	"Cell.name":   word{}.named(),
	"Cell.within": noun("thời hạn", "limit").plainly(),

	"Stage.id":     noun("mã", "id").named(),
	"Stage.name":   word{}.named(),
	"Stage.level":  noun("cấp", "level").read(),
	"Stage.within": noun("thời hạn", "limit").plainly(),

	"Suspension.max":       noun("mỗi lần tối đa", "longest"),
	"Suspension.max_times": noun("số lần tối đa", "most times"),
	"Suspension.total":     noun("tổng cộng tối đa", "longest in total"),
	"Suspension.on_expiry": noun("sự kiện khi hết hạn", "event on expiry"),

	"Extension.max":       noun("tổng cộng tối đa", "most in total"),
	"Extension.max_times": noun("số lần tối đa", "most times").orElseSame("1"),

	"Consultation.id":      noun("mã", "id").named(),
	"Consultation.name":    word{}.named(),
	"Consultation.ask":     noun("nơi được hỏi", "asked party"),
	"Consultation.within":  noun("thời hạn", "limit").plainly(),
	"Consultation.silence": noun("im lặng nghĩa là", "silence means"),
	"Consultation.join":    noun("số ý kiến cần có", "answers needed").orElseSame("all"),
	"Consultation.basis":   noun("căn cứ", "basis").read(),

	"Rung.at":     noun("khi dùng hết", "at").named(),
	"Rung.before": noun("trước hạn", "before").named(),
	"Rung.after":  noun("sau hạn", "after").named(),
	"Rung.of":     noun("đồng hồ", "clock").named(),
	"Rung.notify": noun("báo cho", "notifies"),
	"Rung.raise":  noun("đánh dấu", "raises"),
}

var stateWords = map[string]word{
	"State.id":                  noun("mã", "id").named(),
	"State.name":                word{}.named(),
	"State.department":          noun("đơn vị", "department"),
	"State.role":                noun("vai trò", "role"),
	"State.actors":              noun("bên cùng thực hiện", "further actor"),
	"State.within":              noun("thời hạn", "limit").plainly(),
	"State.cell":                noun("ô thời gian", "time cell"),
	"State.stage":               noun("giai đoạn", "stage"),
	"State.zero_time":           noun("không tính thời gian", "takes no counted time"),
	"State.clock":               noun("đồng hồ thời hạn", "clock").orElseSame(`"running"`),
	"State.waits_for":           noun("chờ", "waits for"),
	"State.expires":             noun("tự chuyển khi hết hạn", "expiry"),
	"State.max_times":           noun("số lần vào tối đa", "most entries"),
	"State.final":               noun("kết thúc hồ sơ", "closes the dossier"),
	"State.outcome":             noun("kết luận", "outcome"),
	"State.portal_status":       noun("mã trạng thái trên cổng", "portal status"),
	"State.handoff":             noun("bàn giao", "handoff"),
	"State.not_same_officer_as": noun("không cùng người với bước", "not the officer of"),
	"State.iso":                 noun("ISO", "ISO").read(),
	"State.on":                  noun("sự kiện", "event").inOrder(),

	"Expiry.after": noun("sau", "after"),
	"Expiry.event": noun("sự kiện", "event"),
	"Expiry.basis": noun("căn cứ", "basis").read(),

	"HandoffRule.accept_within": noun("hạn nhận", "to be accepted within"),
	"HandoffRule.may_return":    noun("được trả lại", "may be returned"),

	"ISO.clause": noun("điều khoản", "clause").read(),
	"ISO.form":   noun("biểu mẫu", "form").read(),

	"Transition.event":   noun("sự kiện", "event").named(),
	"Transition.to":      noun("chuyển đến bước", "leads to"),
	"Transition.name":    word{}.named(),
	"Transition.when":    noun("điều kiện", "condition").guards(),
	"Transition.by":      noun("người thực hiện", "fired by").orElseSame(`"officer"`),
	"Transition.print":   noun("biểu mẫu in ra", "prints"),
	"Transition.comment": noun("ý kiến kèm theo", "comment"),
	"Transition.resume":  noun("cách tính tiếp thời hạn", "clock resumes by"),
	"Transition.limit":   noun("thời hạn kể từ đây", "limit from here on"),
	"Transition.extend":  noun("gia hạn thêm", "extends by"),
	"Transition.start":   noun("mở việc lấy ý kiến", "opens consultation"),
	"Transition.fields":  noun("trường thông tin kèm theo", "fields with it"),
	"Transition.quorum":  noun("số người cần có", "officers needed"),
	"Transition.needs":   noun("yêu cầu trước", "needs"),
	"Transition.basis":   noun("căn cứ", "basis").read(),

	"RoleIn.department": noun("đơn vị", "department").named(),
	"RoleIn.role":       noun("vai trò", "role").named(),
}
