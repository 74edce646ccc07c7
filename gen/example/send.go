package example

import (
	"fmt"
	"slices"
	"strings"

	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/pattern"
)

// writer checks what was sent against the templates of an entry.
type writer struct {
	entry  *ir.Entry
	fields []*ir.Field         // by hole
	maps   map[string]*ir.Type // request, route, params
	learn  []ir.Learn
}

func (c *checker) rpcSend(x *ir.RPC) try {
	ts := x.Send
	if len(ts) == 0 {
		ts = c.v.Wire.Call
	}
	w := &writer{entry: &x.Entry, maps: map[string]*ir.Type{"request": x.Request}}
	w.gather(x.Request)
	return func(d *decoder, raw string) { w.any(d, ts, raw) }
}

func (c *checker) subscriptionSend(s *ir.Subscription) try {
	send, cancel := s.Send, s.Cancel
	if len(send) == 0 {
		send = c.v.Wire.Subscribe
	}
	if len(cancel) == 0 {
		cancel = c.v.Wire.Unsubscribe
	}
	w := &writer{entry: &s.Entry, maps: map[string]*ir.Type{"route": s.Route, "params": s.Params}, learn: s.Learn}
	w.gather(s.Route)
	w.gather(s.Params)
	return func(d *decoder, raw string) { w.any(d, slices.Concat(send, cancel), raw) }
}

// eventSend takes what any subscription to the event sends.
func (c *checker) eventSend(ev *ir.Event) try {
	return func(d *decoder, raw string) {
		for _, s := range ev.Subscribers {
			t := &decoder{abridged: d.abridged}
			c.subscriptionSend(s)(t, raw)
			if !t.failed() {
				d.found = append(d.found, t.found...)
				return
			}
		}
		d.fail("", "no subscription to the event sends this frame")
	}
}

func (w *writer) gather(t *ir.Type) {
	if t != nil {
		w.fields = append(w.fields, t.Fields...)
	}
}

// any takes the first template that fits; when none does, the first one says why.
func (w *writer) any(d *decoder, ts []*ir.Template, raw string) {
	var first []problem
	for i, t := range ts {
		try := &decoder{abridged: d.abridged}
		w.template(try, t, raw)
		if !try.failed() {
			d.found = append(d.found, try.found...)
			return
		}
		if i == 0 {
			first = try.found
		}
	}
	if len(ts) == 0 {
		d.fail("", "no template writes it")
	}
	d.found = append(d.found, first...)
}

func (w *writer) template(d *decoder, t *ir.Template, raw string) {
	if t.Text != nil {
		w.text(d, t.Text, raw, "")
		return
	}
	v, err := Parse(raw)
	if err != nil {
		d.fail("", "is %v", err)
		return
	}
	w.node(d, t.Root, v, "")
}

// text checks a text against a pattern with holes and builtins.
func (w *writer) text(d *decoder, p *ir.Pattern, s, path string) {
	got, ok := pattern.Read(pattern.Fill(p, builtinsOf(w.entry)), s)
	if !ok {
		d.fail(path, "%q is not %q", s, p.Text)
		return
	}
	for name, text := range got {
		if b, ok := strings.CutPrefix(name, "<"); ok {
			w.jsonBuiltin(d, strings.TrimSuffix(b, ">"), text, join(path, name))
			continue
		}
		w.hole(d, name, &Value{Kind: String, Text: text}, join(path, name), true)
	}
}

func (w *writer) jsonBuiltin(d *decoder, name, text, path string) {
	if _, isMap := w.maps[name]; !isMap {
		return
	}
	v, err := Parse(text)
	if err != nil {
		d.fail(path, "is %v", err)
		return
	}
	w.builtin(d, name, v, path)
}

func (w *writer) field(name string) *ir.Field {
	i := slices.IndexFunc(w.fields, func(f *ir.Field) bool { return f.Wire == name })
	if i < 0 {
		return nil
	}
	return w.fields[i]
}

// hole checks the value of a field, or the values of a batched one.
func (w *writer) hole(d *decoder, name string, v *Value, path string, inText bool) {
	f := w.field(name)
	switch {
	case f == nil && slices.ContainsFunc(w.learn, func(l ir.Learn) bool { return l.Name == name }):
	case f == nil:
		d.fail(path, "is no field of the entry")
	case f.Wildcard != "" && v.Kind == String && v.Text == f.Wildcard:
	case f.Batch != nil && f.Batch.Array && v.Kind == Array:
		for i, it := range v.Items {
			d.field(f, it, fmt.Sprintf("%s[%d]", path, i))
		}
	case inText:
		if f.Sensitive {
			d.secret(v, path)
		}
		d.text(f.Type, f.Coding, v.Text, path)
	default:
		d.field(f, v, path)
	}
}

func (w *writer) node(d *decoder, n *ir.TemplateNode, v *Value, path string) {
	if n.Leaf != nil {
		w.leaf(d, n.Leaf, v, path)
		return
	}
	if v.Kind != Object {
		d.fail(path, "is %s, not an object", article(v.Kind))
		return
	}
	for _, m := range v.Members {
		if !w.member(d, n, m, path) {
			d.fail(join(path, m.Name), "is in no template")
		}
	}
	for _, m := range n.Members {
		if len(m.Spread) > 0 {
			w.spreadMissing(d, m.Spread, v, path)
		} else if v.Get(m.Name) == nil && w.due(m.Value) {
			d.fail(join(path, m.Name), "is missing")
		}
	}
}

