package audit_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"motcua/engine"
	"motcua/engine/audit"
	"motcua/engine/calendar"
)

func key(seed string) audit.PrivateKey {
	return audit.NewPrivateKey(ed25519.NewKeyFromSeed([]byte(fmt.Sprintf("%-32s", seed))))
}

func leaf(i int) audit.Leaf {
	return audit.Leaf{Kind: audit.KindDossier, Name: fmt.Sprintf("H01-%04d", i), Seq: int64(i + 1), Digest: engine.Link("", "x", []byte{byte(i), byte(i >> 8)})}
}

// TestPath: the path of any leaf leads to the root of its tree, and that of no
// other leaf or tree.
func TestPath(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		size := rapid.IntRange(1, 200).Draw(r, "size")
		index := rapid.IntRange(0, size-1).Draw(r, "index")
		tree := audit.NewTree()
		prover, err := audit.NewProver(int64(index), int64(size))
		require.NoError(r, err)
		for i := range size {
			tree.Add(leaf(i))
			prover.Add(leaf(i))
		}
		require.Equal(r, tree.Root(), prover.Root())
		path, err := prover.Path()
		require.NoError(r, err)
		require.True(r, path.Proves(leaf(index), tree.Root()))
		require.False(r, path.Proves(leaf(index+1), tree.Root()))
		tree.Add(leaf(size))
		require.False(r, path.Proves(leaf(index), tree.Root()))
		if len(path.Hashes) > 0 {
			path.Hashes = path.Hashes[1:]
			require.False(r, path.Proves(leaf(index), prover.Root()))
		}
	})
	_, err := audit.NewProver(3, 3)
	require.Error(t, err)
	p, err := audit.NewProver(0, 2)
	require.NoError(t, err)
	p.Add(leaf(0))
	_, err = p.Path()
	require.Error(t, err, "the tree is not whole")
	require.Equal(t, engine.Digest("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"), audit.NewTree().Root(), "RFC 9162: the hash of nothing")
}

func TestKeys(t *testing.T) {
	k := key("first")
	private, err := k.PEM()
	require.NoError(t, err)
	public, err := k.Public().PEM()
	require.NoError(t, err)
	bare := func(pem string) string { return strings.Join(strings.Split(strings.TrimSpace(pem), "\n")[1:2], "") }
	for _, text := range []string{private, bare(private)} {
		got, err := audit.ParsePrivateKey(text)
		require.NoError(t, err)
		require.Equal(t, k.Public().ID(), got.Public().ID())
	}
	for _, text := range []string{public, bare(public), k.Public().String()} {
		got, err := audit.ParsePublicKey(text)
		require.NoError(t, err)
		require.Equal(t, k.Public().ID(), got.ID())
	}
	for _, text := range []string{"", "secret", public, base64.StdEncoding.EncodeToString([]byte("too short"))} {
		_, err := audit.ParsePrivateKey(text)
		require.Error(t, err)
		if text != "" {
			require.NotContains(t, err.Error(), text, "an error never repeats a key")
		}
	}
	require.False(t, audit.PrivateKey{}.Set())
}

// book makes digests of some days in a row.
func book(k audit.PrivateKey, days int) []audit.Digest {
	var out []audit.Digest
	day := calendar.NewDate(2026, time.March, 2)
	for i := range days {
		s := audit.Statement{Book: "H01", Day: day.AddDays(i), Leaves: int64(i), Root: audit.NewTree().Root(), SealedAt: day.AddDays(i + 1).Midnight()}
		if i > 0 {
			s.Previous = out[i-1].Digest
		}
		out = append(out, s.Sign(k))
	}
	return out
}

