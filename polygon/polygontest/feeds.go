package polygontest

import (
	json "github.com/goccy/go-json"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/stream/streamtest"
)

// subscribe answers a subscribe: one "not authorized" for the whole frame, before the confirmations of what is accepted,
// and no second confirmation of what is held already. A channel that nobody knows gets nothing at all.
func (s *Server) subscribe(call *streamtest.Call) {
	c, p := call.Session, s.peerOf(call.Session)
	s.mu.Lock()
	authed := p.authed
	s.mu.Unlock()
	switch {
	case !authed:
		c.Push(Status(polygon.StatusCodeAuthRequired, ""))
		return
	case s.shapes[p.cluster][call.Name] == nil:
		return
	case s.cfg.refused[call.Name]:
		c.Push(Status(polygon.StatusCodeError, textNotAuthorized))
		return
	}
	for _, item := range call.Items() {
		if symbol, ok := symbolIn(item); ok && s.hold(p, call.Name, symbol) {
			call.AckItem(item)
		}
	}
}

func (s *Server) unsubscribe(call *streamtest.Call) {
	p := s.peerOf(call.Session)
	for _, item := range call.Items() {
		if symbol, ok := symbolIn(item); ok && s.release(p, call.Name, symbol) {
			call.AckItem(item)
		}
	}
}

// symbolIn is the symbol of an item, a JSON object of route fields.
func symbolIn(item []byte) (string, bool) {
	var route struct{ Symbol string }
	err := json.Unmarshal(item, &route)
	return route.Symbol, err == nil
}

// hold is false for what is held already.
func (s *Server) hold(p *peer, prefix, symbol string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.subs[prefix] == nil {
		p.subs[prefix] = make(map[string]bool)
	}
	fresh := !p.subs[prefix][symbol]
	p.subs[prefix][symbol] = true
	return fresh
}

func (s *Server) release(p *peer, prefix, symbol string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	held := p.subs[prefix][symbol]
	delete(p.subs[prefix], symbol)
	return held
}

// acker writes confirmations as the venue does: arrays of one status event.
func acker(call *streamtest.Call, item []byte, _ error) []byte {
	symbol, _ := symbolIn(item)
	verb := "subscribed to: "
	if call.Kind.String() == "unsubscribe" {
		verb = "unsubscribed to: "
	}
	return []byte(Status(polygon.StatusCodeSuccess, verb+call.Name+"."+symbol))
}
