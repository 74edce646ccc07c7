package stream

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
)

// maxRequest bounds the frame of a batch where the venue gives no limit, in bytes.
const maxRequest = 64 << 10

// request is one frame that asks for items: one, or a batch that differs in one field only.
type request struct {
	feed   *protocol.Feed
	items  []*wanted
	key    object // of the first item
	params object
	cost   int // of the pace of the feed
}

// keepSubscriptions is the goroutine that sends subscribes and cancels, so that they reach the venue in the order
// in which they were made.
func (s *session) keepSubscriptions() {
	r := s.l.reg
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-r.kick:
		}
		for s.ctx.Err() == nil && s.syncOnce() {
		}
	}
}

// syncOnce does what is due first; it tells whether there was anything.
func (s *session) syncOnce() bool {
	r := s.l.reg
	if c := r.nextCancel(); c != nil {
		s.sendCancel(c)
		return true
	}
	if w := r.nextRenewal(); w != nil {
		s.renew(w)
		return true
	}
	reqs := r.nextRequests()
	for i := range reqs {
		s.sendRequest(&reqs[i])
	}
	return len(reqs) > 0
}

// nextRequests takes all items that are to be asked for, batched, in their order.
func (r *registry) nextRequests() []request {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.cancels) > 0 {
		return nil // they came up just now and go first: what they end may be wanted anew
	}
	var reqs []request
	open := make(map[string]int) // place of the request that takes more of the same
	for _, w := range r.inOrder(func(w *wanted) bool { return w.state == itemWanted || w.grown }) {
		params, err := mergeParams(w.feed, w.uses)
		if err != nil {
			r.failItem(w, err)
			continue
		}
		w.state, w.onWire, w.grown, w.params = itemSent, true, false, params
		for _, u := range w.uses {
			u.sent = true
		}
		like, pace := w.batchKey()+params.String(), r.paces[w.feed.Name]
		cost := pace.of(w.fields, params)
		i, ok := open[like]
		if !ok || w.feed.Batch == nil || full(&reqs[i]) || !pace.holds(reqs[i].cost+cost) {
			i = len(reqs)
			open[like] = i
			reqs = append(reqs, request{feed: w.feed, key: w.fields, params: params})
		}
		reqs[i].items = append(reqs[i].items, w)
		reqs[i].cost += cost
	}
	return reqs
}

// batchKey is equal for items that one frame can carry.
func (w *wanted) batchKey() string {
	if w.feed.Batch == nil {
		return w.feed.Name + w.key
	}
	return w.feed.Name + "\x00" + w.feed.Version + "\x00" + w.fields.without(w.feed.Batch.Field).String()
}

func full(req *request) bool {
	limit := req.feed.Batch.Max
	return limit > 0 && len(req.items) >= limit
}

// sendRequest asks for items. What goes wrong before the frame is written fails them.
func (s *session) sendRequest(req *request) {
	r := s.l.reg
	if err := s.meetNeeds(req); err != nil {
		r.failItems(req.items, err)
		return
	}
	if pace := r.paces[req.feed.Name]; pace != nil && pace.take(s.ctx, req.cost) != nil {
		return // the next session asks for them
	}
	g := newAckGroup(s, req.feed, &req.feed.Ack, req.items)
	data, err := s.render(g, r.values(req), s.l.cfg.Protocol.AppendSubscribe)
	if err != nil {
		r.failItems(req.items, err)
		return
	}
	if len(req.items) > 1 && len(data) > s.l.maxRequest() {
		s.pending.remove(g.id, g)
		a, b := req.halves()
		s.sendRequest(a)
		s.sendRequest(b)
		return
	}
	r.noteSent(req.items, g.id)
	if s.sendGroup(g, data) && g.mode == protocol.AckNone {
		r.assume(g)
	}
}

