package resolve

import (
	"strings"

	"github.com/venuewire/venuewire/gen/diag"
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/spec"
)

// fieldMap resolves a map of fields in its order, spreads included, and the rules that come along with spreads.
func (r *resolver) fieldMap(n *spec.Node) ([]*ir.Field, []*ir.Rule) {
	var fs []*ir.Field
	var rules []*ir.Rule
	add := func(f *ir.Field, span diag.Span) {
		if old := fieldNamed(fs, f.Wire); old != nil {
			r.c.Errorf("DUPLICATE_KEY", span, "member %q is there already", f.Wire).
				WithHint("a spread may not repeat a name").WithRelated(old.Span, "first here")
			return
		}
		fs = append(fs, f)
	}
	for _, e := range mapEntries(n) {
		if e.Key.Value != spreadKey {
			add(r.field(e.Key, e.Value, nil), e.Key.Span)
			continue
		}
		for _, it := range list(e.Value) {
			t := r.spreadable(it)
			for _, f := range t.Fields {
				cp := *f
				add(&cp, it.Span)
			}
			rules = append(rules, t.Rules...)
		}
	}
	return fs, rebind(rules, fs)
}

// spreadable resolves the struct named by a spread, with its fields.
func (r *resolver) spreadable(n *spec.Node) *ir.Type {
	t := r.structNamed(n.Text(), n.Span)
	d := r.decls[t.Spec]
	if d == nil {
		return t
	}
	if d.state == defining {
		r.c.Errorf("TYPE_CYCLE", n.Span, "%q is spread into itself", t.Spec)
		return &ir.Type{Kind: ir.KindStruct}
	}
	r.define(d)
	return t
}

// rebind makes rules of a spread type speak of the copies of its fields.
func rebind(rules []*ir.Rule, fs []*ir.Field) []*ir.Rule {
	var out []*ir.Rule
	for _, rule := range rules {
		cp := &ir.Rule{Kind: rule.Kind, Span: rule.Span}
		for _, f := range rule.Fields {
			if own := fieldNamed(fs, f.Wire); own != nil {
				cp.Fields = append(cp.Fields, own)
			}
		}
		out = append(out, cp)
	}
	return out
}

// rules resolves conditions over fields.
func (r *resolver) rules(n *spec.Node, fs []*ir.Field) []*ir.Rule {
	var out []*ir.Rule
	for _, it := range list(n) {
		for _, e := range mapEntries(it) {
			rule := &ir.Rule{Kind: e.Key.Value, Span: it.Span}
			for _, name := range list(e.Value) {
				if f := fieldNamed(fs, name.Value); f != nil {
					rule.Fields = append(rule.Fields, f)
					continue
				}
				r.c.Errorf("REQUEST_FIELD", name.Span, "rule %s names %q, which is no field", rule.Kind, name.Value).
					WithHint("did you mean %q?", nearest(name.Value, wireNames(fs)))
			}
			out = append(out, rule)
		}
	}
	return out
}

func wireNames(fs []*ir.Field) []string {
	var out []string
	for _, f := range fs {
		out = append(out, f.Wire)
	}
	return out
}

// items resolves the places of a tuple.
func (r *resolver) items(n *spec.Node) []*ir.Field {
	var fs []*ir.Field
	for _, it := range list(n) {
		name := it.Get("name")
		if name == nil {
			continue
		}
		f := r.field(name, it, nil)
		if old := fieldNamed(fs, f.Wire); old != nil {
			r.c.Errorf("DUPLICATE_KEY", name.Span, "item %q is there already", f.Wire).WithRelated(old.Span, "first here")
			continue
		}
		fs = append(fs, f)
	}
	return fs
}

// field resolves one field. like gives the type of a field that has none of its own; it may be nil.
func (r *resolver) field(key, n *spec.Node, like *ir.Field) *ir.Field {
	f := &ir.Field{Wire: key.Value, Span: key.Span, Prov: prov(n)}
	f.Go = n.Get("go").Text()
	if f.Go == "" {
		f.Go = r.names.Exported(f.Wire)
	}
	own := r.ownCoding(n)
	if like != nil && !n.Has("type") {
		f.Type, f.Optional, f.Coding = like.Type, like.Optional, merge(own, like.Coding)
		f.Sensitive, f.SensitiveSet = like.Sensitive, like.SensitiveSet
		if f.Prov.Doc == "" {
			f.Prov.Doc = like.Prov.Doc
		}
	} else {
		f.Type = r.typeExpr(n.Get("type"))
		f.Coding = inherit(own, f.Type)
	}
	r.attributes(f, n)
	return f
}

func (r *resolver) attributes(f *ir.Field, n *spec.Node) {
	if n.Has("optional") {
		f.Optional = truth(n.Get("optional"))
	}
	if s := n.Get("sensitive"); s != nil {
		f.Sensitive, f.SensitiveSet = truth(s), true
	}
	f.Also = texts(n.Get("also"))
	f.Default = optionalLiteral(n.Get("default"))
	f.Const = optionalLiteral(n.Get("const"))
	f.Wildcard = n.Get("wildcard").Text()
	f.Shared = n.Get("shared").Text()
	f.Batch = batch(n.Get("batch"))
}

func optionalLiteral(n *spec.Node) *string {
	if n == nil || n.Kind == spec.Map {
		return nil
	}
	s := literal(n)
	if n.Kind == spec.List {
		s = "[" + strings.Join(literals(n), ",") + "]"
	}
	return &s
}

func batch(n *spec.Node) *ir.Batch {
	if n == nil {
		return nil
	}
	sep, b := n, &ir.Batch{}
	if n.Kind == spec.Map {
		sep, b.MaxItems = n.Get("sep"), int(integer(n.Get("max_items")))
	}
	b.Array = sep == nil || sep.Value == "array"
	if !b.Array {
		b.Sep = sep.Value
	}
	return b
}