func TestBooks(t *testing.T) {
	first := audit.FirstKey(key("first").Public(), calendar.NewDate(2026, time.March, 1).Midnight())
	for name, c := range map[string]struct {
		change func([]audit.Digest) []audit.Digest
		says   []string
	}{
		"nothing":                   {func(d []audit.Digest) []audit.Digest { return d }, nil},
		"a number":                  {func(d []audit.Digest) []audit.Digest { d[1].Leaves = 7; return d }, []string{"digest H01 of 2026-03-03: was altered", "digest H01 of 2026-03-03: has a wrong signature"}},
		"a day is left out":         {func(d []audit.Digest) []audit.Digest { return append(d[:1:1], d[2:]...) }, []string{"digest H01 of 2026-03-03: is missing"}},
		"days are left out":         {func(d []audit.Digest) []audit.Digest { return append(d[:1:1], d[3:]...) }, []string{"digest H01 of 2026-03-03: is missing (– 2026-03-04)"}},
		"the first day is left out": {func(d []audit.Digest) []audit.Digest { return d[1:] }, []string{"digest H01 of 2026-03-03: does not follow the day before"}},
		"another history": {func(d []audit.Digest) []audit.Digest {
			d[1].Leaves = 7
			d[1] = d[1].Sign(key("first"))
			return d
		}, []string{"digest H01 of 2026-03-04: does not follow the day before"}},
		"another key": {func(d []audit.Digest) []audit.Digest { return book(key("other"), len(d)) }, []string{
			"digest H01 of 2026-03-02: is signed by a key that is not accepted", "digest H01 of 2026-03-03: is signed by a key that is not accepted",
			"digest H01 of 2026-03-04: is signed by a key that is not accepted", "digest H01 of 2026-03-05: is signed by a key that is not accepted",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			b := audit.Books{Keys: []audit.SealKey{first}}
			for _, d := range c.change(book(key("first"), 4)) {
				b.Check(d)
			}
			var said []string
			for _, f := range b.Findings {
				said = append(said, f.In("en"))
				require.NotEqual(t, f.In("en"), f.In("vi"))
			}
			require.Equal(t, c.says, said)
		})
	}
	t.Run("a key signs while it is the ledger's", func(t *testing.T) {
		second := audit.Succeed(key("second").Public(), calendar.NewDate(2026, time.March, 4).Midnight(), first.ID, key("first"))
		require.Empty(t, audit.CheckKeys([]audit.SealKey{first, second}))
		b := audit.Books{Keys: []audit.SealKey{first, second}}
		for _, d := range book(key("first"), 4) {
			b.Check(d)
		}
		require.Len(t, b.Findings, 2, "the last two days were sealed by a key that had been replaced")
		lost := audit.Succeed(key("second").Public(), second.From, first.ID, audit.PrivateKey{})
		require.Equal(t, audit.Unendorsed, audit.CheckKeys([]audit.SealKey{first, lost})[0].What)
	})
}

// TestChain: whatever is done to one row of a chain, the row is named, and no
// row that was left alone is.
func TestChain(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(3, 12).Draw(r, "rows")
		rows, link := make([]audit.Row, n), engine.Digest("")
		for i := range rows {
			body := fmt.Appendf(nil, `{"seq":%d,"kind":"x"}`, i+1)
			link = engine.Link(link, "H01-1", body)
			rows[i] = audit.Row{Seq: int64(i + 1), Body: body, Digest: link, Says: int64(i + 1)}
		}
		at := rapid.IntRange(0, n-1).Draw(r, "at")
		want := audit.Altered
		switch rapid.IntRange(0, 3).Draw(r, "what") {
		case 0:
			rows[at].Body = append([]byte(" "), rows[at].Body...)
		case 1:
			rows[at].Digest = engine.Link("", "", nil)
			if at == n-1 {
				want = audit.Altered
			}
		case 2:
			rows[at].Says, want = 0, audit.Unreadable
		case 3:
			rows, want = append(rows[:at:at], rows[at+1:]...), audit.Missing
		}
		c := audit.Chain{Kind: audit.KindDossier, Name: "H01-1", Context: "H01-1", End: int64(n), EndLink: link}
		for _, row := range rows {
			c.Add(row)
		}
		c.Close()
		require.Len(r, c.Findings, 1)
		require.EqualValues(r, at+1, c.Findings[0].Seq)
		require.Equal(r, want, c.Findings[0].What)
	})
}
