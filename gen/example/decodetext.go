package example

import (
	"fmt"
	"strings"

	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/pattern"
	"github.com/venuewire/venuewire/gen/resolve"
)

// textValue checks a JSON text, or a number where the encoding lets it stand for its text, against a text type.
func (d *decoder) textValue(t *ir.Type, k ir.Coding, v *Value, path string) {
	if v.Kind == String || v.Kind == Number && k.Wire == "flex" {
		d.text(t, k, v.Text, path)
		return
	}
	d.fail(path, "is %s, not a text", article(v.Kind))
}

// text checks a text that stands for a value: a hole, a map key, an element of a joined list.
func (d *decoder) text(t *ir.Type, k ir.Coding, s, path string) {
	base := resolve.Base(t)
	switch {
	case base == nil:
	case base.Kind == ir.KindScalar:
		if why := scalarText(base.Scalar, k, s); why != "" {
			d.fail(path, "%q %s", s, why)
		} else {
			d.unit(base.Scalar, s, path)
		}
	case base.Kind == ir.KindEnum && base.Scalar == "int":
		if why := scalarText("int64", k, s); why != "" {
			d.fail(path, "%q %s", s, why)
		}
	case base.Kind == ir.KindText:
		d.holes(base, s, path)
	case base.Kind == ir.KindList && k.Sep != nil:
		for i, part := range strings.Split(s, *k.Sep) {
			d.text(base.Elem, elemCoding(base.Elem), part, fmt.Sprintf("%s[%d]", path, i))
		}
	case base.Kind == ir.KindEnum, base.Kind == ir.KindKeyOf:
	default:
		d.fail(path, "a %s cannot stand in a text", typeName(base))
	}
}

// holes reads a text by the first alternative that fits and whose holes are what their fields say.
func (d *decoder) holes(t *ir.Type, s, path string) {
	for _, p := range t.Patterns {
		got, ok := pattern.Read(p, s)
		if !ok {
			continue
		}
		try := &decoder{abridged: d.abridged}
		for name, text := range got {
			if f := member(t, name); f != nil {
				try.text(f.Type, f.Coding, text, join(path, name))
			}
		}
		if !try.failed() {
			d.found = append(d.found, try.found...)
			return
		}
	}
	d.fail(path, "%q fits no pattern of %s", s, t.Go)
}
