package resolve

import (
	"slices"
	"strings"

	"github.com/venuewire/venuewire/gen/diag"
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/spec"
)

// row is one entry of a section after families are expanded.
type row struct {
	wire   string
	family string
	span   diag.Span // of the name
	node   *spec.Node
}

// rows expands the families of a section; all else is taken as it is.
func rows(section *spec.Node) []row {
	var out []row
	for _, e := range mapEntries(section) {
		base := row{wire: e.Key.Value, span: e.Key.Span, node: e.Value}
		out = append(out, expand(base)...)
	}
	return out
}

// expand makes one row for each combination of the values of a family's holes.
func expand(base row) []row {
	holes := mapEntries(base.node.Get("family"))
	if len(holes) == 0 {
		return []row{base}
	}
	base.family = base.wire
	out := []row{base}
	for _, h := range holes {
		var next []row
		for _, r := range out {
			for _, v := range mapEntries(h.Value) {
				next = append(next, r.with(h.Key.Value, v.Key.Value, v.Value.Text()))
			}
		}
		out = next
	}
	return out
}

// with fills one hole in the name and in the Go name.
func (r row) with(hole, wire, word string) row {
	mark := "{" + hole + "}"
	r.wire = strings.ReplaceAll(r.wire, mark, wire)
	if g := r.node.Get("go"); g != nil {
		cp := *g
		cp.Value = strings.ReplaceAll(g.Value, mark, word)
		r.node = overlay(r.node, mapOf(spec.Entry{Key: &spec.Node{Value: "go", Span: g.Span}, Value: &cp}))
	}
	return r
}

func mapOf(e ...spec.Entry) *spec.Node { return &spec.Node{Kind: spec.Map, Entries: e} }

// versionUnknown is the word for a version that nobody knows.
const versionUnknown = "unknown"

// entry reads what RPCs and subscriptions share.
func (r *resolver) entry(d *ir.Domain, w row) ir.Entry {
	n := w.node
	e := ir.Entry{
		Wire: w.wire, Go: n.Get("go").Text(), Connections: r.connections(n.Get("connections"), d.Connections),
		Candidates: texts(n.Get("candidates")), Skip: n.Get("skip").Text(), Unknown: texts(n.Get("unknown")),
		Priority: n.Get("priority").Text(), Family: w.family, Examples: examples(n.Get("examples")),
		Domain: d, Prov: prov(n), Span: w.span,
	}
	if e.Version = n.Get("version").Text(); e.Version == versionUnknown {
		e.Version, e.VersionUnknown = "", true
	}
	e.Tags = d.Tags
	if n.Has("tags") {
		e.Tags = texts(n.Get("tags"))
	}
	if g := n.Get("group"); g != nil {
		e.Group = &ir.Group{Rows: int(integer(g.Get("rows"))), Known: texts(g.Get("known"))}
	}
	return e
}

// needs resolves what an entry needs, when all entries are known.
func (r *resolver) needs(e *ir.Entry, n *spec.Node) {
	n = n.Get("needs")
	if n == nil {
		return
	}
	e.Needs = &ir.Needs{With: texts(n.Get("with")), Span: n.Span}
	if s := n.Get("session"); s != nil {
		e.Needs.Session = r.session(s)
	}
	if c := n.Get("call"); c != nil {
		e.Needs.Call = r.rpcRef(c)
	}
}

func (r *resolver) session(n *spec.Node) *ir.SessionLevel {
	var known []string
	for _, s := range r.v.Sessions {
		if s.Name == n.Text() {
			return s
		}
		known = append(known, s.Name)
	}
	r.unresolved(n.Span, "session", n.Text(), known)
	return nil
}

// rpcRef resolves the wire name of an rpc that has a method; of several versions it is the first.
func (r *resolver) rpcRef(n *spec.Node) *ir.RPC {
	if n == nil {
		return nil
	}
	all := r.rpcs[n.Text()]
	if i := slices.IndexFunc(all, func(x *ir.RPC) bool { return x.Go != "" }); i >= 0 {
		return all[i]
	}
	if len(all) > 0 {
		r.c.Errorf("UNRESOLVED_REF", n.Span, "rpc %q has no method", n.Text()).WithHint("give it a `go` name")
		return nil
	}
	var known []string
	for name := range r.rpcs {
		known = append(known, name)
	}
	r.unresolved(n.Span, "rpc", n.Text(), known)
	return nil
}

func examples(n *spec.Node) []*ir.Example {
	var out []*ir.Example
	for _, it := range list(n) {
		x := &ir.Example{
			Name: it.Get("name").Text(), Kind: it.Get("kind").Text(), Version: it.Get("version").Text(),
			Source: sourceRefs(it.Get("source")), Span: it.Span,
		}
		for _, s := range list(it.Get("steps")) {
			for _, e := range mapEntries(s) {
				x.Steps = append(x.Steps, ir.Step{Send: e.Key.Value == "send", Frame: e.Value.Text(), Span: e.Value.Span})
			}
		}
		out = append(out, x)
	}
	return out
}
