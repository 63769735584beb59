package nationalportal

import (
	"regexp"
	"slices"
	"strings"

	"motcua/definitions/draft"
	"motcua/engine"
	"motcua/engine/calendar"
)

// Draft is the definition made of one record.
type Draft struct {
	Line       int // of the record in the file
	Code       string
	Definition engine.Definition
	Text       []byte // the definition with its remarks, as YAML that definitions.Read accepts
	Doubts     []Doubt
	Warnings   engine.Findings // what lint warns of
}

// unset is the first day of drafts nobody gave one: it never comes.
var unset = calendar.NewDate(9999, 12, 31)

const (
	room      = 40_000 // characters that the remarks of a draft may take
	leastRoom = 20     // below which nothing more is said
)

// maker makes one definition.
type maker struct {
	record
	def     engine.Definition
	remarks draft.Comments
	room    int // what is left of room
}

// makeDraft makes the definition of a record and the remarks beside it.
func makeDraft(r record, code string, effective calendar.Date) *maker {
	m := &maker{record: r, remarks: draft.Comments{}, room: room}
	m.def = engine.Definition{Motcua: 1, Code: code, Version: 1, States: flow(), Suspension: suspension()}
	m.names()
	m.effective(effective)
	m.basis()
	m.times()
	m.papers()
	m.outcome()
	m.told()
	if m.room < leastRoom {
		m.doubts = append(m.doubts, Doubt{TextCut, "", "more remarks than a draft takes: see the record"})
	}
	m.head()
	return m
}

// doubtAll notes doubts, each as a remark at its place.
func (m *maker) doubtAll(doubts []Doubt) {
	for _, d := range doubts {
		m.doubts = append(m.doubts, d)
		m.remark(d.Place, string(d.Kind)+" ("+d.Kind.Name().VI+"): "+d.Text)
	}
}

func (m *maker) doubt(kind Kind, place, text string) { m.doubtAll([]Doubt{{kind, place, text}}) }

// remark says something at a place, as long as there is room.
func (m *maker) remark(place, text string) {
	text = excerpt(text, m.room)
	if m.room -= len([]rune(text)); text != "" {
		m.remarks.Add(place, "%s", text)
	}
}

// names are the name, the field and the level.
func (m *maker) names() {
	m.def.Name.VI = m.fit(m.line(keyName), "/name", 500)
	if m.def.Name.VI == "" {
		m.def.Name.VI = "(không có tên)"
		m.doubt(NameMissing, "/name", "")
	}
	m.def.Field = m.fit(m.line(keyField), "/field", 200)
	m.level()
}

// fit is a text short enough for its place, in full as a remark where it is not.
func (m *maker) fit(text, place string, most int) string {
	short, cut := draft.Cut(text, most)
	if cut {
		m.doubt(TextCut, place, excerpt(text, 3000))
	}
	return short
}

var levels = map[string]string{"cấp bộ": "ministry", "cấp trung ương": "ministry", "cấp tỉnh": "province", "cấp xã": "commune"}

// level takes the first level. One that the language does not know is written
// as ministry, under which no rule is relaxed.
func (m *maker) level() {
	published := m.line(keyLevel)
	all := strings.Split(published, ",")
	level, known := levels[strings.ToLower(strings.TrimSpace(all[0]))]
	if !known {
		level = "ministry"
		m.doubt(LevelUnknown, "/level", published)
	} else if len(all) > 1 {
		m.doubt(LevelSeveral, "/level", published)
	}
	m.def.Level = level
}

func (m *maker) effective(from calendar.Date) {
	if m.def.Effective.From = from; from.IsZero() {
		m.def.Effective.From = unset
		m.doubt(EffectiveMissing, "/effective", "9999-12-31 is no day of effect: set the first one before publishing")
	}
}

var decisionWord = regexp.MustCompile(`^(?i:số|quyết định số|quyết định|qđ số)[:\s]+`)

