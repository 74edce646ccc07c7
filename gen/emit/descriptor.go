package emit

import (
	"fmt"
	"slices"
	"strings"
	"time"

	j "github.com/dave/jennifer/jen"

	"github.com/venuewire/venuewire/gen/emit/jenx"
	"github.com/venuewire/venuewire/gen/ir"
)

// descriptors writes the data by which a transport knows a domain's calls and feeds.
func (g *generator) descriptors(f *j.File, d *ir.Domain) {
	name := lowerFirst(goWord(d.Name))
	var w jenx.Source
	if rpcs := methodRPCs(d); len(rpcs) > 0 {
		w.P("var %sRPCs = []*protocol.RPC{", name)
		for _, r := range rpcs {
			w.P("&rpc%s,", r.Go)
		}
		w.P("}")
		w.AddTo(f)
		for _, r := range rpcs {
			g.rpcDescriptor(f, r)
		}
	}
	if feeds := methodFeeds(d); len(feeds) > 0 {
		w.P("var %sFeeds = []*protocol.Feed{", name)
		for _, s := range feeds {
			w.P("&%s,", g.feeds[s])
		}
		w.P("}")
		w.AddTo(f)
		for _, s := range feeds {
			g.feedDescriptor(f, s)
		}
	}
}

// methodRPCs are the calls of a domain that have a method.
func methodRPCs(d *ir.Domain) []*ir.RPC {
	return slices.DeleteFunc(slices.Clone(d.RPCs), func(r *ir.RPC) bool { return r.Go == "" })
}

// methodFeeds are the subscriptions of a domain that have a method.
func methodFeeds(d *ir.Domain) []*ir.Subscription {
	return slices.DeleteFunc(slices.Clone(d.Subscriptions), func(s *ir.Subscription) bool { return s.Go == "" || len(s.Events) == 0 })
}

// lit collects the members of a composite literal, leaving out what is empty.
type lit struct{ b strings.Builder }

func (l *lit) add(name, value string) {
	if value != "" && value != "nil" && value != `""` && value != "0" && value != "false" {
		fmt.Fprintf(&l.b, "%s: %s,\n", name, value)
	}
}

func (l *lit) String() string {
	if l.b.Len() == 0 {
		return "{}"
	}
	return "{\n" + l.b.String() + "}"
}

func (g *generator) rpcDescriptor(f *j.File, r *ir.RPC) {
	var l lit
	l.add("Name", quoted(r.Wire))
	l.add("Version", quoted(r.SentVersion()))
	l.add("Effect", effectLit(r.Effect))
	l.add("Reply", [...]string{"", "protocol.ReplyAck", "protocol.ReplyNone"}[r.Reply])
	l.add("NoGate", fmt.Sprint(r.NoAck))
	l.add("Send", templatesLit(r.Send))
	if res := r.Response; res != nil {
		l.add("ReplyName", quoted(res.Name))
		if res.Class != nil {
			l.add("ReplyClass", quoted(res.Class.Name))
		}
		l.add("On", matchesLit(res.On))
		l.add("Ok", matchesLit(res.Ok))
		l.add("Refused", matchesLit(res.Refused))
		l.add("ErrorText", pathLit(res.Error))
		if plainResult(r) {
			l.add("Result", pathLit(payloadPath(res.Class, res.At, res.AtSet)))
		}
		l.add("Per", stringsLit(res.Per))
		l.add("Item", pathsLit(res.Item))
	}
	l.add("Needs", needsLit(r.Needs))
	l.add("Sensitive", stringsLit(sensitiveMembers(r.Request)))
	var w jenx.Source
	w.P("var rpc%s = protocol.RPC%s", r.Go, l.String())
	w.AddTo(f)
}

func (g *generator) feedDescriptor(f *j.File, s *ir.Subscription) {
	var l lit
	l.add("Name", quoted(s.Wire))
	l.add("Version", quoted(s.SentVersion()))
	l.add("Send", templatesLit(s.Send))
	l.add("Cancel", templatesLit(s.Cancel))
	l.add("Ack", ackLit(s.Ack))
	l.add("CancelAck", ackLit(s.CancelAck))
	if b := s.Batched(); b != nil {
		l.add("Batch", batchLit(b))
		l.add("Wildcard", quoted(b.Wildcard))
	}
	l.add("Route", stringsLit(routeNames(s)))
	l.add("RouteParams", stringsLit(routeParams(s)))
	l.add("Union", stringsLit(sharedNames(s, "union")))
	l.add("Same", stringsLit(sharedNames(s, "same")))
	l.add("Needs", needsLit(s.Needs))
	l.add("Learn", learnLit(s.Learn))
	l.add("Lifetime", lifetimeLit(s.Lifetime))
	l.add("Delivery", deliveryLit(s.Delivery))
	var w jenx.Source
	w.P("var %s = protocol.Feed%s", g.feeds[s], l.String())
	w.AddTo(f)
}

