package stream

import (
	"context"
	"errors"

	"github.com/venuewire/venuewire/stream/protocol"
)

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
		params := w.params.only(w.feed.RouteParams...) // a cancel repeats what the venue knows the item by
		like := w.batchKey() + "\x00" + w.subID + "\x00" + params.String()
		i, ok := open[like]
		if !ok || w.feed.Batch == nil || full(&reqs[i]) {
			i = len(reqs)
			open[like] = i
			reqs = append(reqs, request{feed: w.feed, key: w.fields, params: params})
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
