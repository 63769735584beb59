package audit

import (
	"encoding/hex"
	"fmt"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	"motcua/engine"
)

var factory = compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}

// Tree computes the root of the leaves of a day, one after the other in their
// order, in the memory of a few dozen hashes however many there are.
type Tree struct {
	leaves *compact.Range
	nodes  map[compact.NodeID][]byte // those a path needs; nil where none is asked for
}

// NewTree is a tree without leaves.
func NewTree() *Tree { return &Tree{leaves: factory.NewEmptyRange(0)} }

// Add appends a leaf.
func (t *Tree) Add(l Leaf) {
	id := compact.NewNodeID(0, t.leaves.End())
	hash := l.hash()
	t.visit(id, hash)
	// The only errors are of a range that begins elsewhere, or of the visitor.
	_ = t.leaves.Append(hash, t.visit)
}

func (t *Tree) visit(id compact.NodeID, hash []byte) {
	if _, wanted := t.nodes[id]; wanted {
		t.nodes[id] = hash
	}
}

// Leaves is how many there are.
func (t *Tree) Leaves() int64 { return int64(t.leaves.End()) } //nolint:gosec // rows of a table

// Root is the hash over all leaves, in lower-case hex.
func (t *Tree) Root() engine.Digest {
	root, err := t.leaves.GetRootHash(nil)
	if err != nil || root == nil {
		root = rfc6962.DefaultHasher.EmptyRoot()
	}
	return engine.Digest(hex.EncodeToString(root))
}

// Path is the way from a leaf to the root: with it, the leaf alone proves that
// it was among those the root is of.
type Path struct {
	Index  int64           `json:"index"`
	Leaves int64           `json:"leaves"`
	Hashes []engine.Digest `json:"hashes"`
}

// Prover is a tree that keeps what the path of one leaf needs.
type Prover struct {
	Tree
	index, size uint64
	needs       proof.Nodes
}

// NewProver is for the leaf at index of size.
func NewProver(index, size int64) (*Prover, error) {
	needs, err := proof.Inclusion(uint64(index), uint64(size)) //nolint:gosec // rows of a table
	if err != nil {
		return nil, fmt.Errorf("path of leaf %d of %d: %w", index, size, err)
	}
	p := &Prover{Tree: *NewTree(), index: uint64(index), size: uint64(size), needs: needs} //nolint:gosec // as above
	p.nodes = make(map[compact.NodeID][]byte, len(needs.IDs))
	for _, id := range needs.IDs {
		p.nodes[id] = nil
	}
	return p, nil
}

// Path is the path of the leaf once all leaves were added.
func (p *Prover) Path() (Path, error) {
	hashes := make([][]byte, len(p.needs.IDs))
	for i, id := range p.needs.IDs {
		if hashes[i] = p.nodes[id]; hashes[i] == nil {
			return Path{}, fmt.Errorf("path of leaf %d of %d: the tree has %d", p.index, p.size, p.Leaves())
		}
	}
	hashes, err := p.needs.Rehash(hashes, rfc6962.DefaultHasher.HashChildren)
	if err != nil {
		return Path{}, fmt.Errorf("path of leaf %d of %d: %w", p.index, p.size, err)
	}
	out := Path{Index: int64(p.index), Leaves: int64(p.size), Hashes: make([]engine.Digest, len(hashes))} //nolint:gosec // they came as such
	for i, h := range hashes {
		out.Hashes[i] = engine.Digest(hex.EncodeToString(h))
	}
	return out, nil
}

// Proves says whether a path leads from the leaf to the root.
func (p Path) Proves(l Leaf, root engine.Digest) bool {
	want, err := hex.DecodeString(string(root))
	if err != nil || p.Index < 0 || p.Leaves <= p.Index {
		return false
	}
	hashes := make([][]byte, len(p.Hashes))
	for i, h := range p.Hashes {
		if hashes[i], err = hex.DecodeString(string(h)); err != nil {
			return false
		}
	}
	return proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(p.Index), uint64(p.Leaves), l.hash(), hashes, want) == nil
}
