package emit

import (
	"fmt"
	"strings"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// orderedMethod reads members in their documented order up to the first surprise, which the member loop then takes.
func (g *generator) orderedMethod(w *jenx.Source, t *ir.Type) {
	w.P("// ordered takes the members in the order that the venue documents and stops at the first surprise.")
	w.P("func (v *%s) ordered(d *wire.Decoder, b []byte, i int, seen *[%d]uint64) (next int, more bool) {", t.Go, maskWords(t))
	first, count := true, 0
	for k, f := range members(t) {
		if f.Const != nil {
			continue
		}
		g.orderedMember(w, t, f, k, first, count)
		first, count = false, k+1
	}
	if t.Partial == ir.PartialNone {
		w.P("if wire.Sep(b, i) == '}' {")
		w.P("*seen = [%d]uint64{%s} // all", maskWords(t), allBits(count))
		w.P("return i + 1, false")
		w.P("}")
	}
	w.P("return wire.Onward(b, start, i, seen[:], %s)", onwardCount(t, count))
	w.P("}")
	w.P("")
}

// allBits spells a mask of n members.
func allBits(n int) string {
	var words []string
	for ; n > 64; n -= 64 {
		words = append(words, "^uint64(0)")
	}
	return strings.Join(append(words, fmt.Sprintf("%#x", uint64(1)<<n-1)), ", ")
}

// orderedMember reads one member of a known place; count is how many stand before it.
func (g *generator) orderedMember(w *jenx.Source, t *ir.Type, f *ir.Field, k int, first bool, count int) {
	name := fmt.Sprintf("%q:", f.Wire)
	skippable := f.Optional || t.Partial != ir.PartialNone
	switch {
	case first:
		w.P("start, at := i, %s", matchCall(name))
		w.P("if at < 0 {")
		w.P("return i, true")
		w.P("}")
	case skippable:
		w.P("if at = %s; at >= 0 {", matchCall(","+name))
		w.P("start = i + 1")
		defer w.P("}")
	default:
		w.P("if at = %s; at < 0 {", matchCall(","+name))
		w.P("return wire.Onward(b, start, i, seen[:], %s)", onwardCount(t, count))
		w.P("}")
		w.P("start = i + 1")
	}
	g.orderedValue(w, t, f, k)
}

// onwardCount is the number of members to mark as read. Where presence means something each is marked by itself.
func onwardCount(t *ir.Type, n int) string {
	if t.Partial != ir.PartialNone {
		return "0"
	}
	return fmt.Sprint(n)
}

func (g *generator) orderedValue(w *jenx.Source, t *ir.Type, f *ir.Field, k int) {
	if t.Partial != ir.PartialNone {
		g.readField(w, t, f, k)
		return
	}
	if f.Opt(t.Partial) {
		g.readOpt(w, "v."+f.Go, f)
	} else {
		g.read(w, "v."+f.Go, f.Type, f.Coding)
	}
}
