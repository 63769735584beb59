package arch_test

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// module is the import path of the tree the law governs.
const module = "motcua"

// A tree is what the law is judged on: the sources of one module, tests and nested modules left out.
type tree struct {
	// dirs are all directories that hold Go files, tests included, so that no room is forgotten.
	dirs []string
	// packages are the directories that hold sources; "." is the module's root.
	packages map[string][]reference
	// ticks are the places that read or wait on the machine's clock, by directory.
	ticks map[string][]tick
}

// A reference is one import, as written in one file.
type reference struct {
	target string // the import path, ours without the module: "engine/calendar"
	ours   bool
	file   string
	line   int
}

// A tick is one use of the machine's clock.
type tick struct {
	name, file string
	line       int
}

// clockwork lists what package time offers that reads or waits on the machine's clock.
var clockwork = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}

// read parses every source below root. Everything is read through package os, which is what go test's cache watches.
func read(root string) (*tree, error) {
	t := &tree{packages: map[string][]reference{}, ticks: map[string][]tick{}}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return skip(root, name)
		}
		if !strings.HasSuffix(name, ".go") {
			return nil
		}
		relative, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		return t.add(root, filepath.ToSlash(relative))
	})
	if err != nil {
		return nil, fmt.Errorf("read sources: %w", err)
	}
	return t, nil
}

// skip leaves out what the go command leaves out too, and modules of their own.
func skip(root, dir string) error {
	if dir == root {
		return nil
	}
	base := filepath.Base(dir)
	if base == "testdata" || base == "vendor" || base == "node_modules" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return filepath.SkipDir
	}
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
		return filepath.SkipDir
	}
	return nil
}

func (t *tree) add(root, file string) error {
	dir := path.Dir(file)
	if !slices.Contains(t.dirs, dir) {
		t.dirs = append(t.dirs, dir)
	}
	if strings.HasSuffix(file, "_test.go") {
		return nil
	}
	source, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(file)))
	if err != nil {
		return err
	}
	mode := parser.ImportsOnly
	if r, _, ok := roomOf(dir); ok && r.clockless {
		mode = 0 // the clock is used in bodies
	}
	positions := token.NewFileSet()
	parsed, err := parser.ParseFile(positions, file, source, mode)
	if err != nil {
		return err
	}
	t.packages[dir] = append(t.packages[dir], references(positions, parsed, file)...)
	if mode == 0 {
		t.ticks[dir] = append(t.ticks[dir], clockUses(positions, parsed, file)...)
	}
	return nil
}

func references(positions *token.FileSet, parsed *ast.File, file string) []reference {
	list := make([]reference, 0, len(parsed.Imports))
	for _, spec := range parsed.Imports {
		target, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the compiler refuses it
		}
		ref := reference{target: target, file: file, line: positions.Position(spec.Pos()).Line}
		if within(target, module) {
			ref.ours, ref.target = true, cmp.Or(strings.TrimPrefix(strings.TrimPrefix(target, module), "/"), ".")
		}
		list = append(list, ref)
	}
	return list
}

// clockUses finds selectors such as time.Now under whatever name the file imports package time; a dot import counts as a use.
func clockUses(positions *token.FileSet, parsed *ast.File, file string) []tick {
	var found []tick
	report := func(name string, at token.Pos) {
		found = append(found, tick{name: name, file: file, line: positions.Position(at).Line})
	}
	name := ""
	for _, spec := range parsed.Imports {
		if spec.Path.Value != `"time"` {
			continue
		}
		name = "time"
		if spec.Name != nil {
			name = spec.Name.Name
		}
		if name == "." {
			report("a dot import", spec.Pos())
		}
	}
	ast.Inspect(parsed, func(node ast.Node) bool {
		selector, ok := node.(*ast.SelectorExpr)
		if !ok || !slices.Contains(clockwork, selector.Sel.Name) {
			return true
		}
		// Obj is set when the name is a variable of the file that shadows the import.
		if base, ok := selector.X.(*ast.Ident); ok && base.Name == name && base.Obj == nil {
			report(selector.Sel.Name, selector.Pos())
		}
		return true
	})
	return found
}

