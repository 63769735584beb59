package definitions

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

var byteOrderMark = []byte("\ufeff")

// characters checks the bytes of a text before anything is read from them, and
// returns them without the byte order mark some editors write. There is one
// finding of each sort at most: one wrong encoding makes every line wrong.
func (t *text) characters(data []byte) []byte {
	data = bytes.TrimPrefix(data, byteOrderMark)
	if at := invalidUTF8(data); at >= 0 {
		t.faultf(position(data, at), "", "encoding", "byte 0x%02x is not UTF-8", "byte 0x%02x không đúng bảng mã UTF-8", data[at])
		return data
	}
	content := string(data)
	if at := strings.IndexFunc(content, func(r rune) bool { return forbidden(r) && r != '\n' && r != '\r' && r != '\t' }); at >= 0 {
		r, _ := utf8.DecodeRuneInString(content[at:])
		t.faultf(position(data, at), "", "character", "%U is an invisible character that may not stand in a definition",
			"%U là ký tự không hiển thị, không được dùng trong định nghĩa", r)
	}
	if at := denormal(content); at >= 0 {
		r, _ := utf8.DecodeRuneInString(content[at:])
		t.faultf(position(data, at), "", "not-nfc", "%q (%U) is not normalised to NFC: the same word would not be found again",
			"%q (%U) chưa được chuẩn hóa Unicode NFC: cùng một từ sẽ không tìm lại được", r, r)
	}
	return data
}

// forbidden says whether a character shows nothing and changes how the rest is
// read: controls, the separators an editor does not count as lines, and the
// marks that turn the direction of writing.
func forbidden(r rune) bool {
	switch {
	case unicode.IsControl(r):
		return true
	case r == '\u2028', r == '\u2029', r == '\ufeff':
		return true
	}
	return unicode.Is(unicode.Bidi_Control, r)
}

// hidden says whether a value of the text holds such a character; its lines
// may end.
func hidden(value string) bool {
	return strings.ContainsFunc(value, func(r rune) bool { return forbidden(r) && r != '\n' })
}

func invalidUTF8(data []byte) int {
	for at := 0; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}

// denormal finds the first character that normalising to NFC would change, or
// -1. It looks line by line, because most texts have none.
func denormal(content string) int {
	if norm.NFC.IsNormalString(content) {
		return -1
	}
	start := 0
	for line := range strings.Lines(content) {
		if !norm.NFC.IsNormalString(line) {
			return start + firstChange(line, norm.NFC.String(line))
		}
		start += len(line)
	}
	return 0 // a combining mark begins a line and changes the line break before it
}

func firstChange(is, should string) int {
	for at, r := range is {
		if other, _ := utf8.DecodeRuneInString(should[min(at, len(should)):]); other != r {
			return at
		}
	}
	return 0
}

// position counts lines and characters up to a byte. A line ends as in YAML:
// with a line feed, a carriage return, or both.
func position(data []byte, at int) mark {
	before := bytes.ReplaceAll(data[:at], []byte("\r\n"), []byte("\n"))
	before = bytes.ReplaceAll(before, []byte("\r"), []byte("\n"))
	lineStart := bytes.LastIndexByte(before, '\n') + 1
	return mark{line: bytes.Count(before, []byte("\n")) + 1, column: utf8.RuneCount(before[lineStart:]) + 1}
}
