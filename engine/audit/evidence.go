package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"motcua/engine"
	"motcua/engine/calendar"
)

// EvidenceFormat names the form of an evidence pack.
const EvidenceFormat = "motcua evidence 1"

// SealedFact is a fact with the very bytes its digest is of.
type SealedFact struct {
	engine.Fact
	Recorded time.Time     `json:"recorded"`
	Digest   engine.Digest `json:"digest"`
	Sealed   string        `json:"sealed" doc:"The very bytes the digest covers"`
}

// CommandRecord is what was asked of a dossier, by whom with which roles, and
// what became of it.
type CommandRecord struct {
	ID          string        `json:"id"`
	Event       string        `json:"event"`
	Actor       engine.Actor  `json:"actor" doc:"With the roles held when it was submitted"`
	SubmittedAt time.Time     `json:"submitted_at"`
	DecidedAt   time.Time     `json:"decided_at,omitzero"`
	State       string        `json:"state,omitempty" doc:"Of the dossier afterwards"`
	Refusal     *engine.Error `json:"refusal,omitempty"`
}

// Document is a text the dossier was decided by.
type Document struct {
	Code    string `json:"code"`
	Version int    `json:"version"`
	SHA256  string `json:"sha256"`
	Text    string `json:"text"`
}

// ExplainedClock is a clock with the account of how its due moment came about.
type ExplainedClock struct {
	engine.Clock
	Explanation engine.Explanation `json:"explanation"`
	VI          string             `json:"vi" doc:"The account as it is printed"`
	EN          string             `json:"en"`
}

// SelfCheck is what the ledger found when the pack was made.
type SelfCheck struct {
	Intact   bool          `json:"intact"`
	Findings []Flaw        `json:"findings"`
	Sealed   calendar.Date `json:"sealed,omitzero" doc:"The last day that is sealed"`
}

// Evidence is everything there is to say about a dossier, with its proof.
// Personal values are masked or absent.
type Evidence struct {
	Format     string           `json:"format"`
	MadeAt     time.Time        `json:"made_at"`
	MadeFor    string           `json:"made_for"`
	Dossier    engine.Record    `json:"dossier"`
	Definition []Document       `json:"definitions" doc:"Every version it ran under"`
	Calendars  []Document       `json:"calendars" doc:"Every version its due moments were computed with"`
	Clocks     []ExplainedClock `json:"clocks"`
	Facts      []SealedFact     `json:"facts"`
	Commands   []CommandRecord  `json:"commands"`
	Time       []engine.Share   `json:"time" doc:"Whose every minute was"`
	Proof      *Proof           `json:"proof,omitempty" doc:"Absent until its first day is sealed"`
	SelfCheck  SelfCheck        `json:"self_check"`
}

// Verify checks a pack by itself, with no ledger near: the chain, what is
// shown against what is sealed, texts and their digests, and the proof, by the
// pinned keys if there are any.
func (e Evidence) Verify(pinned ...PublicKey) []Flaw {
	v := &verification{Evidence: e}
	v.chain()
	v.shown()
	v.texts()
	v.proof(pinned)
	return v.findings
}

type verification struct {
	Evidence
	findings []Flaw
	folded   engine.Case
	clocks   map[string]engine.Clock
}

func (v *verification) find(what What, detail string) {
	v.findings = append(v.findings, Flaw{Kind: KindDossier, Name: v.Dossier.Code, What: what, Detail: detail})
}

// chain links the sealed bytes anew and folds what they say.
func (v *verification) chain() {
	c := Chain{Kind: KindDossier, Name: v.Dossier.Code, Context: v.Dossier.Code, End: v.Dossier.Seq}
	if n := len(v.Facts); n > 0 {
		c.EndLink = v.Facts[n-1].Digest
	}
	v.clocks = map[string]engine.Clock{}
	var shown []Flaw
	for _, f := range v.Facts {
		var fact engine.Fact
		says := int64(0)
		if json.Unmarshal([]byte(f.Sealed), &fact) == nil {
			says = fact.Seq
		}
		c.Add(Row{Seq: f.Seq, Body: []byte(f.Sealed), Digest: f.Digest, Says: says})
		if !same(fact, f.Fact) {
			shown = append(shown, Flaw{Kind: KindDossier, Name: v.Dossier.Code, Seq: f.Seq, What: OtherView})
		}
		v.folded = engine.Evolve(v.folded, fact)
		if fact.Clock != nil {
			v.clocks[fact.Clock.ID] = *fact.Clock
		}
	}
	c.Close()
	v.findings = append(append(v.findings, c.Findings...), shown...)
}

// same compares by text: what two values say, not how their moments are held.
func same(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && string(x) == string(y)
}

// shown holds the record and the clocks as they are shown to the facts.
func (v *verification) shown() {
	r, c := v.Dossier, v.folded
	if r.State != c.State || r.Holder != c.Holder || r.Outcome != c.Outcome || r.Procedure != c.Procedure.Code || r.Version != c.Procedure.Version ||
		!r.ClosedAt.Equal(c.ClosedAt) {
		v.find(OtherView, "dossier")
	}
	for _, k := range v.Clocks {
		said, ok := v.clocks[k.ID]
		if !ok || !k.Due.Equal(said.Due) || k.Budget != said.Budget || !k.StartedAt.Equal(said.StartedAt) || !k.StoppedAt.Equal(said.StoppedAt) ||
			!k.Explanation.Due.Equal(k.Due) {
			v.find(OtherView, "clock "+k.ID)
		}
		delete(v.clocks, k.ID)
	}
	for id := range v.clocks {
		v.find(OtherView, "clock "+id+" is not shown")
	}
}

// texts holds the documents to the digests by which the dossier names them.
func (v *verification) texts() {
	check := func(kind string, d Document) {
		if sum := sha256.Sum256([]byte(d.Text)); hex.EncodeToString(sum[:]) != d.SHA256 {
			v.findings = append(v.findings, Flaw{Kind: kind, Name: d.Code, What: OtherText})
		}
	}
	pinned := false
	for _, d := range v.Definition {
		check(KindProcedure, d)
		pinned = pinned || engine.ProcedureRef{Code: d.Code, Version: d.Version, SHA256: d.SHA256} == v.folded.Procedure
	}
	if !pinned {
		v.find(OtherText, "its definition is not shown")
	}
	for _, d := range v.Calendars {
		check(KindCalendar, d)
	}
}

// proof holds the sealed head to the facts.
func (v *verification) proof(pinned []PublicKey) {
	if v.Proof == nil {
		return
	}
	p := *v.Proof
	v.findings = append(v.findings, p.Check(pinned...)...)
	i := p.Leaf.Seq - 1
	if p.Leaf.Kind != KindDossier || p.Leaf.Name != v.Dossier.Code || i < 0 || i >= int64(len(v.Facts)) || v.Facts[i].Digest != p.Leaf.Digest {
		v.findings = append(v.findings, Flaw{Kind: KindDossier, Name: v.Dossier.Code, Seq: p.Leaf.Seq, What: Replaced, Day: p.Digest.Day})
	}
}
