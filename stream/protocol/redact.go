package protocol

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/venuewire/venuewire/wire"
)

// redacted takes the place of a value that is never shown.
const redacted = "REDACTED"

// Redactor shows frames without their secrets. It may be used from any goroutine.
type Redactor struct {
	wire  *Protocol
	paths [][]string
	calls []*RPC // those with sensitive fields
}

// Redactor prepares what [Protocol.Redact] needs; whoever shows many frames keeps it.
func (p *Protocol) Redactor() *Redactor {
	r := &Redactor{wire: p, paths: p.sensitivePaths()}
	for _, rpc := range p.RPCs {
		if len(rpc.Sensitive) > 0 {
			r.calls = append(r.calls, rpc)
		}
	}
	return r
}

// Redact appends a frame as it may be shown: values at sensitive members are replaced by REDACTED, wherever they
// stand. Sensitive are the paths of the protocol and of its calls, read as the ends of member paths, the members
// that templates fill with a token, and the holes of sensitive request fields in frames that a client sends. Null
// and empty text stay. Of a frame that is malformed only the length is shown: what cannot be read cannot be
// cleaned.
func (p *Protocol) Redact(dst, frame []byte) []byte { return p.Redactor().Append(dst, frame) }

// Append is [Protocol.Redact].
func (r *Redactor) Append(dst, frame []byte) []byte {
	found := redaction{paths: r.paths, frame: frame}
	var client *reading
	switch kind := wire.Kind(frame, 0); {
	case kind != 0 && wire.Valid(frame):
		client = r.wire.parseCalls(r.calls, frame)
		found.walk(frame, nil)
	default:
		client = r.wire.reading(frame)
		if client == nil && !r.wire.plainText(frame) {
			return appendLength(dst, len(frame))
		}
	}
	if client != nil {
		found.holes(client)
	}
	return found.write(dst)
}

func appendLength(dst []byte, n int) []byte {
	return append(strconv.AppendInt(append(dst, '<'), int64(n), 10), " bytes>"...)
}

// plainText tells whether a frame is a text frame that cannot hold anything structured.
func (p *Protocol) plainText(frame []byte) bool {
	return p.classifyText(frame) != nil && !strings.ContainsAny(string(frame), `{}[]":=`)
}

// reading is how a client's frame fits a template; nil for other frames.
func (p *Protocol) reading(frame []byte) *reading {
	for _, feed := range p.Feeds {
		for _, ts := range [...][]Template{orShared(feed.Send, p.Subscribe), orShared(feed.Cancel, p.Unsubscribe)} {
			r := &reading{feed: feed, batch: feed.Batch, want: feed.Name}
			if r.anyOf(ts, frame) {
				return r
			}
		}
	}
	return p.parseCalls(p.RPCs, frame)
}

func orShared(own, shared []Template) []Template {
	if own != nil {
		return own
	}
	return shared
}

// sensitivePaths lists paths as member names; list steps do not count.
func (p *Protocol) sensitivePaths() [][]string {
	var paths [][]string
	add := func(path string) {
		paths = append(paths, strings.Split(strings.ReplaceAll(path, Each, ""), "."))
	}
	for _, path := range p.Sensitive {
		add(path)
	}
	ts := slices.Concat(p.Call, p.Subscribe, p.Unsubscribe)
	for _, rpc := range p.RPCs {
		for _, path := range rpc.Sensitive {
			add(path)
		}
		ts = append(ts, rpc.Send...)
	}
	for _, feed := range p.Feeds {
		ts = append(append(ts, feed.Send...), feed.Cancel...)
	}
	for i := range ts {
		tokenMembers(ts[i].Root, add)
	}
	return paths
}

// tokenMembers finds the members that a template fills with a token.
func tokenMembers(n *Node, add func(string)) {
	if n == nil {
		return
	}
	for i := range n.Members {
		m := &n.Members[i]
		if m.Value == nil {
			continue
		}
		if m.Value.Hole == HoleToken || m.Value.Text != nil && m.Value.Text.has(HoleToken) {
			add(m.Name)
		}
		tokenMembers(m.Value, add)
	}
}

// redaction collects the parts of a frame that are not shown.
type redaction struct {
	paths [][]string
	frame []byte
	parts []redactedPart
}

type redactedPart struct {
	from, to int
	quoted   bool
}

// walk finds sensitive members in the value v, which is part of the frame; at are the names above it.
func (r *redaction) walk(v []byte, at []string) {
	switch wire.Kind(v, 0) {
	case '{':
		eachMember(v, 0, func(key, value []byte) bool {
			path := append(at, string(key))
			if r.hides(path) {
				r.hide(value, true)
			} else {
				r.walk(value, path)
			}
			return true
		})
	case '[':
		eachElement(v, 0, func(e []byte) bool { r.walk(e, at); return true })
	}
}

func (r *redaction) hides(at []string) bool {
	return slices.ContainsFunc(r.paths, func(path []string) bool {
		return len(path) <= len(at) && slices.Equal(path, at[len(at)-len(path):])
	})
}

// hide marks a slice of the frame. All slices of a frame end their capacity where it does, which tells the offset.
func (r *redaction) hide(v []byte, json bool) {
	if json && (wire.Kind(v, 0) == 'n' || string(v) == `""`) {
		return
	}
	from := cap(r.frame) - cap(v)
	r.parts = append(r.parts, redactedPart{from, from + len(v), json})
}

// holes hides what a client's frame holds in sensitive holes.
func (r *redaction) holes(c *reading) {
	for _, h := range c.raw {
		switch {
		case h.name == HoleToken || c.rpc != nil && slices.Contains(c.rpc.Sensitive, h.name):
			r.hide(h.value, !c.textFrame)
		case c.textFrame && isObjectHole(h.name):
			r.walk(h.value, nil)
		}
	}
}

func (r *redaction) write(dst []byte) []byte {
	slices.SortFunc(r.parts, func(a, b redactedPart) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to))
	})
	done := 0
	for _, part := range r.parts {
		if part.from < done {
			continue // inside one that is hidden already
		}
		dst = append(dst, r.frame[done:part.from]...)
		if part.quoted {
			dst = append(append(append(dst, '"'), redacted...), '"')
		} else {
			dst = append(dst, redacted...)
		}
		done = part.to
	}
	return append(dst, r.frame[done:]...)
}
