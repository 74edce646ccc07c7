package emit

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/venuewire/venuewire/gen/ir"
)

// append spells an expression that appends the JSON of x to dst; x is addressable.
func (g *generator) append(x string, t *ir.Type, c ir.Coding) string {
	u := underlying(t)
	switch u.Kind {
	case ir.KindScalar:
		return g.appendScalar(x, u, t, c)
	case ir.KindList:
		if c.Sep != nil {
			return fmt.Sprintf("wire.AppendQuoted(dst, wire.AppendJoined(nil, %s, %s, %s))", x, strconv.Quote(*c.Sep), g.textWriter(u.Elem))
		}
		return fmt.Sprintf("wire.AppendList(dst, %s, %s)", x, g.writer(u.Elem))
	case ir.KindMap:
		return fmt.Sprintf("wire.AppendEntries(dst, %s, %s, %s)", x, g.textWriter(u.Key), g.writer(u.Elem))
	case ir.KindPair:
		return fmt.Sprintf("append(wire.AppendPair(append(dst, '{'), %s, %s, %s), '}')", addr(x), g.textWriter(u.Key), g.writer(u.Elem))
	case ir.KindKeyOf:
		return fmt.Sprintf("wire.AppendString(dst, %s)", x)
	case ir.KindEnum:
		if intEnum(u) {
			return quoteIf(c, fmt.Sprintf("wire.AppendInt64(dst, int64(%s))", x))
		}
		return fmt.Sprintf("wire.AppendString(dst, string(%s))", x)
	}
	return g.appendValue("dst", x, u)
}

// appendValue spells an expression that appends a value of a type that has methods for it.
func (g *generator) appendValue(dst, x string, t *ir.Type) string {
	if g.listed(t) {
		return fmt.Sprintf("wire.AppendObject(%s, %s)", dst, addr(x))
	}
	return fmt.Sprintf("%s.AppendJSON(%s)", recv(x), dst)
}

func (g *generator) appendScalar(x string, u, t *ir.Type, c ir.Coding) string {
	v := x
	if definedScalar(t) {
		v = scalarType(u.Scalar) + "(" + x + ")"
	}
	switch u.Scalar {
	case "string":
		return fmt.Sprintf("wire.AppendString(dst, %s)", v)
	case "json":
		return fmt.Sprintf("wire.AppendRaw(dst, %s)", v)
	case "bool":
		if c.Wire == "number" {
			return fmt.Sprintf("wire.AppendBoolNumber(dst, %s)", v)
		}
	case "time.rfc3339", "time.layout":
		return "append(" + g.scalarText("append(dst, '\"')", v, u, c) + ", '\"')"
	}
	return quoteIf(c, g.scalarText("dst", v, u, c))
}

// quoteIf puts quotes round a number that travels as text.
func quoteIf(c ir.Coding, expr string) string {
	if c.Wire != "string" {
		return expr
	}
	return "append(" + behind("append(dst, '\"')", expr) + ", '\"')"
}

// behind makes an append expression continue another one instead of dst, which it names first.
func behind(before, expr string) string {
	const open = "(dst"
	at := strings.Index(expr, open)
	return expr[:at+1] + before + expr[at+len(open):]
}

// scalarText spells an expression that appends the text of a scalar without quotes.
func (g *generator) scalarText(dst, v string, u *ir.Type, c ir.Coding) string {
	switch u.Scalar {
	case "bool":
		return fmt.Sprintf("wire.AppendBool(%s, %s)", dst, v)
	case "int", "int64":
		return fmt.Sprintf("wire.AppendInt64(%s, %s)", dst, v)
	case "uint32", "uint64":
		return fmt.Sprintf("wire.AppendUint64(%s, uint64(%s))", dst, v)
	case "float64":
		return fmt.Sprintf("wire.AppendFloat64(%s, %s)", dst, v)
	case "decimal":
		return fmt.Sprintf("wire.AppendDecimal(%s, %s)", dst, v)
	case "string":
		return fmt.Sprintf("append(%s, %s...)", dst, v)
	case "json":
		return fmt.Sprintf("append(%s, %s...)", dst, v)
	case "time.rfc3339":
		return fmt.Sprintf("wire.AppendRFC3339(%s, %s, %q)", dst, v, c.Precision)
	case "time.layout":
		return fmt.Sprintf("wire.AppendLayout(%s, %s, %q)", dst, v, c.Layout)
	}
	return fmt.Sprintf("wire.Append%s(%s, %s)", timeReader[u.Scalar], dst, v)
}

// writer spells a function for list elements and map values.
func (g *generator) writer(t *ir.Type) string {
	if u := concrete(t); hasMethods(u) && u.Kind != ir.KindEnum {
		return g.ifListed(u, "wire.WriteObject["+u.Go+"]", "(*"+u.Go+").AppendJSON")
	}
	return fmt.Sprintf("func(v *%s, dst []byte) []byte { return %s }", goType(t), g.append("*v", t, codingOf(t)))
}

// textWriter spells a function that appends text without quotes.
func (g *generator) textWriter(t *ir.Type) string {
	if u := concrete(t); u.Kind == ir.KindText {
		return "(*" + u.Go + ").appendText"
	}
	return fmt.Sprintf("func(v *%s, dst []byte) []byte { return %s }", goType(t), g.appendText("*v", t, codingOf(t)))
}

// appendText spells an expression that appends the text of x, as it stands in a hole, a key or a joined list.
func (g *generator) appendText(x string, t *ir.Type, c ir.Coding) string {
	u := underlying(t)
	switch u.Kind {
	case ir.KindScalar:
		v := x
		if definedScalar(t) {
			v = scalarType(u.Scalar) + "(" + x + ")"
		}
		return g.scalarText("dst", v, u, c)
	case ir.KindEnum:
		if intEnum(u) {
			return fmt.Sprintf("wire.AppendInt64(dst, int64(%s))", x)
		}
		return fmt.Sprintf("append(dst, %s...)", x)
	case ir.KindList:
		sep := ","
		if c.Sep != nil {
			sep = *c.Sep
		}
		return fmt.Sprintf("wire.AppendJoined(dst, %s, %s, %s)", x, strconv.Quote(sep), g.textWriter(u.Elem))
	case ir.KindKeyOf:
		return fmt.Sprintf("append(dst, %s...)", x)
	}
	return recv(x) + ".appendText(dst)"
}
