package protocol

import (
	"bytes"
	"slices"

	"github.com/venuewire/venuewire/wire"
)

// ClientKind tells what a client's frame asks for.
type ClientKind uint8

// The kinds of client frames.
const (
	FrameCall ClientKind = iota
	FrameSubscribe
	FrameUnsubscribe
)

// String names the kind.
func (k ClientKind) String() string {
	switch k {
	case FrameSubscribe:
		return "subscribe"
	case FrameUnsubscribe:
		return "unsubscribe"
	}
	return "call"
}

// ClientFrame is what a venue reads out of a client's frame. It owns none of the bytes: they borrow the frame where
// they can.
type ClientFrame struct {
	Kind ClientKind
	RPC  *RPC  // of a call; nil when the name is not known
	Feed *Feed // of the others; nil when the name is not known
	// ID is the request id, or the id of the subscribe call where a cancel repeats it; "" none.
	ID            string
	Name, Version string // as the frame says, else those of the entry
	Token         string // "" none
	// Request, Route and Params are JSON objects; nil when nothing of them is in the frame. A value that stood in a
	// text is a JSON string here. Params that cannot be told from route fields are in Route.
	Request, Route, Params []byte
	// BatchField is the batched field and Batch its values as JSON; Route does not hold it.
	BatchField string
	Batch      [][]byte
	// Learned are the values of a cancel that come from an earlier answer, as JSON.
	Learned map[string][]byte
	// Also are the others when one frame names several feeds.
	Also []ClientFrame
}

// Items lists the keys that a subscribe or unsubscribe names: JSON objects of the route fields that tell two
// subscriptions apart.
func (f *ClientFrame) Items() [][]byte {
	if len(f.Batch) == 0 {
		return [][]byte{append(f.appendKey([]byte{'{'}), '}')}
	}
	items := make([][]byte, 0, len(f.Batch))
	for _, v := range f.Batch {
		items = append(items, append(f.appendKey(appendMember([]byte{'{'}, f.BatchField, v)), '}'))
	}
	return items
}

// appendKey adds what all items of a frame have in common.
func (f *ClientFrame) appendKey(dst []byte) []byte {
	eachMember(f.Route, 0, func(key, value []byte) bool {
		if f.Feed == nil || !slices.Contains(f.Feed.RouteParams, string(key)) {
			dst = appendMember(dst, string(key), value)
		}
		return true
	})
	return dst
}

// ParseClient matches a client's frame to the templates of all calls and feeds and reads its holes. Literals must
// agree and no member may be left over; members whose hole has no value may be absent. A frame that fits the
// protocol's own templates under a name that nobody has comes back without RPC and Feed. It is false for anything
// else.
func (p *Protocol) ParseClient(frame []byte) (ClientFrame, bool) {
	if f, ok := p.parseFeeds(frame, FrameSubscribe); ok {
		return f, true
	}
	if f, ok := p.parseFeeds(frame, FrameUnsubscribe); ok {
		return f, true
	}
	if r := p.parseCalls(p.RPCs, frame); r != nil {
		return r.client(), true
	}
	for _, unknown := range [...]struct {
		kind ClientKind
		ts   []Template
	}{{FrameSubscribe, p.Subscribe}, {FrameUnsubscribe, p.Unsubscribe}, {FrameCall, p.Call}} {
		r := &reading{kind: unknown.kind}
		if r.anyOf(unknown.ts, frame) && r.name != "" && !p.knows(unknown.kind, r.name) {
			return r.client(), true
		}
	}
	return ClientFrame{}, false
}

// spellsNames tells whether every frame of these templates holds the entry's name as it is, so that most entries can
// be passed over without a look at their templates.
func spellsNames(ts []Template, frame []byte) bool {
	return bytes.IndexByte(frame, '\\') < 0 && !slices.ContainsFunc(ts, func(t Template) bool { return !t.named() })
}

func (t *Template) named() bool {
	return t.Text != nil && t.Text.has(HoleName) || t.Root != nil && t.Root.named()
}

func (n *Node) named() bool {
	if n == nil {
		return false
	}
	return n.Hole == HoleName || n.Text != nil && n.Text.has(HoleName) ||
		slices.ContainsFunc(n.Members, func(m Member) bool { return m.Value.named() })
}

func (p *Protocol) knows(kind ClientKind, name string) bool {
	if kind == FrameCall {
		return slices.ContainsFunc(p.RPCs, func(r *RPC) bool { return r.Name == name })
	}
	return slices.ContainsFunc(p.Feeds, func(f *Feed) bool { return f.Name == name })
}

// parseCalls finds the call whose version is that of the frame, else the first whose name is.
func (p *Protocol) parseCalls(rpcs []*RPC, frame []byte) *reading {
	var best *reading
	spelled := spellsNames(p.Call, frame)
	for _, rpc := range rpcs {
		ts := rpc.Send
		if ts == nil {
			if spelled && !bytes.Contains(frame, []byte(rpc.Name)) {
				continue
			}
			ts = p.Call
		}
		r := &reading{kind: FrameCall, rpc: rpc, want: rpc.Name}
		if !r.anyOf(ts, frame) {
			continue
		}
		if r.version == "" || r.version == rpc.Version {
			return r
		}
		if best == nil || best.rpc.Version != "" && rpc.Version == "" {
			best = r
		}
	}
	return best
}

