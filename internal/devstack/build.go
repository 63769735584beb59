package devstack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

const (
	// temporalBinEnv names a Temporal program built elsewhere.
	temporalBinEnv = "MOTCUA_TEMPORAL_BIN"

	temporalProgram = "motcua-temporal"
)

// temporalSource is where the program's module lies below the repository's root.
var temporalSource = filepath.Join("docker", "temporal")

// ErrNoTemporal is wrapped when there is neither a Temporal program nor the source to build one.
var ErrNoTemporal = errors.New("no " + temporalProgram + " found: set " + temporalBinEnv +
	", put it beside this program, or run inside the repository so that it can be built")

// FindTemporal returns the program that runs Temporal: the one given, else the one the environment
// names in MOTCUA_TEMPORAL_BIN, else the one beside the running executable, else one built from the
// repository around the working directory, which tells on log if it takes a while. It returns an
// error wrapping ErrNoTemporal when there is nothing to build either.
func FindTemporal(ctx context.Context, given string, log io.Writer) (string, error) {
	if given == "" {
		given = os.Getenv(temporalBinEnv)
	}
	if given != "" {
		if _, err := os.Stat(given); err != nil {
			return "", fmt.Errorf("find the temporal program: %w", err)
		}
		return filepath.Abs(given)
	}
	if self, err := os.Executable(); err == nil {
		beside := filepath.Join(filepath.Dir(self), temporalProgram+exeSuffix())
		if _, err := os.Stat(beside); err == nil {
			return beside, nil
		}
	}
	root, err := repoRoot()
	if err != nil {
		return "", err
	}
	return BuildTemporal(ctx, root, "", log)
}

// repoRoot walks up from the working directory to the one that holds the program's source.
func repoRoot() (string, error) {
	wd, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the repository: %w", err)
	}
	above := ancestors(wd)
	slices.Reverse(above)
	for _, dir := range above {
		if _, err := os.Stat(filepath.Join(dir, temporalSource, "go.mod")); err == nil {
			return dir, nil
		}
	}
	return "", ErrNoTemporal
}

// BuildTemporal builds the program from its source below repoRoot into outDir, by default
// .motcua/bin there, unless the one in place was built from the same source. It returns the
// program's path. Several processes may call it at once: one builds, the others wait. log may be nil.
func BuildTemporal(ctx context.Context, repoRoot, outDir string, log io.Writer) (string, error) {
	if outDir == "" {
		outDir = filepath.Join(repoRoot, ".motcua", "bin")
	}
	outDir, err := filepath.Abs(outDir)
	if err != nil {
		return "", fmt.Errorf("build temporal: %w", err)
	}
	if err := os.MkdirAll(outDir, 0o755); err != nil { //nolint:gosec // programs are no secret
		return "", fmt.Errorf("build temporal: %w", err)
	}
	unlock, err := lockFile(ctx, filepath.Join(outDir, temporalProgram+".lock"))
	if err != nil {
		return "", fmt.Errorf("build temporal: %w", err)
	}
	defer unlock()
	b := temporalBuild{
		source: filepath.Join(repoRoot, temporalSource),
		path:   filepath.Join(outDir, temporalProgram+exeSuffix()),
	}
	if err := b.ensure(ctx, log); err != nil {
		return "", fmt.Errorf("build temporal: %w", err)
	}
	return b.path, nil
}

// temporalBuild is one program, its source and the stamp that says from what it was built.
type temporalBuild struct{ source, path string }

func (b temporalBuild) stamp() string { return b.path + ".stamp" }

// ensure builds unless the stamp says that it is done.
func (b temporalBuild) ensure(ctx context.Context, log io.Writer) error {
	sum, err := sourceSum(b.source)
	if err != nil {
		return err
	}
	built, _ := os.ReadFile(b.stamp())
	if _, err := os.Stat(b.path); err == nil && strings.TrimSpace(string(built)) == sum {
		return nil
	}
	if log == nil {
		log = io.Discard
	}
	fmt.Fprintln(log, "building the local Temporal server; the first time this takes some minutes")
	if err := b.build(ctx, log); err != nil {
		return err
	}
	if err := os.WriteFile(b.stamp(), []byte(sum+"\n"), 0o644); err != nil { //nolint:gosec // no secret
		return fmt.Errorf("write the build stamp: %w", err)
	}
	return nil
}

// build compiles aside and moves the result into place, so that a running program keeps its file.
func (b temporalBuild) build(ctx context.Context, log io.Writer) error {
	tool, err := exec.LookPath("go")
	if err != nil {
		return fmt.Errorf("%w; set %s to a program built elsewhere", err, temporalBinEnv)
	}
	aside := b.path + ".new"
	cmd := exec.CommandContext(ctx, tool, "build", "-buildvcs=false", "-ldflags=-s -w", "-o", aside, ".") //nolint:gosec // fixed
	cmd.Dir = b.source
	cmd.Env = append(os.Environ(), "GOWORK=off")
	cmd.Stdout, cmd.Stderr = log, log
	// Interrupted, the go command takes its compilers with it; killed, it would leave them running.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("go build in %s: %w", b.source, err)
	}
	if err := os.Rename(aside, b.path); err != nil {
		return fmt.Errorf("move the program into place: %w", err)
	}
	return nil
}

// sourceSum is a digest of the module's files, by name and content. The versions of everything it
// imports are in go.sum.
func sourceSum(dir string) (string, error) {
	var files []string
	for _, pattern := range []string{"*.go", "go.mod", "go.sum"} {
		found, _ := filepath.Glob(filepath.Join(dir, pattern))
		files = append(files, found...)
	}
	if len(files) == 0 {
		return "", fmt.Errorf("%s holds no source: %w", dir, ErrNoTemporal)
	}
	sum := sha256.New()
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("read the source: %w", err)
		}
		fmt.Fprintf(sum, "%s %d\n%s", filepath.Base(file), len(text), text)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

func exeSuffix() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}
