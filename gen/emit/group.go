package emit

import (
	"slices"

	j "github.com/dave/jennifer/jen"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// group is the part of a domain that one set of connections shares; it becomes a struct of topics and one of frames.
type group struct {
	name   string // unexported Go prefix, "marketdata"
	domain *ir.Domain
	conns  []*ir.Connection
	rpcs   []*ir.RPC
	subs   []*ir.Subscription
	events []*ir.Event
}

// unsolicited are the events that no subscription asks for.
func (gr *group) unsolicited() []*ir.Event {
	var out []*ir.Event
	for _, e := range gr.events {
		if len(e.Subscribers) == 0 {
			out = append(out, e)
		}
	}
	return out
}

// shared reports whether several connections have the group: then its methods hang on a struct of its own, which the API
// of each of them embeds. Else they hang on the API itself, since each level of embedding compiles them once more.
func (gr *group) shared() bool { return len(gr.conns) > 1 }

// holder is the struct that has the group's topics.
func (gr *group) holder() string {
	if gr.shared() {
		return gr.name + "API"
	}
	return gr.name + "Topics"
}

// receiver is the struct on which the group's methods hang.
func (g *generator) receiver(gr *group) string {
	if gr.shared() {
		return gr.holder()
	}
	return g.apiName(gr.conns[0])
}

// hasTopics reports whether anything of the group can be listened to.
func (gr *group) hasTopics() bool { return len(gr.subs) > 0 || len(gr.unsolicited()) > 0 }

// held reports whether a struct of the group's own is needed.
func (g *generator) held(gr *group) bool { return g.holdsConn(gr) || gr.hasTopics() }

// holdsConn reports whether that struct has the connection: for its methods, or to tell it the venue's clock.
func (g *generator) holdsConn(gr *group) bool {
	return gr.shared() || g.v.Clock != nil && slices.Contains(gr.events, g.v.Clock.Event)
}

func (gr *group) serves(c *ir.Connection) bool { return slices.Contains(gr.conns, c) }

func (g *generator) groupsOf(d *ir.Domain) []*group { return g.groups[d] }

// groupsFor are the groups that serve a connection, in domain order.
func (g *generator) groupsFor(c *ir.Connection) []*group {
	var out []*group
	for _, d := range g.v.Domains {
		for _, gr := range g.groups[d] {
			if gr.serves(c) {
				out = append(out, gr)
			}
		}
	}
	return out
}

// makeGroups splits a domain by sets of connections, in order of first use.
func makeGroups(d *ir.Domain) []*group {
	var out []*group
	find := func(conns []*ir.Connection) *group {
		for _, gr := range out {
			if slices.Equal(gr.conns, conns) {
				return gr
			}
		}
		gr := &group{domain: d, conns: conns}
		out = append(out, gr)
		return gr
	}
	for _, r := range d.RPCs {
		if r.Go != "" {
			gr := find(r.Connections)
			gr.rpcs = append(gr.rpcs, r)
		}
	}
	for _, s := range d.Subscriptions {
		if s.Go != "" && len(s.Events) > 0 {
			gr := find(s.Connections)
			gr.subs = append(gr.subs, s)
		}
	}
	for _, e := range d.Events {
		gr := find(e.Connections)
		gr.events = append(gr.events, e)
	}
	base := lowerFirst(goWord(d.Name))
	for _, gr := range out {
		gr.name = base
		if len(out) > 1 {
			for _, c := range gr.conns {
				gr.name += goWord(c.Name)
			}
		}
	}
	return out
}

// apiStruct writes the struct that has a group's topics, and its methods if connections share it.
func (g *generator) apiStruct(f *j.File, gr *group) {
	if !g.held(gr) {
		return
	}
	var w jenx.Source
	if gr.shared() {
		w.P("// %s holds the methods of %s.", gr.holder(), gr.domain.File)
	} else {
		w.P("// %s holds what can be listened to of %s.", gr.holder(), gr.domain.File)
	}
	w.P("type %s struct {", gr.holder())
	if g.holdsConn(gr) {
		w.P("conn stream.Conn")
	}
	for _, s := range gr.subs {
		w.P("%s %s", topicName(s.Go), topicType(s))
	}
	for _, e := range gr.unsolicited() {
		w.P("%s stream.Broadcast", topicName(e.Go))
	}
	w.P("}")
	w.P("")
	w.P("func (a *%s) init(conn stream.Conn) {", gr.holder())
	if g.holdsConn(gr) {
		w.P("a.conn = conn")
	}
	for _, s := range gr.subs {
		if keyless(s) {
			w.P("a.%s.Init(conn, stream.BroadcastConfig{Name: %q, Feed: &%s})", topicName(s.Go), s.Go, g.feeds[s])
		} else {
			g.topicInit(&w, s)
		}
	}
	for _, e := range gr.unsolicited() {
		more := ""
		if lit := deliveryLit(e.Delivery); lit != "" {
			more = ", Delivery: " + lit
		}
		w.P("a.%s.Init(conn, stream.BroadcastConfig{Name: %q%s})", topicName(e.Go), e.Go, more)
	}
	w.P("}")
	w.AddTo(f)
}