// routeNames are the wire names of all route members.
func routeNames(s *ir.Subscription) []string {
	if s.Route == nil {
		return nil
	}
	var out []string
	for _, f := range s.Route.Fields {
		out = append(out, f.Wire)
	}
	return out
}

// routeParams are the route members that a frame's route holds although they do not identify the subscription.
func routeParams(s *ir.Subscription) []string {
	var out []string
	keys := keyFields(s)
	if s.Route == nil {
		return nil
	}
	for _, f := range s.Route.Fields {
		if !containsField(keys, f) {
			out = append(out, f.Wire)
		}
	}
	return out
}

func containsField(fs []*ir.Field, f *ir.Field) bool {
	for _, g := range fs {
		if g == f {
			return true
		}
	}
	return false
}

func sharedNames(s *ir.Subscription, how string) []string {
	var out []string
	for _, f := range paramFields(s) {
		if f.Shared == how {
			out = append(out, f.Wire)
		}
	}
	return out
}

func sensitiveMembers(t *ir.Type) []string {
	var out []string
	if t == nil {
		return nil
	}
	for _, f := range t.Fields {
		if f.Sensitive {
			out = append(out, f.Wire)
		}
	}
	return out
}

func quoted(s string) string { return fmt.Sprintf("%q", s) }

func effectLit(e ir.Effect) string {
	return [...]string{"protocol.Order", "protocol.Write", "protocol.Read"}[e]
}

func stringsLit(ss []string) string {
	if len(ss) == 0 {
		return ""
	}
	return fmt.Sprintf("%#v", ss)
}

func pathLit(p ir.Path) string {
	if p == nil {
		return ""
	}
	var parts []string
	for _, s := range p {
		if s.Key {
			continue
		}
		parts = append(parts, quoted(s.Member))
		if s.Each {
			parts = append(parts, `"[]"`)
		}
	}
	return "protocol.Path{" + strings.Join(parts, ", ") + "}"
}

func pathsLit(ps []ir.Path) string {
	if len(ps) == 0 {
		return ""
	}
	var out []string
	for _, p := range ps {
		out = append(out, strings.TrimPrefix(pathLit(p), "protocol.Path"))
	}
	return "[]protocol.Path{" + strings.Join(out, ", ") + "}"
}

func matchesLit(ms []*ir.Match) string {
	if len(ms) == 0 {
		return ""
	}
	var out []string
	for _, m := range ms {
		var l lit
		var conds []string
		for _, c := range m.Conds {
			conds = append(conds, "{Path: "+pathLit(c.Path)+", Values: "+valuesLit(c.Values)+"}")
		}
		if len(conds) > 0 {
			l.add("Conds", "[]protocol.Cond{"+strings.Join(conds, ", ")+"}")
		}
		l.add("Has", pathsLit(m.Has))
		l.add("Lacks", pathsLit(m.Lacks))
		out = append(out, l.String())
	}
	return "[]protocol.Match{" + strings.Join(out, ", ") + "}"
}

func valuesLit(vs []ir.CondValue) string {
	var out []string
	for _, v := range vs {
		switch {
		case v.Range:
			out = append(out, fmt.Sprintf("{Min: %d, Max: %d, Range: true}", v.Min, v.Max))
		case v.Pattern != nil:
			out = append(out, "{Text: "+textLit(v.Pattern)+"}")
		default:
			out = append(out, "{JSON: "+rawLit(v.JSON)+"}")
		}
	}
	return "[]protocol.Value{" + strings.Join(out, ", ") + "}"
}

func textLit(p *ir.Pattern) string {
	if p == nil {
		return ""
	}
	return "&protocol.TextTemplate{Pattern: " + patternLit(p, fieldIndex(p)) + ", Holes: " + orNil(stringsLit(allHoles(p))) + "}"
}

func templatesLit(ts []*ir.Template) string {
	if len(ts) == 0 {
		return ""
	}
	var out []string
	for _, t := range ts {
		if t.Text != nil {
			out = append(out, "{Text: "+textLit(t.Text)+"}")
		} else {
			out = append(out, "{Root: &protocol.Node"+nodeLit(t.Root)+"}")
		}
	}
	return "[]protocol.Template{" + strings.Join(out, ", ") + "}"
}

func nodeLit(n *ir.TemplateNode) string {
	if n.Leaf != nil {
		return leafLit(n.Leaf)
	}
	var out []string
	for _, m := range n.Members {
		if len(m.Spread) > 0 {
			var names []string
			for _, s := range m.Spread {
				names = append(names, quoted("<"+s+">"))
			}
			out = append(out, "{Spread: []string{"+strings.Join(names, ", ")+"}}")
			continue
		}
		out = append(out, fmt.Sprintf("{Name: %q, Value: &protocol.Node%s}", m.Name, nodeLit(m.Value)))
	}
	return "{Members: []protocol.Member{\n" + strings.Join(out, ",\n") + ",\n}}"
}

