package resolve

import (
	"slices"

	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/spec"
)

// domainRPCs resolves the rpcs of a domain; a row with versions becomes one RPC each.
func (r *resolver) domainRPCs(d *ir.Domain, section *spec.Node) {
	for _, w := range rows(section) {
		rw := &ir.Row{Wire: w.wire}
		for _, v := range versions(w) {
			x := r.rpc(d, v)
			x.Row = rw
			rw.Versions = append(rw.Versions, x)
			d.RPCs = append(d.RPCs, x)
			r.rpcs[x.Wire] = append(r.rpcs[x.Wire], x)
		}
	}
}

// versions makes a row for each version, with the keys of the version in place of those of the entry. An example
// belongs to the version that it names, else to the first.
func versions(w row) []row {
	vs := mapEntries(w.node.Get("versions"))
	if len(vs) == 0 {
		return []row{w}
	}
	var out []row
	for i, v := range vs {
		cp := w
		cp.node = overlay(w.node, v.Value)
		top := mapOf(spec.Entry{Key: &spec.Node{Value: "version", Span: v.Key.Span}, Value: v.Key})
		if x := cp.node.Get("examples"); x != nil && !v.Value.Has("examples") {
			top.Entries = append(top.Entries, spec.Entry{Key: &spec.Node{Value: "examples", Span: x.Span}, Value: examplesOf(x, v.Key.Value, i == 0)})
		}
		cp.node = overlay(cp.node, top)
		out = append(out, cp)
	}
	return out
}

func examplesOf(n *spec.Node, version string, first bool) *spec.Node {
	cp := *n
	cp.Items = slices.DeleteFunc(slices.Clone(n.Items), func(x *spec.Node) bool {
		v := x.Get("version").Text()
		return v != version && (v != "" || !first)
	})
	return &cp
}

var effects = map[string]ir.Effect{"read": ir.EffectRead, "write": ir.EffectWrite, "order": ir.EffectOrder}

var replyModes = map[string]ir.ReplyMode{"data": ir.ReplyData, "ack": ir.ReplyAck, "none": ir.ReplyNone}

func (r *resolver) rpc(d *ir.Domain, w row) *ir.RPC {
	n := w.node
	x := &ir.RPC{
		Entry: r.entry(d, w), Send: r.templates(n.Get("send")), Reply: replyModes[n.Get("reply").Text()],
		NoAck: n.Get("ack").Text() == "none", Effect: effects[n.Get("effect").Text()], EffectSet: n.Has("effect"),
	}
	if n.Has("request") {
		x.Request = r.structType(d, suffixed(x.Go, "Request"), n.Get("request").Span)
		x.Request.Fields, x.Request.Rules = r.fieldMap(n.Get("request"))
		x.Request.Rules = append(x.Request.Rules, r.rules(n.Get("rules"), x.Request.Fields)...)
		x.Rules = x.Request.Rules
		charTemplates(x.Send, x.Request)
	}
	r.response(d, x, n.Get("response"))
	x.Lifetime = r.lifetime(n.Get("lifetime"))
	r.late = append(r.late, func() {
		r.needs(&x.Entry, n)
		r.linkRPC(x, n)
	})
	return x
}

// suffixed is the name of a type that belongs to a method; a row without method has none.
func suffixed(method, suffix string) string {
	if method == "" {
		return ""
	}
	return method + suffix
}

// response resolves the reply of an rpc.
func (r *resolver) response(d *ir.Domain, x *ir.RPC, n *spec.Node) {
	if x.Reply == ir.ReplyNone && n == nil {
		return
	}
	if n == nil && (x.Reply != ir.ReplyData || x.Go == "") {
		return
	}
	p := &ir.Response{Class: r.replyClass(), Span: x.Span}
	x.Response = p
	if n == nil {
		p.Type, p.Result = r.scalar("json"), r.scalar("json")
		return
	}
	p.Span = n.Span
	if n.Has("frame") {
		p.Class = r.classRef(n.Get("frame"))
	}
	r.responseForm(p, n)
	r.result(d, x, n)
}

