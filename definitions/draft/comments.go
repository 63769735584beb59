package draft

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Comments are remarks by the place they belong to: a JSON pointer (RFC 6901)
// into the definition, "" for its head. Each remark is a paragraph of its own.
//
// A remark stands above its place; where that place is not set, it stands where
// the key would be. None is lost: one whose place the language does not know
// stands at the end of the file.
type Comments map[string][]string

// Add puts a remark at a place, below those it already has.
func (c Comments) Add(place, format string, args ...any) {
	c[place] = append(c[place], fmt.Sprintf(format, args...))
}

// below lists the places at and below a place that have remarks, in order.
func (c Comments) below(place string) []string {
	var places []string
	for at := range c {
		if at == place || strings.HasPrefix(at, place+"/") {
			places = append(places, at)
		}
	}
	slices.Sort(places)
	return places
}

// columns is where lines of comments are broken.
const columns = 120

// wrapped breaks a remark into lines that may follow "# ", each at most width
// characters but for words longer than that, which are broken too.
func wrapped(remark string, width int) []string {
	var lines []string
	for paragraph := range strings.SplitSeq(Lines(remark), "\n") {
		line := ""
		for _, word := range strings.Fields(paragraph) {
			for _, piece := range pieces(word, width) {
				switch {
				case line == "":
					line = piece
				case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(piece) > width:
					lines = append(lines, line)
					line = piece
				default:
					line += " " + piece
				}
			}
		}
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// pieces cuts a word that no line could hold.
func pieces(word string, width int) []string {
	if utf8.RuneCountInString(word) <= width {
		return []string{word}
	}
	var out []string
	for part := range slices.Chunk([]rune(word), width) {
		out = append(out, string(part))
	}
	return out
}
