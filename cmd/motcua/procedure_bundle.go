package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"motcua/api/bundle"
	"motcua/engine"
)

func (a *app) procedureBundle() *cobra.Command {
	c := noun("bundle", "carry the published procedures from one server to another", a.bundleExport(), a.bundleImport())
	c.Long = "A bundle is one file with every published version and every calendar of a server, with checksums."
	return c
}

func (a *app) bundleExport() *cobra.Command {
	r := &remote{}
	c := &cobra.Command{
		Use:     "export FILE",
		Short:   "write every published version of a server to a file",
		Long:    "Writes every published version, byte by byte, and every calendar as one ZIP archive, and checks it." + whichServer,
		Example: "  motcua procedure bundle export --as tam.phan catalogue.zip",
		Args:    exactly(1, "one file"),
		RunE: func(c *cobra.Command, args []string) error {
			var data []byte
			if err := r.get(c.Context(), "/catalogue", nil, &data); err != nil {
				return err
			}
			b, err := bundle.Read(data)
			if err != nil {
				return err
			}
			if err := replace(args[0], data); err != nil {
				return err
			}
			result := struct {
				File   string `json:"file"`
				SHA256 string `json:"sha256"`
				bundle.Bundle
			}{args[0], bundle.Sum(data), b}
			return a.print(result, func(w io.Writer) {
				fmt.Fprintf(w, "%s: %s, %s\nsha256  %s\n", args[0], plural(len(b.Procedures), "procedure"), plural(len(b.Calendars), "calendar"), result.SHA256)
			})
		},
	}
	r.flags(c)
	return c
}

// replace writes a file at once: half a bundle never stands under its name.
func replace(file string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+"-*.new")
	if errors.Is(err, fs.ErrNotExist) {
		return usageError{err}
	}
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), file)
	}
	if err != nil {
		_ = os.Remove(f.Name())
		return fmt.Errorf("write the bundle: %w", err)
	}
	return nil
}

// maxBundle is more than any server takes.
const maxBundle = 64 << 20

func (a *app) bundleImport() *cobra.Command {
	r := &remote{}
	c := &cobra.Command{
		Use:   "import FILE",
		Short: "bring a bundle to a server",
		Long: "Stores every version of a bundle that the server lacks, all or none, after each text was held against its\n" +
			"checksum and checked. What is stored still has to be approved and published there. Takes role\nprocedure-author." + whichServer,
		Example: "  motcua procedure bundle import --as tam.phan catalogue.zip",
		Args:    exactly(1, "one file"),
		RunE: func(c *cobra.Command, args []string) error {
			data, err := readBundle(args[0])
			if err != nil {
				return err
			}
			var out struct {
				SHA256     string                `json:"sha256"`
				Procedures []engine.ImportResult `json:"procedures"`
			}
			q := request{method: http.MethodPost, path: "/catalogue", body: data, media: "application/zip"}
			if err := r.call(c.Context(), q, &out); err != nil {
				return a.findings("", err)
			}
			return a.print(out, func(w io.Writer) {
				columns(w, func(t io.Writer) {
					row(t, "PROCEDURE", "VERSION", "RESULT", "STATE", "SHA256")
					for _, p := range out.Procedures {
						row(t, p.Code, strconv.Itoa(p.Version), p.Result, string(p.State), short(p.SHA256))
					}
				})
			})
		},
	}
	r.flags(c)
	return c
}

func readBundle(file string) ([]byte, error) {
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, usageError{err}
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, usagef("%s is a directory, not a bundle", file)
	case info.Size() > maxBundle:
		return nil, engine.Errorf(engine.CodeTooLarge, "%s is larger than any bundle: over %d MiB", file, maxBundle>>20)
	}
	return os.ReadFile(file)
}
