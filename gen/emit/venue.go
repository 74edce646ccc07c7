package emit

import (
	"fmt"
	"strings"

	j "github.com/dave/jennifer/jen"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// connName is the unexported prefix of what belongs to one connection: "" when the venue has only one.
func (g *generator) connName(c *ir.Connection) string {
	if len(g.v.Connections) == 1 {
		return ""
	}
	return lowerFirst(goWord(c.Name))
}

// apiName is the struct that holds all methods of a connection.
func (g *generator) apiName(c *ir.Connection) string {
	if n := g.connName(c); n != "" {
		return n + "Methods"
	}
	return "api"
}

func (g *generator) inboundName(c *ir.Connection) string {
	if n := g.connName(c); n != "" {
		return n + "Inbound"
	}
	return "inbound"
}

// clientName is the exported client type of a connection.
func (g *generator) clientName(c *ir.Connection) string {
	if g.connName(c) == "" {
		return "Client"
	}
	return goWord(c.Name)
}

// venueFile joins the domains.
func (g *generator) venueFile(f *j.File) {
	g.headerDecl(f)
	for _, c := range g.v.Connections {
		g.connectionAPI(f, c)
		g.connectionInbound(f, c)
		if !g.v.HandWritten {
			g.client(f, c)
		}
	}
	g.catalogueAll(f)
}

// connectionAPI writes the struct that embeds every group of a connection.
func (g *generator) connectionAPI(f *j.File, c *ir.Connection) {
	name, groups := g.apiName(c), g.groupsFor(c)
	var w jenx.Source
	w.P("// %s holds every method of the connection %s; a client embeds it, and a method of the client wins over one here.", name, c.Name)
	w.P("type %s struct {", name)
	w.P("conn stream.Conn")
	for _, gr := range groups {
		if g.held(gr) {
			w.P("%s", gr.holder())
		}
	}
	w.P("}")
	w.P("")
	w.P("func (a *%s) init(conn stream.Conn) {", name)
	w.P("a.conn = conn")
	for _, gr := range groups {
		if g.held(gr) {
			w.P("a.%s.init(conn)", gr.holder())
		}
	}
	w.P("}")
	w.P("")
	if len(g.v.Wire.Call) > 0 {
		g.rawMethod(&w, name)
	}
	w.AddTo(f)
}

// rawMethod reaches catalogue rows that have no method of their own.
func (g *generator) rawMethod(w *jenx.Source, name string) {
	w.Doc("Raw calls an rpc by its wire name, for rows of the catalogue that have no method: body is the request's JSON (nil sends none) and the result is the whole reply frame. It counts as a write: it is never repeated by the library.")
	w.P("func (a *%s) Raw(ctx context.Context, name, version string, body []byte) (wire.Raw, error) {", name)
	w.P("return stream.Raw(ctx, a.conn, &protocol.RPC{Name: name, Version: version, Effect: protocol.Write}, body)")
	w.P("}")
	w.P("")
}

// connectionInbound writes the stream.Inbound of a connection.
func (g *generator) connectionInbound(f *j.File, c *ir.Connection) {
	name, groups := g.inboundName(c), g.framesGroups(c)
	tuples := g.classes(ir.FormTuple)
	var w jenx.Source
	w.P("// %s decodes what the venue sends on %s and hands it to the subscriptions; it implements stream.Inbound.", name, c.Name)
	w.P("type %s struct {", name)
	w.P("d wire.Decoder")
	w.P("seq uint64")
	if len(g.header) > 0 {
		w.P("h header")
	}
	if len(tuples) > 0 {
		w.P("at [16]int")
	}
	for _, gr := range groups {
		w.P("%s %sFrames", gr.name, gr.name)
	}
	w.P("}")
	w.P("")
	g.newInbound(&w, c, groups)
	w.P("// UseDrift makes the decoder count what the venue sends and the specs do not say.")
	w.P("func (f *%s) UseDrift(drift *wire.Drift) { f.d.Drift = drift }", name)
	w.P("")
	g.frameMethod(&w, name)
	if len(g.classes(ir.FormArray)) > 0 {
		g.batchMethod(&w, name, groups)
	}
	g.objectMethod(&w, name, groups)
	if len(tuples) > 0 {
		g.tupleMethod(&w, name, groups, tuples)
	}
	w.AddTo(f)
}

func (g *generator) framesGroups(c *ir.Connection) []*group {
	var out []*group
	for _, gr := range g.groupsFor(c) {
		if len(gr.events) > 0 {
			out = append(out, gr)
		}
	}
	return out
}

func (g *generator) classes(form ir.Form) []*ir.Class {
	var out []*ir.Class
	for _, c := range g.v.Wire.Classes {
		if c.Form == form {
			out = append(out, c)
		}
	}
	return out
}

func (g *generator) newInbound(w *jenx.Source, c *ir.Connection, groups []*group) {
	name := g.inboundName(c)
	w.P("func (a *%s) inbound() *%s {", g.apiName(c), name)
	w.P("f := new(%s)", name)
	for _, gr := range groups {
		parts := []string{"d: &f.d"}
		for _, o := range g.uses(gr) {
			parts = append(parts, fmt.Sprintf("%s: &a.%s", o.name, o.holder()))
		}
		w.P("f.%s = %sFrames{%s}", gr.name, gr.name, strings.Join(parts, ", "))
	}
	w.P("return f")
	w.P("}")
	w.P("")
}

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
	var body jenx.Source
	for _, gr := range groups {
		if len(eventsOf(gr, c)) == 0 {
			continue
		}
		body.P("if done, err := f.%s.%s(key, b, h, m); done {", gr.name, classFunc(c))
		body.P("if err != nil {")
		body.P("rest(b, err)")
		body.P("}")
		body.P("return")
		body.P("}")
	}
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
	var body jenx.Source
	for _, gr := range groups {
		if len(eventsOf(gr, c)) == 0 {
			continue
		}
		body.P("if done, err := f.%s.%s(key, b, at, m); done {", gr.name, classFunc(c))
		body.P("if err != nil {")
		body.P("rest(b, err)")
		body.P("}")
		body.P("return")
		body.P("}")
	}
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

// client writes a client for venues that need no login or helpers of their own.
func (g *generator) client(f *j.File, c *ir.Connection) {
	name := g.clientName(c)
	dial := "Dial"
	if name != "Client" {
		dial += name
	}
	var w jenx.Source
	w.Doc(name + " is one supervised connection to " + g.v.Name + ". Its methods are safe for concurrent use.")
	w.P("type %s struct {", name)
	w.P("%s", g.apiName(c))
	w.P("*stream.Link")
	w.P("}")
	w.P("")
	w.Doc(dial + " connects and returns when the connection is ready; ctx covers the dial only. It reconnects and subscribes anew until Close.")
	w.P("func %s(ctx context.Context, opts ...stream.Option) (*%s, error) {", dial, name)
	w.P("c := new(%s)", name)
	w.P("link, err := stream.NewLink(stream.LinkConfig{")
	w.P("Protocol: &wireProtocol,")
	w.P("Endpoint: &endpoint%s,", goWord(c.Name))
	w.P("Inbound: c.inbound(),")
	w.P("}, opts...)")
	w.P("if err != nil {")
	w.P("return nil, err")
	w.P("}")
	w.P("c.Link = link")
	w.P("c.%s.init(link)", g.apiName(c))
	w.P("if err := link.Dial(ctx); err != nil {")
	w.P("return nil, err")
	w.P("}")
	w.P("return c, nil")
	w.P("}")
	w.AddTo(f)
}
