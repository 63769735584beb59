package devstack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// ErrNoPostgres is wrapped when PostgreSQL's server programs are not installed.
var ErrNoPostgres = errors.New("PostgreSQL's server programs (initdb, postgres) are not installed; " +
	"install them, for example with: apt-get install postgresql")

// findBinaries returns the directory of PostgreSQL's server programs. A cluster that exists already
// only runs under the major version that made it; for a new one major is empty and any will do.
func findBinaries(ctx context.Context, major string) (string, error) {
	if err := ctx.Err(); err != nil {
		return "", fmt.Errorf("look for PostgreSQL: %w", err) // every look-up below would fail for it
	}
	var others []string
	for _, dir := range binaryDirs(ctx) {
		version, err := serverVersion(ctx, dir)
		if err != nil {
			continue
		}
		if major == "" || version == major {
			return dir, nil
		}
		others = append(others, version)
	}
	if len(others) > 0 {
		return "", fmt.Errorf("the data was made by PostgreSQL %s, but only %s is installed: %w",
			major, strings.Join(others, ", "), ErrNoPostgres)
	}
	return "", ErrNoPostgres
}

// binaryDirs lists where the programs may be: where pg_config says, on the PATH, and where Debian
// keeps its versions, newest first.
func binaryDirs(ctx context.Context) []string {
	var dirs []string
	if out, err := exec.CommandContext(ctx, "pg_config", "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(out)))
	}
	if postgres, err := exec.LookPath("postgres"); err == nil {
		dirs = append(dirs, filepath.Dir(postgres))
	}
	debian, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.SortFunc(debian, func(a, b string) int { return debianVersion(b) - debianVersion(a) })
	return append(dirs, debian...)
}

// debianVersion reads 15 from /usr/lib/postgresql/15/bin.
func debianVersion(dir string) int {
	version, _ := strconv.Atoi(filepath.Base(filepath.Dir(dir)))
	return version
}

// serverVersion returns the major version of the programs in a directory, or an error if they are
// not both there.
func serverVersion(ctx context.Context, dir string) (string, error) {
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return "", fmt.Errorf("look for initdb: %w", err)
	}
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return "", fmt.Errorf("ask postgres for its version: %w", err)
	}
	fields := strings.Fields(string(out)) // postgres (PostgreSQL) 15.14 (Debian …)
	if len(fields) < 3 {
		return "", fmt.Errorf("unexpected version %q", out)
	}
	major, _, _ := strings.Cut(fields[2], ".")
	return major, nil
}
