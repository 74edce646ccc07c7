package emit

import (
	"strings"

	"github.com/venuewire/venuewire/gen/ir"
)

// scalarGo is the Go type of each scalar.
var scalarGo = map[string]string{
	"bool": "bool", "int": "int64", "int64": "int64", "uint32": "uint32", "uint64": "uint64",
	"float64": "float64", "decimal": "wire.Decimal", "string": "string", "json": "wire.Raw",
}

func scalarType(scalar string) string {
	if s, ok := scalarGo[scalar]; ok {
		return s
	}
	return "time.Time"
}

// goType spells the Go type of a value that is present.
func goType(t *ir.Type) string {
	switch t.Kind {
	case ir.KindScalar:
		return scalarType(t.Scalar)
	case ir.KindList:
		return "[]" + goType(t.Elem)
	case ir.KindMap:
		return "wire.Map[" + goType(t.Key) + ", " + goType(t.Elem) + "]"
	case ir.KindPair:
		return "wire.Pair[" + goType(t.Key) + ", " + goType(t.Elem) + "]"
	case ir.KindKeyOf:
		return "string"
	default:
		return t.Go
	}
}

// fieldType spells the Go type of a field, with the Opt that absence needs.
func fieldType(f *ir.Field, p ir.Partial) string {
	if f.Opt(p) {
		return "wire.Opt[" + goType(f.Type) + "]"
	}
	return goType(f.Type)
}

// basic reports whether a scalar is a Go basic type, which an alias turns into a type of its own; an alias of
// anything else stays a Go alias and so keeps the methods of what it names.
func basic(scalar string) bool {
	switch scalar {
	case "bool", "int", "int64", "uint32", "uint64", "float64", "string":
		return true
	}
	return false
}

// definedScalar reports whether t is a named type over a basic scalar: values need a conversion.
func definedScalar(t *ir.Type) bool {
	return t.Kind == ir.KindAlias && underlying(t).Kind == ir.KindScalar && basic(underlying(t).Scalar)
}

// intEnum reports whether t is an enum of integers.
func intEnum(t *ir.Type) bool { return t.Kind == ir.KindEnum && t.Scalar == "int" }

// hasMethods reports whether generated code gives t a DecodeJSON method of its own.
func hasMethods(t *ir.Type) bool {
	switch t.Kind {
	case ir.KindStruct, ir.KindTuple, ir.KindText, ir.KindUnion:
		return true
	case ir.KindEnum:
		return true
	}
	return false
}

// concrete follows Go aliases to the type whose methods a value has.
func concrete(t *ir.Type) *ir.Type {
	for t.Kind == ir.KindAlias && !definedScalar(t) {
		t = t.Elem
	}
	return t
}

// comparable reports whether values of t can be a map key in Go.
func comparable(t *ir.Type) bool {
	t = underlying(t)
	switch t.Kind {
	case ir.KindList, ir.KindMap:
		return false
	case ir.KindScalar:
		return t.Scalar != "json"
	case ir.KindPair:
		return comparable(t.Key) && comparable(t.Elem)
	case ir.KindStruct, ir.KindTuple, ir.KindText, ir.KindUnion:
		for _, f := range t.Fields {
			if !comparable(f.Type) {
				return false
			}
		}
		for _, v := range t.Variants {
			if !comparable(v.Type) {
				return false
			}
		}
		return t.Partial != ir.PartialSparse && !t.RestAllow
	}
	return true
}

// codingOf is the coding that a type brings along: its own, then that of what it names.
func codingOf(t *ir.Type) ir.Coding {
	c := t.Coding
	for t.Kind == ir.KindAlias {
		t = t.Elem
		c = mergeCoding(c, t.Coding)
	}
	return c
}

// mergeCoding fills what c leaves open from base.
func mergeCoding(c, base ir.Coding) ir.Coding {
	if c.Wire == "" {
		c.Wire = base.Wire
	}
	if c.NullAs == nil {
		c.NullAs = base.NullAs
	}
	c.Nullable = c.Nullable || base.Nullable || len(c.NullAs) > 0
	if c.Accept == nil {
		c.Accept = base.Accept
	}
	if c.Sep == nil {
		c.Sep = base.Sep
	}
	if c.Chars == "" {
		c.Chars = base.Chars
	}
	if c.Layout == "" {
		c.Layout = base.Layout
	}
	if c.Precision == "" {
		c.Precision = base.Precision
	}
	return c
}

// suffix is the reader's name ending for an encoding.
func suffix(wire string) string {
	if wire == "" {
		return ""
	}
	return strings.ToUpper(wire[:1]) + wire[1:]
}

// timeReader names the reader of a time scalar without package and encoding.
var timeReader = map[string]string{
	"time.unix_s": "UnixS", "time.unix_ms": "UnixMs", "time.unix_us": "UnixUs", "time.unix_ns": "UnixNs",
	"time.unix_auto": "UnixAuto", "time.rfc3339": "RFC3339", "time.layout": "Layout",
}
