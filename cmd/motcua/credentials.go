package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// credentials are the address and the keys of a local stack, for the command
// line and for trying things out. The file is readable by its owner only.
type credentials struct {
	Server string            `json:"server"`
	Keys   map[string]string `json:"keys"` // "portal@AGENCY" or an officer's id, to the key
}

func credentialsPath(dir string) string { return filepath.Join(dir, "credentials.json") }

// readCredentials reads those of the stack in dir; without a file there are none.
func readCredentials(dir string) (credentials, error) {
	c := credentials{Keys: map[string]string{}}
	text, err := os.ReadFile(credentialsPath(dir))
	if errors.Is(err, os.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(text, &c); err != nil {
		return c, fmt.Errorf("%s cannot be read; delete it and start motcua dev again: %w", credentialsPath(dir), err)
	}
	if c.Keys == nil {
		c.Keys = map[string]string{}
	}
	return c, nil
}

// write replaces the file at once: who reads it sees the old or the new.
func (c credentials) write(dir string) error {
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "credentials-*.new") // for its owner's eyes only
	if err != nil {
		return err
	}
	_, err = f.Write(append(text, '\n'))
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), credentialsPath(dir))
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("write the credentials: %w", err)
	}
	return nil
}

// key finds a key by its name, or says which names there are.
func (c credentials) key(dir, name string) (string, error) {
	if key := c.Keys[name]; key != "" {
		return key, nil
	}
	if len(c.Keys) == 0 {
		return "", usagef("--as %s: there are no keys in %s; start motcua dev, or say with --dir where it runs", name, credentialsPath(dir))
	}
	var near []string
	for _, n := range slices.Sorted(maps.Keys(c.Keys)) {
		if strings.Contains(n, name) {
			near = append(near, n)
		}
	}
	if len(near) > 0 {
		return "", usagef("--as %s: no key has this name; did you mean %s?", name, strings.Join(near, " or "))
	}
	return "", usagef("--as %s: no key has this name; the names are in %s", name, credentialsPath(dir))
}
