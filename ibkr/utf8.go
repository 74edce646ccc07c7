package ibkr

import (
	"unicode/utf8"

	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/wire"
)

// utf8Counter counts frames with bytes that are no UTF-8: the venue sends some within texts. They are decoded all the
// same, and what such a byte stands for is replaced where the text is read.
type utf8Counter struct {
	stream.Inbound
	drift *wire.Drift
}

// UseDrift sets where to count.
func (c *utf8Counter) UseDrift(drift *wire.Drift) {
	c.drift = drift
	if in, ok := c.Inbound.(interface{ UseDrift(*wire.Drift) }); ok {
		in.UseDrift(drift)
	}
}

// Frame counts and passes on.
func (c *utf8Counter) Frame(b []byte, m stream.Meta, rest func(elem []byte, err error)) {
	if !utf8.Valid(b) {
		c.drift.Add(wire.DriftInvalidUTF8, "frame", "")
	}
	c.Inbound.Frame(b, m, rest)
}
