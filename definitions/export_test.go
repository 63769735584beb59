package definitions_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
	"motcua/engine"
	"motcua/engine/calendar"
)

// council is a machine with everything a drawing can show: conditions, events
// that stay, consultations, expiries in both kinds of time.
func council(t *testing.T) *engine.Machine {
	t.Helper()
	limit := func(s string) calendar.Duration {
		d, err := calendar.ParseDuration(s)
		require.NoError(t, err)
		return d
	}
	text := func(vi, en string) engine.Text { return engine.Text{VI: vi, EN: en} }
	on := func(event, to, vi, en string) engine.Transition {
		return engine.Transition{Event: event, To: to, Name: text(vi, en)}
	}
	consult, opinions, extend := on("consult", "", "Gửi lấy ý kiến", "Consult"), on("conclude", "decided", "Đủ ý kiến", "Conclude"), on("extend", "", "Gia hạn", "Extend")
	consult.Start, opinions.By, extend.Extend = []string{"opinions"}, engine.ByConsultation, limit("5wd")
	large, small := on("submit", "posted", "Trình", "Submit"), on("submit", "decided", "Trình", "Submit")
	large.When = `fields["project.capital_vnd"] > 1000 && fields["kind"] != "<a>"`
	silent, lapse := on("lapse", "decided", "Hết thời hạn niêm yết", "Lapse"), on("lapse", "closed", "Không bổ sung", "Lapse")
	silent.By, lapse.By = engine.ByClock, engine.ByClock
	return &engine.Machine{SHA256: "00", Definition: engine.Definition{
		Motcua: 1, Code: "T.council", Version: 1, Name: text("Thử & kiểm", ""), Level: "internal",
		Limits:        engine.Limits{Statutory: limit("17wd"), Starts: "open"},
		Suspension:    &engine.Suspension{Max: limit("1mo"), OnExpiry: "lapse"},
		Consultations: []engine.Consultation{{ID: "opinions", Name: text("Ý kiến các sở", "Opinions"), Within: limit("7wd")}},
		States: []engine.State{
			{ID: "open", Name: text("Đang mở", "Open"), Department: "desk", Role: "clerk", Within: limit("8wh"),
				On: []engine.Transition{large, small, consult, extend, opinions, on("ask", "waiting", "Yêu cầu bổ sung", "Ask")}},
			{ID: "posted", Name: text("Niêm yết", "Posted"), WaitsFor: "public", Expires: &engine.Expiry{After: limit("15wd"), Event: "lapse"},
				On: []engine.Transition{silent}},
			{ID: "waiting", Name: text("Chờ bổ sung", "Waiting"), Clock: "suspended", On: []engine.Transition{lapse}},
			{ID: "decided", Name: text("Đã quyết định", "Decided"), Final: true, Outcome: "resolved", PortalStatus: 10},
			{ID: "closed", Name: text("Dừng xử lý", "Closed"), Final: true, Outcome: "stopped"},
		},
	}}
}

func TestDrawingsShowWhatMovesADossier(t *testing.T) {
	m := council(t)
	requireGolden(t, "council.mmd", definitions.Mermaid(m, ""))
	requireGolden(t, "council.en.mmd", definitions.MermaidIn(m, "en", ""))
	requireGolden(t, "council.vi.dot", definitions.DOT(m, "vi", definitions.Highlight{}))
}

func TestJSON(t *testing.T) {
	for _, s := range shipped(t) {
		t.Run(s.Machine.Code, func(t *testing.T) {
			text, err := definitions.JSON(s.Machine)
			require.NoError(t, err)
			var digest struct{ SHA256 string }
			require.NoError(t, json.Unmarshal(text, &digest))
			require.Equal(t, s.Machine.SHA256, digest.SHA256)

			var def engine.Definition
			require.NoError(t, json.Unmarshal(text, &def))
			require.Equal(t, s.Machine.Definition, def)
			m, findings := engine.Compile(def, digest.SHA256)
			require.NoError(t, findings.Err())
			again, err := definitions.JSON(m)
			require.NoError(t, err)
			require.Equal(t, string(text), string(again))
		})
	}
}

