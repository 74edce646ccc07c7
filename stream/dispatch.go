package stream

import (
	"errors"

	"github.com/venuewire/venuewire/stream/protocol"
)

// element takes what no event took: replies, acknowledgements, status frames, and what nobody knows. It runs on the
// reading goroutine.
func (s *session) element(b []byte, err error) {
	taken := err == ErrDelivered
	if err != nil && !taken {
		s.l.badElement(s, b, err)
		return
	}
	h, err := s.l.cfg.Protocol.Header(b)
	if err != nil && !errors.Is(err, protocol.ErrNoClass) {
		s.l.badElement(s, b, err)
		return
	}
	if h.ID != "" {
		s.answer(h.ID, b, &h)
		return
	}
	known, late := s.pending.takeUnnamed(b, &h)
	if late {
		s.l.frames.late.Add(1)
	}
	known = s.l.reg.ackFrame(s, b, &h) || known
	if taken {
		return
	}
	if s.l.cfg.Observe != nil {
		s.l.cfg.Observe(b)
	}
	if !known {
		s.l.unknownElement(s, b, &h)
	}
}

// answer gives a frame with an id to whoever waits for it; late and stray ones are counted, never errors.
func (s *session) answer(id string, b []byte, h *protocol.Header) {
	switch s.pending.take(id, b, h) {
	case replyStray:
		s.l.frames.stray.Add(1)
	case replyLate:
		s.l.frames.late.Add(1)
	}
	if s.l.cfg.Observe != nil {
		s.l.cfg.Observe(b)
	}
}

// badElement reports an element that could not be decoded. The stream goes on.
func (l *Link) badElement(s *session, b []byte, err error) {
	l.frames.bad.Add(1)
	f := Frame{Epoch: s.epoch, Time: s.meta.Received, Size: len(b), raw: b, wire: l.cfg.Protocol}
	for _, h := range l.hooks.decodeError {
		h.OnDecodeError(err, f)
	}
	if l.unknown.add("(bad)", b, s.meta, l.cfg.Protocol) {
		l.set.logger.Warn("stream: element not decoded; later ones are only counted", "err", err)
	}
}

// unknownElement counts an element that nothing knows.
func (l *Link) unknownElement(s *session, b []byte, h *protocol.Header) {
	kind := kindOf(h)
	f := Frame{Epoch: s.epoch, Time: s.meta.Received, Size: len(b), raw: b, wire: l.cfg.Protocol}
	for _, hook := range l.hooks.unknown {
		hook.OnUnknown(kind, f)
	}
	if l.unknown.add(kind, b, s.meta, l.cfg.Protocol) {
		log := l.set.logger.Warn
		if l.cfg.Observe != nil {
			log = l.set.logger.Debug // the venue's own code may know it
		}
		log("stream: unknown element; later ones of its kind are only counted", "kind", kind)
	}
}

// kindOf names an element by its class and keys.
func kindOf(h *protocol.Header) string {
	if h.Class == nil {
		return "(no class)"
	}
	kind := h.Class.Name
	for i := range h.Class.Key {
		if k := h.Key(i); k != "" && h.Class.Form != protocol.Text {
			kind += " " + k
		}
	}
	return cutKind(kind)
}
