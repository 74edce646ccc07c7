package stream

import (
	"context"
	"errors"
	"maps"
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
		like := w.batchKey() + params.String()
		i, ok := open[like]
		if !ok || w.feed.Batch == nil || full(&reqs[i]) {
			i = len(reqs)
			open[like] = i
			reqs = append(reqs, request{feed: w.feed, key: w.fields, params: params})
		}
		reqs[i].items = append(reqs[i].items, w)
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
	id, err := s.pending.add(g, s.l.nextID)
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

// meetNeeds makes the call that a subscription needs first, once a session.
func (s *session) meetNeeds(req *request) error {
	needs := req.feed.Needs
	if needs == nil || needs.RPC == nil {
		return nil
	}
	body := append(req.key.only(needs.With...), req.params.only(needs.With...)...)
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

// cancel is a request to end items at the venue.
type cancel struct {
	items  []*wanted
	hasty  bool // no acknowledgement is waited for
	parts  int
	err    error
	done   chan error
	closed bool
}

func newCancel(items []*wanted) *cancel {
	return &cancel{items: items, done: make(chan error, 1)}
}

// part counts one frame of the cancel as answered; nil-safe.
func (c *cancel) part(err error) {
	if c == nil {
		return
	}
	c.err = errors.Join(c.err, err)
	if c.parts--; c.parts <= 0 {
		c.finish(c.err)
	}
}

func (c *cancel) finish(err error) {
	if !c.closed {
		c.closed = true
		c.done <- err
	}
}

func (r *registry) nextCancel() *cancel {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.cancels) == 0 {
		return nil
	}
	c := r.cancels[0]
	r.cancels = r.cancels[1:]
	return c
}

// sendCancel writes the frames of a cancel.
func (s *session) sendCancel(c *cancel) {
	for _, req := range s.l.reg.split(c) {
		s.sendCancelFrame(c, &req)
	}
}

// split makes the requests of a cancel: items that were asked for together are given back together.
func (r *registry) split(c *cancel) []request {
	r.mu.Lock()
	defer r.mu.Unlock()
	var reqs []request
	open := make(map[string]int)
	for _, w := range c.items {
		like := w.batchKey() + "\x00" + w.subID
		i, ok := open[like]
		if !ok || w.feed.Batch == nil || full(&reqs[i]) {
			i = len(reqs)
			open[like] = i
			reqs = append(reqs, request{feed: w.feed, key: w.fields})
		}
		reqs[i].items = append(reqs[i].items, w)
	}
	c.parts = len(reqs)
	return reqs
}

func (s *session) sendCancelFrame(c *cancel, req *request) {
	r := s.l.reg
	g := newAckGroup(s, req.feed, &req.feed.CancelAck, req.items)
	g.cancel = c
	if c.hasty || g.mode == protocol.AckFirstEvent {
		g.mode = protocol.AckNone
	}
	data, err := s.render(g, r.values(req), s.l.cfg.Protocol.AppendUnsubscribe)
	if err == nil {
		r.note(req.items, ItemCancelled, nil)
		if s.sendGroup(g, data) && g.mode != protocol.AckNone {
			return // the acknowledgement ends it
		}
	}
	if errors.Is(err, protocol.ErrNoTemplate) {
		err = nil // the venue cannot be told
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	c.part(err)
}

// cancelAll tells the venue that everything ends, without waiting for its answers.
func (r *registry) cancelAll(ctx context.Context, s *session) {
	r.mu.Lock()
	items := r.inOrder(func(w *wanted) bool { return w.onWire })
	c := r.queueCancel(items)
	if c != nil {
		c.hasty = true
	}
	r.mu.Unlock()
	if c == nil {
		return
	}
	select {
	case <-c.done:
	case <-ctx.Done():
	case <-s.ctx.Done():
	}
}
