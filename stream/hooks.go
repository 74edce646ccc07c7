package stream

import (
	"errors"
	"fmt"
	"time"

	"github.com/venuewire/venuewire/stream/protocol"
)

// A hook implements one or more of the interfaces below and is given to [WithHooks]. Hooks are called synchronously,
// possibly from several goroutines at once, some with locks held: they must be fast and must not call the client. What
// they may keep is said with each; none gets a secret. [Link.Stats] has the sums of most of what they tell.
type (
	// HookConnect is told of every dial, the successful ones too, when the upgrade has been answered or has failed. A
	// dial whose address could not be had, such as one whose login over HTTP failed, is none: HookState tells why.
	HookConnect interface{ OnConnect(ConnectInfo) }
	// HookDisconnect is told of every session that ended, also one that never became Ready, after all that was its own
	// has ended: its calls have failed, its subscriptions have their gap. err is why; it is never nil.
	HookDisconnect interface {
		OnDisconnect(epoch uint64, err error)
	}
	// HookState is told of every state in its order, also of those that Watch skips.
	HookState interface{ OnState(Status) }
	// HookFrameIn is told of every data frame read, on the reading goroutine, before anything is made of it.
	HookFrameIn interface{ OnFrameIn(Frame) }
	// HookFrameOut is told of every data frame written, on the writing goroutine.
	HookFrameOut interface{ OnFrameOut(Frame) }
	// HookCall is told of every call when it ended, on its caller's goroutine, also of those that were never sent: see
	// [CallError]. Those of a login are among them.
	HookCall interface{ OnCall(CallInfo) }
	// HookSubscription is told what becomes of each subscribed item.
	HookSubscription interface{ OnSubscription(SubscriptionInfo) }
	// HookGap is told of every gap of a handle at the moment it opens, which is before the event on which it rides. feed
	// is the name of the topic, as in Stats.Unwanted. Count is what is lost then; the gap of the event may tell of more.
	HookGap interface{ OnGap(feed string, gap Gap) }
	// HookDrop is told of every event that a full queue lost, on the reading goroutine; n counts events.
	HookDrop interface{ OnDrop(feed string, n uint64) }
	// HookUnknown is told of every element that nothing knows, on the reading goroutine. kind is that of Stats.Unknown.
	HookUnknown interface{ OnUnknown(kind string, f Frame) }
	// HookDecodeError is told of every element that could not be decoded, on the reading goroutine. err says where the
	// element is wrong; its topic gets a gap.
	HookDecodeError interface{ OnDecodeError(err error, f Frame) }
)

// ConnectInfo describes a dial.
type ConnectInfo struct {
	// URL has its query removed, which may hold a token.
	URL string
	// Epoch is the number that the session gets if the dial succeeds.
	Epoch uint64
	// Took is the time from the first packet to the answer of the upgrade.
	Took time.Duration
	// Err is why it failed; nil when it did not.
	Err error
}

// CallInfo describes a call that ended.
type CallInfo struct {
	Method, Version string
	Effect          protocol.Effect
	// Took is the time since a session took the call; of one that no session took, since it was made.
	Took time.Duration
	// Err is a [*CallError]; nil when the call succeeded.
	Err error
}

// SubscriptionInfo describes a change of one subscribed item.
type SubscriptionInfo struct {
	// Feed is the wire name of the feed, Key the item as JSON.
	Feed, Key string
	Event     SubscriptionEvent
	// Err is why an item failed; else nil.
	Err error
}

// SubscriptionEvent says what became of an item.
type SubscriptionEvent string

// What may become of an item.
const (
	ItemSent      SubscriptionEvent = "sent"      // the request went to the writer
	ItemLive      SubscriptionEvent = "live"      // confirmed
	ItemAssumed   SubscriptionEvent = "assumed"   // live as far as one can tell: the venue confirms nothing
	ItemFailed    SubscriptionEvent = "failed"    // refused, or not confirmed in time
	ItemRenewed   SubscriptionEvent = "renewed"   // its lifetime began anew
	ItemCancelled SubscriptionEvent = "cancelled" // given back
)

// Frame is a frame, or one element of a frame, as hooks see it. It is valid until the hook returns.
type Frame struct {
	Epoch uint64
	Time  time.Time // when it was read or written
	Size  int       // bytes

	raw  []byte
	wire *protocol.Protocol
}

// Bytes returns a copy of the frame in which the values of sensitive members are replaced. It costs more than all else
// that happens to a frame: count with Size where that will do.
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
