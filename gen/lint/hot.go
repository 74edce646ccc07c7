package lint

import (
	"slices"

	"github.com/venuewire/venuewire/gen/example"
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/resolve"
)

// hotExamples checks what tuning rests on: a frame to measure, a match without a search, and the order of members.
func hotExamples(c *checker) {
	for ev := range c.events() {
		if ev.Hot == ir.Cold {
			continue
		}
		for _, m := range ev.On {
			if len(m.Has) > 0 {
				c.report(m.Span, "event %s is hot and its match looks for members", ev.Go).WithHint("tell it by a key member or by `lacks`")
			}
		}
		x, frame := firstFrame(ev.Examples)
		if x == nil {
			c.report(ev.Span, "event %s is hot and has no example of a received frame", ev.Go)
			continue
		}
		if ev.Hot == ir.HotOrdered {
			c.inOrder(ev, x, frame)
		}
	}
}

func firstFrame(xs []*ir.Example) (*ir.Example, string) {
	for _, x := range xs {
		for _, s := range x.Steps {
			if !s.Send {
				return x, s.Frame
			}
		}
	}
	return nil, ""
}

// inOrder reports members of the first example that come in another order than they are declared in.
func (c *checker) inOrder(ev *ir.Event, x *ir.Example, frame string) {
	payload := example.Payload(c.v, ev, frame)
	if payload == nil {
		return // that the frame does not fit is reported with the examples
	}
	c.order(ev, x, ev.Payload, payload)
}

func (c *checker) order(ev *ir.Event, x *ir.Example, t *ir.Type, v *example.Value) {
	t = resolve.Base(t)
	if t == nil {
		return
	}
	if t.Kind == ir.KindList {
		for _, it := range v.Items {
			c.order(ev, x, t.Elem, it)
		}
		return
	}
	if t.Kind != ir.KindStruct {
		return
	}
	last, lastName := -1, ""
	for _, m := range v.Members {
		i := slices.IndexFunc(t.Fields, func(f *ir.Field) bool { return f.Wire == m.Name && !f.FromEnvelope })
		if i < 0 {
			continue
		}
		if i < last {
			c.report(t.Fields[i].Span, "event %s is ordered, and %q comes after %q in its first example", ev.Go, m.Name, lastName).
				WithHint("declare the fields in the order of the wire").WithRelated(x.Span, "the example")
		}
		if i > last {
			last, lastName = i, m.Name
		}
		c.order(ev, x, t.Fields[i].Type, m.Value)
	}
}
