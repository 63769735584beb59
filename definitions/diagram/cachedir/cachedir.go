// Package cachedir keeps the cache of compiled WebAssembly private.
//
// The graph library compiles Graphviz when it is initialised and caches native
// code in a directory of a well-known name below os.TempDir. On a machine with
// several users that directory belongs to whoever came first: everybody else
// cannot start, or runs what the first one put there. The library offers no
// setting, and it acts before any package that imports it.
//
// So this package acts before the library. Go initialises packages in the order
// of their import paths as far as their imports allow (The Go Programming
// Language Specification, "Program initialization"), and cachedir.motcua sorts
// before github.com; that is why it is a module of its own. It points TMPDIR to a
// directory only this user can enter, or to none, which makes the library do
// without a cache. [Restore] takes that back once the library is up.
package cachedir

import "os"

const variable = "TMPDIR"

var (
	original string
	had      bool
)

func init() {
	original, had = os.LookupEnv(variable)
	_ = os.Setenv(variable, private())
}

// Restore gives the process its own TMPDIR back.
func Restore() {
	if had {
		_ = os.Setenv(variable, original)
		return
	}
	_ = os.Unsetenv(variable)
}