func (r *resolver) responseForm(p *ir.Response, n *spec.Node) {
	p.Name = n.Get("name").Text()
	p.On, p.Ok, p.Refused = matches(n.Get("on"), p.Class), matches(n.Get("ok"), p.Class), matches(n.Get("refused"), p.Class)
	p.Error = path(n.Get("error"))
	p.Per = texts(n.Get("per"))
	if p.ItemNone = n.Get("item").Text() == "none"; !p.ItemNone {
		p.Item = paths(n.Get("item"))
	}
	p.At, p.AtSet = path(n.Get("at")), n.Has("at")
	p.Optional = truth(n.Get("optional"))
}

// result decides what the payload decodes into and what the method returns.
func (r *resolver) result(d *ir.Domain, x *ir.RPC, n *spec.Node) {
	p := x.Response
	name := suffixed(x.Go, "Reply")
	p.Envelope = r.envelope(n.Get("envelope"), p.Class)
	switch {
	case n.Has("fields"):
		fs, rules := r.fieldMap(n.Get("fields"))
		if len(fs)+len(p.Envelope) == 0 {
			break
		}
		p.Result = r.structType(d, name, n.Get("fields").Span)
		p.Result.Fields, p.Result.Rules = r.join(fs, p.Envelope), rules
		if len(fs) > 0 {
			p.Type = p.Result
		}
	case n.Has("type") || len(p.Envelope) == 0:
		p.Type = r.typeExpr(n.Get("type"))
		p.Result = r.wrap(d, name, p.Type, p.Envelope, n)
	default:
		p.Result = r.structType(d, name, n.Span)
		p.Result.Fields = p.Envelope
	}
	if x.Reply == ir.ReplyAck {
		p.Result = nil
	}
}

// wrap puts a payload beside envelope members; a payload without any is taken as it is.
func (r *resolver) wrap(d *ir.Domain, name string, payload *ir.Type, env []*ir.Field, n *spec.Node) *ir.Type {
	if len(env) == 0 {
		return payload
	}
	t := r.structType(d, name, n.Span)
	t.Fields = r.join([]*ir.Field{valueField(payload, n)}, env)
	return t
}

// valueMember names the payload where it is one member of a struct.
const valueMember = "value"

func valueField(payload *ir.Type, n *spec.Node) *ir.Field {
	return &ir.Field{Wire: valueMember, Go: "Value", Type: payload, Coding: inherit(ir.Coding{}, payload), Span: n.Span}
}

// join puts envelope members behind those of the payload.
func (r *resolver) join(fs, env []*ir.Field) []*ir.Field {
	out := slices.Clone(fs)
	for _, f := range env {
		if old := fieldNamed(fs, f.Wire); old != nil {
			r.c.Errorf("DUPLICATE_KEY", f.Span, "envelope member %q is a member of the payload too", f.Wire).
				WithRelated(old.Span, "first here")
			continue
		}
		out = append(out, f)
	}
	return out
}

// envelope resolves the members beside the payload that an entry keeps; one without a type takes that of the class.
func (r *resolver) envelope(n *spec.Node, c *ir.Class) []*ir.Field {
	var out []*ir.Field
	for _, e := range mapEntries(n) {
		var like *ir.Field
		if c != nil {
			like = fieldNamed(c.Envelope, e.Key.Value)
		}
		if like == nil && !e.Value.Has("type") {
			d := r.c.Errorf("UNRESOLVED_REF", e.Key.Span, "the class of this frame declares no member %q", e.Key.Value)
			d.WithHint("give it a type here")
		}
		f := r.field(e.Key, e.Value, like)
		f.FromEnvelope = true
		out = append(out, f)
	}
	return out
}

// charTemplates copies the character sets of fields to the holes of templates.
func charTemplates(ts []*ir.Template, types ...*ir.Type) {
	var fs []*ir.Field
	for _, t := range types {
		if t != nil {
			fs = append(fs, t.Fields...)
		}
	}
	for _, t := range ts {
		if t.Text != nil {
			setChars(t.Text.Parts, fs)
		}
	}
}
