// Package emit turns a resolved venue into Go source: one file for each spec file, one for the wire, one that joins
// them, and a test file beside each. It reads only the ir; nothing here knows a venue.
package emit

import (
	"fmt"
	"path"
	"strings"

	j "github.com/dave/jennifer/jen"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// Options are the choices of one run.
type Options struct {
	// Specs is the spec folder as file headers show it, e.g. "specs".
	Specs string
}

// File is one generated file, its path relative to the output root.
type File struct {
	Path    string
	Content []byte
}

// job is one file to render.
type job struct {
	name  string // below the package directory
	from  string // spec file that the header names
	build func(f *j.File)
}

// Jobs lists the files of a venue as functions, so that a caller renders them in parallel.
func Jobs(v *ir.Venue, o Options) []func() (File, error) {
	g := newGenerator(v)
	var out []func() (File, error)
	for _, jb := range g.jobs() {
		out = append(out, func() (File, error) { return render(v, o, jb) })
	}
	return out
}

func render(v *ir.Venue, o Options, jb job) (File, error) {
	f := jenx.File(v.PackageName(), path.Join(o.Specs, v.Dir, jb.from))
	jb.build(f)
	content, err := jenx.Render(f)
	if err != nil {
		return File{}, fmt.Errorf("%s: %s: %w", v.Name, jb.name, err)
	}
	return File{Path: path.Join(v.Package, jb.name), Content: content}, nil
}

// jobs lists the files of one venue in a fixed order.
func (g *generator) jobs() []job {
	out := []job{
		{"venue_gen.go", "venue.yaml", g.venueFile},
		{"protocol_gen.go", "venue.yaml", g.protocolFile},
	}
	if g.anyTests() {
		out = append(out, job{"venue_gen_test.go", "venue.yaml", g.venueTestFile})
	}
	for _, d := range g.v.Domains {
		base := strings.TrimSuffix(d.File, ".yaml")
		out = append(out, job{base + "_gen.go", d.File, func(f *j.File) { g.domainFile(f, d) }})
		if g.domainHasTests(d) {
			out = append(out, job{base + "_gen_test.go", d.File, func(f *j.File) { g.domainTestFile(f, d) }})
		}
	}
	return out
}

// domainFile writes everything of one spec file.
func (g *generator) domainFile(f *j.File, d *ir.Domain) {
	for _, gr := range g.groupsOf(d) {
		g.apiStruct(f, gr)
		for _, r := range gr.rpcs {
			g.rpcMethod(f, gr, r)
		}
		for _, s := range gr.subs {
			g.subscription(f, gr, s)
		}
		for _, e := range gr.unsolicited() {
			g.listenMethod(f, gr, e)
		}
		g.framesStruct(f, gr)
	}
	for _, t := range d.Types {
		g.typeDecl(f, t)
	}
	g.descriptors(f, d)
	g.catalogue(f, d)
}
