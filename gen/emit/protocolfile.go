package emit

import (
	"fmt"
	"sort"
	"strings"

	j "github.com/dave/jennifer/jen"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// protocolFile writes what venue.yaml says: the wire as data, the endpoints and the known refusals.
func (g *generator) protocolFile(f *j.File) {
	if g.v.HandWritten {
		f.Add(j.Empty())
	} else {
		f.PackageComment("// Package " + g.v.PackageName() + " is a client of " + strings.TrimSuffix(g.v.Doc, ".") + ".")
	}
	g.errorCodes(f)
	for _, c := range g.v.Connections {
		g.endpoint(f, c)
	}
	g.wireLiteral(f)
}

func upperFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func (g *generator) endpoint(f *j.File, c *ir.Connection) {
	var l lit
	l.add("Name", quoted(c.Name))
	if c.Path != nil {
		l.add("Path", quoted(c.Path.Text))
	}
	l.add("Vars", varsLit(c.Vars))
	l.add("Token", fmt.Sprint(c.Token))
	var hosts []string
	for _, h := range g.v.Hosts {
		if len(h.Serves) > 0 && !containsConn(h.Serves, c) {
			continue
		}
		hosts = append(hosts, hostLit(h))
	}
	if len(hosts) > 0 {
		l.add("Hosts", "[]protocol.Host{\n"+strings.Join(hosts, ",\n")+",\n}")
	}
	var w jenx.Source
	w.P("var endpoint%s = protocol.Endpoint%s", goWord(c.Name), l.String())
	w.AddTo(f)
}

func containsConn(cs []*ir.Connection, c *ir.Connection) bool {
	for _, x := range cs {
		if x == c {
			return true
		}
	}
	return false
}

func hostLit(h *ir.Host) string {
	s := fmt.Sprintf("{Name: %q, URL: %q", h.Name, h.URL.Text)
	if h.SelfSigned {
		s += ", SelfSigned: true"
	}
	if h.Unverified {
		s += ", Unverified: true"
	}
	return s + "}"
}

func varsLit(vars map[string][]string) string {
	var names []string
	for n := range vars {
		names = append(names, n)
	}
	sort.Strings(names)
	var out []string
	for _, n := range names {
		out = append(out, fmt.Sprintf("{Name: %q, Values: %s}", n, stringsLit(vars[n])))
	}
	if len(out) == 0 {
		return ""
	}
	return "[]protocol.Var{" + strings.Join(out, ", ") + "}"
}

// wireLiteral writes the protocol as data.
func (g *generator) wireLiteral(f *j.File) {
	v, wr := g.v, g.v.Wire
	var l lit
	l.add("Venue", quoted(v.Name))
	if wr.IDs.Type != "" {
		kind := map[string]string{"string": "protocol.TextIDs", "int64": "protocol.IntIDs"}[wr.IDs.Type]
		l.add("IDs", fmt.Sprintf("protocol.IDs{Kind: %s, Max: %d}", kind, wr.IDs.Max))
	}
	l.add("Classes", classesLit(wr.Classes))
	l.add("Call", templatesLit(wr.Call))
	l.add("Subscribe", templatesLit(wr.Subscribe))
	l.add("Unsubscribe", templatesLit(wr.Unsubscribe))
	if wr.AckCall != nil {
		l.add("Gate", "&protocol.Ack"+ackBody(wr.AckCall))
	}
	l.add("Errors", g.errorsLit())
	l.add("Liveness", g.livenessLit())
	l.add("Close", closeLit(v.Close))
	l.add("Limits", limitsLit(v.Limits))
	rpcs, feeds := g.descriptorLists()
	l.add("RPCs", rpcs)
	l.add("Feeds", feeds)
	l.add("Sensitive", stringsLit(g.sensitiveNames()))
	var w jenx.Source
	w.P("var wireProtocol = protocol.Protocol%s", l.String())
	w.AddTo(f)
}

// descriptorLists refers to each domain's own list, so that an entry more changes its domain's file only.
func (g *generator) descriptorLists() (rpcs, feeds string) {
	var r, s []string
	for _, d := range g.v.Domains {
		name := lowerFirst(goWord(d.Name))
		if len(methodRPCs(d)) > 0 {
			r = append(r, name+"RPCs")
		}
		if len(methodFeeds(d)) > 0 {
			s = append(s, name+"Feeds")
		}
	}
	if len(r) > 0 {
		rpcs = "slices.Concat(" + strings.Join(r, ", ") + ")"
	}
	if len(s) > 0 {
		feeds = "slices.Concat(" + strings.Join(s, ", ") + ")"
	}
	return rpcs, feeds
}

func classesLit(cs []*ir.Class) string {
	var out []string
	for _, c := range cs {
		var l lit
		l.add("Name", quoted(c.Name))
		l.add("Form", [...]string{"", "protocol.Array", "protocol.Tuple", "protocol.Text"}[c.Form])
		if c.Of != nil {
			l.add("Of", quoted(c.Of.Name))
		}
		l.add("Has", stringsLit(c.Has))
		l.add("Lacks", stringsLit(c.Lacks))
		l.add("ID", quoted(c.ID))
		l.add("Key", stringsLit(c.Key))
		l.add("Payload", quoted(c.Payload))
		var els []string
		for _, e := range c.Layout {
			s := fmt.Sprintf("{Name: %q", e.Name)
			if e.Repeat {
				s += ", Repeat: true"
			}
			if e.Optional {
				s += ", Optional: true"
			}
			els = append(els, s+"}")
		}
		if len(els) > 0 {
			l.add("Layout", "[]protocol.Element{"+strings.Join(els, ", ")+"}")
		}
		out = append(out, l.String())
	}
	return "[]protocol.Class{" + strings.Join(out, ", ") + "}"
}

func (g *generator) livenessLit() string {
	x := g.v.Liveness
	if x == nil {
		return ""
	}
	var l lit
	var names []string
	for _, e := range x.Events {
		names = append(names, e.Go)
	}
	l.add("Events", stringsLit(names))
	l.add("Ping", fmt.Sprint(x.Ping == "frame"))
	if x.PingRPC != nil && x.PingRPC.Go != "" {
		l.add("PingRPC", "&rpc"+x.PingRPC.Go)
	}
	l.add("Every", durationLit(x.Every))
	l.add("Deadline", durationLit(x.Deadline))
	return "protocol.Liveness" + l.String()
}

func closeLit(c *ir.Close) string {
	if c == nil {
		return ""
	}
	var l lit
	class := map[string]string{"retry": "", "cool-down": "protocol.CloseCoolDown", "permanent": "protocol.ClosePermanent"}
	l.add("Default", class[c.Default])
	rules := func(cs []ir.CloseCode) string {
		var out []string
		for _, r := range cs {
			var x lit
			x.add("Code", fmt.Sprint(r.Code))
			x.add("Class", class[r.Class])
			x.add("Wait", durationLit(r.Wait))
			out = append(out, x.String())
		}
		if len(out) == 0 {
			return ""
		}
		return "[]protocol.CloseRule{" + strings.Join(out, ", ") + "}"
	}
	l.add("Codes", rules(c.Codes))
	l.add("Upgrade", rules(c.Upgrade))
	return "protocol.CloseRules" + l.String()
}

func limitsLit(ls []*ir.Limit) string {
	var out []string
	for _, x := range ls {
		var l lit
		l.add("Name", quoted(x.Name))
		l.add("Of", quoted(x.Of))
		l.add("Scope", quoted(x.Scope))
		l.add("Unit", quoted(x.Unit))
		l.add("N", fmt.Sprint(x.N))
		l.add("Per", durationLit(x.Per))
		l.add("Cost", costLit(x.Cost))
		out = append(out, l.String())
	}
	if len(out) == 0 {
		return ""
	}
	return "[]protocol.Limit{" + strings.Join(out, ", ") + "}"
}

func costLit(c *ir.Cost) string {
	if c == nil {
		return ""
	}
	var l lit
	l.add("By", quoted(c.By))
	var of []string
	for _, x := range c.Of {
		of = append(of, fmt.Sprintf("{Value: %s, N: %d}", quoted(x.Value), x.N))
	}
	if len(of) > 0 {
		l.add("Of", "[]protocol.CostOf{"+strings.Join(of, ", ")+"}")
	}
	l.add("Else", fmt.Sprint(c.Else))
	return "&protocol.Cost" + l.String()
}

// sensitiveNames are the members that are never shown: by name wherever they stand, or, where frames have a member of
// that name themselves, by the name of the member that holds them.
func (g *generator) sensitiveNames() []string {
	seen, taken := map[string]bool{}, g.frameNames()
	add := func(holder string, fs []*ir.Field) {
		for _, f := range fs {
			switch {
			case !f.Sensitive:
			case !taken[f.Wire]:
				seen[f.Wire] = true
			case holder != "":
				seen[holder+"."+f.Wire] = true
			}
		}
	}
	walkTypes(g.v, func(t *ir.Type) {
		add("", t.Fields)
		for _, f := range t.Fields {
			if e := elementStruct(f.Type); e != nil {
				add(f.Wire, e.Fields)
			}
		}
	})
	payload := func(t *ir.Type, c *ir.Class) {
		if t == nil || c == nil || c.Payload == "" || structOf(t) == nil {
			return
		}
		add(c.Payload, structOf(t).Fields)
	}
	for _, d := range g.v.Domains {
		for _, e := range d.Events {
			add("", e.Envelope)
			payload(e.Payload, e.Class)
		}
		for _, r := range d.RPCs {
			if r.Response != nil {
				add("", r.Response.Envelope)
				payload(r.Response.Type, r.Response.Class)
			}
		}
	}
	var out []string
	for n := range seen {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

// frameNames are the members by which frames are known.
func (g *generator) frameNames() map[string]bool {
	out := map[string]bool{}
	for _, c := range g.v.Wire.Classes {
		for _, n := range append([]string{c.ID, c.Payload}, c.Key...) {
			out[n] = true
		}
	}
	return out
}
