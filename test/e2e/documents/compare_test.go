package documents_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// What differs from run to run is compared by its form.
const (
	aCode   = `H\d{2}(?:\.\d+)*-\d{6}-\d{4}`
	aMoment = `\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?`
	aDay    = `\d{4}-\d{2}-\d{2}|\d{2}/\d{2}/\d{4}`
	aDigest = `\b[0-9a-f]{16,}\b`
	aCursor = `\b[A-Za-z0-9_-]{22,}\b`
)

var variable = regexp.MustCompile(`(?P<code>` + aCode + `)|(?P<moment>` + aMoment + `)|(?P<day>` + aDay + `)|(?P<digest>` + aDigest + `)|(?P<cursor>` + aCursor + `)|…|\s+`)

// known are the dossiers of the documents: the code that is printed, and the
// code of the dossier that was really made.
type known map[string]string

// real turns the codes in a command, or in what is printed, into real ones.
func (k known) real(text string) string {
	return regexp.MustCompile(aCode).ReplaceAllStringFunc(text, func(code string) string {
		if is, ok := k[code]; ok {
			return is
		}
		return code
	})
}

// compare holds what a command printed to what the document shows. Codes that
// are shown for the first time become known. Exactly: moments and days are
// compared as they are.
func (k known) compare(shown, printed string, exactly bool) error {
	shown, printed = strings.TrimSpace(shown), strings.TrimSpace(printed)
	var pattern strings.Builder
	var codes []string
	last := 0
	for _, at := range variable.FindAllStringSubmatchIndex(shown, -1) {
		found := shown[at[0]:at[1]]
		pattern.WriteString(regexp.QuoteMeta(shown[last:at[0]]))
		last = at[1]
		switch {
		case found == "…":
			pattern.WriteString(`(?s:.*?)`)
		case strings.TrimSpace(found) == "":
			pattern.WriteString(`\s*`)
		case at[2] >= 0:
			codes = append(codes, found)
			pattern.WriteString("(" + aCode + ")")
		case exactly && (at[4] >= 0 || at[6] >= 0):
			pattern.WriteString(regexp.QuoteMeta(found))
		case at[4] >= 0:
			pattern.WriteString(aMoment)
		case at[6] >= 0:
			pattern.WriteString("(?:" + aDay + ")")
		case at[8] >= 0:
			pattern.WriteString(aDigest)
		default:
			pattern.WriteString(aCursor)
		}
	}
	pattern.WriteString(regexp.QuoteMeta(shown[last:]))
	found := regexp.MustCompile(`^` + pattern.String() + `$`).FindStringSubmatch(printed)
	if found == nil {
		return fmt.Errorf("the document shows\n%s\nand it printed\n%s", shown, printed)
	}
	return k.learn(codes, found[1:])
}

// learn makes codes known, and refuses one that is another dossier's.
func (k known) learn(codes, are []string) error {
	for i, code := range codes {
		if is, ok := k[code]; ok && is != are[i] {
			return fmt.Errorf("the document's %s is %s, and not %s", code, is, are[i])
		}
		k[code] = are[i]
	}
	return nil
}

func TestCompare(t *testing.T) {
	t.Parallel()
	k := known{}
	require.NoError(t, k.compare("H00.101-261123-0001\nstate  a\n", "H00.101-270101-0007\nstate     a", false))
	require.Equal(t, "show H00.101-270101-0007 now", k.real("show H00.101-261123-0001 now"))
	require.Error(t, k.compare("H00.101-261123-0001", "H00.101-270101-0008", false), "another dossier")
	require.NoError(t, k.compare(`{"at":"2026-11-23T07:30:00+07:00", … ,"b":1}`, `{"at":"2027-01-01T00:00:00.1+07:00","x":{},"b":1}`, false))
	require.Error(t, k.compare(`{"at":"2026-11-23T07:30:00+07:00", … ,"b":1}`, `{"at":"2027-01-01T00:00:00.1+07:00","x":{},"b":2}`, false))
	require.Error(t, k.compare("due 2026-11-23", "due 2026-11-24", true))
	require.NoError(t, k.compare("due 2026-11-23", "due 2026-11-24", false))
	require.Error(t, k.compare("due 2026-11-23", "due none", false))
	require.NoError(t, k.compare(`"trace_id":"7f3a3e5e63777d201f6ce72ab8ab9f9d"`, `"trace_id":"00000000000000000000000000000000"`, false))
	require.Error(t, k.compare("a", "a\nb", false), "all that is printed is shown, or …")
}
