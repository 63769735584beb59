package engine_test

import (
	"testing"

	"motcua/engine"
)

// BenchmarkDecide measures one transition, catching up and all.
func BenchmarkDecide(b *testing.B) {
	m, findings := engine.Compile(procedure(), "digest")
	if err := findings.Err(); err != nil {
		b.Fatal(err)
	}
	s := &stage{rules: engine.Rules{Machine: m, Cal: office(b)}}
	opening := s.opening(nil)
	opening.Dossier = "H00.101-260810-0001"
	d, err := engine.Decide(s.rules, engine.Case{}, opening, at(10, 8, 0))
	if err != nil {
		b.Fatal(err)
	}
	accept := engine.Command{Dossier: opening.Dossier, ID: "c", Event: "accept", Actor: lan}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := engine.Decide(s.rules, d.Case, accept, at(10, 9, 0)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkHolds measures one condition.
func BenchmarkHolds(b *testing.B) {
	def := procedure()
	fieldsOf(engine.Field{ID: "house.storeys", Type: engine.TypeInteger}, engine.Field{ID: "house.heritage", Type: engine.TypeBool})(&def)
	const when = `house.storeys > 7 && !house.heritage && channel == "online"`
	def.States[received].On = append(def.States[received].On, transition("route", "under-signature", func(t *engine.Transition) { t.When = when }))
	m, findings := engine.Compile(def, "digest")
	if err := findings.Err(); err != nil {
		b.Fatal(err)
	}
	c := engine.Case{Channel: "online", Fields: map[string]string{"house.storeys": "9"}}
	b.ReportAllocs()
	for b.Loop() {
		if !m.Holds(when, c) {
			b.Fatal("it holds")
		}
	}
}