// basis is the cause, the decision that announces the procedure, and the legal
// basis. Without any other, a limit rests on the decision.
func (m *maker) basis() {
	ref := m.fit(decisionWord.ReplaceAllString(m.line(keyDecision), ""), "/cause", 100)
	if ref == "" {
		m.doubt(DecisionMissing, "/cause", "")
	} else {
		m.def.Cause = &engine.LegalBasis{Ref: ref}
	}
	list, doubts := legalBasis(m.text(keyBasis))
	m.doubtAll(doubts)
	const most = 50
	if over := len(list) - most; over > 0 {
		m.doubt(TooMany, "/legal_basis", refs(list[most:]))
		list = list[:most]
	}
	if len(list) == 0 {
		m.doubt(BasisMissing, "/legal_basis", "")
		if ref != "" {
			list = []engine.LegalBasis{{Ref: ref}}
		}
	}
	m.def.LegalBasis = list
}

func refs(list []engine.LegalBasis) string {
	all := make([]string, len(list))
	for i, b := range list {
		all[i] = b.Ref
	}
	return strings.Join(all, ", ")
}

// times are the limits, the times of the steps, and the fees, which stand in
// one table.
func (m *maker) times() {
	text := m.text(keyMethods)
	rows, before := methods(text)
	if len(rows) == 0 {
		m.doubt(MethodsUnread, "/limits", excerpt(text, 3000))
	} else if before != "" {
		m.doubt(MethodsUnread, "/limits", excerpt(before, 1500))
	}
	m.lost(rows)
	rulings, doubts := limits(rows)
	m.doubtAll(doubts)
	if len(rulings) > 0 && len(m.def.LegalBasis) == 0 {
		m.doubt(LimitWithoutBasis, "/limits", rulings[0].limit.String())
		rulings = nil
	}
	if len(rows) == 0 && len(doubts) == 0 {
		m.doubt(LimitMissing, "/limits", "")
	}
	divide(&m.def, rulings)
	m.def.Ladder = ladder(len(rulings) > 0)
	m.descriptions(rows)

	fees, doubts := fees(rows)
	m.doubtAll(doubts)
	const most = 50
	if over := len(fees) - most; over > 0 {
		m.doubt(TooMany, "/fees", plural(over, "fee"))
		fees = fees[:most]
	}
	m.def.Fees = fees
}

// lost notes what looks like cells and was left in a description.
func (m *maker) lost(rows []method) {
	for _, row := range rows {
		if cells := lostRow.FindString(row.description); cells != "" {
			m.doubt(MethodsUnread, "/limits", "…"+excerpt(cells, 200)+"…")
		}
		if chargeCell.MatchString(row.description) {
			m.doubt(TooMany, "/fees", excerpt(row.description, 200))
		}
	}
}

// descriptions keeps what the table says in words: of the channels, and often
// of the limit.
func (m *maker) descriptions(rows []method) {
	var told []string
	for _, row := range rows {
		if words := draft.Clean(row.description); words != "" && !slices.Contains(told, words) {
			told = append(told, words)
			m.remark("/limits", published(row.channel)+": "+excerpt(words, 1500))
		}
	}
}

func (m *maker) papers() {
	text := m.text(keyPapers)
	if text == "" {
		m.doubt(ComponentsMissing, "/components", "")
		return
	}
	p := components(text)
	m.def.Components = p.list
	for i := range p.list {
		if title := p.groups[i]; title != "" && (i == 0 || p.groups[i-1] != title) {
			m.remark(place("components", i), "["+excerpt(title, 500)+"]")
		}
	}
	m.doubtAll(p.doubts)
	if len(p.list) == 0 {
		m.doubt(ComponentsMissing, "/components", "")
	}
}

func (m *maker) outcome() {
	found, doubts := result(m.text(keyResult))
	m.def.Result = found
	m.doubtAll(doubts)
}
