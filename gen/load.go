// Package gen is the generator as a library: Load reads a spec folder into the resolved model and says what is wrong
// with it. Nothing here writes to a disk.
package gen

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/venuewire/venuewire/gen/diag"
	"github.com/venuewire/venuewire/gen/example"
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/lint"
	"github.com/venuewire/venuewire/gen/resolve"
	"github.com/venuewire/venuewire/gen/spec"
)

// Model is a loaded spec folder.
type Model struct {
	Tree   *spec.Tree
	Venues []*ir.Venue // sorted by directory
}

// Option changes how Load works.
type Option func(*config)

type config struct {
	prefix string
	dirs   []string
}

// WithPrefix puts a path before the file names of all findings, such as "specs".
func WithPrefix(prefix string) Option { return func(c *config) { c.prefix = prefix } }

// WithDirs loads only these directories of the spec folder; without it every directory with a venue.yaml is one.
func WithDirs(dirs ...string) Option { return func(c *config) { c.dirs = append(c.dirs, dirs...) } }

// Load reads the venues of fsys, which is rooted at the spec folder, resolves and checks them. The findings are those
// of all phases; the model is never nil and fit to be generated from when no finding is an error.
func Load(fsys fs.FS, opts ...Option) (*Model, diag.List) {
	var c config
	for _, o := range opts {
		o(&c)
	}
	var all diag.Collector
	tree, found := spec.Options{Prefix: c.prefix}.Load(fsys, c.dirs...)
	all.Add(found...)
	venues, found := resolve.Resolve(tree)
	all.Add(found...)
	all.Add(lint.Check(venues)...)
	for _, v := range venues {
		all.Add(example.Check(v)...)
	}
	return &Model{Tree: tree, Venues: venues}, all.List()
}

// Select returns the venues of the given names (ids or directories), all of them without names. A name that is no
// venue is an error that lists those there are.
func Select(m *Model, names ...string) ([]*ir.Venue, error) {
	if len(names) == 0 {
		return m.Venues, nil
	}
	var out []*ir.Venue
	for _, name := range names {
		i := slices.IndexFunc(m.Venues, func(v *ir.Venue) bool { return v.Name == name || v.Dir == name })
		if i < 0 {
			return nil, fmt.Errorf("no venue %q in the specs; there are %s", name, strings.Join(venueNames(m), ", "))
		}
		out = append(out, m.Venues[i])
	}
	return out, nil
}

func venueNames(m *Model) []string {
	var out []string
	for _, v := range m.Venues {
		out = append(out, v.Name)
	}
	return out
}