// values fill the templates of a request.
func (r *registry) values(req *request) protocol.Values {
	r.mu.Lock()
	defer r.mu.Unlock()
	first := req.items[0]
	v := protocol.Values{Route: req.key.bytes(), Params: req.params.bytes(), SubID: first.subID, Learned: maps.Clone(first.learned)}
	if req.feed.Batch == nil {
		return v
	}
	for _, w := range req.items {
		if value, ok := w.fields.get(req.feed.Batch.Field); ok {
			v.Batch = append(v.Batch, []byte(value))
		}
	}
	return v
}

func (req *request) halves() (a, b *request) {
	half := len(req.items) / 2
	x, y := *req, *req
	x.items, y.items = req.items[:half], req.items[half:]
	x.cost, y.cost = 0, 0 // it was taken for both
	y.key = y.items[0].fields
	return &x, &y
}

func (l *Link) maxRequest() int {
	for _, limit := range l.cfg.Protocol.Limits {
		if limit.Name == "frame" && limit.Unit == "bytes" && limit.N > 0 {
			return int(min(limit.N, defaultReadLimit))
		}
	}
	return maxRequest
}

// render registers a group, so that it has an id, and makes its frame.
func (s *session) render(g *ackGroup, v protocol.Values, write func([]byte, *protocol.Feed, protocol.Values) ([]byte, error)) ([]byte, error) {
	fresh := s.l.nextID
	if g.cancel != nil && s.l.repeatsID(g.feed) {
		fresh = func() string { return v.SubID }
	}
	id, err := s.pending.add(g, fresh)
	if err != nil {
		return nil, err
	}
	g.id, v.ID, v.Token, v.Elapsed = id, id, s.token.Reveal(), time.Since(s.began)
	data, err := write(nil, g.feed, v)
	if err != nil {
		s.pending.remove(g.id, g)
	}
	return data, err
}

// repeatsID tells whether a cancel carries the id of its subscribe, and is answered with it, instead of a fresh one.
func (l *Link) repeatsID(feed *protocol.Feed) bool {
	ts := feed.Cancel
	if ts == nil {
		ts = l.cfg.Protocol.Unsubscribe
	}
	return len(ts) > 0 && mentions(ts[0].Root, protocol.HoleSubID) && !mentions(ts[0].Root, protocol.HoleID)
}

func mentions(n *protocol.Node, hole string) bool {
	if n == nil {
		return false
	}
	if n.Hole == hole || n.Text != nil && slices.Contains(n.Text.Holes, hole) {
		return true
	}
	return slices.ContainsFunc(n.Members, func(m protocol.Member) bool { return mentions(m.Value, hole) })
}

// sendGroup writes the frame of a group and starts its deadline. It is false when the session ended first.
func (s *session) sendGroup(g *ackGroup, data []byte) bool {
	r := s.l.reg
	if g.mode == protocol.AckNone {
		s.pending.remove(g.id, g)
	} else {
		r.await(g)
	}
	f := newOutFrame(data)
	if s.out.put(s.ctx, s.ctx, f) != nil {
		return false
	}
	select {
	case <-f.done:
		return true
	case <-s.ctx.Done():
		return false
	}
}

// needsCache holds the calls that were made for subscriptions in this session.
type needsCache map[string]error

// needsBody are the members of a subscription that its call is made with.
func needsBody(key, params object, needs *protocol.Needs) object {
	return append(key.only(needs.With...), params.only(needs.With...)...)
}

// meetNeeds makes the call that a subscription needs first, once a session.
func (s *session) meetNeeds(req *request) error {
	needs := req.feed.Needs
	if needs == nil || needs.RPC == nil {
		return nil
	}
	body := needsBody(req.key, req.params, needs)
	name := needs.RPC.Name + " " + needs.RPC.Version + body.String()
	if err, done := s.needs[name]; done && err == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(s.ctx, ackWithin)
	defer cancel()
	_, err := s.call(ctx, needs.RPC, body.bytes())
	if s.needs == nil {
		s.needs = make(needsCache)
	}
	s.needs[name] = err
	return err
}
