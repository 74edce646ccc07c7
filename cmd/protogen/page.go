package main

import (
	"bytes"
	"fmt"
	"strings"

	json "github.com/goccy/go-json"

	"github.com/venuewire/venuewire/gen/coverage"
	"github.com/venuewire/venuewire/gen/ir"
)

// page is what show prints of one entry.
type page struct {
	bytes.Buffer
	venue *ir.Venue
	types typeQueue
}

func (p *page) line(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

// section writes a headline after an empty line.
func (p *page) section(format string, args ...any) { p.line("\n"+format, args...) }

// facts writes pairs of a word and what it says; pairs that say nothing are left out.
func (p *page) facts(pairs ...[2]string) {
	var rows [][]string
	for _, f := range pairs {
		if f[1] != "" {
			rows = append(rows, f[:])
		}
	}
	p.WriteString(columns("  ", rows))
}

// item writes the page: what the entry is, how Go calls it, what goes over the wire, where the facts come from.
func (p *page) item(it item, signatures []string) {
	p.line("%s", it.full())
	switch {
	case it.sub != nil:
		p.subscription(it.sub, signatures)
	case it.event != nil:
		p.event(it.event, signatures)
	default:
		p.rpcs(it.rpcs, signatures)
	}
	p.namedTypes()
}

func (p *page) rpcs(versions []*ir.RPC, signatures []string) {
	p.signatures(signatures)
	for _, r := range versions {
		if len(versions) > 1 {
			p.section("VERSION %s", versionText(&r.Entry))
		}
		p.rpc(r)
	}
}

func (p *page) rpc(r *ir.RPC) {
	p.doc(r.Prov)
	p.entry(&r.Entry, coverage.RPCLevel(r),
		[2]string{"effect", effectText(r)},
		[2]string{"reply", replyText(r)},
		[2]string{"lifetime", lifetimeText(r.Lifetime)},
	)
	if r.Request != nil {
		p.fields("REQUEST", r.Request)
	}
	if resp := r.Response; resp != nil {
		p.payload("REPLY", resp.Type)
		p.fieldList("REPLY, beside the payload", resp.Envelope)
	}
	p.examples(r.Examples)
}

func (p *page) subscription(s *ir.Subscription, signatures []string) {
	p.signatures(signatures)
	p.doc(s.Prov)
	p.entry(&s.Entry, coverage.SubscriptionLevel(s),
		[2]string{"hosts", hostNames(s.Hosts)},
		[2]string{"demux", demuxText(s)},
		[2]string{"ack", ackText(s.Ack)},
		[2]string{"cancel ack", ackText(s.CancelAck)},
		[2]string{"learns", learnText(s.Learn)},
		[2]string{"lifetime", lifetimeText(s.Lifetime)},
		[2]string{"queue", deliveryText(s.Delivery)},
	)
	if s.Route != nil {
		p.route(s.Route)
	}
	if s.Params != nil {
		p.fields("PARAMS", s.Params)
	}
	p.examples(s.Examples)
	for _, e := range s.Events {
		p.section("EVENT %s", e.Go)
		p.event(e, nil)
	}
}

// route names the Go type of the key only when it is a struct: one field alone is the key itself.
func (p *page) route(t *ir.Type) {
	const title = "ROUTE, what makes two subscriptions different"
	if len(t.Fields) == 1 {
		p.fieldList(title, t.Fields)
		return
	}
	p.fields(title, t)
}

func (p *page) event(e *ir.Event, signatures []string) {
	p.signatures(signatures)
	p.doc(e.Prov)
	facts := [][2]string{
		{"status", coverage.EventLevel(e).String()},
		{"messages", strings.Join(coverage.MessagesOf(e), ", ")},
		{"connections", p.connections(e.Connections)},
		{"subscriptions", subscriberNames(e)},
		{"tuned", [...]string{"", "hot", "hot, members in order"}[e.Hot]},
		{"merge", mergeText(e.Merge)},
		{"sequence", sequenceText(e.Sequence)},
		{"checksum", checksumText(e.Checksum)},
		{"unknown", strings.Join(e.Unknown, ", ")},
	}
	p.facts(append(facts, p.provenance(e.Prov)...)...)
	p.payload("PAYLOAD", e.Payload)
	p.fieldList("BESIDE THE PAYLOAD", e.Envelope)
	p.examples(e.Examples)
}

func (p *page) doc(prov ir.Provenance) {
	if prov.Doc != "" {
		p.line("\n  %s", prov.Doc)
	}
	p.line("")
}

func (p *page) signatures(list []string) {
	if len(list) > 0 {
		p.line("")
	}
	for _, s := range list {
		p.line("  %s", s)
	}
}

// entry writes what calls and subscriptions share, with facts of their own in between.
func (p *page) entry(e *ir.Entry, level coverage.Level, own ...[2]string) {
	facts := [][2]string{
		{"status", level.String()},
		{"go", e.Go},
		{"version", versionText(e)},
	}
	facts = append(facts, own...)
	facts = append(facts,
		[2]string{"needs", needsText(e.Needs)},
		[2]string{"connections", p.connections(e.Connections)},
		[2]string{"tags", strings.Join(e.Tags, ", ")},
		[2]string{"priority", e.Priority},
		[2]string{"stands for", groupText(e.Group)},
		[2]string{"skipped", e.Skip},
		[2]string{"unknown", strings.Join(e.Unknown, ", ")},
	)
	p.facts(append(facts, p.provenance(e.Prov)...)...)
}

// provenance says where the facts come from: one line for each source.
func (p *page) provenance(prov ir.Provenance) [][2]string {
	out := [][2]string{
		{"confidence", confidenceText(prov.Confidence)},
		{"note", prov.Note},
		{"deprecated", deprecationText(prov.Deprecated)},
	}
	for _, ref := range prov.Source {
		out = append(out, [2]string{"source", p.source(ref)})
	}
	return out
}

func (p *page) source(ref ir.SourceRef) string {
	text := ref.ID
	if ref.Place != "" {
		text += "#" + ref.Place
	}
	for _, s := range p.venue.Sources {
		if s.ID == ref.ID {
			text += fmt.Sprintf(": %s (%s, seen %s)", s.Title, s.Kind, s.Seen)
		}
	}
	return text
}

func (p *page) connections(list []*ir.Connection) string {
	if len(list) == len(p.venue.Connections) {
		return ""
	}
	var names []string
	for _, c := range list {
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}

func (p *page) examples(list []*ir.Example) {
	for _, ex := range list {
		var refs []string
		for _, s := range ex.Source {
			refs = append(refs, strings.TrimSuffix(s.ID+"#"+s.Place, "#"))
		}
		p.section("EXAMPLE %s (%s)", ex.Name, strings.Join(append([]string{ex.Kind}, refs...), ", "))
		for _, s := range ex.Steps {
			arrow := "<-"
			if s.Send {
				arrow = "->"
			}
			p.line("  %s %s", arrow, indented(s.Frame))
		}
	}
}

// indented lays out a frame that is JSON; any other is shown as it is.
func indented(frame string) string {
	var b bytes.Buffer
	if json.Indent(&b, []byte(frame), "     ", "  ") != nil {
		return frame
	}
	return b.String()
}
