package stream

import (
	"strings"
	"time"
	"unsafe"
)

// Meta says when and where an event came in.
type Meta struct {
	// Received is when the frame had been read; it carries the monotonic clock.
	Received time.Time
	// Epoch counts the sessions of a link from 1.
	Epoch uint64
	// Seq grows with every event of a link, over all epochs: it orders events across subscriptions. Events of one
	// frame may share it.
	Seq uint64

	// The element, as a pointer and a size: a word less than a slice, and handlers get a Meta in registers.
	raw  *byte
	size int
	gap  *Gap
}

// Gap returns what a direct handler missed before this event; nil for nothing. Queued events have it in Event.Gap.
func (m Meta) Gap() *Gap { return m.gap }

// SetElement notes the bytes of the event's element in m, for subscriptions that keep them. They are borrowed.
func SetElement(m *Meta, b []byte) { m.raw, m.size = unsafe.SliceData(b), len(b) }

// What follows are functions, since methods of Meta are compiled anew for every Event.

// elementOf is what SetElement noted; nil for nothing.
func elementOf(m *Meta) []byte { return unsafe.Slice(m.raw, m.size) }

// metaAfter is m of an event before which there is a gap.
func metaAfter(m *Meta, gap *Gap) Meta {
	own := *m
	own.gap = gap
	return own
}

// forgetFrame drops what is borrowed from a frame, and the gap.
func forgetFrame(m *Meta) { m.raw, m.size, m.gap = nil, 0, nil }

// Event is one event of a subscription. Its receiver owns it.
type Event[T any] struct {
	Meta
	// Gap is set when events may be missing between the previous event of this handle and this one.
	Gap *Gap
	// Conflated counts the older events that this one replaced; see [WithConflate].
	Conflated uint64
	Data      T
	// Raw holds the bytes of the element with [WithRaw].
	Raw []byte
}

// Gap says that events were lost before the event it rides on.
type Gap struct {
	Reason GapReason
	// Count is the number of events known to be lost; 0 is unknown.
	Count uint64
}

// GapReason is a set of reasons.
type GapReason uint16

// The reasons of a gap.
const (
	GapReconnect    GapReason = 1 << iota // the session was lost and a new one took over
	GapSlowConsumer                       // the queue of the handle was full
	GapSequence                           // the venue's sequence numbers have a hole
	GapChecksum                           // the venue's checksum does not fit
	GapExpiry                             // the venue ended the subscription before it was renewed
	GapDecode                             // an event could not be decoded
)

var gapNames = []string{"reconnect", "slow-consumer", "sequence", "checksum", "expiry", "decode"}

// String lists the reasons, joined by "+".
func (r GapReason) String() string {
	var names []string
	for i, name := range gapNames {
		if r&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	if names == nil {
		return "none"
	}
	return strings.Join(names, "+")
}