// judge returns one line per breach, in a stable order.
func judge(t *tree) []string {
	var breaches []string
	for _, dir := range t.dirs {
		if _, _, ok := roomOf(dir); !ok {
			breaches = append(breaches, fmt.Sprintf("%s is in no room\n\tgive it a row in internal/arch/law_test.go and in docs/architecture.md", dir))
		}
	}
	for dir := range t.packages {
		breaches = append(breaches, t.judgeImports(dir)...)
		breaches = append(breaches, t.judgeConfined(dir)...)
		for _, use := range t.ticks[dir] {
			r, _, _ := roomOf(dir)
			breaches = append(breaches, fmt.Sprintf("%s must not use the machine's clock: time.%s (%s:%d)\n\t%s", dir, use.name, use.file, use.line, r.why))
		}
	}
	slices.Sort(breaches)
	return breaches
}

// judgeImports walks from one package through imports of ours, nearest first, and reports each target its room may not reach.
// A target that a package on the way may not reach either is that package's breach and is reported there only.
func (t *tree) judgeImports(start string) []string {
	r, home, ok := roomOf(start)
	if !ok {
		return nil
	}
	var breaches []string
	visited, reported := map[string]bool{start: true}, map[string]bool{}
	queue := [][]string{{start}}
	for len(queue) > 0 {
		chain := queue[0]
		queue = queue[1:]
		for _, ref := range t.packages[chain[len(chain)-1]] {
			if !r.permits(home, chain, ref) {
				// What lies behind a breach is not followed: it goes when the breach goes.
				if !reported[ref.target] && !blamedOnTheWay(chain, ref) {
					breaches = append(breaches, fmt.Sprintf("%s must not reach %s: %s -> %s (%s:%d)\n\t%s",
						home, ref.target, strings.Join(chain, " -> "), ref.target, ref.file, ref.line, r.why))
				}
				reported[ref.target] = true
				continue
			}
			if ref.ours && !visited[ref.target] {
				visited[ref.target] = true
				queue = append(queue, append(slices.Clone(chain), ref.target))
			}
		}
	}
	return breaches
}

// blamedOnTheWay says whether a later package of the chain breaks its own row by the same import.
func blamedOnTheWay(chain []string, ref reference) bool {
	for i := 1; i < len(chain); i++ {
		if r, home, ok := roomOf(chain[i]); ok && !r.permits(home, chain[i:], ref) {
			return true
		}
	}
	return false
}

// permits says whether the row lets its room, found at home, reach ref at the end of the chain.
func (r room) permits(home string, chain []string, ref reference) bool {
	importer := chain[len(chain)-1]
	if ref.ours {
		_, target, _ := roomOf(ref.target)
		return target == home || slices.Contains(r.may, all) || slices.Contains(r.may, target)
	}
	for _, b := range r.never {
		if within(ref.target, b.path) && (b.except == "" || !within(importer, b.except)) {
			return false
		}
	}
	if r.external == nil || !outside(ref.target) {
		return true
	}
	_, owner, _ := roomOf(importer)
	return owner != home || slices.ContainsFunc(r.external, func(allowed string) bool { return within(ref.target, allowed) })
}

func (t *tree) judgeConfined(dir string) []string {
	var breaches []string
	for _, ref := range t.packages[dir] {
		for _, c := range confined {
			if within(ref.target, c.path) && ref.file != c.file && !within(dir, "test") {
				breaches = append(breaches, fmt.Sprintf("only %s may import %s: %s -> %s (%s:%d)\n\t%s", c.file, c.path, dir, ref.target, ref.file, ref.line, c.why))
			}
		}
	}
	return breaches
}

// roomOf returns the row that governs a directory and the directory where that room begins.
func roomOf(dir string) (r room, home string, ok bool) {
	for _, candidate := range law {
		begins, matches := candidate.begins(dir)
		// On equal length the row that names the directory outright wins over "*".
		if matches && (!ok || len(begins) > len(home) || len(begins) == len(home) && candidate.path == begins) {
			r, home, ok = candidate, begins, true
		}
	}
	return r, home, ok
}

// begins returns the directory where the room begins that holds dir.
func (r room) begins(dir string) (string, bool) {
	parent, each := strings.CutSuffix(r.path, "/*")
	if !each {
		return r.path, within(dir, r.path)
	}
	rest, below := strings.CutPrefix(dir, parent+"/")
	if !below {
		return "", false
	}
	name, _, _ := strings.Cut(rest, "/")
	return parent + "/" + name, true
}

// within says whether a path is parent or lies below it.
func within(name, parent string) bool {
	return name == parent || strings.HasPrefix(name, parent+"/")
}

// outside says whether an import is neither ours nor the standard library's.
func outside(target string) bool {
	first, _, _ := strings.Cut(target, "/")
	return strings.Contains(first, ".")
}
