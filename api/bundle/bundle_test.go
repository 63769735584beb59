package bundle_test

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"motcua/api/bundle"
	"motcua/engine"
	"motcua/engine/calendar"
)

func example() bundle.Bundle {
	text := []byte("code: \"1.001193\"   # đúng từng byte")
	spec := []byte(`{"code":"vn-national"}`)
	return bundle.New([]engine.VersionRecord{{
		Version: engine.Version{Code: "1.001193", Version: 2, SHA256: bundle.Sum(text), Text: text, Effective: engine.Effective{From: calendar.NewDate(2026, time.May, 13)}},
		State:   engine.VersionPublished,
	}}, []engine.StoredCalendar{{Code: "vn-national", Version: 3, Text: spec, SHA256: bundle.Sum(spec)}})
}

func write(t *testing.T) []byte {
	t.Helper()
	data, err := example().Write()
	require.NoError(t, err)
	return data
}

func TestBundle(t *testing.T) {
	data := write(t)
	require.Equal(t, data, write(t), "the same catalogue makes the same bytes")
	b, err := bundle.Read(data)
	require.NoError(t, err)
	require.Equal(t, example(), b)
	empty, err := bundle.New(nil, nil).Write()
	require.NoError(t, err)
	_, err = bundle.Read(empty)
	require.NoError(t, err)
}

// repack writes the bundle anew, each file as change makes it.
func repack(t *testing.T, change func(name string, text []byte, add func(string, []byte))) []byte {
	t.Helper()
	data := write(t)
	in, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range in.File {
		r, err := f.Open()
		require.NoError(t, err)
		text, err := io.ReadAll(r)
		require.NoError(t, err)
		change(f.Name, text, func(name string, text []byte) {
			w, err := z.Create(name)
			require.NoError(t, err)
			_, err = w.Write(text)
			require.NoError(t, err)
		})
	}
	require.NoError(t, z.Close())
	return out.Bytes()
}

func TestReadRefuses(t *testing.T) {
	type add = func(string, []byte)
	procedure := func(name string) bool { return strings.HasPrefix(name, "procedures/") }
	manifest := func(old, new string) func(string, []byte, add) {
		return func(name string, text []byte, add add) {
			if name == "manifest.json" {
				require.Contains(t, string(text), old)
				text = bytes.Replace(text, []byte(old), []byte(new), 1)
			}
			add(name, text)
		}
	}
	for says, change := range map[string]func(name string, text []byte, add add){
		"not the one its checksum is of": func(name string, text []byte, add add) {
			if procedure(name) {
				text = append(text, ' ')
			}
			add(name, text)
		},
		"is missing": func(name string, text []byte, add add) {
			if !procedure(name) {
				add(name, text)
			}
		},
		"are not in the manifest": func(name string, text []byte, add add) {
			add(name, text)
			if procedure(name) {
				add("procedures/more.yaml", nil)
			}
		},
		"a file twice": func(name string, text []byte, add add) {
			add(name, text)
			if procedure(name) {
				add(name, text)
			}
		},
		"is too large": func(name string, text []byte, add add) {
			if procedure(name) {
				text = make([]byte, 2<<20)
			}
			add(name, text)
		},
		"format is not":               manifest("motcua-catalogue/1", "motcua-catalogue/2"),
		"manifest cannot be read":     manifest("{", "["),
		"does not have the name of":   manifest("procedures/1.001193@2.yaml", "../1.001193@2.yaml"),
		"have the name of 1.001193 v": manifest(`"version": 2`, `"version": 3`),
	} {
		t.Run(says, func(t *testing.T) {
			_, err := bundle.Read(repack(t, change))
			require.Equal(t, engine.CodeInvalid, engine.CodeOf(err))
			require.ErrorContains(t, err, says)
		})
	}
	for name, data := range map[string][]byte{"nothing": nil, "text": []byte("motcua: 1"), "half": write(t)[:200]} {
		t.Run(name, func(t *testing.T) {
			_, err := bundle.Read(data)
			require.Equal(t, engine.CodeInvalid, engine.CodeOf(err))
		})
	}
}