// member checks a member that the template has by name or by a spread.
func (w *writer) member(d *decoder, n *ir.TemplateNode, m Member, path string) bool {
	for _, t := range n.Members {
		if len(t.Spread) == 0 && t.Name == m.Name {
			w.node(d, t.Value, m.Value, join(path, m.Name))
			return true
		}
	}
	for _, t := range n.Members {
		for _, s := range t.Spread {
			if f := w.spread(s, m.Name); f != nil {
				w.hole(d, f.Wire, m.Value, join(path, m.Name), false)
				return true
			}
		}
	}
	return false
}

func (w *writer) spread(builtin, name string) *ir.Field {
	if t := w.maps[builtin]; t != nil {
		return member(t, name)
	}
	return nil
}

func (w *writer) spreadMissing(d *decoder, builtins []string, v *Value, path string) {
	for _, b := range builtins {
		if t := w.maps[b]; t != nil {
			w.fieldsMissing(d, t, v, path)
		}
	}
}

// fieldsMissing reports fields that are always sent and are not there. An abridged frame may lack them.
func (w *writer) fieldsMissing(d *decoder, t *ir.Type, v *Value, path string) {
	for _, f := range t.Fields {
		there := v.Get(f.Wire) != nil || slices.ContainsFunc(f.Also, func(s string) bool { return v.Get(s) != nil })
		if !there && !f.Optional && f.Default == nil && !d.abridged {
			d.fail(join(path, f.Wire), "is missing")
		}
	}
}

// due reports whether a member of a template is always written: it holds a constant or a field that must be set. What
// the client fills by itself may be missing in an older frame.
func (w *writer) due(n *ir.TemplateNode) bool {
	if n.Leaf == nil {
		return slices.ContainsFunc(n.Members, func(m ir.TemplateMember) bool { return len(m.Spread) == 0 && w.due(m.Value) })
	}
	switch l := n.Leaf; {
	case l.Hole != "":
		f := w.field(l.Hole)
		return f != nil && !f.Optional && f.Default == nil
	case l.Builtin == "name":
		return true
	case l.Builtin == "version":
		return w.entry.Version != ""
	case l.Builtin != "":
		t := w.maps[l.Builtin]
		return t != nil && slices.ContainsFunc(t.Fields, func(f *ir.Field) bool { return !f.Optional && f.Default == nil })
	default:
		return true
	}
}

func (w *writer) leaf(d *decoder, l *ir.Leaf, v *Value, path string) {
	switch {
	case l.Hole != "":
		w.hole(d, l.Hole, v, path, false)
	case l.Builtin != "":
		w.builtin(d, l.Builtin, v, path)
	case l.Text != nil:
		w.textLeaf(d, l.Text, v, path)
	default:
		if v.Kind != Array && !v.Equals(l.JSON) {
			d.fail(path, "is %q, not %s", v.Text, l.JSON)
		}
	}
}

// textLeaf checks a text with holes; that of a batched field is many of them, joined or in a list.
func (w *writer) textLeaf(d *decoder, p *ir.Pattern, v *Value, path string) {
	items := []*Value{v}
	if v.Kind == Array {
		items = v.Items
	} else if b := w.batchIn(p); b != nil && !b.Array {
		items = nil
		for _, s := range strings.Split(v.Text, b.Sep) {
			items = append(items, &Value{Kind: String, Text: s})
		}
	}
	for _, it := range items {
		if it.Kind != String {
			d.fail(path, "is %s, not a text", article(it.Kind))
			continue
		}
		w.text(d, p, it.Text, path)
	}
}

func (w *writer) batchIn(p *ir.Pattern) *ir.Batch {
	for _, h := range p.Holes() {
		if f := w.field(h); f != nil && f.Batch != nil {
			return f.Batch
		}
	}
	return nil
}

// builtin checks what the client fills by itself.
func (w *writer) builtin(d *decoder, name string, v *Value, path string) {
	want := ""
	switch name {
	case "name":
		want = w.entry.Wire
	case "version":
		w.version(d, v, path)
	case "token":
		d.secret(v, path)
	case "request", "route", "params":
		w.fieldMap(d, name, v, path)
	}
	if want != "" && (v.Kind != String || v.Text != want) {
		d.fail(path, "is %q, not %q", v.Text, want)
	}
}

// version checks a version: the one that is sent, or another that is proven. An argument can be any text.
func (w *writer) version(d *decoder, v *Value, path string) {
	known := append([]string{w.entry.SentVersion()}, w.entry.Candidates...)
	if v.Kind != String || !w.entry.VersionIsArgument() && !slices.Contains(known, v.Text) {
		d.fail(path, "is %q, not %q", v.Text, w.entry.SentVersion())
	}
}

func (w *writer) fieldMap(d *decoder, name string, v *Value, path string) {
	t := w.maps[name]
	if v.Kind != Object {
		d.fail(path, "is %s, not an object", article(v.Kind))
		return
	}
	for _, m := range v.Members {
		if f := w.spread(name, m.Name); f != nil {
			w.hole(d, f.Wire, m.Value, join(path, m.Name), false)
		} else {
			d.fail(join(path, m.Name), "is no field of the %s", name)
		}
	}
	if t != nil {
		w.fieldsMissing(d, t, v, path)
	}
}
