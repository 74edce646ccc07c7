package emit

import (
	"fmt"
	"slices"
	"strings"

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

func effectLit(e ir.Effect) string {
	return [...]string{"protocol.Order", "protocol.Write", "protocol.Read"}[e]
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
