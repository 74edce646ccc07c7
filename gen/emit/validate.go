package emit

import (
	"fmt"
	"strings"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// validateMethod writes the check of a request before it is sent.
func (g *generator) validateMethod(w *jenx.Source, t *ir.Type) {
	if !validated(t) {
		return
	}
	w.P("// Validate checks what the venue is known to refuse: the rules between members and closed value lists.")
	w.P("func (v *%s) Validate() error {", t.Go)
	for _, r := range t.Rules {
		g.ruleCheck(w, t, r)
	}
	for _, f := range t.Fields {
		g.closedCheck(w, t, f)
	}
	for _, f := range t.Fields {
		g.nestedCheck(w, t, f)
	}
	w.P("return nil")
	w.P("}")
	w.P("")
}

// validated reports whether there is anything to check in an outbound struct.
func validated(t *ir.Type) bool {
	if t.Kind != ir.KindStruct || !t.Outbound {
		return false
	}
	if len(t.Rules) > 0 {
		return true
	}
	for _, f := range t.Fields {
		if f.Const != nil {
			continue
		}
		if u := underlying(f.Type); u.Kind == ir.KindEnum && u.Closed {
			return true
		}
		if e := elementStruct(f.Type); e != nil && e != t && validated(e) {
			return true
		}
	}
	return false
}

// elementStruct is the struct that a field is or lists.
func elementStruct(t *ir.Type) *ir.Type {
	u := underlying(t)
	if u.Kind == ir.KindList {
		u = underlying(u.Elem)
	}
	if u.Kind == ir.KindStruct {
		return u
	}
	return nil
}

func setExpr(f *ir.Field) string {
	if f.Opt(ir.PartialNone) {
		return "v." + f.Go + ".IsSet()"
	}
	return "true"
}

func (g *generator) ruleCheck(w *jenx.Source, t *ir.Type, r *ir.Rule) {
	var sets, names []string
	for _, f := range r.Fields {
		sets = append(sets, setExpr(f))
		names = append(names, f.Wire)
	}
	list := strings.Join(names, ", ")
	call := fmt.Sprintf("wire.CountTrue(%s)", strings.Join(sets, ", "))
	switch r.Kind {
	case "one_of":
		w.P("if n := %s; n != 1 {", call)
		w.P("return &wire.RuleError{Type: %q, Rule: %q}", t.Go, "exactly one of "+list+" must be set")
	case "at_most_one_of":
		w.P("if n := %s; n > 1 {", call)
		w.P("return &wire.RuleError{Type: %q, Rule: %q}", t.Go, "at most one of "+list+" may be set")
	case "together":
		w.P("if n := %s; n != 0 && n != %d {", call, len(sets))
		w.P("return &wire.RuleError{Type: %q, Rule: %q}", t.Go, list+" go together")
	}
	w.P("}")
}

func (g *generator) closedCheck(w *jenx.Source, t *ir.Type, f *ir.Field) {
	u := underlying(f.Type)
	if f.Const != nil || u.Kind != ir.KindEnum || !u.Closed {
		return
	}
	rule := f.Wire + " must be one of the constants of " + u.Go
	if f.Opt(ir.PartialNone) {
		w.P("if x, ok := v.%s.Get(); ok && !x.Known() {", f.Go)
	} else {
		w.P("if !v.%s.Known() {", f.Go)
	}
	w.P("return &wire.RuleError{Type: %q, Rule: %q}", t.Go, rule)
	w.P("}")
}

func (g *generator) nestedCheck(w *jenx.Source, t *ir.Type, f *ir.Field) {
	e := elementStruct(f.Type)
	if f.Const != nil || e == nil || e == t || !validated(e) {
		return
	}
	x := "v." + f.Go
	if f.Opt(ir.PartialNone) {
		w.P("if x, ok := v.%s.Get(); ok {", f.Go)
		x = "x"
	} else {
		w.P("{")
	}
	if underlying(f.Type).Kind == ir.KindList {
		w.P("for k := range %s {", x)
		w.P("if err := %s[k].Validate(); err != nil {", x)
		w.P("return err")
		w.P("}")
		w.P("}")
	} else {
		w.P("if err := %s.Validate(); err != nil {", x)
		w.P("return err")
		w.P("}")
	}
	w.P("}")
}
