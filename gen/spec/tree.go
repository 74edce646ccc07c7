package spec

import (
	"io/fs"

	"github.com/venuewire/venuewire/gen/diag"
)

// File is one spec file.
type File struct {
	Path   string // as shown to the user: prefix, directory, name
	Source []byte
	Root   *Node // a map; nil when the file could not be read as one
	Domain bool  // false for venue.yaml
}

// Venue is one directory with a venue.yaml.
type Venue struct {
	Dir     string  // name below the spec folder
	Venue   *File   // never nil
	Domains []*File // sorted by file name
}

// Tree is what was loaded. It implements diag.Sources.
type Tree struct {
	Venues []*Venue // sorted by directory
	files  map[string]*File
}

// Source returns the text of a loaded file by its shown path.
func (t *Tree) Source(file string) ([]byte, bool) {
	if t == nil {
		return nil, false
	}
	f, ok := t.files[file]
	if !ok {
		return nil, false
	}
	return f.Source, true
}

// Options tell how a spec folder is loaded. The zero value is ready to use.
type Options struct {
	Prefix string // put before every path that is shown, such as "specs"
}

// Load loads venues with the zero Options; see Options.Load.
func Load(fsys fs.FS, dirs ...string) (*Tree, diag.List) {
	return Options{}.Load(fsys, dirs...)
}
