package arch_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// depguard is the part of .golangci.yml that repeats the law for the editor.
type depguard struct {
	Linters struct {
		Settings struct {
			Depguard struct {
				Rules map[string]struct {
					Mode  string `yaml:"list-mode"`
					Files []string
					Allow []string
					Deny  []struct{ Pkg, Desc string }
				}
			}
		}
	}
}

// TestDepguardAgrees keeps .golangci.yml from drifting away from the law: each row has a rule that denies and allows the same.
func TestDepguardAgrees(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", ".golangci.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var config depguard
	if err := yaml.Unmarshal(text, &config); err != nil {
		t.Fatal(err)
	}
	rules := config.Linters.Settings.Depguard.Rules
	for _, r := range law {
		if slices.Contains(r.may, all) {
			continue
		}
		t.Run(r.path, func(t *testing.T) {
			pattern := "${base-path}/" + strings.TrimSuffix(r.path, "/*") + "/**"
			for name, rule := range rules {
				if rule.Files[0] != pattern {
					continue
				}
				denied := map[string]bool{}
				for _, deny := range rule.Deny {
					denied[deny.Pkg] = true
				}
				if want := r.deniedToDepguard(); !maps.Equal(denied, want) {
					t.Errorf("rule %s denies %v, the law %v", name, slices.Sorted(maps.Keys(denied)), slices.Sorted(maps.Keys(want)))
				}
				slices.Sort(rule.Allow)
				if want := r.allowedToDepguard(); !slices.Equal(rule.Allow, want) {
					t.Errorf("rule %s allows %v, the law %v", name, rule.Allow, want)
				}
				if closed := rule.Mode == ""; closed != (r.external != nil) {
					t.Errorf("rule %s: list-mode is for rooms without a list of external modules: %q", name, rule.Mode)
				}
				return
			}
			t.Errorf("no depguard rule whose first pattern is %s", pattern)
		})
	}
}

func (r room) deniedToDepguard() map[string]bool {
	denied := map[string]bool{}
	for _, b := range r.never {
		denied[b.path] = true
	}
	if r.external == nil {
		denied[module] = true
	}
	return denied
}

// allowedToDepguard is the row as depguard can say it: direct imports by prefix, so adapters are only kept from leaving internal/.
func (r room) allowedToDepguard() []string {
	allowed := []string{module + "/" + strings.TrimSuffix(r.path, "/*")}
	for _, room := range r.may {
		if r.path != "internal/*" || !within(room, "internal") {
			allowed = append(allowed, module+"/"+room)
		}
	}
	if r.external != nil {
		allowed = append(append(allowed, "$gostd"), r.external...)
	}
	slices.Sort(allowed)
	return allowed
}
