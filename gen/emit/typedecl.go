package emit

import (
	"fmt"
	"strings"

	j "github.com/dave/jennifer/jen"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// typeDecl writes one named type with its methods.
func (g *generator) typeDecl(f *j.File, t *ir.Type) {
	if g.keys[t] {
		return
	}
	var w jenx.Source
	switch t.Kind {
	case ir.KindAlias:
		g.aliasDecl(&w, t)
	case ir.KindEnum:
		g.enumDecl(&w, t)
	case ir.KindTuple:
		g.structType(&w, t)
		g.tupleMethods(&w, t)
	case ir.KindText:
		g.structType(&w, t)
		g.textMethods(&w, t)
	case ir.KindUnion:
		g.unionDecl(&w, t)
	case ir.KindStruct:
		g.structDecl(&w, t)
	}
	w.AddTo(f)
}

func (g *generator) typeDoc(w *jenx.Source, t *ir.Type, fallback string) {
	w.Doc(paragraphs(sentence(t.Go, t.Prov.Doc, fallback), provenance(t.Prov), deprecation(t.Prov.Deprecated)))
}

func (g *generator) aliasDecl(w *jenx.Source, t *ir.Type) {
	fallback := "is a " + goType(underlying(t))
	if t.Coding.Unit != "" {
		fallback += " in " + t.Coding.Unit
	} else if t.Spec != "" {
		fallback += " as the venue writes it"
	}
	g.typeDoc(w, t, fallback)
	if definedScalar(t) {
		w.P("type %s %s", t.Go, scalarType(underlying(t).Scalar))
		w.P("")
		return
	}
	w.P("type %s = %s", t.Go, goType(t.Elem))
	w.P("")
}

// structType writes the Go struct of a struct, tuple or text type.
func (g *generator) structType(w *jenx.Source, t *ir.Type) {
	g.typeDoc(w, t, structFallback(t))
	w.P("type %s struct {", t.Go)
	for _, f := range t.Fields {
		if f.Const != nil {
			continue
		}
		if d := fieldDoc(f); d != "" {
			w.Doc(d)
		}
		w.P("%s %s %s", f.Go, fieldType(f, t.Partial), fieldTag(t, f))
	}
	if t.RestAllow {
		w.P("// Rest holds items behind the declared ones.")
		w.P("Rest []wire.Raw")
	}
	if t.Partial == ir.PartialMask {
		w.P("")
		w.P("present [%d]uint64", maskWords(t))
	}
	w.P("}")
	w.P("")
}

// structFallback describes a type that the spec leaves without a doc line.
func structFallback(t *ir.Type) string {
	switch t.Kind {
	case ir.KindTuple:
		return "is a list with a meaning for each place"
	case ir.KindText:
		return "is a text with parts"
	}
	switch {
	case strings.HasSuffix(t.Go, "Request"):
		return "holds the parameters of " + strings.TrimSuffix(t.Go, "Request")
	case strings.HasSuffix(t.Go, "Reply"):
		return "is the reply of " + strings.TrimSuffix(t.Go, "Reply")
	case strings.HasSuffix(t.Go, "Key"):
		return "tells two subscriptions of " + strings.TrimSuffix(t.Go, "Key") + " apart"
	case strings.HasSuffix(t.Go, "Params"):
		return "tunes a subscription of " + strings.TrimSuffix(t.Go, "Params")
	}
	return "is part of the venue's messages"
}

func fieldTag(t *ir.Type, f *ir.Field) string {
	if t.Kind != ir.KindStruct || f.FromEnvelope {
		return ""
	}
	if strings.ContainsAny(f.Wire, "`,\"\\") {
		return ""
	}
	return fmt.Sprintf("`json:%q`", f.Wire)
}

// members are the fields that the payload carries.
func members(t *ir.Type) []*ir.Field {
	var out []*ir.Field
	for _, f := range t.Fields {
		if !f.FromEnvelope {
			out = append(out, f)
		}
	}
	return out
}

// maskWords is the size of a mask that has a bit for each member; every struct has one word at least.
func maskWords(t *ir.Type) int { return max((len(members(t))+63)/64, 1) }

// structDecl writes a struct with everything that belongs to it.
func (g *generator) structDecl(w *jenx.Source, t *ir.Type) {
	if g.raw[t] {
		g.typeDoc(w, t, "is handed on as it came")
		w.P("type %s = wire.RawEvent", t.Go)
		w.P("")
		return
	}
	if t.Partial == ir.PartialSparse {
		g.sparseDecl(w, t)
		return
	}
	g.structType(w, t)
	g.presence(w, t)
	if g.listed(t) {
		g.listMembers(w, t)
	} else {
		if g.needsNames(t) {
			g.memberNames(w, t)
		}
		g.structDecode(w, t)
		g.structEncode(w, t)
	}
	g.jsonMethods(w, t)
	g.cloneMethod(w, t)
	g.validateMethod(w, t)
	g.redaction(w, t)
}

// presence writes what tells an absent member of a partial update from a zero one.
func (g *generator) presence(w *jenx.Source, t *ir.Type) {
	if t.Partial != ir.PartialMask {
		return
	}
	ft := t.Go + "Field"
	w.Doc(ft + " names one member of " + t.Go + ".")
	w.P("type %s uint8", ft)
	w.P("")
	w.P("// The members of %s.", t.Go)
	w.P("const (")
	for i, f := range members(t) {
		if i == 0 {
			w.P("%s%s %s = iota", ft, f.Go, ft)
			continue
		}
		w.P("%s%s", ft, f.Go)
	}
	w.P(")")
	w.P("")
	w.P("// Has reports whether the venue sent the member; one that it did not send is unchanged, neither zero nor cleared.")
	w.P("func (v *%s) Has(f %s) bool { return v.present[f>>6]&(1<<(f&63)) != 0 }", t.Go, ft)
	w.P("")
	w.P("// Mark says that members are present, for updates that a program makes itself.")
	w.P("func (v *%s) Mark(fields ...%s) {", t.Go, ft)
	w.P("for _, f := range fields {")
	w.P("v.present[f>>6] |= 1 << (f & 63)")
	w.P("}")
	w.P("}")
	w.P("")
	g.maskMerge(w, t)
}

// maskMerge writes how a partial update is added to what is known.
func (g *generator) maskMerge(w *jenx.Source, t *ir.Type) {
	w.P("// Merge takes over every member of newer that came. Lists and maps are shared with newer afterwards.")
	w.P("func (v *%s) Merge(newer *%s) {", t.Go, t.Go)
	mergeEnvelope(w, t)
	for _, f := range members(t) {
		w.P("if newer.Has(%sField%s) {", t.Go, f.Go)
		w.P("v.%s = newer.%s", f.Go, f.Go)
		w.P("}")
	}
	w.P("for i, bits := range newer.present {")
	w.P("v.present[i] |= bits")
	w.P("}")
	w.P("}")
	w.P("")
}

// needsNames reports whether decoding can find required members absent.
func (g *generator) needsNames(t *ir.Type) bool {
	if t.Partial != ir.PartialNone {
		return false
	}
	for _, f := range members(t) {
		if required(f) {
			return true
		}
	}
	return false
}

func required(f *ir.Field) bool { return !f.Optional && f.Const == nil && !f.Must }

func (g *generator) memberNames(w *jenx.Source, t *ir.Type) {
	w.P("var %sMembers = []string{", lowerFirst(t.Go))
	var names []string
	for _, f := range members(t) {
		names = append(names, f.Wire)
	}
	w.P("%s", nameLines(names))
	w.P("}")
	w.P("")
}

// jsonMethods make every JSON library write and read the type as the venue does.
func (g *generator) jsonMethods(w *jenx.Source, t *ir.Type) {
	w.P("// MarshalJSON writes v as the venue does.")
	w.P("func (v %s) MarshalJSON() ([]byte, error) { return %s }", t.Go, g.marshal(t))
	w.P("")
	w.P("// UnmarshalJSON reads v as the client does; errors are of type *wire.FieldError.")
	if g.listed(t) {
		w.P("func (v *%s) UnmarshalJSON(b []byte) error { return wire.UnmarshalObject(b, v) }", t.Go)
	} else {
		w.P("func (v *%s) UnmarshalJSON(b []byte) error { return wire.Unmarshal(b, %q, v) }", t.Go, t.Go)
	}
	w.P("")
}

// marshal spells what MarshalJSON returns.
func (g *generator) marshal(t *ir.Type) string {
	if g.listed(t) {
		return "wire.Marshal(&v)"
	}
	return "v.AppendJSON(nil), nil"
}

// redaction keeps sensitive members out of %v and %+v.
func (g *generator) redaction(w *jenx.Source, t *ir.Type) {
	for _, f := range t.Fields {
		if f.Sensitive && f.Const == nil {
			w.P("// String hides the sensitive members of v.")
			w.P("func (v %s) String() string { return %q }", t.Go, t.Go+"{REDACTED}")
			w.P("")
			w.P("// GoString hides the sensitive members of v.")
			w.P("func (v %s) GoString() string { return v.String() }", t.Go)
			w.P("")
			return
		}
	}
}
