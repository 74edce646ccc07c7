package main

import (
	"bytes"
	"cmp"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/venuewire/venuewire/gen/ir"
)

// target is one file that generation owns.
type target struct {
	name    string // on disk
	content []byte
	// owned reports whether an existing file of that name is ours to replace.
	owned func(content []byte) bool
}

// change is one file that differs from what is generated.
type change struct {
	name     string
	old, new []byte // old nil: the file is missing; new nil: the file is stale
}

func (c change) missing() bool { return c.old == nil }
func (c change) stale() bool   { return c.new == nil }

func isGenerated(content []byte) bool { _, ok := headerSpec(content); return ok }

func always([]byte) bool { return true }

// compare returns what has to change on disk, in order of names. A file that is in the way and not ours is an error.
func compare(targets []target) ([]change, error) {
	var out []change
	for _, t := range targets {
		old, there, err := readIfThere(t.name)
		switch {
		case err != nil:
			return nil, bad("%v", err)
		case !there:
			out = append(out, change{name: t.name, new: t.content})
		case bytes.Equal(old, t.content):
		case len(old) > 0 && !t.owned(old):
			return nil, bad("%s is in the way: protogen did not generate it; move it or rename the spec file", t.name)
		default:
			out = append(out, change{name: t.name, old: notNil(old), new: t.content})
		}
	}
	return out, nil
}

// notNil tells an empty file from a missing one.
func notNil(b []byte) []byte { return append([]byte{}, b...) }

// stale finds generated files in the package directories of venues that are generated no more. Files of venues that
// are not in this run are left alone.
func (e *env) stale(run, all []*ir.Venue, targets []target) ([]change, error) {
	keep := map[string]bool{}
	for _, t := range targets {
		keep[t.name] = true
	}
	others := map[string]bool{}
	for _, v := range all {
		others[v.Dir] = !slices.Contains(run, v)
	}
	var out []change
	for _, dir := range packageDirs(e.out, run) {
		names, err := filepath.Glob(filepath.Join(escapeGlob(dir), "*.go"))
		if err != nil {
			return nil, bad("%s: %v", dir, err)
		}
		for _, name := range names {
			content, err := os.ReadFile(name)
			if err != nil {
				return nil, bad("%v", err)
			}
			from, ok := headerSpec(content)
			if ok && !keep[name] && !others[path.Base(path.Dir(from))] {
				out = append(out, change{name: name, old: content})
			}
		}
	}
	return out, nil
}

func packageDirs(out string, venues []*ir.Venue) []string {
	var dirs []string
	for _, v := range venues {
		dirs = append(dirs, filepath.Join(out, filepath.FromSlash(v.Package)))
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

// escapeGlob keeps a directory's own brackets and stars from being a pattern.
func escapeGlob(dir string) string {
	if filepath.Separator != '/' {
		return dir // such systems have no escape
	}
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(dir)
}

func byName(a, b change) int { return cmp.Compare(a.name, b.name) }
