// Package protocol describes a venue's wire as data and interprets that data: it recognises frames, renders and
// reads templates, evaluates matches and tells an acknowledgement from a refusal. It does no I/O.
//
// Generated code holds the values of these types as static literals; the session engine of package stream and
// the fakes of stream/streamtest both work from them, so a client and its fake cannot disagree about the wire.
package protocol

import (
	"time"

	"github.com/venuewire/venuewire/wire"
)

// Protocol is the wire of one venue.
type Protocol struct {
	Venue       string
	IDs         IDs
	Classes     []Class
	Call        []Template // the first is written, a fake understands all
	Subscribe   []Template
	Unsubscribe []Template
	Gate        *Ack // acknowledgement that comes before a call's reply; nil: none
	Errors      Errors
	Liveness    Liveness
	Close       CloseRules
	Limits      []Limit
	// RPCs and Feeds list every entry that has a descriptor; fakes and recorders look frames up here.
	RPCs  []*RPC
	Feeds []*Feed
	// Sensitive are member paths, from the frame or anywhere below, whose values are never shown.
	Sensitive []string
}

// IDKind is the JSON kind of request ids.
type IDKind uint8

// The kinds of request ids.
const (
	NoIDs IDKind = iota
	TextIDs
	IntIDs
)

// IDs says how request ids look; they count from 1 and start again below Max when Max is not 0.
type IDs struct {
	Kind IDKind
	Max  int64
}

// Form is the outer shape of a frame.
type Form uint8

// The forms.
const (
	Object Form = iota
	Array       // a batch of elements of class Of
	Tuple       // positional
	Text        // not JSON
)

// Class is one class of inbound frames.
type Class struct {
	Name    string
	Form    Form
	Of      string // Array: class of the elements
	Has     []string
	Lacks   []string
	ID      string // member with the request id; "" none
	Key     []string
	Payload string // member with the payload; "" the frame itself
	Layout  []Element
}

// Element is one place of a tuple.
type Element struct {
	Name             string
	Repeat, Optional bool
}

// Path leads to a member: names, "[]" for every element of a list. For tuples the first name is a layout name.
type Path []string

// Match is a conjunction; a list of matches is a disjunction.
type Match struct {
	Conds      []Cond
	Has, Lacks []Path
}

// Cond holds when the member at Path equals one of Values.
type Cond struct {
	Path   Path
	Values []Value
}

// Value is a JSON literal, a text with holes, or an inclusive integer range.
type Value struct {
	JSON     string
	Text     *TextTemplate
	Min, Max int64
	Range    bool
}

// TextTemplate is a pattern whose holes have names; builtins are spelled with their angle brackets.
type TextTemplate struct {
	Pattern wire.Pattern
	Holes   []string
}

// Template is a frame to write: text or a JSON tree.
type Template struct {
	Text *TextTemplate
	Root *Node
}

// Node is one value of a JSON template; exactly one of its members is set.
type Node struct {
	JSON    string // literal
	Hole    string // a field, or a builtin such as "<id>", written as a JSON value
	Text    *TextTemplate
	Members []Member
}

// Member is one member of a JSON template, or a spread of objects ("<request>", "<route>", "<params>").
type Member struct {
	Name   string
	Value  *Node
	Spread []string
}

// Effect is what a call does at the venue; what nobody classified counts as an order.
type Effect uint8

// The effects.
const (
	Order Effect = iota // fails at once when not ready, never queued, never repeated
	Write               // never repeated by the library
	Read                // may be repeated
)

// ReplyMode says what ends a call.
type ReplyMode uint8

// The reply modes.
const (
	ReplyData ReplyMode = iota // the data frame
	ReplyAck                   // the gate
	ReplyNone                  // writing it
)

// RPC describes one call.
type RPC struct {
	Name, Version string
	Effect        Effect
	Reply         ReplyMode
	NoGate        bool       // this call has no acknowledgement although the wire has one
	Send          []Template // nil: Protocol.Call
	ReplyName     string     // asserted, never used to correlate
	ReplyClass    string
	On            []Match // the reply may come without an id; the oldest waiting call whose On holds takes it
	Ok, Refused   []Match // besides those of Errors
	ErrorText     Path
	Result        Path     // where a reply holds its result; empty: the whole reply
	Per           []string // request lists of which each element gets a reply of its own
	Item          []Path   // where a reply says which; empty with Per: replies are only counted
	Needs         *Needs
	Sensitive     []string // request members never shown
}

// Needs is what must be there before an entry works.
type Needs struct {
	Session string // login level
	RPC     *RPC   // call made before and repeated with the entry
	With    []string
}

// Feed describes one subscription.
type Feed struct {
	Name, Version string
	Send, Cancel  []Template // nil: those of the Protocol
	Ack           Ack
	CancelAck     Ack
	Batch         *Batch
	Route         []string // names of the route fields; a fake tells them from params by it
	Wildcard      string   // value of the batched field that means all
	RouteParams   []string // params that belong to <route> although they do not tell two subscriptions apart
	Union         []string // params of which subscribers of one key get the union
	Same          []string // route and params members on which subscribers of one key must agree
	Needs         *Needs
	Learn         []Learn
	Lifetime      *Lifetime
	Delivery      Delivery
}