// parseFeeds finds the feed, or the feeds when the pieces of a joined text name several.
func (p *Protocol) parseFeeds(frame []byte, kind ClientKind) (ClientFrame, bool) {
	var found []ClientFrame
	var seen, pieces int
	shared := p.Subscribe
	if kind == FrameUnsubscribe {
		shared = p.Unsubscribe
	}
	spelled := spellsNames(shared, frame)
	for _, feed := range p.Feeds {
		ts := feed.Send
		if kind == FrameUnsubscribe {
			ts = feed.Cancel
		}
		if ts == nil {
			if spelled && !bytes.Contains(frame, []byte(feed.Name)) {
				continue
			}
			ts = shared
		}
		r := &reading{kind: kind, feed: feed, batch: feed.Batch, want: feed.Name}
		if !r.anyOf(ts, frame) {
			continue
		}
		f := r.client()
		if r.pieces == r.fitting {
			return f, true
		}
		if slices.ContainsFunc(found, func(have ClientFrame) bool { return have.Name == f.Name }) {
			continue // of another connection: a name is one for each
		}
		found, seen, pieces = append(found, f), seen+r.fitting, r.pieces
	}
	if len(found) == 0 || seen != pieces {
		return ClientFrame{}, false
	}
	found[0].Also = found[1:]
	return found[0], true
}

// hole is what was read for a field or builtin.
type hole struct {
	name  string
	value []byte // JSON
}

// spreadMember is a member that stood for one of <request>, <route> or <params>; builtin is "" where it could be of
// several.
type spreadMember struct {
	builtin, name string
	value         []byte
}

// reading is one attempt to read a frame by the templates of one entry.
type reading struct {
	kind  ClientKind
	rpc   *RPC
	feed  *Feed
	batch *Batch
	want  string // the entry's name; "" takes any

	name, version   string
	holes           []hole
	raw             []hole // JSON value or text run in the frame, for redaction
	spreads         []spreadMember
	textFrame       bool
	values          [][]byte
	pieces, fitting int // of a joined text
}

// anyOf tries templates until one fits.
func (r *reading) anyOf(ts []Template, frame []byte) bool {
	entry := *r
	for i := range ts {
		*r = entry
		if r.template(&ts[i], frame) {
			return true
		}
	}
	return false
}

func (r *reading) template(t *Template, frame []byte) bool {
	if t.Text != nil {
		return r.textTemplate(t.Text, frame)
	}
	return t.Root != nil && wire.Valid(frame) && r.node(t.Root, valueAt(frame, 0))
}

func (r *reading) node(n *Node, v []byte) bool {
	switch {
	case n.JSON != "":
		return jsonEqual([]byte(n.JSON), v)
	case n.Hole != "":
		return r.leaf(n.Hole, v)
	case n.Text != nil:
		return r.textLeaf(n.Text, v)
	}
	return wire.Kind(v, 0) == '{' && r.members(n.Members, v)
}

func (r *reading) members(ms []Member, object []byte) bool {
	spread, named := spreadOf(ms)
	fits := true
	eachMember(object, 0, func(key, v []byte) bool {
		i := slices.IndexFunc(ms, func(m Member) bool { return len(m.Spread) == 0 && m.Name == string(key) })
		switch {
		case i >= 0:
			fits = r.node(ms[i].Value, v)
		case named:
			r.spreads = append(r.spreads, spreadMember{spread, string(key), v})
		default:
			fits = false
		}
		return fits
	})
	if !fits {
		return false
	}
	for i := range ms {
		if len(ms[i].Spread) == 0 && r.needed(ms[i].Value) && wire.Lookup(object, 0, ms[i].Name) < 0 {
			return false
		}
	}
	return true
}

// spreadOf is the builtin that unnamed members of an object belong to; "" where there are several.
func spreadOf(ms []Member) (builtin string, ok bool) {
	for i := range ms {
		for _, s := range ms[i].Spread {
			if ok {
				return "", true
			}
			builtin, ok = s, true
		}
	}
	return builtin, ok
}

// needed tells whether a value cannot be absent: it holds a literal, or the name.
func (r *reading) needed(n *Node) bool {
	if n.JSON != "" || n.Hole == HoleName {
		return true
	}
	for i := range n.Members {
		if len(n.Members[i].Spread) == 0 && r.needed(n.Members[i].Value) {
			return true
		}
	}
	return false
}

// leaf reads a value that is one hole.
func (r *reading) leaf(name string, v []byte) bool {
	r.raw = append(r.raw, hole{name, v})
	if r.batch != nil && name == r.batch.Field {
		r.values = append(r.values, r.batch.split(v)...)
		return true
	}
	return r.set(name, v)
}

// split takes a batched value apart.
func (b *Batch) split(v []byte) [][]byte {
	if wire.Kind(v, 0) == '[' {
		return elementsOf(v)
	}
	if b.Array || b.Sep == "" {
		return [][]byte{v}
	}
	var out [][]byte
	for _, piece := range b.pieces(scalarText(v)) {
		out = append(out, wire.AppendString(nil, string(piece)))
	}
	return out
}

// set keeps what a hole held; false when it cannot be.
func (r *reading) set(name string, v []byte) bool {
	kind := wire.Kind(v, 0)
	switch name {
	case HoleName:
		r.name = string(scalarText(v))
		return kind == '"' && (r.want == "" || r.name == r.want)
	case HoleVersion:
		r.version = string(scalarText(v))
		return kind == '"' || kind == '0'
	case HoleElapsed:
		return kind == '0'
	case HoleRequest, HoleRoute, HoleParams:
		if kind != '{' {
			return false
		}
	}
	r.holes = append(r.holes, hole{name, v})
	return true
}
