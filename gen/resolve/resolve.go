// Package resolve turns loaded specs into the resolved model: it expands families and versions, parses the small
// notations, follows references, merges inherited values and decides every Go name.
//
// It reports what cannot be resolved and goes on, so that all findings come in one run; what it returns is whole
// enough to be checked further even when there were findings.
package resolve

import (
	"strings"

	"github.com/venuewire/venuewire/gen/diag"
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/naming"
	"github.com/venuewire/venuewire/gen/spec"
)

// Resolve returns the model of every venue of the tree, in its order, and the findings.
func Resolve(tree *spec.Tree) ([]*ir.Venue, diag.List) {
	if tree == nil {
		return nil, nil
	}
	var c diag.Collector
	var out []*ir.Venue
	for _, v := range tree.Venues {
		out = append(out, newResolver(&c, v).run(v))
	}
	return out, c.List()
}

// resolver works on one venue.
type resolver struct {
	c     *diag.Collector
	names *naming.Namer
	v     *ir.Venue

	decls   map[string]*decl
	scalars map[string]*ir.Type
	events  map[string]*ir.Event
	rpcs    map[string][]*ir.RPC
	domains []*domain

	// partial says that a file of the venue could not be read: what is missing may be in it.
	partial bool

	// late holds what refers to entries: it runs when all of them are known.
	late []func()
}

// domain joins a domain with the file it comes from.
type domain struct {
	ir   *ir.Domain
	root *spec.Node
}

func newResolver(c *diag.Collector, v *spec.Venue) *resolver {
	return &resolver{
		c:       c,
		names:   naming.New(texts(root(v.Venue).Get("naming").Get("initialisms"))...),
		v:       &ir.Venue{Dir: v.Dir},
		decls:   map[string]*decl{},
		scalars: map[string]*ir.Type{},
		events:  map[string]*ir.Event{},
		rpcs:    map[string][]*ir.RPC{},
	}
}

func (r *resolver) run(v *spec.Venue) *ir.Venue {
	n := root(v.Venue)
	r.head(n)
	for _, f := range v.Domains {
		r.domain(f)
	}
	r.defineTypes()
	r.wire(n.Get("wire"))
	r.errors(n.Get("errors"))
	for _, d := range r.domains {
		r.entries(d)
	}
	r.afterEntries(n)
	for i := 0; i < len(r.late); i++ { // what runs late may add what runs later still
		r.late[i]()
	}
	r.mark()
	return r.v
}

func root(f *spec.File) *spec.Node {
	if f == nil {
		return nil
	}
	return f.Root
}

// domain makes the model of a domain file and declares its types.
func (r *resolver) domain(f *spec.File) {
	n := root(f)
	if n == nil {
		r.partial = true
		return
	}
	d := &ir.Domain{
		Name: n.Get("domain").Text(),
		File: f.Path[strings.LastIndexByte(f.Path, '/')+1:],
		Doc:  n.Get("doc").Text(),
		Tags: texts(n.Get("tags")),
		Span: n.Span,
	}
	d.Connections = r.connections(n.Get("connections"), r.v.Connections)
	r.v.Domains = append(r.v.Domains, d)
	r.domains = append(r.domains, &domain{ir: d, root: n})
	r.declare(d, n.Get("types"), false)
	r.declare(d, n.Get("enums"), true)
}

// entries resolves what a domain file holds, section by section in the order of the file.
func (r *resolver) entries(d *domain) {
	for _, e := range mapEntries(d.root) {
		switch e.Key.Value {
		case "rpcs":
			r.domainRPCs(d.ir, e.Value)
		case "subscriptions":
			r.domainSubscriptions(d.ir, e.Value)
		case "events":
			r.domainEvents(d.ir, e.Value)
		case "types", "enums":
			r.listTypes(d.ir, e.Value)
		}
	}
}
