package lint

import (
	"slices"
	"strings"

	"github.com/venuewire/venuewire/gen/diag"
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/resolve"
)

// typeCycles reports types that hold themselves with no list or map between.
func typeCycles(c *checker) {
	for t := range c.types() {
		if t.Kind != ir.KindAlias && holds(t, t, map[*ir.Type]bool{}) {
			c.report(t.Span, "type %s contains itself", t.Go).WithHint("put a list or a map between, or use json")
		}
	}
}

// holds reports whether a value of t lies within every value of from.
func holds(from, t *ir.Type, seen map[*ir.Type]bool) bool {
	if seen[from] {
		return false
	}
	seen[from] = true
	for _, p := range parts(from) {
		if p == t || holds(p, t, seen) {
			return true
		}
	}
	return false
}

// parts lists the types that a value holds by value.
func parts(t *ir.Type) []*ir.Type {
	var out []*ir.Type
	switch t.Kind {
	case ir.KindAlias, ir.KindPair:
		out = append(out, t.Elem)
	case ir.KindStruct, ir.KindTuple, ir.KindText:
		for _, f := range t.Fields {
			out = append(out, f.Type)
		}
	case ir.KindUnion:
		for _, v := range t.Variants {
			out = append(out, v.Type)
		}
	}
	return slices.DeleteFunc(out, func(t *ir.Type) bool { return t == nil })
}

func unusedTypes(c *checker) {
	for t := range c.types() {
		if t.Spec != "" && t.Refs == 0 {
			c.report(t.Span, "nothing refers to type %s", t.Spec).WithHint("leave it out")
		}
	}
}

// inboundOnly reports tolerances of reading in what is only written.
func inboundOnly(c *checker) {
	check := func(t *ir.Type, whose string) {
		if t == nil {
			return
		}
		reach(t, func(f *ir.Field, t *ir.Type) {
			if f == nil {
				return
			}
			if f.Coding.Wire == "human" {
				c.report(f.Span, "field %q of %s is written, and `human` can only be read", f.Wire, whose)
			}
			if len(f.Coding.Accept) > 0 {
				c.report(f.Span, "field %q of %s is written, and `accept` is a tolerance of reading", f.Wire, whose)
			}
		})
	}
	for x := range c.rpcs() {
		check(x.Request, "the request of "+x.Wire)
	}
	for s := range c.subscriptions() {
		check(s.Route, "the route of "+s.Wire)
		check(s.Params, "the params of "+s.Wire)
	}
}

func nullAsValue(c *checker) {
	for _, f := range c.fields() {
		base := resolve.Base(f.Type)
		if base == nil || base.Kind != ir.KindEnum {
			continue
		}
		for _, null := range f.Coding.NullAs {
			for _, v := range base.Values {
				if strings.Trim(null, `"`) == v.Wire {
					c.report(f.Span, "%s means null in field %q and is the value %s of %s", null, f.Wire, v.Go, base.Go).
						WithRelated(v.Span, "the value")
				}
			}
		}
	}
}

func tupleOrder(c *checker) {
	for t := range c.types() {
		if t.Kind != ir.KindTuple {
			continue
		}
		for i, f := range t.Fields {
			if i > 0 && !f.Optional && t.Fields[i-1].Optional {
				c.report(f.Span, "item %q is required, but %q before it may be absent", f.Wire, t.Fields[i-1].Wire).
					WithHint("only the last items can be optional")
			}
		}
	}
}

// isText reports whether a type is a JSON text without further form.
func isText(t *ir.Type) bool {
	t = resolve.Base(t)
	return t != nil && (t.Kind == ir.KindScalar && t.Scalar == "string" || t.Kind == ir.KindEnum && t.Scalar == "string" || t.Kind == ir.KindKeyOf)
}

// codings checks encodings and tolerances against types.
func codings(c *checker) {
	for owner, f := range c.fields() {
		c.coding(f.Type, f.Coding, f.Span, "field "+f.Wire)
		if f.Coding.Chars != "" && (owner == nil || owner.Kind != ir.KindText) {
			c.templateChars(owner, f)
		}
	}
	for t := range c.types() {
		if t.Kind == ir.KindAlias {
			c.coding(t.Elem, t.Coding, t.Span, "alias "+t.Spec)
		}
	}
}

// templateChars reports characters of a field that fills no hole of a text.
func (c *checker) templateChars(owner *ir.Type, f *ir.Field) {
	for s := range c.subscriptions() {
		if owner != nil && (owner == s.Route || owner == s.Params) {
			return
		}
	}
	c.report(f.Span, "`chars` of field %q has no meaning: it fills no hole of a text", f.Wire)
}

// tolerances say which kinds of types an `accept` is for.
var tolerances = map[string][]ir.Kind{
	"single":      {ir.KindList},
	"empty-array": {ir.KindMap, ir.KindStruct},
}

func (c *checker) coding(t *ir.Type, k ir.Coding, span diag.Span, what string) {
	base := resolve.Base(t)
	if base == nil {
		return
	}
	if k.Sep != nil && base.Kind == ir.KindList {
		base = resolve.Base(base.Elem)
	} else if k.Sep != nil {
		c.report(span, "%s is no list: `sep` joins lists", what)
	}
	if k.Wire != "" && !suits(k.Wire, base) {
		c.report(span, "%s cannot have `wire: %s`", what, k.Wire).WithHint("%s is for %s", k.Wire, suitsWhat[k.Wire])
	}
	for _, a := range k.Accept {
		if !slices.Contains(tolerances[a], base.Kind) {
			c.report(span, "%s cannot accept %s", what, a)
		}
	}
	c.timeCoding(base, k, span, what)
}

func (c *checker) timeCoding(base *ir.Type, k ir.Coding, span diag.Span, what string) {
	layout := base.Kind == ir.KindScalar && base.Scalar == "time.layout"
	switch {
	case layout && k.Layout == "":
		c.report(span, "%s is a time.layout without `layout`", what).WithHint("give it the Go reference time, such as \"20060102-15:04:05\"")
	case !layout && k.Layout != "":
		c.report(span, "%s has a `layout` and is no time.layout", what)
	}
	if k.Precision != "" && (base.Kind != ir.KindScalar || base.Scalar != "time.rfc3339") {
		c.report(span, "%s has a `precision` and is no time.rfc3339", what)
	}
}

var suitsWhat = map[string]string{
	"number": "bool",
	"string": "numbers, times in units, integer enums and bool",
	"flex":   "numbers, times in units, bool, strings, enums and text types",
	"human":  "numbers",
}

// suits reports whether an encoding makes sense for a type.
func suits(wire string, t *ir.Type) bool {
	number := t.Kind == ir.KindScalar && slices.Contains([]string{"int", "int64", "uint32", "uint64", "float64", "decimal"}, t.Scalar)
	unix := t.Kind == ir.KindScalar && strings.HasPrefix(t.Scalar, "time.unix_")
	boolean := t.Kind == ir.KindScalar && t.Scalar == "bool"
	intEnum := t.Kind == ir.KindEnum && t.Scalar == "int"
	switch wire {
	case "number":
		return boolean
	case "string":
		return number || unix || boolean || intEnum
	case "flex":
		return number || unix || boolean || isText(t) || t.Kind == ir.KindEnum || t.Kind == ir.KindText
	case "human":
		return number
	default:
		return true
	}
}
