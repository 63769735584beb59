package engine_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"motcua/engine"
)

// sumOf is the account of a case of procedure(), changed so that it still
// compiles. Unchanged it is 16wh + 8wh = 3wd.
func sumOf(t *testing.T, variant string, edits ...func(*engine.Definition)) engine.Sum {
	t.Helper()
	for _, s := range newStage(t, edits...).rules.Sums() {
		if s.Variant == variant {
			return s
		}
	}
	t.Fatalf("no sum of variant %q", variant)
	return engine.Sum{}
}

func limit(statutory string) func(*engine.Definition) {
	return func(d *engine.Definition) { d.Limits.Statutory = dur(statutory) }
}

func TestSums(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edits []func(*engine.Definition)
		holds bool
	}{
		"the steps of the normal path":        {nil, true},
		"not all of the limit":                {[]func(*engine.Definition){limit("5wd")}, false},
		"a day is eight hours, whichever day": {[]func(*engine.Definition){limit("3d")}, true},
		"a cell counts once": {[]func(*engine.Definition){limit("1wd"), func(d *engine.Definition) {
			d.Cells = []engine.Cell{{ID: "both", Name: engine.Text{VI: "Chung"}, Within: dur("8wh")}}
			for _, i := range []int{verifying, signing} {
				d.States[i].Within, d.States[i].Cell = engine.State{}.Within, "both"
			}
		}}, true},
		"a suspension counts nothing": {[]func(*engine.Definition){func(d *engine.Definition) {
			d.States[verifying].On[0].To = "awaiting-tax"
			d.States = slices.Insert(d.States, signing, engine.State{
				ID: "awaiting-tax", Name: engine.Text{VI: "Chờ thuế"}, Department: "civil-status", Role: "civil-status-officer", Clock: "suspended", WaitsFor: "finance",
				Expires: &engine.Expiry{After: dur("90d"), Event: "go-on"}, On: []engine.Transition{transition("go-on", "under-signature", nil)},
			})
		}}, true},
		"a consultation in parallel counts as the longest": {[]func(*engine.Definition){limit("3wd"), consulting("agree", ""), func(d *engine.Definition) {
			d.States[verifying].Within = dur("8wh") // and two days of asking beside it
		}}, true},
		"what only another variant does is not counted": {[]func(*engine.Definition){limit("1wd"), func(d *engine.Definition) {
			d.States[verifying].Within = dur("0wh")
			d.States[verifying].ZeroTime = false
			d.Variants = []engine.Variant{{ID: "short", Name: engine.Text{VI: "Ngắn"}, When: `channel == "post"`, Statutory: dur("3wd"), Steps: []engine.StepLimit{{State: "under-verification", Within: dur("16wh")}}}}
		}}, true},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, c.holds, sumOf(t, "", c.edits...).Holds()) })
	}
}

func TestASumFollowsTheWayOfItsVariant(t *testing.T) {
	t.Parallel()
	routed := func(d *engine.Definition) {
		d.Variants = []engine.Variant{{ID: "simple", Name: engine.Text{VI: "Đơn giản"}, When: `channel == "post"`, Statutory: dur("2wd")}}
		d.States[verifying].On = append([]engine.Transition{
			transition("submit", "result-ready", func(t *engine.Transition) { t.When = `variant == "simple"` }),
		}, d.States[verifying].On...)
	}
	require.True(t, sumOf(t, "simple", routed).Holds(), "the signature is left out: its transition is forestalled")
	require.True(t, sumOf(t, "", routed).Holds(), "and not left out otherwise")
}

func TestZeroTimeStepsAreNamed(t *testing.T) {
	t.Parallel()
	s := sumOf(t, "", limit("2wd"), func(d *engine.Definition) {
		d.States[signing].Within, d.States[signing].ZeroTime = engine.State{}.Within, true
	})
	require.True(t, s.Holds())
	require.Equal(t, []string{"under-signature"}, s.ZeroTime())
}
