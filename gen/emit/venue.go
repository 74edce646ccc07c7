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
