package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/venuewire/venuewire/gen"
	"github.com/venuewire/venuewire/gen/diag"
)

// env is what verbs work with.
type env struct {
	specs, out     string
	stdout, stderr io.Writer
}

// load reads the specs. Findings are the caller's to print; the error says that there is no spec folder.
func (e *env) load() (*gen.Model, diag.List, error) {
	info, err := os.Stat(e.specs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil, bad("there is no folder %s; run protogen in the root of the module or give --specs", e.specs)
	case err != nil:
		return nil, nil, bad("cannot read the specs: %v", err)
	case !info.IsDir():
		return nil, nil, bad("%s is not a folder", e.specs)
	}
	m, found := e.loadFrom(os.DirFS(e.specs))
	return m, found, nil
}

func (e *env) loadFrom(fsys fs.FS) (*gen.Model, diag.List) {
	return gen.Load(fsys, gen.WithPrefix(filepath.ToSlash(e.specs)))
}

// loadGood reads specs that have no errors; if they have, they are printed.
func (e *env) loadGood() (*gen.Model, error) {
	m, found, err := e.load()
	if err != nil {
		return nil, err
	}
	return m, e.refuse(m, found.Errors())
}

// refuse prints findings and returns the failure that they are; nil when none of them is an error.
func (e *env) refuse(m *gen.Model, found diag.List) error {
	if err := diag.PrintText(e.stderr, found, m.Tree); err != nil {
		return err
	}
	if n := len(found.Errors()); n > 0 {
		return bad("%s in the specs", plural(n, "error"))
	}
	return nil
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// specPrefix is the spec folder as the headers of generated files show it: relative to the output, with slashes.
func (e *env) specPrefix() (string, error) {
	out, err := filepath.Abs(e.out)
	if err != nil {
		return "", bad("--out: %v", err)
	}
	specs, err := filepath.Abs(e.specs)
	if err != nil {
		return "", bad("--specs: %v", err)
	}
	rel, err := filepath.Rel(out, specs)
	if err != nil {
		return "", bad("--specs and --out have no common root: %v", err)
	}
	return filepath.ToSlash(rel), nil
}

// say prints one line.
func (e *env) say(format string, args ...any) { fmt.Fprintf(e.stdout, format+"\n", args...) }
