package emit

import (
	"fmt"
	"strings"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// frameMethod tells frames apart by their first byte.
func (g *generator) frameMethod(w *jenx.Source, name string) {
	w.P("// Frame delivers the events of a frame and hands everything else, and what does not decode, to rest.")
	w.P("func (f *%s) Frame(b []byte, m stream.Meta, rest func(elem []byte, err error)) {", name)
	w.P("f.number(&m)")
	w.P("switch wire.Kind(b, 0) {")
	w.P("case '{':")
	w.P("f.object(b, &m, rest)")
	switch {
	case len(g.classes(ir.FormArray)) > 0:
		w.P("case '[':")
		w.P("f.batch(b, &m, rest)")
	case len(g.classes(ir.FormTuple)) > 0:
		w.P("case '[':")
		w.P("f.tuple(b, &m, rest)")
	}
	w.P("default:")
	w.P("rest(b, nil)")
	w.P("}")
	w.P("}")
	w.P("")
	w.P("// number counts the events in the order of the wire.")
	w.P("func (f *%s) number(m *stream.Meta) {", name)
	w.P("f.seq++")
	w.P("m.Seq = f.seq")
	w.P("}")
	w.P("")
}

// batchMethod goes through an array element by element; a bad element loses only itself.
func (g *generator) batchMethod(w *jenx.Source, name string, groups []*group) {
	w.P("func (f *%s) batch(b []byte, m *stream.Meta, rest func([]byte, error)) {", name)
	w.P("i, more := wire.EnterArray(b, 0)")
	w.P("for n := 0; more; n++ {")
	w.P("i = wire.Space(b, i)")
	declared := false
	for _, gr := range g.hotGroups(groups) {
		if !declared {
			w.P("next := f.%s.hot(b, i, m, false)", gr.name)
			declared = true
			continue
		}
		w.P("if next < 0 {")
		w.P("next = f.%s.hot(b, i, m, false)", gr.name)
		w.P("}")
	}
	if !declared {
		w.P("next := -1")
	}
	w.P("if next < 0 {")
	w.P("if next = wire.Skip(b, i); next < 0 {")
	w.P("i = next")
	w.P("break")
	w.P("}")
	w.P("f.d.InElement(n)")
	w.P("f.object(b[i:next], m, rest)")
	w.P("f.d.InElement(-1)")
	w.P("}")
	w.P("f.number(m)")
	w.P("i, more = wire.NextElement(b, next)")
	w.P("}")
	w.P("if i < 0 || wire.End(b, i) < 0 {")
	w.P("f.d.Fail(min(i, wire.ErrSyntax), b, 0, \"frame\", \"\")")
	w.P("rest(b, f.d.Err(\"frame\"))")
	w.P("}")
	w.P("}")
	w.P("")
}

// objectMethod dispatches one object by class, then by key.
func (g *generator) objectMethod(w *jenx.Source, name string, groups []*group) {
	batch := len(g.classes(ir.FormArray)) > 0
	w.P("func (f *%s) object(b []byte, m *stream.Meta, rest func([]byte, error)) {", name)
	w.P("stream.SetElement(m, b)")
	if !batch {
		for _, gr := range g.hotGroups(groups) {
			w.P("if f.%s.hot(b, 0, m, true) >= 0 {", gr.name)
			w.P("return")
			w.P("}")
		}
	}
	g.tailTry(w, groups, ir.FormObject)
	w.P("h := &f.h")
	w.P("if code := h.scan(&f.d, b); code < 0 {")
	w.P("f.d.Fail(code, b, 0, \"frame\", \"\")")
	w.P("rest(b, f.d.Err(\"frame\"))")
	w.P("return")
	w.P("}")
	for _, c := range g.classes(ir.FormObject) {
		g.objectClass(w, c, groups)
	}
	w.P("rest(b, nil)")
	w.P("}")
	w.P("")
}

// objectClass writes the dispatch of one class of object frames.
func (g *generator) objectClass(w *jenx.Source, c *ir.Class, groups []*group) {
	var conds []string
	for _, s := range c.Has {
		conds = append(conds, offset(s)+" > 0")
	}
	for _, s := range c.Lacks {
		conds = append(conds, offset(s)+" == 0")
	}
	if c.ID != "" {
		conds = append(conds, fmt.Sprintf("!wire.HasID(b, %s)", offset(c.ID)))
	}
	body := askGroups(c, groups)
	if body.Empty() {
		return
	}
	if len(conds) == 0 {
		w.P("{ // every object is of this class")
	} else {
		w.P("if %s {", strings.Join(conds, " && "))
	}
	if len(c.Key) > 0 {
		w.P("var key []byte")
		w.P("if at := %s; at > 0 {", offset(c.Key[0]))
		w.P("if key, at = f.d.Text(b, at); at < 0 {")
		w.P("key = nil")
		w.P("}")
		w.P("}")
	} else {
		w.P("var key []byte")
	}
	w.P("%s", trim(body.String()))
	w.P("}")
}

// tupleMethod dispatches positional frames by their number of elements, then by key.
func (g *generator) tupleMethod(w *jenx.Source, name string, groups []*group, classes []*ir.Class) {
	w.P("func (f *%s) tuple(b []byte, m *stream.Meta, rest func([]byte, error)) {", name)
	w.P("stream.SetElement(m, b)")
	g.tailTry(w, groups, ir.FormTuple)
	w.P("n := wire.Elements(b, f.at[:])")
	w.P("if n < 0 {")
	w.P("f.d.Fail(n, b, 0, \"frame\", \"\")")
	w.P("rest(b, f.d.Err(\"frame\"))")
	w.P("return")
	w.P("}")
	w.P("at := f.at[:n]")
	for _, c := range classes {
		g.tupleClass(w, c, groups)
	}
	w.P("rest(b, nil)")
	w.P("}")
	w.P("")
}

func (g *generator) tupleClass(w *jenx.Source, c *ir.Class, groups []*group) {
	low, high := 0, 0
	for _, e := range c.Layout {
		if !e.Optional {
			low++
		}
		high++
		if e.Repeat {
			high = 16
		}
	}
	body := askGroups(c, groups)
	if body.Empty() {
		return
	}
	w.P("if n >= %d && n <= %d {", low, min(high, 16))
	w.P("key, next := f.d.Text(b, %s)", place(c, ir.Path{{Member: c.Key[0]}}))
	w.P("if next < 0 {")
	w.P("key = nil")
	w.P("}")
	w.P("%s", trim(body.String()))
	w.P("}")
}

// askGroups writes how an element of a class goes to each group that has such events, until one has taken it.
func askGroups(c *ir.Class, groups []*group) *jenx.Source {
	_, args := frameArgs(c)
	var w jenx.Source
	for _, gr := range groups {
		if len(eventsOf(gr, c)) == 0 {
			continue
		}
		w.P("if done, err := f.%s.%s(%s, m); done {", gr.name, classFunc(c), args)
		w.P("if err != nil {")
		w.P("rest(b, err)")
		w.P("}")
		w.P("return")
		w.P("}")
	}
	return &w
}
