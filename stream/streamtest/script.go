package streamtest

import (
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/venuewire/venuewire/stream/protocol"
)

// script is what a server does with what clients send.
type script struct {
	connect atomic.Pointer[func(*Session)]
	upgrade atomic.Pointer[func(*http.Request) int]

	mu       sync.Mutex
	handlers map[handlerKey]func(*Call)
	payloads map[string]payload
	acker    func(*Call, []byte, error) []byte
	replier  func(*Call, []byte, *Refusal) []byte
}

type handlerKey struct {
	kind protocol.ClientKind
	name string
}

// payload is the registered reply of a call.
type payload struct {
	json  []byte
	extra []protocol.KV
	no    *Refusal
}

// Refusal is what a fake venue says when it refuses. Code may be empty where the venue has none.
type Refusal struct{ Code, Message string }

// Error makes a refusal usable as an error.
func (r *Refusal) Error() string {
	if r.Code == "" {
		return r.Message
	}
	return r.Code + " " + r.Message
}

func (s *script) init() {
	s.handlers = make(map[handlerKey]func(*Call))
	s.payloads = make(map[string]payload)
}

func (s *script) on(kind protocol.ClientKind, name string, fn func(*Call)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handlers[handlerKey{kind, name}] = fn
}

// handler is that of the name, else that of all names; nil if none.
func (s *script) handler(kind protocol.ClientKind, name string) func(*Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if fn := s.handlers[handlerKey{kind, name}]; fn != nil {
		return fn
	}
	return s.handlers[handlerKey{kind, ""}]
}

// OnConnect runs at the start of every session, before its first frame is read: venues greet here.
func (s *Server) OnConnect(fn func(*Session)) { s.script.connect.Store(&fn) }

// OnUpgrade judges handshakes: 0 accepts, another number is the HTTP status of the refusal.
func (s *Server) OnUpgrade(fn func(*http.Request) (status int)) { s.script.upgrade.Store(&fn) }

// OnCall runs for calls of a wire name, or for all that have no handler when the name is "". Without one a call gets
// its acknowledgement, if the wire has any, and the reply registered with [Server.Reply]. A handler gives them
// itself: [Call.Accept], [Call.Reply], [Call.Refuse].
func (s *Server) OnCall(name string, fn func(*Call)) { s.script.on(protocol.FrameCall, name, fn) }

// OnSubscribe runs for requests for a feed, in place of the acknowledgement: the handler acknowledges with
// [Call.Ack] or refuses. The name "" stands for all feeds without a handler.
func (s *Server) OnSubscribe(name string, fn func(*Call)) {
	s.script.on(protocol.FrameSubscribe, name, fn)
}

// OnUnsubscribe is [Server.OnSubscribe] for cancels.
func (s *Server) OnUnsubscribe(name string, fn func(*Call)) {
	s.script.on(protocol.FrameUnsubscribe, name, fn)
}

// Reply registers the payload of all replies to a call, as JSON, and members beside it.
func (s *Server) Reply(name, json string, extra ...protocol.KV) {
	s.script.mu.Lock()
	defer s.script.mu.Unlock()
	s.script.payloads[name] = payload{json: []byte(json), extra: extra}
}

// Refuse makes the venue refuse all calls of a name.
func (s *Server) Refuse(name, code, message string) {
	s.script.mu.Lock()
	defer s.script.mu.Unlock()
	s.script.payloads[name] = payload{no: &Refusal{code, message}}
}

// SetAcker replaces how acknowledgements of subscribes and cancels look. It gets the request, the item (a JSON
// object of route fields; nil for the whole request) and, for a refusal, a *[Refusal]. A nil result stands for the
// form that follows from the protocol, an empty one for no frame.
func (s *Server) SetAcker(fn func(c *Call, item []byte, refusal error) []byte) {
	s.script.mu.Lock()
	defer s.script.mu.Unlock()
	s.script.acker = fn
}

// SetReplier replaces how replies look. It gets the call and its payload, or the refusal. A nil result stands for
// the form that follows from the protocol.
func (s *Server) SetReplier(fn func(c *Call, payload []byte, refusal *Refusal) []byte) {
	s.script.mu.Lock()
	defer s.script.mu.Unlock()
	s.script.replier = fn
}

func (s *script) payload(name string) (payload, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.payloads[name]
	return p, ok
}

func (s *script) ack(c *Call, item []byte, refusal error) []byte {
	s.mu.Lock()
	fn := s.acker
	s.mu.Unlock()
	if fn == nil {
		return nil
	}
	return fn(c, item, refusal)
}

func (s *script) reply(c *Call, payload []byte, refusal *Refusal) []byte {
	s.mu.Lock()
	fn := s.replier
	s.mu.Unlock()
	if fn == nil {
		return nil
	}
	return fn(c, payload, refusal)
}