// Batch says that one frame carries many values of a route field.
type Batch struct {
	Field string
	Array bool // a JSON list; otherwise texts joined by Sep
	Sep   string
	Max   int // values a frame at most; 0: no limit
}

// AckMode says how a request is confirmed.
type AckMode uint8

// The ack modes.
const (
	AckReply      AckMode = iota // a frame with the same id
	AckFrame                     // a frame for which On holds; its holes name the item
	AckFirstEvent                // the first event routed to the item
	AckNone                      // nothing confirms it; reported as assumed
)

// Ack says how a request is confirmed or refused.
type Ack struct {
	Mode            AckMode
	On, Ok, Refused []Match
	Error           Path
	Per             string // one ack for each value of this batched field
	Item            []Path // found at the first of these paths that is there
	Name, Class     string
	Within          time.Duration // 0: the session's default
}

// Learn is a value kept from an ack or event for the cancel.
type Learn struct {
	Name string
	At   Path
}

// Lifetime says when a subscription ends by itself and how it is renewed.
type Lifetime struct {
	Ends    time.Duration // 0: unknown
	EndsAt  Path          // seconds left or a time, in the reply of Call or in the ack
	Refresh time.Duration // 0: 80 % of the lifetime
	By      []Step
	Call    *RPC
	Silent  bool // the venue does not say that it ended
}

// Step is one step of a renewal.
type Step uint8

// The steps of a renewal.
const (
	StepSend Step = iota
	StepCancel
	StepCall
)

// Overflow says what a full queue does.
type Overflow uint8

// The overflow policies; the zero value is the venue's default for market data.
const (
	DropOldest Overflow = iota
	DropNewest
	Conflate
	Block
	Fail
)

// Delivery is the default queue of a feed.
type Delivery struct {
	Overflow Overflow
	Buffer   int // 0: 1024
}

// Errors says how refusals look.
type Errors struct {
	Ok, Refused        []Match
	Code, Text, Detail Path
	Codes              []*ErrorCode
}

// Retry is what to do after a refusal.
type Retry uint8

// The answers to a refusal.
const (
	RetryUnknown Retry = iota
	RetryNever
	RetryBackoff
	RetryCoolDown
	RetryRelogin
	RetryRequote
)

// ErrorCode is one known refusal of a venue and its sentinel: errors.Is(err, iqoption.ErrProfitRateChanged).
type ErrorCode struct {
	Name  string
	Code  string        // "" when known by its text
	Text  *TextTemplate // nil when known by its code
	Retry Retry
	Wait  time.Duration
	Doc   string
}

// Error makes the code a sentinel.
func (c *ErrorCode) Error() string {
	if c.Code == "" {
		return c.Name
	}
	return c.Name + " (" + c.Code + ")"
}

// Is makes the codes that share a name, because the venue says one thing in several texts, match each other.
func (c *ErrorCode) Is(target error) bool {
	t, ok := target.(*ErrorCode)
	return ok && (t == c || t.Name == c.Name)
}

// Liveness says how a dead peer is noticed.
type Liveness struct {
	Events   []string // Go names of the events that prove life; empty: any frame
	Ping     bool     // WebSocket pings
	PingRPC  *RPC
	Every    time.Duration
	Deadline time.Duration
}

// CloseClass is what a close code means for reconnecting.
type CloseClass uint8

// The close classes.
const (
	CloseRetry CloseClass = iota
	CloseCoolDown
	ClosePermanent
)

// CloseRules classify close codes and refused upgrades.
type CloseRules struct {
	Default CloseClass
	Codes   []CloseRule
	Upgrade []CloseRule // by HTTP status
}

// CloseRule is one row of CloseRules.
type CloseRule struct {
	Code  int
	Class CloseClass
	Wait  time.Duration
}

// Limit is a fact about the venue's limits; Of names an entry or "connection".
type Limit struct {
	Name, Of, Scope, Unit string
	N                     int64
	Per                   time.Duration
	// Cost is what an item of the feed Of takes of N; nil: the limit is a fact for people.
	Cost *Cost
}

// Cost is what items take of a limit, by the value of a member of their route or params.
type Cost struct {
	By   string // "": all take Else
	Of   []CostOf
	Else int64 // without the member, or with another value
}

// CostOf is what items with a value of the member take; Value is JSON, or the text of a JSON string.
type CostOf struct {
	Value string
	N     int64
}

// Endpoint is one class of socket.
type Endpoint struct {
	Name  string
	Path  string // may hold {holes} and [groups]; see Vars
	Vars  []Var
	Token bool // frames carry a token from a token source
	Hosts []Host
}

// Var is a hole of an endpoint's path and its values.
type Var struct {
	Name   string
	Values []string
}

// Host is one address of an endpoint.
type Host struct {
	Name       string
	URL        string // may hold {holes}
	SelfSigned bool
	Unverified bool
}

// EntryKind tells the kinds of catalogue rows.
type EntryKind uint8

// The kinds of catalogue rows.
const (
	KindRPC EntryKind = iota
	KindSubscription
	KindEvent
)

// Row is one row of a venue's catalogue, methods or not.
type Row struct {
	Kind       EntryKind
	Name       string // wire name
	Version    string // "" none or unknown
	Go         string // method or type; "" none
	Domain     string
	Status     string // named typed exampled verified skipped
	Confidence string
	Skip       string
}
