package engine

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Hidden stands for a text that the reader has not asked to see, Destroyed for
// one whose key is gone for ever.
const (
	Hidden    = "•••"
	Destroyed = "[đã hủy / erased]"
)

// Purpose is why somebody reads personal data in full (mục đích): processing
// of it is bound to one (Luật 91/2025/QH15), and each reading is recorded with it.
type Purpose string

// The purposes.
const (
	PurposeProcessing  Purpose = "processing"   // to work on the dossier
	PurposeSupervision Purpose = "supervision"  // to see that it is worked on
	PurposeComplaint   Purpose = "complaint"    // to answer a complaint or a denunciation
	PurposeAudit       Purpose = "audit"        // to examine the record
	PurposeSubject     Purpose = "data-subject" // to answer the person the data is about
)

// Purposes lists them.
func Purposes() []Purpose {
	return []Purpose{PurposeProcessing, PurposeSupervision, PurposeComplaint, PurposeAudit, PurposeSubject}
}

// Valid says whether it is one of the purposes.
func (p Purpose) Valid() bool { return slices.Contains(Purposes(), p) }

// Name is what people call it.
func (p Purpose) Name() Text {
	switch p {
	case PurposeProcessing:
		return Text{VI: "Giải quyết hồ sơ", EN: "Processing"}
	case PurposeSupervision:
		return Text{VI: "Giám sát, đôn đốc", EN: "Supervision"}
	case PurposeComplaint:
		return Text{VI: "Giải quyết khiếu nại, tố cáo", EN: "Complaint"}
	case PurposeAudit:
		return Text{VI: "Thanh tra, kiểm tra", EN: "Audit"}
	case PurposeSubject:
		return Text{VI: "Theo yêu cầu của chủ thể dữ liệu", EN: "Data subject's request"}
	default:
		return Text{}
	}
}

// The parts of a dossier's personal data.
const (
	PartApplicant = "applicant"
	PartFields    = "fields"
	PartComments  = "comments" // and reasons: what officers wrote
)

// Reading is that somebody read personal data in full: who, of which dossier,
// why and which parts. It holds no value.
type Reading struct {
	ID      int64     `json:"id,omitempty"`
	At      time.Time `json:"at,omitzero"`
	Actor   Actor     `json:"-"`
	Kind    ActorKind `json:"actor_kind"`
	Reader  string    `json:"actor"`
	Agency  string    `json:"-"` // of the dossier
	Dossier string    `json:"dossier"`
	Purpose Purpose   `json:"purpose" doc:"Why it was read"`
	Parts   []string  `json:"parts" doc:"applicant, fields, comments"`
	// Fields are the ids of the personal fields that were shown.
	Fields []string `json:"fields,omitempty"`
}

// Disclosed is the personal data of a dossier in full, as far as a reading
// asked for it.
type Disclosed struct {
	Applicant Applicant
	// Fields are the personal fields and their values.
	Fields map[string]any
	// Facts, Clocks and Case are the record with what officers wrote in it.
	Facts  []StoredFact
	Clocks []Clock
	Case   Case
}

// WorksOn says whether a dossier is the actor's work: it is theirs now, it
// stands where they hold its role, their department is asked for an opinion, or
// they took one of its steps before. Who works on it reads it for that purpose
// without saying so.
func (c Case) WorksOn(a Actor) bool {
	if a.Kind != ActorOfficer {
		return false
	}
	asked := func(k Consulted) bool {
		return slices.ContainsFunc(k.Opinions, func(o Opinion) bool {
			return slices.ContainsFunc(a.Roles, func(r RoleIn) bool { return r.Department == o.Department })
		})
	}
	return c.Holder == a.ID && a.ID != "" || c.Department != "" && a.Has(c.Department, c.Role) ||
		slices.ContainsFunc(c.Acted, func(x Acted) bool { return x.Officer == a.ID }) || slices.ContainsFunc(c.Consulted, asked)
}

// Masked is the applicant as lists show them: enough to recognise whom one
// knows to be meant, too little to learn it.
func (a Applicant) Masked() Applicant {
	return Applicant{
		Name: MaskName(a.Name), ID: MaskNumber(a.ID), Phone: MaskNumber(a.Phone), Email: maskMail(a.Email), Address: maskWhole(a.Address),
	}
}

// MaskName keeps the first letter of each word: "T*** V*** A***".
func MaskName(name string) string {
	if name == Hidden || name == Destroyed {
		return name
	}
	words := strings.Fields(name)
	for i, w := range words {
		first, size := utf8.DecodeRuneInString(w)
		// A letter written with a separate diacritic keeps it.
		for _, r := range w[size:] {
			if !unicode.Is(unicode.Mn, r) {
				break
			}
			size += utf8.RuneLen(r)
		}
		words[i] = w[:max(size, utf8.RuneLen(first))] + "***"
	}
	return strings.Join(words, " ")
}

// MaskNumber keeps the last three characters of a number that is long enough
// for that to say little.
func MaskNumber(number string) string {
	runes := []rune(number)
	switch {
	case len(runes) == 0:
		return ""
	case len(runes) < 8:
		return "***"
	default:
		return "***" + string(runes[len(runes)-3:])
	}
}

// maskMail keeps the domain, which says no more than that it is mail.
func maskMail(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return maskWhole(address)
	}
	return "***" + address[at:]
}

func maskWhole(text string) string {
	if text == "" {
		return ""
	}
	return "***"
}
