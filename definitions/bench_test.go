package definitions_test

import (
	"testing"

	"motcua/definitions"
)

// BenchmarkRead measures reading, compiling and linting every procedure that
// ships, their conditions included.
func BenchmarkRead(b *testing.B) {
	sources, err := definitions.Shipped()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		for _, s := range sources {
			if m, _ := definitions.Read(s.File, s.Text); m == nil {
				b.Fatal(s.File)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N*len(sources)), "ms/procedure")
}
