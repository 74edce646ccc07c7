package ir

import "github.com/venuewire/venuewire/gen/diag"

// Subscription is a stream that is asked for.
type Subscription struct {
	Entry
	Hosts     []*Host
	Route     *Type // struct named <Go>Key; nil: none
	Params    *Type // struct named <Go>Params; nil: none
	Send      []*Template
	Cancel    []*Template
	Events    []*Event
	Demux     []*Demux // one for each route field that routes; empty: all events of the name
	DemuxSet  bool     // the spec says how events are told apart, `none` included
	Ack       *Ack     // resolved: own, else the wire's
	CancelAck *Ack
	Learn     []Learn
	Lifetime  *Lifetime
	Delivery  Delivery // resolved
}

// Batched is the route field of which one frame carries many; nil if none.
func (s *Subscription) Batched() *Field {
	if s.Route == nil {
		return nil
	}
	for _, f := range s.Route.Fields {
		if f.Batch != nil {
			return f
		}
	}
	return nil
}

// Demux ties a route field to event members.
type Demux struct {
	Field *Field
	Paths []Path // one must agree; may go through a list ("data[].symbol") or the envelope
	Loose bool   // the route field or an event member may be absent: absent agrees with all
	Span  diag.Span
}

// Learn is a value kept from an ack or event for the cancel.
type Learn struct {
	Name string
	At   Path
	Span diag.Span
}

// Lifetime says when something ends by itself.
type Lifetime struct {
	Ends, Refresh string // durations; "" unknown
	EndsAt        Path
	By            []string // send cancel call
	Call          *RPC     // with {call: rpc}
	Silent        bool
	Span          diag.Span
}

// AckMode says how something is confirmed.
type AckMode int

// The ack modes.
const (
	AckReply AckMode = iota
	AckFrame
	AckFirstEvent
	AckNone
)

// Ack says how a request is confirmed.
type Ack struct {
	Mode    AckMode
	On      []*Match
	Ok      []*Match
	Refused []*Match
	Error   Path
	Per     string // batched route field
	Item    []Path
	Name    string
	Class   *Class
	Type    *Type
	Within  string
	Span    diag.Span
}
