package emit

import (
	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// tupleMethods write the codec of a positional list.
func (g *generator) tupleMethods(w *jenx.Source, t *ir.Type) {
	g.resetTuple(w, t)
	g.decodeDoc(w)
	w.P("func (v *%s) DecodeJSON(d *wire.Decoder, b []byte, i int) int {", t.Go)
	g.nest(w, t)
	w.P("v.reset()")
	w.P("i, more := wire.EnterArray(b, i)")
	for _, f := range t.Fields {
		g.tupleItem(w, t, f)
	}
	g.tupleRest(w, t)
	w.P("if i < 0 {")
	w.P("return d.Fail(i, b, len(b), %q, \"\")", t.Go)
	w.P("}")
	w.P("return i")
	w.P("}")
	w.P("")
	g.tupleEncode(w, t)
	g.jsonMethods(w, t)
	g.cloneMethod(w, t)
}

func (g *generator) resetTuple(w *jenx.Source, t *ir.Type) {
	if !t.RestAllow {
		g.resetMethod(w, t)
		return
	}
	w.P("func (v *%s) reset() { *v = %s{Rest: v.Rest[:0]} }", t.Go, t.Go)
	w.P("")
}

func (g *generator) tupleItem(w *jenx.Source, t *ir.Type, f *ir.Field) {
	if !f.Optional {
		w.P("if !more {")
		w.P("if i < 0 {")
		w.P("return d.Fail(i, b, len(b), %q, %q)", t.Go, f.Wire)
		w.P("}")
		w.P("return d.FailMissing(%q, %q)", t.Go, f.Wire)
		w.P("}")
	} else {
		w.P("if more {")
	}
	if !f.Optional {
		w.P("{")
	}
	w.P("at := i")
	if f.Opt(t.Partial) {
		g.readOpt(w, "v."+f.Go, f)
	} else {
		g.read(w, "v."+f.Go, f.Type, f.Coding)
	}
	w.P("if i < 0 {")
	w.P("if i = d.Null(b, at, i, %q, %q); i < 0 {", t.Go, f.Wire)
	w.P("return i")
	w.P("}")
	w.P("}")
	w.P("if wire.Sep(b, i) == ',' {")
	w.P("i++") // what comes is the next reader's to check
	w.P("} else {")
	w.P("i, more = wire.NextElement(b, i)")
	w.P("}")
	w.P("}")
}

// tupleRest takes what stands behind the declared items.
func (g *generator) tupleRest(w *jenx.Source, t *ir.Type) {
	if !t.RestAllow {
		w.P("if more {")
		w.P("return d.Fail(wire.ErrValue, b, i, %q, \"\")", t.Go)
		w.P("}")
		return
	}
	w.P("for more {")
	w.P("var raw wire.Raw")
	w.P("if raw, i = d.Raw(b, i); i < 0 {")
	w.P("return d.Fail(i, b, len(b), %q, \"\")", t.Go)
	w.P("}")
	w.P("v.Rest = append(v.Rest, raw)")
	w.P("i, more = wire.NextElement(b, i)")
	w.P("}")
}

func (g *generator) tupleEncode(w *jenx.Source, t *ir.Type) {
	w.P("// AppendJSON appends v as the venue writes it.")
	w.P("func (v *%s) AppendJSON(dst []byte) []byte {", t.Go)
	w.P("dst = append(dst, '[')")
	for _, f := range t.Fields {
		if f.Opt(t.Partial) {
			w.P("if x, ok := v.%s.Get(); ok {", f.Go)
			w.P("dst = append(%s, ',')", g.append("x", f.Type, f.Coding))
			if !f.Optional {
				w.P("} else {")
				w.P("dst = append(dst, \"null,\"...)")
			}
			w.P("}")
			continue
		}
		w.P("dst = %s", g.append("v."+f.Go, f.Type, f.Coding))
		w.P("dst = append(dst, ',')")
	}
	if t.RestAllow {
		w.P("for _, raw := range v.Rest {")
		w.P("dst = append(append(dst, raw...), ',')")
		w.P("}")
	}
	w.P("return wire.EndArray(dst)")
	w.P("}")
	w.P("")
}
