package lint

import (
	"slices"
	"strings"

	"github.com/venuewire/venuewire/gen/diag"
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/naming"
)

// namesTwice reports wire names that two rpcs, or two subscriptions, of one connection share.
func namesTwice(c *checker) {
	var rpcs []*ir.Entry
	var last *ir.Row
	for x := range c.rpcs() {
		if x.Row != last { // the versions of a row are one name
			rpcs = append(rpcs, &x.Entry)
		}
		last = x.Row
	}
	c.wireNames("rpc", rpcs)
	var subs []*ir.Entry
	for s := range c.subscriptions() {
		subs = append(subs, &s.Entry)
	}
	c.wireNames("subscription", subs)
}

func (c *checker) wireNames(kind string, entries []*ir.Entry) {
	byName := map[string][]*ir.Entry{}
	for _, e := range entries {
		for _, old := range byName[e.Wire] {
			if shared(old.Connections, e.Connections) {
				c.report(e.Span, "%s %q is there twice on one connection", kind, e.Wire).
					WithHint("give both their `connections`").WithRelated(old.Span, "first here")
				break
			}
		}
		byName[e.Wire] = append(byName[e.Wire], e)
	}
}

// goNames reports Go names that are no names, reserved, or taken.
func goNames(c *checker) {
	for t := range c.types() {
		c.memberNames(t)
	}
	c.methodNames()
	c.packageNames()
}

func (c *checker) memberNames(t *ir.Type) {
	taken := map[string]diag.Span{}
	for _, f := range t.Fields {
		c.fieldName(t, f)
		c.take(taken, f.Go, f.Span, "field")
	}
	variants := map[string]diag.Span{}
	for _, v := range t.Variants {
		c.exported(v.Go, v.Span, "variant")
		c.take(variants, v.Go, v.Span, "variant")
	}
}

func (c *checker) fieldName(t *ir.Type, f *ir.Field) {
	c.exported(f.Go, f.Span, "field "+f.Wire)
	reserved := naming.IsReservedMember(f.Go) ||
		t.Partial != ir.PartialNone && naming.IsReservedInPartial(f.Go) ||
		t.Kind == ir.KindTuple && naming.IsReservedInTuple(f.Go)
	if reserved {
		c.report(f.Span, "field %q gets the Go name %s, which generated structs use themselves", f.Wire, f.Go).
			WithHint("give it another name with `go`")
	}
}

func (c *checker) exported(name string, span diag.Span, what string) {
	if !naming.IsExported(name) {
		c.report(span, "%s gets %q, which is no exported Go name", what, name).WithHint("give it a name with `go`")
	}
}

// take reports a name that is taken, else takes it.
func (c *checker) take(taken map[string]diag.Span, name string, span diag.Span, kind string) {
	if name == "" {
		return
	}
	if old, ok := taken[name]; ok {
		c.report(span, "%s name %s is taken", kind, name).
			WithHint("give one of the two another name with `go`").WithRelated(old, "first here")
		return
	}
	taken[name] = span
}

// methodNames checks the methods of each connection's client.
func (c *checker) methodNames() {
	for _, conn := range c.v.Connections {
		taken := map[string]diag.Span{}
		for x := range c.rpcs() {
			if slices.Contains(x.Connections, conn) {
				c.method(taken, x.Go, x.Span)
			}
		}
		for s := range c.subscriptions() {
			if s.Go == "" || !slices.Contains(s.Connections, conn) {
				continue
			}
			c.method(taken, "Subscribe"+s.Go, s.Span)
			if slices.ContainsFunc(s.Events, func(e *ir.Event) bool { return e.Hot != ir.Cold }) {
				c.method(taken, "Direct"+s.Go, s.Span)
			}
		}
		for e := range c.events() {
			if len(e.Subscribers) == 0 && slices.Contains(e.Connections, conn) {
				c.method(taken, "Listen"+e.Go, e.Span)
			}
		}
	}
}

