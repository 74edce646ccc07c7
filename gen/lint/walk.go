package lint

import (
	"iter"

	"github.com/venuewire/venuewire/gen/diag"
	"github.com/venuewire/venuewire/gen/ir"
)

// rpcs yields every rpc of a venue.
func (c *checker) rpcs() iter.Seq[*ir.RPC] {
	return func(yield func(*ir.RPC) bool) {
		for _, d := range c.v.Domains {
			for _, x := range d.RPCs {
				if !yield(x) {
					return
				}
			}
		}
	}
}

// subscriptions yields every subscription of a venue.
func (c *checker) subscriptions() iter.Seq[*ir.Subscription] {
	return func(yield func(*ir.Subscription) bool) {
		for _, d := range c.v.Domains {
			for _, s := range d.Subscriptions {
				if !yield(s) {
					return
				}
			}
		}
	}
}

// events yields every event of a venue.
func (c *checker) events() iter.Seq[*ir.Event] {
	return func(yield func(*ir.Event) bool) {
		for _, d := range c.v.Domains {
			for _, e := range d.Events {
				if !yield(e) {
					return
				}
			}
		}
	}
}

// entries yields what rpcs and subscriptions share, of all of them.
func (c *checker) entries() iter.Seq[*ir.Entry] {
	return func(yield func(*ir.Entry) bool) {
		for x := range c.rpcs() {
			if !yield(&x.Entry) {
				return
			}
		}
		for s := range c.subscriptions() {
			if !yield(&s.Entry) {
				return
			}
		}
	}
}

// types yields every type that has members or a name: the declared ones, those of entries, and those of rows without
// a method.
func (c *checker) types() iter.Seq[*ir.Type] {
	return func(yield func(*ir.Type) bool) {
		seen := map[*ir.Type]bool{nil: true}
		for _, t := range c.roots() {
			if !seen[t] {
				seen[t] = true
				if !yield(t) {
					return
				}
			}
		}
	}
}

func (c *checker) roots() []*ir.Type {
	var out []*ir.Type
	for _, d := range c.v.Domains {
		out = append(out, d.Types...)
		for _, x := range d.RPCs {
			out = append(out, x.Request)
			if x.Response != nil && x.Response.Result != nil && x.Response.Result.Kind == ir.KindStruct {
				out = append(out, x.Response.Result)
			}
		}
		for _, s := range d.Subscriptions {
			out = append(out, s.Route, s.Params)
		}
	}
	return out
}

// fields yields every field of a venue with the type that holds it; fields of frame envelopes have none.
func (c *checker) fields() iter.Seq2[*ir.Type, *ir.Field] {
	return func(yield func(*ir.Type, *ir.Field) bool) {
		for _, k := range c.v.Wire.Classes {
			for _, f := range k.Envelope {
				if !yield(nil, f) {
					return
				}
			}
		}
		for t := range c.types() {
			for _, f := range t.Fields {
				if !yield(t, f) {
					return
				}
			}
		}
	}
}

// reach calls fn for every field that a value of t can hold, and for t's own parts; fn gets the field on the way.
func reach(t *ir.Type, fn func(f *ir.Field, t *ir.Type)) {
	seen := map[*ir.Type]bool{}
	var walk func(f *ir.Field, t *ir.Type)
	walk = func(f *ir.Field, t *ir.Type) {
		if t == nil {
			return
		}
		fn(f, t)
		if seen[t] {
			return
		}
		seen[t] = true
		walk(f, t.Elem)
		walk(f, t.Key)
		for _, m := range t.Fields {
			walk(m, m.Type)
		}
		for _, v := range t.Variants {
			walk(f, v.Type)
		}
	}
	walk(nil, t)
}

// spanOf is the place of a field, or of the whole when there is none.
func spanOf(f *ir.Field, def diag.Span) diag.Span {
	if f != nil && !f.Span.IsZero() {
		return f.Span
	}
	return def
}

// shared reports whether two lists of connections have one in common.
func shared(a, b []*ir.Connection) bool {
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return true
			}
		}
	}
	return false
}
