package definitions_test

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/definitions"
)

// checksums.txt is to the shipped definitions what go.sum is to modules: one
// line for each version that ever shipped, "code version sha256".
const checksumFile = "checksums.txt"

// A checksum is the line of one version of a procedure.
type checksum struct {
	code    string
	version int
	sha256  string
}

func (c checksum) String() string { return fmt.Sprintf("%s %d %s", c.code, c.version, c.sha256) }

// same says whether two lines are about the same version.
func (c checksum) same(as checksum) bool { return c.code == as.code && c.version == as.version }

func compareChecksums(a, b checksum) int {
	return cmp.Or(cmp.Compare(a.code, b.code), cmp.Compare(a.version, b.version))
}

func checksumOf(s definitions.Source) checksum {
	sum := sha256.Sum256(s.Text)
	return checksum{s.Machine.Code, s.Machine.Version, hex.EncodeToString(sum[:])}
}

// readChecksums reads the lines of a file of checksums; a version stands once.
func readChecksums(text string) ([]checksum, error) {
	var listed []checksum
	for line := range strings.Lines(text) {
		var c checksum
		if _, err := fmt.Sscanf(line, "%s %d %s", &c.code, &c.version, &c.sha256); err != nil {
			return nil, fmt.Errorf("line %q: %w", line, err)
		}
		if slices.ContainsFunc(listed, c.same) {
			return nil, fmt.Errorf("%s version %d is listed twice", c.code, c.version)
		}
		listed = append(listed, c)
	}
	return listed, nil
}

// compareShipped finds what ships and is not listed, and says which listed
// texts changed. A version that no longer ships stays listed.
func compareShipped(listed, shipped []checksum) (missing []checksum, changed []string) {
	for _, s := range shipped {
		i := slices.IndexFunc(listed, s.same)
		switch {
		case i < 0:
			missing = append(missing, s)
		case listed[i].sha256 != s.sha256:
			changed = append(changed, fmt.Sprintf("%s version %d: a published text never changes: raise its version", s.code, s.version))
		}
	}
	return missing, changed
}

// withMissing adds lines to a file of checksums; those it has stay as they are.
func withMissing(listed, missing []checksum) string {
	all := slices.Concat(listed, missing)
	slices.SortStableFunc(all, compareChecksums)
	var text strings.Builder
	for _, c := range all {
		fmt.Fprintln(&text, c)
	}
	return text.String()
}

func TestChecksums(t *testing.T) {
	text, err := os.ReadFile(checksumFile)
	require.NoError(t, err)
	listed, err := readChecksums(string(text))
	require.NoError(t, err)
	var sums []checksum
	for _, s := range shipped(t) {
		sums = append(sums, checksumOf(s))
	}
	missing, changed := compareShipped(listed, sums)
	require.Empty(t, changed)
	if *update && len(missing) > 0 {
		require.NoError(t, os.WriteFile(checksumFile, []byte(withMissing(listed, missing)), 0o644))
		return
	}
	require.Empty(t, missing, "not listed in %s: go test ./definitions -run TestChecksums -update", checksumFile)
}

// TestChecksumsNotice: a changed text is noticed and stays so after an update;
// a new version and a new procedure are asked for and then added.
func TestChecksumsNotice(t *testing.T) {
	ships := shipped(t)[0]
	original := checksumOf(ships)
	ships.Text = append(slices.Clone(ships.Text), "# a word more\n"...)
	edited := checksumOf(ships)
	require.NotEqual(t, original, edited)

	missing, changed := compareShipped([]checksum{original}, []checksum{edited})
	require.Empty(t, missing)
	require.Equal(t, []string{fmt.Sprintf("%s version 1: a published text never changes: raise its version", original.code)}, changed)
	require.Equal(t, original.String()+"\n", withMissing([]checksum{original}, missing), "an update keeps the line")

	edited.version = 2
	missing, changed = compareShipped([]checksum{original}, []checksum{edited})
	require.Empty(t, changed)
	require.Equal(t, []checksum{edited}, missing)
	text := withMissing([]checksum{original}, missing)
	require.Equal(t, original.String()+"\n"+edited.String()+"\n", text, "the version that shipped before stays listed")

	listed, err := readChecksums(text)
	require.NoError(t, err)
	missing, changed = compareShipped(listed, []checksum{edited})
	require.Empty(t, missing)
	require.Empty(t, changed)
}

func TestReadChecksums(t *testing.T) {
	_, err := readChecksums("1.001193 one abc\n")
	require.Error(t, err, "no version")
	_, err = readChecksums("1.001193 1 abc\n1.001193 1 abc\n")
	require.ErrorContains(t, err, "listed twice")
}
