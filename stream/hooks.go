package stream

import (
	"errors"
	"fmt"
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
)

// A hook implements one or more of the interfaces below and is given to WithHooks. Hooks are called synchronously,
// some on the reading goroutine, possibly from several goroutines at once: they must be fast and must not call the
// client.
type (
	// HookConnect is told of every dial.
	HookConnect interface{ OnConnect(ConnectInfo) }
	// HookDisconnect is told of every session that ended.
	HookDisconnect interface {
		OnDisconnect(epoch uint64, err error)
	}
	// HookState is told of every state, also of those that Watch skips.
	HookState interface{ OnState(Status) }
	// HookFrameIn is told of every frame read.
	HookFrameIn interface{ OnFrameIn(Frame) }
	// HookFrameOut is told of every frame written.
	HookFrameOut interface{ OnFrameOut(Frame) }
	// HookCall is told of every call when it ended.
	HookCall interface{ OnCall(CallInfo) }
	// HookSubscription is told what becomes of each subscribed item.
	HookSubscription interface{ OnSubscription(SubscriptionInfo) }
	// HookGap is told of every gap at the moment it opens.
	HookGap interface{ OnGap(feed string, gap Gap) }
	// HookDrop is told of every event that a full queue lost.
	HookDrop interface{ OnDrop(feed string, n uint64) }
	// HookUnknown is told of every element that nothing knows.
	HookUnknown interface{ OnUnknown(kind string, f Frame) }
	// HookDecodeError is told of every element that could not be decoded.
	HookDecodeError interface{ OnDecodeError(err error, f Frame) }
)

// ConnectInfo describes a dial. URL has its query removed.
type ConnectInfo struct {
	URL   string
	Epoch uint64
	Took  time.Duration
	Err   error
}

// CallInfo describes a call that ended.
type CallInfo struct {
	Method, Version string
	Effect          protocol.Effect
	Took            time.Duration
	Err             error
}

// SubscriptionInfo describes a change of one subscribed item.
type SubscriptionInfo struct {
	Feed, Key string
	Event     SubscriptionEvent
	Err       error
}

// SubscriptionEvent says what became of an item.
type SubscriptionEvent string

// What may become of an item.
const (
	ItemSent      SubscriptionEvent = "sent"
	ItemLive      SubscriptionEvent = "live"
	ItemAssumed   SubscriptionEvent = "assumed" // live as far as one can tell: the venue confirms nothing
	ItemFailed    SubscriptionEvent = "failed"
	ItemRenewed   SubscriptionEvent = "renewed"
	ItemCancelled SubscriptionEvent = "cancelled"
)

// Frame is a frame as hooks see it. It is valid until the hook returns.
type Frame struct {
	Epoch uint64
	Time  time.Time
	Size  int

	raw  []byte
	wire *protocol.Protocol
}

// Bytes returns a copy of the frame in which the values of sensitive members are replaced.
func (f Frame) Bytes() []byte { return f.wire.Redact(nil, f.raw) }

type hooks struct {
	connect      []HookConnect
	disconnect   []HookDisconnect
	state        []HookState
	frameIn      []HookFrameIn
	frameOut     []HookFrameOut
	call         []HookCall
	subscription []HookSubscription
	gap          []HookGap
	drop         []HookDrop
	unknown      []HookUnknown
	decodeError  []HookDecodeError
}

// sortHooks sorts hooks by what they implement; one that implements nothing is an error.
func sortHooks(given []any) (h hooks, err error) {
	var errs []error
	for _, x := range given {
		n := collect(&h.connect, x) + collect(&h.disconnect, x) + collect(&h.state, x) +
			collect(&h.frameIn, x) + collect(&h.frameOut, x) + collect(&h.call, x) +
			collect(&h.subscription, x) + collect(&h.gap, x) + collect(&h.drop, x) +
			collect(&h.unknown, x) + collect(&h.decodeError, x)
		if n == 0 {
			errs = append(errs, fmt.Errorf("stream: WithHooks: %T implements no hook", x))
		}
	}
	return h, errors.Join(errs...)
}

func collect[H any](list *[]H, x any) int {
	h, ok := x.(H)
	if !ok {
		return 0
	}
	*list = append(*list, h)
	return 1
}
