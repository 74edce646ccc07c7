package emit

import (
	"slices"
	"sort"
	"strings"
	"unicode"

	"github.com/venuewire/venuewire/gen/ir"
)

// generator holds what is computed once for a venue.
type generator struct {
	v         *ir.Venue
	groups    map[*ir.Domain][]*group
	beside    map[*ir.Type][]string // members of the frame that a whole-frame payload must pass over
	cloned    map[*ir.Type]bool     // types that need a deep copy
	keys      map[*ir.Type]bool     // route and parameter structs, which are written with their subscription
	recursive map[*ir.Type]bool
	split     map[*ir.Type]bool           // structs that dispatch enters in the middle
	header    []string                    // first-level members that dispatch looks at, object frames
	feeds     map[*ir.Subscription]string // variables of the descriptors
	raw       map[*ir.Type]bool           // events of which the payload's shape is all that nobody knows
}

func newGenerator(v *ir.Venue) *generator {
	g := &generator{v: v, groups: map[*ir.Domain][]*group{}}
	for _, d := range v.Domains {
		g.groups[d] = makeGroups(d)
	}
	g.beside = besideMembers(v)
	g.cloned = clonedTypes(v)
	g.header = headerMembers(v)
	g.keys = keyTypes(v)
	g.recursive = recursiveTypes(v)
	g.split = g.splitTypes()
	g.feeds = g.feedVars()
	g.raw = rawEvents(v)
	return g
}

// rawEvents finds the types of events that hold their payload as it came, and nothing else. They share one Go type:
// each of its own would be compiled with all that a stream of it needs.
func rawEvents(v *ir.Venue) map[*ir.Type]bool {
	out := map[*ir.Type]bool{}
	for _, d := range v.Domains {
		for _, e := range d.Events {
			if wrappedValue(e) && len(e.Type.Fields) == 1 && !e.Type.Fields[0].Optional && isJSON(e.Payload) && e.Hot == ir.Cold {
				out[e.Type] = true
			}
		}
	}
	return out
}

func isJSON(t *ir.Type) bool {
	u := underlying(t)
	return u.Kind == ir.KindScalar && u.Scalar == "json"
}

// feedVars names the descriptors of subscriptions. Clients of different connections may share the name of a method;
// the group then tells them apart.
func (g *generator) feedVars() map[*ir.Subscription]string {
	uses := map[string]int{}
	for _, d := range g.v.Domains {
		for _, s := range d.Subscriptions {
			uses[s.Go]++
		}
	}
	out := map[*ir.Subscription]string{}
	for _, d := range g.v.Domains {
		for _, gr := range g.groups[d] {
			for _, s := range gr.subs {
				if out[s] = "feed" + s.Go; uses[s.Go] > 1 {
					out[s] = "feed" + strings.ToUpper(gr.name[:1]) + gr.name[1:] + s.Go
				}
			}
		}
	}
	return out
}

// goWord spells a spec id as an exported Go word.
func goWord(s string) string {
	var b strings.Builder
	up := true
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			up = true
			continue
		}
		if up {
			r = unicode.ToUpper(r)
			up = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// lowerFirst makes an exported Go name unexported: ID -> id, VWAPBar -> vwapBar, Candle -> candle.
func lowerFirst(s string) string {
	rs := []rune(s)
	n := 0
	for n < len(rs) && unicode.IsUpper(rs[n]) {
		n++
	}
	if n > 1 && n < len(rs) {
		n--
	}
	for i := range n {
		rs[i] = unicode.ToLower(rs[i])
	}
	out := string(rs)
	if reserved[out] {
		return out + "_"
	}
	return out
}

// reserved are words that a generated local or field cannot use.
var reserved = map[string]bool{
	"break": true, "case": true, "chan": true, "const": true, "continue": true, "default": true, "defer": true,
	"else": true, "fallthrough": true, "for": true, "func": true, "go": true, "goto": true, "if": true,
	"import": true, "interface": true, "map": true, "package": true, "range": true, "return": true,
	"select": true, "struct": true, "switch": true, "type": true, "var": true, "string": true, "error": true,
	"wire": true, "stream": true, "protocol": true, "time": true, "context": true, "conn": true, "any": true,
}

// besideMembers finds, for every type that a whole frame decodes into, the frame's own members.
func besideMembers(v *ir.Venue) map[*ir.Type][]string {
	out := map[*ir.Type][]string{}
	add := func(t *ir.Type, c *ir.Class, at ir.Path, set bool) {
		if t == nil || c == nil || c.Form != ir.FormObject {
			return
		}
		if set && len(at) > 0 || !set && c.Payload != "" {
			return
		}
		t = structOf(t)
		if t == nil {
			return
		}
		for _, name := range classMembers(c) {
			if !hasMember(t, name) && !slices.Contains(out[t], name) {
				out[t] = append(out[t], name)
			}
		}
	}
	for _, d := range v.Domains {
		for _, e := range d.Events {
			add(e.Payload, e.Class, e.At, e.AtSet)
		}
		for _, r := range d.RPCs {
			if r.Response != nil {
				add(r.Response.Type, r.Response.Class, r.Response.At, r.Response.AtSet)
			}
		}
	}
	for t := range out {
		sort.Strings(out[t])
	}
	return out
}

// classMembers are the members of a frame that are not payload.
func classMembers(c *ir.Class) []string {
	var out []string
	add := func(s string) {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for _, s := range c.Key {
		add(s)
	}
	for _, s := range c.Has {
		add(s)
	}
	add(c.ID)
	for _, f := range c.Envelope {
		add(f.Wire)
	}
	return out
}

func hasMember(t *ir.Type, name string) bool {
	return slices.ContainsFunc(t.Fields, func(f *ir.Field) bool {
		return !f.FromEnvelope && (f.Wire == name || slices.Contains(f.Also, name))
	})
}

// structOf follows aliases to a struct; nil if there is none.
func structOf(t *ir.Type) *ir.Type {
	for t != nil && t.Kind == ir.KindAlias {
		t = t.Elem
	}
	if t == nil || t.Kind != ir.KindStruct {
		return nil
	}
	return t
}

// walkTypes visits every named type of the venue once, in file order.
func walkTypes(v *ir.Venue, visit func(*ir.Type)) {
	for _, d := range v.Domains {
		for _, t := range d.Types {
			visit(t)
		}
	}
}

// underlying follows aliases.
func underlying(t *ir.Type) *ir.Type {
	for t.Kind == ir.KindAlias {
		t = t.Elem
	}
	return t
}

// keyTypes finds the structs of routes and parameters.
func keyTypes(v *ir.Venue) map[*ir.Type]bool {
	out := map[*ir.Type]bool{}
	for _, d := range v.Domains {
		for _, s := range d.Subscriptions {
			out[s.Route], out[s.Params] = true, true
		}
	}
	delete(out, nil)
	return out
}

// splitTypes finds the structs whose decoder dispatch enters in the middle: hot messages whose first member is read
// already, and payloads that come in several pieces.
func (g *generator) splitTypes() map[*ir.Type]bool {
	out := map[*ir.Type]bool{}
	for _, d := range g.v.Domains {
		for _, gr := range g.groups[d] {
			for _, h := range g.hotEvents(gr) {
				if h.inside {
					out[structOf(h.event.Payload)] = true
				}
			}
		}
		for _, e := range d.Events {
			if e.Class != nil && e.Class.Form == ir.FormTuple && slices.ContainsFunc(e.Class.Layout, func(el ir.Element) bool { return el.Repeat }) {
				out[structOf(e.Payload)] = true
			}
		}
	}
	delete(out, nil)
	return out
}
