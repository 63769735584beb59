package definitions

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sync"

	"motcua/engine"
)

//go:embed procedures/*.yaml organisations/*.yaml scenarios/*/*.txtar
var shippedFiles embed.FS

// Source is a procedure definition that ships with the program.
type Source struct {
	File    string // its path below the package, "procedures/1.001193.yaml"
	Text    []byte
	Machine *engine.Machine
}

// Shipped is every procedure that ships, in order of file name. The texts and
// machines are shared: read them only.
func Shipped() ([]Source, error) { return shipped() }

var shipped = sync.OnceValues(func() ([]Source, error) {
	var sources []Source
	err := eachFile("procedures", func(file string, data []byte) error {
		machine, findings := Read(file, data)
		sources = append(sources, Source{File: file, Text: data, Machine: machine})
		return findings.Err()
	})
	return sources[:len(sources):len(sources)], err
})

// ExampleOrganisations is every example agency that ships, in order of file
// name. Their names, officers and codes are invented.
func ExampleOrganisations() ([]engine.Organisation, error) {
	var organisations []engine.Organisation
	err := eachFile("organisations", func(file string, data []byte) error {
		o, findings := ReadOrganisation(file, data)
		if err := findings.Err(); err != nil {
			return err
		}
		organisations = append(organisations, *o)
		return nil
	})
	return organisations, err
}

// ScenarioText is a scenario that ships with a procedure; package scenario
// reads and plays it.
type ScenarioText struct {
	File string // its path below the package, "scenarios/1.001193/on-time.txtar"
	Text []byte
}

// Scenarios is every scenario that ships with the procedure of a code, in order
// of file name. A procedure without any is no error.
func Scenarios(code string) ([]ScenarioText, error) {
	dir := path.Join("scenarios", path.Base(code))
	if _, err := fs.Stat(shippedFiles, dir); errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var texts []ScenarioText
	err := eachFile(dir, func(file string, data []byte) error {
		texts = append(texts, ScenarioText{File: file, Text: data})
		return nil
	})
	return texts, err
}

func eachFile(dir string, do func(file string, data []byte) error) error {
	entries, err := shippedFiles.ReadDir(dir) // in order of name
	if err != nil {
		return fmt.Errorf("list shipped %s: %w", dir, err)
	}
	for _, entry := range entries {
		file := path.Join(dir, entry.Name())
		data, err := shippedFiles.ReadFile(file)
		if err != nil {
			return fmt.Errorf("read shipped %s: %w", file, err)
		}
		if err := do(file, data); err != nil {
			return fmt.Errorf("shipped %s: %w", file, err)
		}
	}
	return nil
}