func TestSCXML(t *testing.T) {
	machines := []*engine.Machine{council(t)}
	for _, s := range shipped(t) {
		machines = append(machines, s.Machine)
	}
	for _, m := range machines {
		t.Run(m.Code, func(t *testing.T) {
			text, err := definitions.SCXML(m)
			require.NoError(t, err)
			if m.Code == "T.council" || m.Code == "2.000908" {
				requireGolden(t, m.Code+".scxml", string(text))
			}
			requireSoundChart(t, m, text)
		})
	}
}

// chart is what the Recommendation says of the document, read back.
type chart struct {
	XMLName   xml.Name    `xml:"http://www.w3.org/2005/07/scxml scxml"`
	Initial   string      `xml:"initial,attr"`
	Datamodel string      `xml:"datamodel,attr"`
	States    []chartNode `xml:"state"`
	Finals    []chartNode `xml:"final"`
}

type chartNode struct {
	ID   string `xml:"id,attr"`
	Send []struct {
		ID        string `xml:"id,attr"`
		Event     string `xml:"event,attr"`
		Delay     string `xml:"delay,attr"`
		DelayExpr string `xml:"delayexpr,attr"`
	} `xml:"onentry>send"`
	Cancel []struct {
		SendID string `xml:"sendid,attr"`
	} `xml:"onexit>cancel"`
	On []struct {
		Event  string `xml:"event,attr"`
		Cond   string `xml:"cond,attr"`
		Target string `xml:"target,attr"`
		Type   string `xml:"type,attr"`
	} `xml:"transition"`
}

// delay is the form of Duration.datatype in the Recommendation.
var delay = regexp.MustCompile(`^\d*(\.\d+)?(ms|s|m|h|d)$`)

func requireSoundChart(t *testing.T, m *engine.Machine, text []byte) {
	t.Helper()
	requireWellFormed(t, text)
	var c chart
	require.NoError(t, xml.Unmarshal(text, &c))
	require.Equal(t, m.Initial().ID, c.Initial)
	nodes := slices.Concat(c.States, c.Finals)
	require.Len(t, nodes, len(m.States))
	var ids []string
	for _, n := range nodes {
		require.NotContains(t, ids, n.ID)
		ids = append(ids, n.ID)
	}
	require.Contains(t, ids, c.Initial)
	for _, n := range nodes {
		s, ok := stateOf(m, n.ID)
		require.True(t, ok, n.ID)
		require.Equal(t, s.Final, slices.ContainsFunc(c.Finals, func(f chartNode) bool { return f.ID == n.ID }))
		require.Len(t, n.On, len(s.On))
		var events []string
		for i, e := range n.On {
			events = append(events, e.Event)
			require.Equal(t, s.On[i].To, e.Target)
			require.Equal(t, e.Target == "", e.Type == "internal")
			if e.Target != "" {
				require.Contains(t, ids, e.Target)
			}
			require.True(t, e.Cond == "" || c.Datamodel == "cel")
		}
		require.Len(t, n.Cancel, len(n.Send))
		for i, send := range n.Send {
			require.Contains(t, events, send.Event)
			require.Equal(t, send.ID, n.Cancel[i].SendID)
			require.NotEqual(t, send.Delay == "", send.DelayExpr == "")
			require.True(t, send.Delay == "" || delay.MatchString(send.Delay), send.Delay)
		}
	}
}

func stateOf(m *engine.Machine, id string) (engine.State, bool) {
	i := slices.IndexFunc(m.States, func(s engine.State) bool { return s.ID == id })
	if i < 0 {
		return engine.State{}, false
	}
	return m.States[i], true
}

func requireWellFormed(t *testing.T, text []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(text))
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
	}
}
