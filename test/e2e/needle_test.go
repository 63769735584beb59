package e2e_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
)

// needle is a value as it may lie about: in one spelling and one encoding.
type needle struct {
	value, form string
	bytes       []byte
}

// spellings are the ways in which a program may turn a text before it keeps
// it: composed or decomposed, in small letters, and as a search folds it.
func spellings(value string) map[string]string {
	plain := strings.NewReplacer("đ", "d", "Đ", "D").Replace(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(value)))
	return map[string]string{
		"NFC": norm.NFC.String(value), "NFD": norm.NFD.String(value),
		"lower case": strings.ToLower(value), "no diacritics": plain, "folded": strings.ToLower(plain),
	}
}

// encodings are the ways in which a text may be written into a row, a log line
// or a message.
func encodings(text string) map[string][]byte {
	out := map[string][]byte{
		"plain": []byte(text), "hex": []byte(hex.EncodeToString([]byte(text))), "HEX": []byte(strings.ToUpper(hex.EncodeToString([]byte(text)))),
		"query": []byte(url.QueryEscape(text)), "path": []byte(url.PathEscape(text)), "small percents": []byte(smallPercents(text)),
		"JSON": []byte(escaped(text, `\u%04x`)), "JSON capitals": []byte(escaped(text, `\u%04X`)), "XML": []byte(escaped(text, "&#%d;")),
		"UTF-16LE": utf16Of(text, 0), "UTF-16BE": utf16Of(text, 1),
	}
	for offset := range 3 { // a value in the middle of what was encoded may begin at any bit of its alphabet
		out[fmt.Sprintf("base64 at %d", offset)] = base64Of(base64.StdEncoding, text, offset)
		out[fmt.Sprintf("base64url at %d", offset)] = base64Of(base64.URLEncoding, text, offset)
	}
	return out
}

func escaped(text, format string) string {
	var b strings.Builder
	for _, r := range text {
		if r < 0x80 {
			b.WriteRune(r)
		} else {
			fmt.Fprintf(&b, format, r)
		}
	}
	return b.String()
}

func smallPercents(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		if c < 0x80 && c != ' ' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02x", c)
		}
	}
	return b.String()
}

func utf16Of(text string, high int) []byte {
	var b []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		pair := []byte{byte(unit), byte(unit >> 8)}
		b = append(b, pair[high], pair[1-high])
	}
	return b
}

// base64Of is what of a text's encoding does not depend on what stands before
// and after it, offset bytes into a group of three.
func base64Of(e *base64.Encoding, text string, offset int) []byte {
	whole := e.WithPadding(base64.NoPadding).EncodeToString(append(make([]byte, offset), text...))
	first, last := []int{0, 2, 3}[offset], len(whole)
	if (offset+len(text))%3 != 0 {
		last--
	}
	return []byte(whole[first:last])
}

// needles are values in every spelling and encoding, each text of bytes once.
func needles(values ...string) []needle {
	var all []needle
	seen := map[string]bool{}
	for _, value := range values {
		for spelling, text := range spellings(value) {
			for encoding, b := range encodings(text) {
				if !seen[string(b)] {
					seen[string(b)] = true
					all = append(all, needle{value, spelling + ", " + encoding, b})
				}
			}
		}
	}
	return all
}

// haystack finds many needles in one walk over a text.
type haystack [1 << 16][]needle

func newHaystack(all []needle) *haystack {
	h := &haystack{}
	for _, n := range all {
		at := uint16(n.bytes[0])<<8 | uint16(n.bytes[1])
		h[at] = append(h[at], n)
	}
	return h
}

// in lists the needles that are in a text, each once.
func (h *haystack) in(text []byte) []needle {
	var found []needle
	for i := 0; i+1 < len(text); i++ {
		for _, n := range h[uint16(text[i])<<8|uint16(text[i+1])] {
			if bytes.HasPrefix(text[i:], n.bytes) && !slices.ContainsFunc(found, func(f needle) bool { return f.value == n.value && f.form == n.form }) {
				found = append(found, n)
			}
		}
	}
	return found
}

// TestNeedles holds the search to independent samples of each form: a search
// that finds nothing proves nothing.
func TestNeedles(t *testing.T) {
	h := newHaystack(needles("Đỗ Thị Hiếu"))
	for form, text := range map[string]string{
		"as it is":            `name=Đỗ Thị Hiếu;`,
		"decomposed":          "x Đo\u0302\u0303 Thi\u0323 Hie\u0302\u0301u y",
		"folded":              "do thi hieu",
		"in a query":          "/?q=%C4%90%E1%BB%97+Th%E1%BB%8B+Hi%E1%BA%BFu&x=1",
		"in a path":           "/%C4%90%E1%BB%97%20Th%E1%BB%8B%20Hi%E1%BA%BFu/",
		"in small percents":   "%c4%90%e1%bb%97%20Th%e1%bb%8b%20Hi%e1%ba%bfu",
		"in JSON":             `{"a":"\u0110\u1ed7 Th\u1ecb Hi\u1ebfu"}`,
		"in UTF-16":           "\x10\x01\xd7\x1e \x00T\x00h\x00\xcb\x1e \x00H\x00i\x00\xbf\x1eu\x00",
		"in hexadecimal":      `\xc490e1bb97205468e1bb8b204869e1babf75`,
		"in base64":           base64.StdEncoding.EncodeToString([]byte("Đỗ Thị Hiếu")),
		"in base64, one on":   base64.StdEncoding.EncodeToString([]byte(`"Đỗ Thị Hiếu"`)),
		"in base64, two on":   base64.RawURLEncoding.EncodeToString([]byte(`{"Đỗ Thị Hiếu"}`)),
		"at the very end":     "…Đỗ Thị Hiếu",
		"as entities of HTML": "&#272;&#7895; Th&#7883; Hi&#7871;u",
	} {
		require.NotEmpty(t, h.in([]byte(text)), form)
	}
	require.Empty(t, h.in([]byte("Đỗ Thị Hiền, Đ** T** H***")))
}