func leafLit(l *ir.Leaf) string {
	switch {
	case l.Hole != "":
		return fmt.Sprintf("{Hole: %q}", l.Hole)
	case l.Builtin != "":
		return fmt.Sprintf("{Hole: %q}", "<"+l.Builtin+">")
	case l.Text != nil:
		return "{Text: " + textLit(l.Text) + "}"
	}
	return "{JSON: " + rawLit(l.JSON) + "}"
}

func ackLit(a *ir.Ack) string {
	if a == nil {
		return "protocol.Ack{Mode: protocol.AckNone}"
	}
	return "protocol.Ack" + ackBody(a)
}

func ackBody(a *ir.Ack) string {
	var l lit
	l.add("Mode", [...]string{"", "protocol.AckFrame", "protocol.AckFirstEvent", "protocol.AckNone"}[a.Mode])
	l.add("On", matchesLit(a.On))
	l.add("Ok", matchesLit(a.Ok))
	l.add("Refused", matchesLit(a.Refused))
	l.add("Error", pathLit(a.Error))
	l.add("Per", quoted(a.Per))
	l.add("Item", pathsLit(a.Item))
	l.add("Name", quoted(a.Name))
	if a.Class != nil {
		l.add("Class", quoted(a.Class.Name))
	}
	l.add("Within", durationLit(a.Within))
	return l.String()
}

func batchLit(f *ir.Field) string {
	var l lit
	l.add("Field", quoted(f.Wire))
	l.add("Array", fmt.Sprint(f.Batch.Array))
	l.add("Sep", quoted(f.Batch.Sep))
	l.add("Max", fmt.Sprint(f.Batch.MaxItems))
	return "&protocol.Batch" + l.String()
}

func needsLit(n *ir.Needs) string {
	if n == nil {
		return ""
	}
	var l lit
	if n.Session != nil {
		l.add("Session", quoted(n.Session.Name))
	}
	if n.Call != nil && n.Call.Go != "" {
		l.add("RPC", "&rpc"+n.Call.Go)
	}
	l.add("With", stringsLit(n.With))
	return "&protocol.Needs" + l.String()
}

func learnLit(ls []ir.Learn) string {
	if len(ls) == 0 {
		return ""
	}
	var out []string
	for _, l := range ls {
		out = append(out, fmt.Sprintf("{Name: %q, At: %s}", l.Name, pathLit(l.At)))
	}
	return "[]protocol.Learn{" + strings.Join(out, ", ") + "}"
}

func lifetimeLit(t *ir.Lifetime) string {
	if t == nil {
		return ""
	}
	var l lit
	l.add("Ends", durationLit(t.Ends))
	l.add("EndsAt", pathLit(t.EndsAt))
	l.add("Refresh", durationLit(t.Refresh))
	var steps []string
	for _, s := range t.By {
		steps = append(steps, "protocol.Step"+goWord(s))
	}
	if len(steps) > 0 {
		l.add("By", "[]protocol.Step{"+strings.Join(steps, ", ")+"}")
	}
	if t.Call != nil && t.Call.Go != "" {
		l.add("Call", "&rpc"+t.Call.Go)
	}
	l.add("Silent", fmt.Sprint(t.Silent))
	return "&protocol.Lifetime" + l.String()
}

func deliveryLit(d ir.Delivery) string {
	var l lit
	l.add("Overflow", map[string]string{
		"drop-newest": "protocol.DropNewest", "conflate": "protocol.Conflate",
		"block": "protocol.Block", "fail": "protocol.Fail",
	}[d.Overflow])
	if d.Buffer != defaultBuffer {
		l.add("Buffer", fmt.Sprint(d.Buffer))
	}
	if l.b.Len() == 0 {
		return ""
	}
	return "protocol.Delivery" + l.String()
}

// defaultBuffer is the queue of a handle for which neither spec nor caller says anything.
const defaultBuffer = 1024

// durationLit spells a duration of the specs in its largest whole unit.
func durationLit(s string) string {
	d, err := time.ParseDuration(s)
	if err != nil || d == 0 {
		return ""
	}
	units := []struct {
		d    time.Duration
		name string
	}{{time.Hour, "Hour"}, {time.Minute, "Minute"}, {time.Second, "Second"}, {time.Millisecond, "Millisecond"}}
	for _, u := range units {
		if d%u.d == 0 {
			return fmt.Sprintf("%d * time.%s", d/u.d, u.name)
		}
	}
	return fmt.Sprintf("%d * time.Nanosecond", d)
}
