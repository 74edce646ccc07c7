package emit

import (
	"slices"

	j "github.com/dave/jennifer/jen"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// replyReader writes the function that decodes a reply frame.
func (g *generator) replyReader(f *j.File, r *ir.RPC, result string) {
	if result == "" || plainResult(r) {
		return
	}
	res := r.Response
	var w jenx.Source
	w.P("func read%sReply(v *%s, d *wire.Decoder, b []byte) (i int) {", r.Go, goType(res.Result))
	g.replyPayload(&w, r)
	for _, e := range res.Envelope {
		g.replyEnvelope(&w, res, e)
	}
	w.P("return i")
	w.P("}")
	w.AddTo(f)
}

func (g *generator) replyPayload(w *jenx.Source, r *ir.RPC) {
	res := r.Response
	if res.Class != nil && res.Class.Form == ir.FormText {
		w.P("*v = %s(b)", goType(res.Result))
		return
	}
	path := payloadPath(res.Class, res.At, res.AtSet)
	if len(path) == 0 {
		w.P("at := 0")
	} else {
		w.P("at := wire.Lookup(b, 0, %s)", quoteSteps(path))
		if !res.Optional {
			w.P("if at < 0 {")
			w.P("return d.FailMissing(%q, %q)", r.Go+"Reply", path.String())
			w.P("}")
		}
	}
	if res.Type == nil || structOf(res.Type) != nil && len(members(structOf(res.Type))) == 0 {
		return
	}
	if res.Optional {
		w.P("if at >= 0 {")
	}
	x := "*v"
	if res.Result != res.Type && slices.ContainsFunc(res.Result.Fields, func(f *ir.Field) bool { return f.Go == "Value" && !f.FromEnvelope }) {
		x = "v.Value"
	}
	g.read(w, x, res.Type, codingOf(res.Type))
	w.P("if i < 0 {")
	w.P("return d.Fail(i, b, at, %q, \"\")", r.Go+"Reply")
	w.P("}")
	if res.Optional {
		w.P("}")
	}
}

// payloadPath is where the payload of a frame stands; empty: the frame itself.
func payloadPath(c *ir.Class, at ir.Path, set bool) ir.Path {
	if set {
		return at
	}
	if c != nil && c.Payload != "" {
		return ir.Path{{Member: c.Payload}}
	}
	return nil
}

func (g *generator) replyEnvelope(w *jenx.Source, res *ir.Response, e *ir.Field) {
	w.P("if at := wire.Lookup(b, 0, %q); at >= 0 {", e.Wire)
	if e.Opt(ir.PartialNone) {
		g.readOpt(w, "v."+e.Go, e)
	} else {
		g.read(w, "v."+e.Go, e.Type, e.Coding)
	}
	w.P("if i < 0 {")
	w.P("return d.Fail(i, b, at, %q, %q)", goType(res.Result), e.Wire)
	w.P("}")
	w.P("}")
}
