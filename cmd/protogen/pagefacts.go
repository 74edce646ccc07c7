package main

import (
	"fmt"
	"strings"

	"github.com/venuewire/venuewire/gen/ir"
)

// The functions here say one fact of an entry in words; "" when there is nothing to say.

func joined(sep string, parts ...string) string {
	var out []string
	for _, s := range parts {
		if s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, sep)
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func versionText(e *ir.Entry) string {
	candidates := ""
	if len(e.Candidates) > 0 {
		candidates = "candidates " + strings.Join(e.Candidates, ", ")
	}
	switch {
	case e.VersionIsArgument():
		return "unknown, given by the caller"
	case e.VersionUnknown:
		return joined("; ", "unknown", candidates, e.SentVersion()+" is sent")
	}
	return joined("; ", e.Version, candidates)
}

func effectText(r *ir.RPC) string {
	switch {
	case r.EffectSet:
	case r.Go == "":
		return ""
	default:
		return "order (not classified)"
	}
	return [...]string{
		ir.EffectOrder: "order: sent at once or not at all, never repeated",
		ir.EffectWrite: "write: never repeated by the client",
		ir.EffectRead:  "read: may be repeated",
	}[r.Effect]
}

func replyText(r *ir.RPC) string {
	switch r.Reply {
	case ir.ReplyAck:
		return "the acknowledgement ends the call"
	case ir.ReplyNone:
		return "none"
	}
	switch {
	case r.Response != nil:
	case r.Go == "":
		return ""
	default:
		return "unknown"
	}
	return joined(" ", r.Response.Name, payloadText(r.Response))
}

func payloadText(resp *ir.Response) string {
	text := "with " + typeText(resp.Type)
	if len(resp.Per) > 0 {
		text += ", one for each of " + strings.Join(resp.Per, ", ")
	}
	return text
}

func needsText(n *ir.Needs) string {
	if n == nil {
		return ""
	}
	session, call := "", ""
	if n.Session != nil {
		session = "session " + n.Session.Name
	}
	if n.Call != nil {
		call = "call " + n.Call.Wire
	}
	if len(n.With) > 0 {
		call += " with " + strings.Join(n.With, ", ")
	}
	return joined(", ", session, call)
}

func lifetimeText(l *ir.Lifetime) string {
	if l == nil {
		return ""
	}
	var parts []string
	add := func(format, s string) {
		if s != "" {
			parts = append(parts, fmt.Sprintf(format, s))
		}
	}
	add("ends after %s", l.Ends)
	add("ends at %s", l.EndsAt.String())
	add("refreshed after %s", l.Refresh)
	add("by %s", strings.Join(l.By, " and "))
	if l.Call != nil {
		add("by call %s", l.Call.Wire)
	}
	if l.Silent {
		add("%s", "the venue does not say that it ended")
	}
	return strings.Join(parts, ", ")
}

func ackText(a *ir.Ack) string {
	if a == nil {
		return ""
	}
	text := [...]string{
		ir.AckReply: "reply with the same id", ir.AckFrame: "frame", ir.AckFirstEvent: "first event", ir.AckNone: "none",
	}[a.Mode]
	per, within := "", ""
	if a.Per != "" {
		per = "one for each " + a.Per
	}
	if a.Within != "" {
		within = "within " + a.Within
	}
	return joined(", ", joined(" ", text, a.Name), per, within)
}

func demuxText(s *ir.Subscription) string {
	if len(s.Demux) == 0 && s.Route != nil {
		return "none: all events of the name"
	}
	var out []string
	for _, d := range s.Demux {
		var paths []string
		for _, p := range d.Paths {
			paths = append(paths, p.String())
		}
		out = append(out, d.Field.Wire+" = "+strings.Join(paths, " or "))
	}
	return strings.Join(out, ", ")
}

func learnText(list []ir.Learn) string {
	var out []string
	for _, l := range list {
		out = append(out, l.Name+" from "+l.At.String())
	}
	return strings.Join(out, ", ")
}

func deliveryText(d ir.Delivery) string {
	if d.Overflow == "" {
		return ""
	}
	by := ""
	if len(d.By) > 0 {
		var paths []string
		for _, p := range d.By {
			paths = append(paths, p.String())
		}
		by = "by " + strings.Join(paths, ", ")
	}
	size := ""
	if d.Buffer > 0 {
		size = fmt.Sprintf("of %d", d.Buffer)
	}
	return joined(" ", d.Overflow, by, size)
}

func hostNames(hosts []*ir.Host) string {
	var out []string
	for _, h := range hosts {
		out = append(out, h.Name)
	}
	return strings.Join(out, ", ")
}

func subscriberNames(e *ir.Event) string {
	var out []string
	for _, s := range e.Subscribers {
		out = append(out, s.Wire)
	}
	if len(out) == 0 {
		return "none: comes unasked"
	}
	return strings.Join(out, ", ")
}

func mergeText(m *ir.Merge) string {
	switch {
	case m == nil:
		return ""
	case m.One:
		return "one record"
	case m.ByKey:
		return joined(" ", m.Rows.String(), "by key")
	}
	return joined(" ", m.Rows.String(), "by "+m.By.String())
}

func sequenceText(s *ir.Sequence) string {
	if s == nil {
		return ""
	}
	return fmt.Sprintf("%s, from %d in steps of %d", s.At, s.First, s.Step)
}

func checksumText(c *ir.Checksum) string {
	if c == nil {
		return ""
	}
	return fmt.Sprintf("%s, verified by %s", c.At, c.Verifier)
}

func groupText(g *ir.Group) string {
	if g == nil {
		return ""
	}
	return joined("; known: ", fmt.Sprintf("%d rows", g.Rows), strings.Join(g.Known, ", "))
}

func confidenceText(c ir.Confidence) string {
	return [...]string{
		ir.ConfidenceNone: "", ir.Guessed: "guessed", ir.Inferred: "inferred", ir.Documented: "documented", ir.Captured: "captured",
	}[c]
}

func deprecationText(d *ir.Deprecation) string {
	if d == nil {
		return ""
	}
	since, use := "", ""
	if d.Since != "" {
		since = "since " + d.Since
	}
	if d.Use != "" {
		use = "use " + d.Use
	}
	return joined(", ", "yes", since, use)
}

func fieldNames(fields []*ir.Field) string {
	var out []string
	for _, f := range fields {
		out = append(out, f.Wire)
	}
	return strings.Join(out, ", ")
}