func (c *checker) method(taken map[string]diag.Span, name string, span diag.Span) {
	if name == "" {
		return
	}
	c.exported(name, span, "method")
	if naming.IsReservedMethod(name) {
		c.report(span, "method %s is one that every client has", name).WithHint("give it another name with `go`")
	}
	c.take(taken, name, span, "method")
}

// packageNames checks what is declared at the top of the venue's package.
func (c *checker) packageNames() {
	taken := map[string]diag.Span{}
	for _, conn := range c.v.Connections {
		c.take(taken, conn.Go, conn.Span, "client")
	}
	sole, once := c.soleKeys(), map[string]bool{}
	for _, d := range c.v.Domains {
		for _, t := range d.Types {
			if sole[t] && once[t.Go] {
				continue
			}
			once[t.Go] = sole[t]
			c.typeName(taken, t)
		}
		for _, s := range d.Subscriptions {
			if s.Go != "" && len(s.Events) > 1 { // one type for all that it delivers
				c.take(taken, s.Go+"Event", s.Span, "type")
			}
		}
	}
	c.errorNames(taken)
}

// soleKeys are the routes of one field. That field is the key in Go and there is no struct, so methods of different
// clients may share the name.
func (c *checker) soleKeys() map[*ir.Type]bool {
	out := map[*ir.Type]bool{}
	for s := range c.subscriptions() {
		if s.Route != nil && len(s.Route.Fields) == 1 {
			out[s.Route] = true
		}
	}
	return out
}

func (c *checker) typeName(taken map[string]diag.Span, t *ir.Type) {
	if naming.IsReservedType(t.Go) {
		c.report(t.Span, "type name %s is one that every venue has", t.Go).WithHint("rename the type")
	}
	c.take(taken, t.Go, t.Span, "type")
	for _, v := range t.Values {
		c.exported(v.Go, v.Span, "value")
		c.take(taken, t.Go+v.Go, v.Span, "constant")
	}
	if t.Kind == ir.KindUnion {
		c.take(taken, t.Go+"Kind", t.Span, "type")
	}
	if t.Kind == ir.KindStruct && t.Partial != ir.PartialNone {
		c.take(taken, t.Go+"Field", t.Span, "type")
	}
}

// errorNames checks the sentinels: a code has one each, several texts may share one.
func (c *checker) errorNames(taken map[string]diag.Span) {
	for _, e := range c.v.Errors.Codes {
		c.take(taken, sentinel(e), e.Span, "error")
	}
	texts := map[string]bool{}
	for _, e := range c.v.Errors.Texts {
		if !texts[e.Go] {
			c.take(taken, sentinel(e), e.Span, "error")
		}
		texts[e.Go] = true
	}
}

func sentinel(e *ir.ErrorCode) string {
	if e.Go == "" {
		return ""
	}
	return "Err" + e.Go
}

// caseCollisions reports members that differ by case alone and are not both named by hand.
func caseCollisions(c *checker) {
	names := naming.New(c.v.Initialisms...)
	for t := range c.types() {
		first := map[string]*ir.Field{}
		for _, f := range t.Fields {
			low := strings.ToLower(f.Wire)
			old := first[low]
			if old == nil {
				first[low] = f
				continue
			}
			if old.Wire != f.Wire && (byRule(names, f) || byRule(names, old)) {
				c.report(f.Span, "members %q and %q differ by case alone", old.Wire, f.Wire).
					WithHint("give both a `go` name").WithRelated(old.Span, "the other one")
			}
		}
	}
}

// byRule reports whether a field has the name that the rule gives.
func byRule(names *naming.Namer, f *ir.Field) bool { return f.Go == names.Exported(f.Wire) }

func enumValuesTwice(c *checker) {
	for t := range c.types() {
		seen := map[string]*ir.EnumValue{}
		for _, v := range t.Values {
			if old := seen[v.Wire]; old != nil {
				c.report(v.Span, "enum %s has the value %q twice: as %s and as %s", t.Go, v.Wire, old.Go, v.Go).
					WithRelated(old.Span, "first here")
				continue
			}
			seen[v.Wire] = v
		}
	}
}
