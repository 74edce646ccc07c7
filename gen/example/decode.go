package example

import (
	"fmt"
	"slices"
	"strings"

	"github.com/venuewire/venuewire/gen/diag"
	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/resolve"
)

// redacted stands in examples for what is secret.
const redacted = "REDACTED"

// problem is one thing that is wrong with a frame.
type problem struct {
	rule, path, what string
}

// decoder checks one frame against types and gathers what is wrong.
type decoder struct {
	abridged bool // members may be missing
	found    []problem
}

func (d *decoder) fail(path, format string, args ...any) {
	d.found = append(d.found, problem{"EXAMPLE_FAILS", path, fmt.Sprintf(format, args...)})
}

func (d *decoder) note(rule, path, format string, args ...any) {
	d.found = append(d.found, problem{rule, path, fmt.Sprintf(format, args...)})
}

// failed reports whether the frame does not fit; notes do not count.
func (d *decoder) failed() bool {
	return slices.ContainsFunc(d.found, func(p problem) bool { return p.rule == "EXAMPLE_FAILS" })
}

// field checks a value of a field.
func (d *decoder) field(f *ir.Field, v *Value, path string) {
	if f.Sensitive {
		d.secret(v, path)
	}
	d.value(f.Type, f.Coding, v, path)
}

// secret notes text that is not redacted; what a venue leaves empty says nothing.
func (d *decoder) secret(v *Value, path string) {
	if v.Kind == String && v.Text != "" && !strings.Contains(v.Text, redacted) {
		d.note("EXAMPLE_SECRET", path, "holds a sensitive text that is not %s", redacted)
	}
	for i, it := range v.Items {
		d.secret(it, fmt.Sprintf("%s[%d]", path, i))
	}
	for _, m := range v.Members {
		d.secret(m.Value, join(path, m.Name))
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// value checks a value against a type with the coding of its use.
func (d *decoder) value(t *ir.Type, k ir.Coding, v *Value, path string) {
	if t == nil || nullLiteral(k, v) {
		return
	}
	base := resolve.Base(t)
	if v.Kind == Null {
		if !k.Nullable && !isJSON(base) {
			d.fail(path, "is null")
		}
		return
	}
	switch {
	case k.Sep != nil && base.Kind == ir.KindList:
		d.joined(base, k, v, path)
	case slices.Contains(k.Accept, "empty-array") && v.Kind == Array && len(v.Items) == 0:
	case base.Kind == ir.KindList:
		d.list(base, k, v, path)
	default:
		d.single(base, k, v, path)
	}
}

func nullLiteral(k ir.Coding, v *Value) bool {
	return slices.ContainsFunc(k.NullAs, v.Equals)
}

func isJSON(t *ir.Type) bool { return t.Kind == ir.KindScalar && t.Scalar == "json" }

// list checks a list; its elements have the coding of their own type.
func (d *decoder) list(t *ir.Type, k ir.Coding, v *Value, path string) {
	if v.Kind != Array {
		if slices.Contains(k.Accept, "single") {
			d.value(t.Elem, elemCoding(t.Elem), v, path)
			return
		}
		d.fail(path, "is %s, not a list", article(v.Kind))
		return
	}
	for i, it := range v.Items {
		d.value(t.Elem, elemCoding(t.Elem), it, fmt.Sprintf("%s[%d]", path, i))
	}
}

func elemCoding(t *ir.Type) ir.Coding {
	if t == nil {
		return ir.Coding{}
	}
	return t.Coding
}

// joined checks a list that is one text.
func (d *decoder) joined(t *ir.Type, k ir.Coding, v *Value, path string) {
	if v.Kind != String {
		d.fail(path, "is %s, not a text joined by %q", article(v.Kind), *k.Sep)
		return
	}
	if v.Text == "" {
		return
	}
	for i, s := range strings.Split(v.Text, *k.Sep) {
		d.text(t.Elem, elemCoding(t.Elem), s, fmt.Sprintf("%s[%d]", path, i))
	}
}

func (d *decoder) single(t *ir.Type, k ir.Coding, v *Value, path string) {
	switch t.Kind {
	case ir.KindScalar:
		d.scalar(t.Scalar, k, v, path)
	case ir.KindEnum:
		d.enum(t, k, v, path)
	case ir.KindKeyOf:
		d.scalar("string", k, v, path)
	case ir.KindMap, ir.KindPair:
		d.pairs(t, v, path)
	case ir.KindStruct:
		d.object(t, v, path)
	case ir.KindTuple:
		d.tuple(t, v, path)
	case ir.KindText:
		d.textValue(t, k, v, path)
	case ir.KindUnion:
		d.union(t, v, path)
	}
}

func article(k Kind) string {
	if k == Object || k == Array {
		return "an " + string(k)
	}
	return "a " + string(k)
}

// pairs checks a map, or an object of exactly one member.
func (d *decoder) pairs(t *ir.Type, v *Value, path string) {
	if v.Kind != Object {
		d.fail(path, "is %s, not an object", article(v.Kind))
		return
	}
	if t.Kind == ir.KindPair && len(v.Members) != 1 {
		d.fail(path, "has %d members, not one", len(v.Members))
	}
	for _, m := range v.Members {
		d.text(t.Key, elemCoding(t.Key), m.Name, join(path, "<key>"))
		d.value(t.Elem, elemCoding(t.Elem), m.Value, join(path, m.Name))
	}
}

// object checks all members of an object against a struct.
func (d *decoder) object(t *ir.Type, v *Value, path string) {
	if v.Kind != Object {
		d.fail(path, "is %s, not an object", article(v.Kind))
		return
	}
	seen := map[*ir.Field]bool{}
	for _, m := range v.Members {
		f := member(t, m.Name)
		if f == nil {
			d.fail(join(path, m.Name), "is no member of %s", typeName(t))
			continue
		}
		if seen[f] {
			d.fail(join(path, m.Name), "is there twice")
		}
		seen[f] = true
		d.field(f, m.Value, join(path, m.Name))
	}
	d.missing(t, seen, path)
}

func typeName(t *ir.Type) string {
	if t.Go == "" {
		return "the declared fields"
	}
	return t.Go
}

func member(t *ir.Type, name string) *ir.Field {
	for _, f := range t.Fields {
		if !f.FromEnvelope && (f.Wire == name || slices.Contains(f.Also, name)) {
			return f
		}
	}
	return nil
}

func (d *decoder) missing(t *ir.Type, seen map[*ir.Field]bool, path string) {
	if d.abridged || t.Partial != ir.PartialNone {
		return
	}
	for _, f := range t.Fields {
		if !seen[f] && !f.Optional && !f.FromEnvelope {
			d.fail(join(path, f.Wire), "is missing")
		}
	}
}

func (d *decoder) tuple(t *ir.Type, v *Value, path string) {
	if v.Kind != Array {
		d.fail(path, "is %s, not an array", article(v.Kind))
		return
	}
	for i, it := range v.Items {
		if i < len(t.Fields) {
			d.field(t.Fields[i], it, join(path, t.Fields[i].Wire))
		} else if !t.RestAllow {
			d.fail(path, "has %d elements, %s takes %d", len(v.Items), t.Go, len(t.Fields))
			break
		}
	}
	for i := len(v.Items); i < len(t.Fields); i++ {
		if !t.Fields[i].Optional && !d.abridged {
			d.fail(join(path, t.Fields[i].Wire), "is missing")
		}
	}
}

// union checks the first variant that holds.
func (d *decoder) union(t *ir.Type, v *Value, path string) {
	for _, x := range t.Variants {
		if !variantHolds(x, v) {
			continue
		}
		if x.At != "" {
			v, path = v.Get(x.At), join(path, x.At)
		}
		if v == nil {
			d.fail(path, "is missing")
			return
		}
		d.value(x.Type, elemCoding(x.Type), v, path)
		return
	}
	d.fail(path, "is no variant of %s", t.Go)
}

func variantHolds(x *ir.Variant, v *Value) bool {
	if x.JSON != "" && string(v.Kind) != x.JSON || x.Is != nil && (v.Kind != String || v.Text != *x.Is) {
		return false
	}
	for _, h := range x.Has {
		if v.Get(h) == nil {
			return false
		}
	}
	for _, l := range x.Lacks {
		if v.Get(l) != nil {
			return false
		}
	}
	return condsHold(x.Eq, v, nil)
}

// enum checks the form of a value; an unknown value is no failure, enums are open.
func (d *decoder) enum(t *ir.Type, k ir.Coding, v *Value, path string) {
	scalar := "string"
	if t.Scalar == "int" {
		scalar = "int64"
	}
	d.scalar(scalar, k, v, path)
}

// unit notes a number that is no likely time in its unit.
func (d *decoder) unit(scalar, text, path string) {
	if u, ok := units[scalar]; ok && !u.plausible(text) {
		d.note("TIME_UNIT", path, "%s is no likely %s", text, scalar)
	}
}

// report turns what was found into findings at the place of a frame.
func report(c *diag.Collector, span diag.Span, where string, found []problem) {
	for _, p := range found {
		msg := where + ": " + p.what
		if p.path != "" {
			msg = where + ": " + p.path + " " + p.what
		}
		if p.rule == "TIME_UNIT" {
			c.Warnf(p.rule, span, "%s", msg)
			continue
		}
		c.Errorf(p.rule, span, "%s", msg)
	}
}
