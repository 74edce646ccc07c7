package resolve

import (
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/spec"
)

// ownCoding reads how a field or alias says that its values look on the wire.
func (r *resolver) ownCoding(n *spec.Node) ir.Coding {
	c := ir.Coding{
		Wire:      n.Get("wire").Text(),
		NullAs:    literals(n.Get("null_as")),
		Nullable:  truth(n.Get("nullable")) || n.Has("null_as"),
		Accept:    texts(n.Get("accept")),
		Chars:     n.Get("chars").Text(),
		Layout:    n.Get("layout").Text(),
		Precision: n.Get("precision").Text(),
		Unit:      n.Get("unit").Text(),
		Unique:    truth(n.Get("unique")),
	}
	if sep := n.Get("sep"); sep != nil && sep.Kind == spec.Scalar {
		s := sep.Value
		c.Sep = &s
	}
	return c
}

// inherit adds the coding of a named type to that of its use; the use wins.
func inherit(own ir.Coding, t *ir.Type) ir.Coding {
	if t == nil || t.Spec == "" || t.Kind != ir.KindAlias && t.Kind != ir.KindText {
		return own
	}
	return merge(own, t.Coding)
}

// merge fills what own leaves open from base.
func merge(own, base ir.Coding) ir.Coding {
	if own.NullAs == nil {
		own.NullAs = base.NullAs
	}
	if own.Accept == nil {
		own.Accept = base.Accept
	}
	if own.Sep == nil {
		own.Sep = base.Sep
	}
	own.Nullable = own.Nullable || base.Nullable
	own.Unique = own.Unique || base.Unique
	own.Wire = or(own.Wire, base.Wire)
	own.Chars = or(own.Chars, base.Chars)
	own.Layout = or(own.Layout, base.Layout)
	own.Precision = or(own.Precision, base.Precision)
	own.Unit = or(own.Unit, base.Unit)
	return own
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
