package resolve

import (
	"cmp"
	"slices"

	"github.com/venuewire/venuewire/gen/ir"
	"github.com/venuewire/venuewire/gen/spec"
)

// The queue of a venue that says nothing.
const (
	defaultOverflow = "drop-oldest"
	defaultBuffer   = 1024
)

// head resolves what venue.yaml says apart from the wire and its errors.
func (r *resolver) head(n *spec.Node) {
	v := r.v
	v.Name, v.Package, v.Doc = n.Get("venue").Text(), n.Get("package").Text(), n.Get("doc").Text()
	v.HandWritten = n.Get("client").Text() == "handwritten"
	v.Initialisms = texts(n.Get("naming").Get("initialisms"))
	if n != nil {
		v.Span = n.Span
	}
	r.sources(n.Get("sources"))
	r.connectionMap(n.Get("connections"))
	r.hosts(n.Get("hosts"))
	for _, e := range mapEntries(n.Get("sessions")) {
		v.Sessions = append(v.Sessions, &ir.SessionLevel{Name: e.Key.Value, Prov: prov(e.Value), Span: e.Key.Span})
	}
	r.close(n.Get("close"))
	r.limits(n.Get("limits"))
	v.Delivery = r.delivery(n.Get("delivery"), ir.Delivery{Overflow: defaultOverflow, Buffer: defaultBuffer})
}

func (r *resolver) sources(n *spec.Node) {
	for _, e := range mapEntries(n) {
		r.v.Sources = append(r.v.Sources, &ir.Source{
			ID: e.Key.Value, Kind: e.Value.Get("kind").Text(), Title: e.Value.Get("title").Text(),
			Seen: e.Value.Get("seen").Text(), Authority: e.Value.Get("weight").Text() == "authority", Span: e.Key.Span,
		})
	}
}

func (r *resolver) connectionMap(n *spec.Node) {
	entries := mapEntries(n)
	for _, e := range entries {
		c := &ir.Connection{
			Name: e.Key.Value, Path: pattern(e.Value.Get("path")), Token: truth(e.Value.Get("token")),
			Prov: prov(e.Value), Span: e.Key.Span,
		}
		if len(entries) > 1 {
			c.Go = or(e.Value.Get("go").Text(), r.names.Exported(c.Name))
		}
		for _, x := range mapEntries(e.Value.Get("vars")) {
			if c.Vars == nil {
				c.Vars = map[string][]string{}
			}
			c.Vars[x.Key.Value] = texts(x.Value)
		}
		r.v.Connections = append(r.v.Connections, c)
	}
}

// connections resolves a list of connection names; without one it is the given default.
func (r *resolver) connections(n *spec.Node, def []*ir.Connection) []*ir.Connection {
	if n == nil {
		return def
	}
	var out []*ir.Connection
	for _, it := range list(n) {
		c := r.v.Connection(it.Value)
		if c == nil {
			r.unresolved(it.Span, "connection", it.Value, r.connectionNames())
			continue
		}
		out = append(out, c)
	}
	return out
}

func (r *resolver) connectionNames() []string {
	var out []string
	for _, c := range r.v.Connections {
		out = append(out, c.Name)
	}
	return out
}

func (r *resolver) hosts(n *spec.Node) {
	for _, e := range mapEntries(n) {
		r.v.Hosts = append(r.v.Hosts, &ir.Host{
			Name: e.Key.Value, URL: pattern(e.Value.Get("url")), Also: texts(e.Value.Get("also")),
			Serves:     r.connections(e.Value.Get("serves"), r.v.Connections),
			SelfSigned: e.Value.Get("tls").Text() == "self-signed", Unverified: truth(e.Value.Get("unverified")),
			Prov: prov(e.Value), Span: e.Key.Span,
		})
	}
}

// hostList resolves the hosts that alone have an entry.
func (r *resolver) hostList(n *spec.Node) []*ir.Host {
	var out []*ir.Host
	for _, it := range list(n) {
		i := slices.IndexFunc(r.v.Hosts, func(h *ir.Host) bool { return h.Name == it.Value })
		if i < 0 {
			var known []string
			for _, h := range r.v.Hosts {
				known = append(known, h.Name)
			}
			r.unresolved(it.Span, "host", it.Value, known)
			continue
		}
		out = append(out, r.v.Hosts[i])
	}
	return out
}

func (r *resolver) close(n *spec.Node) {
	if n == nil {
		return
	}
	r.v.Close = &ir.Close{
		Default: or(n.Get("default").Text(), "retry"),
		Codes:   closeCodes(n.Get("codes")),
		Upgrade: closeCodes(n.Get("upgrade")),
	}
}

func closeCodes(n *spec.Node) []ir.CloseCode {
	var out []ir.CloseCode
	for _, e := range mapEntries(n) {
		c := ir.CloseCode{Code: int(integer(e.Key)), Class: e.Value.Text(), Prov: prov(e.Value), Span: e.Key.Span}
		if e.Value.Kind == spec.Map {
			c.Class, c.Wait = e.Value.Get("class").Text(), e.Value.Get("wait").Text()
		}
		out = append(out, c)
	}
	slices.SortStableFunc(out, func(a, b ir.CloseCode) int { return cmp.Compare(a.Code, b.Code) })
	return out
}

func (r *resolver) limits(n *spec.Node) {
	for _, e := range mapEntries(n) {
		r.v.Limits = append(r.v.Limits, &ir.Limit{
			Name: e.Key.Value, N: integer(e.Value.Get("n")), Per: e.Value.Get("per").Text(),
			Of: e.Value.Get("of").Text(), Scope: e.Value.Get("scope").Text(), Unit: e.Value.Get("unit").Text(),
			Cost: cost(e.Value.Get("cost")),
			Prov: prov(e.Value), Span: e.Key.Span,
		})
	}
}

func cost(n *spec.Node) *ir.Cost {
	if n == nil {
		return nil
	}
	if n.Kind != spec.Map {
		return &ir.Cost{Else: integer(n), Span: n.Span}
	}
	c := &ir.Cost{By: n.Get("by").Text(), Else: integer(n.Get("else")), Span: n.Span}
	for _, e := range mapEntries(n.Get("of")) {
		c.Of = append(c.Of, ir.CostOf{Value: e.Key.Value, N: integer(e.Value)})
	}
	return c
}

// delivery reads a queue; what it leaves open is taken from def.
func (r *resolver) delivery(n *spec.Node, def ir.Delivery) ir.Delivery {
	if n == nil {
		def.Set = false
		return def
	}
	d := ir.Delivery{
		Set: true, Overflow: or(n.Get("overflow").Text(), def.Overflow), By: paths(n.Get("by")),
		Buffer: int(integer(n.Get("buffer"))), Span: n.Span,
	}
	if d.Buffer == 0 {
		d.Buffer = def.Buffer
	}
	if d.By == nil && d.Overflow == def.Overflow {
		d.By = def.By
	}
	return d
}
