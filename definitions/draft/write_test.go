package draft_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/definitions/draft"
	"motcua/engine"
	"motcua/engine/calendar"
)

func TestWriteReadsBack(t *testing.T) {
	sources, err := definitions.Shipped()
	require.NoError(t, err)
	for _, s := range sources {
		t.Run(s.Machine.Code, func(t *testing.T) {
			comments := draft.Comments{}
			everywhere(comments)
			for _, said := range []draft.Comments{nil, comments} {
				text := draft.Write(s.Machine.Definition, said)
				m, findings := definitions.Read("draft.yaml", text)
				require.NoError(t, findings.Err(), "%s", text)
				require.Equal(t, s.Machine.Definition, m.Definition)
				require.Equal(t, text, draft.Write(m.Definition, said), "the same again")
				for place := range said {
					require.Equal(t, 1, strings.Count(string(text), "remark at ["+place+"]"), "%s in\n%s", place, text)
				}
			}
		})
	}
}

func everywhere(c draft.Comments) {
	for _, place := range []string{
		"", "/motcua", "/code", "/name", "/name/vi", "/cause", "/cause/ref", "/limits", "/limits/statutory", "/limits/cutoff/at", "/limits/statutory/deeper",
		"/variants", "/variants/7/id", "/fees", "/legal_basis/0", "/legal_basis/0/cites", "/components/0/id", "/components/1/required", "/states/0",
		"/states/0/id", "/states/1/within", "/states/2/on/0/to", "/states/3/not_same_officer_as/0", "/ladder/0/notify/0", "/nowhere", "/nowhere/0",
	} {
		c.Add(place, "remark at [%s]", place)
	}
}

func TestWriteLayout(t *testing.T) {
	free := 0
	def := engine.Definition{
		Motcua: 1, Code: "1.5", Version: 2, Name: engine.Text{VI: "Thử: một", EN: "yes"}, Level: "internal",
		Limits:   engine.Limits{Statutory: calendar.Duration{Unit: calendar.WorkingDay}, Starts: "open"},
		Variants: []engine.Variant{{ID: "online", When: `channel == "online"`, Steps: []engine.StepLimit{{State: "open", Within: calendar.Duration{Value: 4, Unit: calendar.WorkingHour}}}}},
		Fees:     []engine.Fee{{Name: engine.Text{VI: "Lệ phí"}, Amount: &free, Note: strings.Repeat("dài ", 40) + "hết"}},
		Components: []engine.Component{
			{ID: "a", Name: engine.Text{VI: "2024-01-01"}, Required: engine.Always}, {},
		},
		LegalBasis: []engine.LegalBasis{{Ref: "60/2014/QH13", Cites: `Nói "một" và 'hai'`, Articles: "13-16"}},
	}
	comments := draft.Comments{}
	comments.Add("", "first\n\nsecond\u2028third\x00")
	comments.Add("/limits/statutory", "%s", strings.Repeat("từ ", 60))
	comments.Add("/components/0", "paper")
	require.Equal(t, `# first
# second
# third
motcua: 1
code: "1.5"
version: 2
name: {vi: "Thử: một", en: "yes"}
level: internal
legal_basis:
  - {ref: 60/2014/QH13, cites: "Nói \"một\" và 'hai'", articles: "13-16"}
limits:
  # `+strings.Repeat("từ ", 38)+`từ
  # `+strings.Repeat("từ ", 20)+`từ
  statutory: 0wd
  starts: open
variants:
  - id: online
    when: 'channel == "online"'
    steps:
      - {state: open, within: 4wh}
fees:
  - name: {vi: Lệ phí}
    amount: 0
    note: `+strings.Repeat("dài ", 40)+`hết
components:
  # paper
  - {id: a, name: {vi: "2024-01-01"}, required: true}
  - {}
`, string(draft.Write(def, comments)))
}

// FuzzWrite puts any text where a definition takes text and where it takes
// remarks: what comes out must read back as what went in.
func FuzzWrite(f *testing.F) {
	for _, text := range []string{
		"Đăng ký", "a: b", "- a", "# a", "'", `"\`, "1.5", "0x1F", "1e3", "true", "~", "null", "2024-01-01", "12:30:45", "a\u2028b", "\u0301a", "a\u0301", "=\u0338", "\ufeffa", "\u202ea",
		"\xff\xfe", "{a, b}", "a\tb", "a  b ", "!tag", "&a *a", "%YAML", "---", "...", "\ufffe", "\U0001f600", strings.Repeat("\u0300", 40), "60/2014/QH13", "1/2", "\u00ad", "<<",
	} {
		f.Add(text)
	}
	sources, err := definitions.Shipped()
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, raw string) {
		def := sources[0].Machine.Definition
		text, _ := draft.Cut(draft.Clean(raw), 100)
		if text != "" {
			def.Name.VI, def.Field = text, text
			def.LegalBasis = []engine.LegalBasis{{Ref: text, Cites: text}}
			def.Fees = []engine.Fee{{Name: engine.Text{VI: text}, When: engine.Condition(`channel == "online"`), Note: draft.Lines(raw[:min(len(raw), 200)])}}
		}
		comments := draft.Comments{"": {raw}, "/legal_basis/0": {raw}, "/limits/statutory": {raw}, "/" + raw: {raw}}
		out := draft.Write(def, comments)
		m, findings := definitions.Read("fuzz.yaml", out)
		if err := findings.Err(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		require.Equal(t, def, m.Definition)
	})
}
