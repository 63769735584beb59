package definitions

import (
	"strings"

	"motcua/engine"
)

// suggest names the key that was probably meant, else all there are.
func suggest(key string, keys []string) engine.Text {
	if len(key) <= 40 {
		for _, k := range keys {
			if near := min((len(k)+1)/3, 2); distance(key, k) <= near {
				return engine.Text{EN: "did you mean " + k + "?", VI: "có phải là " + quote(k) + "?"}
			}
		}
	}
	all := strings.Join(keys, ", ")
	return engine.Text{EN: "the keys here are " + all, VI: "các khóa dùng được ở đây: " + all}
}

// distance is how many letters must be put in, left out or replaced to make b
// of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
