package coverage

import (
	"slices"

	"github.com/venuewire/venuewire/gen/ir"
)

// New computes the report of resolved venues.
func New(venues []*ir.Venue) *Report {
	r := &Report{}
	for _, v := range venues {
		r.Venues = append(r.Venues, venueOf(v))
		b := builder{v: v, w: v.Wire, out: r}
		if b.w == nil {
			b.w = &ir.Wire{}
		}
		b.wire()
		for _, d := range v.Domains {
			b.domain(d)
		}
	}
	r.sort()
	return r
}

func venueOf(v *ir.Venue) Venue {
	out := Venue{Name: v.Name, Package: v.Package, Doc: v.Doc}
	for _, s := range v.Sources {
		out.Sources = append(out.Sources, Source{ID: s.ID, Kind: s.Kind, Title: s.Title, Authority: s.Authority})
	}
	return out
}

// builder makes the rows of one venue.
type builder struct {
	v   *ir.Venue
	w   *ir.Wire // of v; empty when v has none
	out *Report
}

func (b *builder) add(e Entry) {
	e.Venue = b.v.Name
	b.out.Entries = append(b.out.Entries, e)
}

func (b *builder) domain(d *ir.Domain) {
	for _, row := range RowsOf(d.RPCs) {
		b.rpc(row)
	}
	for _, s := range d.Subscriptions {
		b.subscription(s)
	}
	for _, e := range d.Events {
		b.event(e)
	}
}

// RowsOf joins the versions of one row, in order of first appearance.
func RowsOf(rpcs []*ir.RPC) [][]*ir.RPC {
	var out [][]*ir.RPC
	at := map[*ir.Row]int{}
	for _, r := range rpcs {
		if i, ok := at[r.Row]; ok && r.Row != nil {
			out[i] = append(out[i], r)
			continue
		}
		at[r.Row] = len(out)
		out = append(out, []*ir.RPC{r})
	}
	return out
}

func (b *builder) rpc(versions []*ir.RPC) {
	first := versions[0]
	e := b.entry(&first.Entry)
	e.Kind, e.Level, e.Effect = KindRPC, RowLevel(versions), effectName(first)
	e.Go, e.Versions, e.Sources, e.Unknown = nil, nil, nil, nil
	for _, r := range versions {
		e.Go = append(e.Go, r.Go)
		e.Versions = append(e.Versions, versionsOf(&r.Entry)...)
		e.Sources = append(e.Sources, sourceIDs(r.Prov)...)
		e.Unknown = append(e.Unknown, r.Unknown...)
		e.Messages = append(e.Messages, replyNames(r)...)
		e.Frames = append(e.Frames, b.frames(r.Send, b.w.Call, r.Wire)...)
		e.Replies = e.Replies || r.Reply == ir.ReplyData && r.Group == nil
	}
	b.finish(&e)
	b.add(e)
}

func effectName(r *ir.RPC) string {
	if !r.EffectSet {
		return ""
	}
	return [...]string{ir.EffectOrder: "order", ir.EffectWrite: "write", ir.EffectRead: "read"}[r.Effect]
}

func (b *builder) subscription(s *ir.Subscription) {
	e := b.entry(&s.Entry)
	e.Kind, e.Level = KindSubscription, SubscriptionLevel(s)
	if len(s.Events) == 0 {
		e.Go = nil // nothing to deliver, so there is no method
	}
	e.Frames = append(b.frames(s.Send, b.w.Subscribe, s.Wire), b.frames(s.Cancel, b.w.Unsubscribe, s.Wire)...)
	if s.Ack != b.w.AckSubscribe {
		e.Messages = append(e.Messages, ackNames(s.Ack, b.w.Classes)...)
	}
	b.finish(&e)
	b.add(e)
}

func (b *builder) event(ev *ir.Event) {
	e := Entry{
		Kind: KindEvent, Name: ev.Go, Level: EventLevel(ev), Go: []string{ev.Go},
		Connections: b.connections(ev.Connections), Sources: sourceIDs(ev.Prov),
		Confidence: confidenceName(ev.Prov), Unknown: slices.Clone(ev.Unknown), Note: ev.Prov.Note,
		Examples: len(ev.Examples), Messages: MessagesOf(ev),
	}
	if ev.Domain != nil {
		e.Domain = ev.Domain.Name
		e.Tags = slices.Clone(ev.Domain.Tags)
	}
	for _, s := range ev.Subscribers {
		e.Tags = append(e.Tags, s.Tags...)
	}
	b.finish(&e)
	b.add(e)
}

// entry fills what calls and subscriptions share.
func (b *builder) entry(in *ir.Entry) Entry {
	e := Entry{
		Name: in.Wire, Go: []string{in.Go}, Versions: versionsOf(in), Connections: b.connections(in.Connections),
		Tags: slices.Clone(in.Tags), Priority: in.Priority, Sources: sourceIDs(in.Prov),
		Confidence: confidenceName(in.Prov), Unknown: slices.Clone(in.Unknown), Skip: in.Skip, Note: in.Prov.Note,
		Examples: len(in.Examples),
	}
	if in.Domain != nil {
		e.Domain = in.Domain.Name
	}
	if in.Group != nil {
		e.Rows = in.Group.Rows
	}
	return e
}

// finish brings the lists of an entry into their written order.
func (b *builder) finish(e *Entry) {
	for _, list := range []*[]string{&e.Go, &e.Versions, &e.Tags, &e.Sources, &e.Unknown, &e.Frames, &e.Messages} {
		*list = distinct(*list)
	}
	for _, s := range b.v.Sources {
		e.Authority = e.Authority || s.Authority && slices.Contains(e.Sources, s.ID)
	}
}

// versionsOf lists the version of an entry, or the ones that others prove, marked with "?".
func versionsOf(e *ir.Entry) []string {
	if e.Version != "" {
		return []string{e.Version}
	}
	var out []string
	for _, c := range e.Candidates {
		out = append(out, c+"?")
	}
	return out
}

func (b *builder) connections(in []*ir.Connection) []string {
	if len(in) == len(b.v.Connections) {
		return nil
	}
	var out []string
	for _, c := range in {
		out = append(out, c.Name)
	}
	return distinct(out)
}

func sourceIDs(p ir.Provenance) []string {
	var out []string
	for _, s := range p.Source {
		out = append(out, s.ID)
	}
	return distinct(out)
}

func confidenceName(p ir.Provenance) string {
	return [...]string{
		ir.ConfidenceNone: "", ir.Guessed: "guessed", ir.Inferred: "inferred",
		ir.Documented: "documented", ir.Captured: "captured",
	}[p.Confidence]
}

// frames names what an entry is written in: its own templates, or those that it shares.
func (b *builder) frames(own, shared []*ir.Template, wire string) []string {
	if len(own) == 0 {
		own = shared
	}
	if len(own) == 0 {
		return nil
	}
	return []string{nameOfTemplate(own[0], wire).text}
}
