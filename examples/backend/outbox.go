package main

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"motcua/client"
)

// application is what a citizen has filed with the portal, and what became of
// it. A real portal keeps it in its database, key and all.
type application struct {
	Key     string              `json:"key,omitempty"`
	Request client.StartRequest `json:"request"`
	Dossier string              `json:"dossier,omitempty"`
	Refused string              `json:"refused,omitempty"`
	Seq     int64               `json:"seq,omitempty"`
	State   string              `json:"state,omitempty"`
	Due     time.Time           `json:"due,omitzero"`
	Closed  bool                `json:"closed,omitempty"`
	Outcome string              `json:"outcome,omitempty"`

	name string // of its file
}

// outbox is a directory with a file for each application.
type outbox struct{ dir string }

func (o outbox) all() ([]*application, error) {
	names, err := filepath.Glob(filepath.Join(o.dir, "*.json"))
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var out []*application
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		a := &application{name: strings.TrimSuffix(filepath.Base(name), ".json")}
		if err := json.Unmarshal(text, a); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, a)
	}
	return out, nil
}

// assignKey gives an application its key, on disk before anybody uses it. Keys
// are kept by the server, so they say nothing about anybody.
func (o outbox) assignKey(a *application) error {
	a.Key = "example-portal-" + strings.ToLower(rand.Text())
	return o.put(a)
}

// put writes an application so that a crash leaves the old file or the new one.
func (o outbox) put(a *application) error {
	text, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(o.dir, "."+a.name+"-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(file.Name()) }() // gone by then, unless something failed
	if _, err = file.Write(text); err == nil {
		err = file.Sync()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", a.name, err)
	}
	return os.Rename(file.Name(), filepath.Join(o.dir, a.name+".json"))
}
