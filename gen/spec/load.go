package spec

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/venuewire/venuewire/gen/diag"
)

// VenueFile is the name of the file that makes a directory a venue.
const VenueFile = "venue.yaml"

const domainSuffix = ".yaml"

// Load loads the venues in the given directories of fsys, which is rooted at
// the spec folder; no directories means every one that has a venue.yaml. The
// findings are those of all files. The tree holds what could be read, so that
// later phases can add their findings; it is never nil. A directory without a
// venue.yaml is a finding and not in the tree.
func (o Options) Load(fsys fs.FS, dirs ...string) (*Tree, diag.List) {
	l := loader{Options: o, fsys: fsys, lang: newLanguage(), tree: &Tree{files: map[string]*File{}}}
	if len(dirs) == 0 {
		dirs = l.venueDirs()
	}
	dirs = slices.Clone(dirs)
	slices.Sort(dirs)
	for _, dir := range slices.Compact(dirs) {
		l.venue(dir)
	}
	return l.tree, l.diags.List()
}

type loader struct {
	Options
	fsys  fs.FS
	lang  *language
	tree  *Tree
	diags diag.Collector
}

// shown returns a path of fsys as the user knows it.
func (l *loader) shown(name string) string {
	return path.Join(l.Prefix, name)
}

// venueDirs returns the directories at the top of fsys that have a venue.yaml.
func (l *loader) venueDirs() []string {
	found, err := fs.Glob(l.fsys, "*/"+VenueFile)
	if err != nil || len(found) == 0 {
		l.fileError(".", "no directory here has a %s", VenueFile)
	}
	for i, name := range found {
		found[i] = path.Dir(name)
	}
	return found
}

func (l *loader) venue(dir string) {
	entries, err := fs.ReadDir(l.fsys, dir)
	if err != nil {
		l.fileError(dir, "cannot read the directory: %v", err)
		return
	}
	v := &Venue{Dir: dir}
	for _, e := range entries {
		l.venueEntry(v, e)
	}
	if v.Venue == nil {
		l.fileError(dir, "the directory has no %s", VenueFile)
		return
	}
	l.tree.Venues = append(l.tree.Venues, v)
}

func (l *loader) venueEntry(v *Venue, e fs.DirEntry) {
	name := path.Join(v.Dir, e.Name())
	switch {
	case e.IsDir() || strings.HasPrefix(e.Name(), "."):
	case e.Name() == VenueFile:
		v.Venue = l.file(name, false)
	case path.Ext(name) == domainSuffix:
		if f := l.file(name, true); f != nil {
			v.Domains = append(v.Domains, f)
		}
	case path.Ext(name) == ".yml":
		l.fileError(name, "spec files end in %s", domainSuffix)
	}
}

// file loads one file; nil when it cannot be read at all.
func (l *loader) file(name string, domain bool) *File {
	src, err := fs.ReadFile(l.fsys, name)
	if err != nil {
		l.fileError(name, "cannot read the file: %v", err)
		return nil
	}
	f := &File{Path: l.shown(name), Source: src, Domain: domain}
	l.tree.files[f.Path] = f
	f.Root = readYAML(f.Path, src, &l.diags)
	if f.Root != nil {
		l.lang.check(f, &l.diags)
	}
	return f
}

func (l *loader) fileError(name, format string, args ...any) {
	l.diags.Errorf(RuleYAMLForm, diag.Span{File: l.shown(name)}, format, args...)
}
