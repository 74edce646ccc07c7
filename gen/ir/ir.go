// Package ir is the resolved model of a venue's specs: every reference is a pointer, every Go name is decided,
// every pattern and match is parsed. It knows neither YAML nor the code that is emitted from it.
package ir

import "github.com/venuewire/venuewire/gen/diag"

// Venue is one wire and one Go package.
type Venue struct {
	Name    string // id, unique among the venues of one run
	Dir     string // directory below the spec root
	Package string // Go package path below the output root, e.g. "kraken/krakenv1"
	Doc     string

	Sources     []*Source
	Connections []*Connection
	Hosts       []*Host
	Wire        *Wire
	Errors      *Errors
	Sessions    []*SessionLevel
	Liveness    *Liveness
	Clock       *Clock // nil: the venue tells no time
	Close       *Close
	Limits      []*Limit
	Delivery    Delivery
	Initialisms []string
	// HandWritten says that the package has a hand-written client; otherwise one is generated.
	HandWritten bool

	Domains []*Domain
	Span    diag.Span
}

// PackageName is the last element of the package path.
func (v *Venue) PackageName() string {
	for i := len(v.Package) - 1; i >= 0; i-- {
		if v.Package[i] == '/' {
			return v.Package[i+1:]
		}
	}
	return v.Package
}

// Connection finds a class of socket by its spec name; nil if there is none.
func (v *Venue) Connection(name string) *Connection {
	for _, c := range v.Connections {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Source is where a fact came from.
type Source struct {
	ID, Kind, Title, Seen string
	Authority             bool // the reference whose rows must all exist
	Span                  diag.Span
}

// SourceRef names a source and a place in it.
type SourceRef struct{ ID, Place string }

// Confidence says how well a fact is known.
type Confidence int

// The degrees of confidence, weakest first; ConfidenceNone is "not said".
const (
	ConfidenceNone Confidence = iota
	Guessed
	Inferred
	Documented
	Captured
)

// Provenance is what is said about the origin of any named thing.
type Provenance struct {
	Doc, Note  string
	Source     []SourceRef
	Confidence Confidence
	Deprecated *Deprecation
}

// Deprecation says since when and what to use instead; both may be empty.
type Deprecation struct{ Since, Use string }

// Connection is one class of socket; it yields one Go client type.
type Connection struct {
	Name  string
	Go    string   // "Stocks"; "" when the venue has only one connection
	Path  *Pattern // nil: no path
	Vars  map[string][]string
	Token bool
	Prov  Provenance
	Span  diag.Span
}

// Host is one address; its URL may have holes that the user fills.
type Host struct {
	Name       string
	URL        *Pattern
	Also       []string
	Serves     []*Connection // all when empty in the spec
	SelfSigned bool
	Unverified bool
	Prov       Provenance
	Span       diag.Span
}

// SessionLevel is a login level that entries may need.
type SessionLevel struct {
	Name string
	Prov Provenance
	Span diag.Span
}

// Liveness says how a dead peer is noticed.
type Liveness struct {
	Events   []*Event
	Ping     string // "", "frame" or the wire name of an rpc
	PingRPC  *RPC
	Every    string // Go duration text or ""
	Deadline string
	Note     string
	Span     diag.Span
}

// Clock is the event that tells the server time.
type Clock struct {
	Event *Event
	At    Path
	Span  diag.Span
}

// Close classifies close codes and refused upgrades.
type Close struct {
	Default string
	Codes   []CloseCode // by code
	Upgrade []CloseCode
}

// CloseCode is one row of Close; Class is retry, cool-down or permanent.
type CloseCode struct {
	Code  int
	Class string
	Wait  string
	Prov  Provenance
	Span  diag.Span
}

// Limit is a fact about a venue's limits.
type Limit struct {
	Name            string
	N               int64
	Per             string
	Of, Scope, Unit string
	Cost            *Cost // nil: a fact for people
	Prov            Provenance
	Span            diag.Span
}

// Cost is what an item of a subscription takes of a limit.
type Cost struct {
	By   string // member of the route or params; "": all cost Else
	Of   []CostOf
	Else int64
	Span diag.Span
}

// CostOf is what items with a value of the member take.
type CostOf struct {
	Value string
	N     int64
}

// Delivery is a queue's default.
type Delivery struct {
	Set      bool   // said in the spec; otherwise inherited
	Overflow string // drop-oldest drop-newest conflate block fail
	By       []Path // conflate key
	Buffer   int
	Span     diag.Span
}

// Wire is the form of all frames.
type Wire struct {
	Dialect        string
	IDs            IDs
	Classes        []*Class
	Call           []*Template
	Subscribe      []*Template
	Unsubscribe    []*Template
	AckCall        *Ack // gate; nil: none
	AckSubscribe   *Ack
	AckUnsubscribe *Ack
	Span           diag.Span
}

// Class finds a frame class by name.
func (w *Wire) Class(name string) *Class {
	for _, c := range w.Classes {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// IDs is the kind of request ids.
type IDs struct {
	Type string // "", "string" or "int64"
	Max  int64  // 0: none
}

// Form is the outer shape of a frame.
type Form int

// The forms.
const (
	FormObject Form = iota
	FormArray
	FormTuple
	FormText
)

// Class is a class of inbound frames.
type Class struct {
	Name     string
	Form     Form
	Of       *Class // FormArray: class of the elements
	Has      []string
	Lacks    []string
	ID       string
	Key      []string
	Payload  string // member; "" the frame itself
	Layout   []Element
	Envelope []*Field // members beside the payload
	Span     diag.Span
}

// Element is one place of a tuple's layout.
type Element struct {
	Name             string
	Repeat, Optional bool
}

// Domain is one spec file.
type Domain struct {
	Name        string // "marketdata"
	File        string // "marketdata.yaml" below the venue's directory
	Doc         string
	Tags        []string
	Connections []*Connection

	RPCs          []*RPC
	Subscriptions []*Subscription
	Events        []*Event
	Types         []*Type      // every type declared here, enums and the anonymous ones of entries included, in order of need
	Errors        []*ErrorCode // never set on a domain but the venue's own; see Errors
	Span          diag.Span
}

// Group is a catalogue row that stands for several unnamed ones.
type Group struct {
	Rows  int
	Known []string
}

// Entry is what RPCs and subscriptions share.
type Entry struct {
	Wire           string // wire name
	Go             string // method name; "" when the row has no method
	Connections    []*Connection
	Version        string   // "" when the wire has none, or when unknown
	VersionUnknown bool     // the spec says `version: unknown`
	Candidates     []string // versions others prove; the first is sent when Version is unknown
	Skip           string   // reason; the row stays
	Unknown        []string
	Tags           []string
	Priority       string
	Needs          *Needs
	Family         string // the template name it was expanded from, or ""
	Group          *Group
	Examples       []*Example
	Domain         *Domain
	Prov           Provenance
	Span           diag.Span
}

// VersionIsArgument reports whether the method takes the version from its caller.
func (e *Entry) VersionIsArgument() bool { return e.VersionUnknown && len(e.Candidates) == 0 }

// SentVersion is the version written on the wire; "" when there is none or the caller gives it.
func (e *Entry) SentVersion() string {
	if e.Version == "" && len(e.Candidates) > 0 {
		return e.Candidates[0]
	}
	return e.Version
}

// Needs is what must be there before an entry works.
type Needs struct {
	Session *SessionLevel
	Call    *RPC
	With    []string // params handed to the call
	Span    diag.Span
}

// Effect is what a call does at the venue.
type Effect int

// The effects; an unclassified call counts as an order.
const (
	EffectOrder Effect = iota
	EffectWrite
	EffectRead
)

// ReplyMode says what ends a call.
type ReplyMode int

// The reply modes.
const (
	ReplyData ReplyMode = iota
	ReplyAck
	ReplyNone
)

// RPC is one method of one version. A row with `versions` yields one RPC each; Row is shared.
type RPC struct {
	Entry
	Row       *Row        // the catalogue row it belongs to
	Send      []*Template // nil: the wire's
	Request   *Type       // struct; nil: no body member. Its Go name is <Go>Request
	Rules     []*Rule     // of the request
	Reply     ReplyMode
	NoAck     bool
	Response  *Response // nil with ReplyNone, or when nothing is known
	Effect    Effect
	EffectSet bool // the spec says the effect
	Lifetime  *Lifetime
}

// Row is one catalogue row: what coverage counts.
type Row struct {
	Wire     string
	Versions []*RPC
}

// Response is the reply of an RPC.
type Response struct {
	Name     string // asserted; "" unknown
	Class    *Class
	On       []*Match
	Ok       []*Match // besides those of the venue's errors
	Refused  []*Match
	Error    Path
	Per      []string
	Item     []Path
	ItemNone bool
	At       Path // payload; nil: that of the class
	AtSet    bool
	Type     *Type    // what the payload decodes into; nil: nothing is kept
	Envelope []*Field // members of the frame that belong to the reply
	Result   *Type    // what the method returns: Type itself, or a struct of the payload and the envelope; nil: nothing
	Optional bool
	Span     diag.Span
}

// Rule is a condition over request fields.
type Rule struct {
	Kind   string // one_of at_most_one_of together
	Fields []*Field
	Span   diag.Span
}

// Errors says how refusals look.
type Errors struct {
	Ok, Refused        []*Match
	Code, Text, Detail Path
	Codes              []*ErrorCode
	Texts              []*ErrorCode // with Pattern
	Span               diag.Span
}

// ErrorCode is one known refusal; several may share one Go name.
type ErrorCode struct {
	Go      string // ErrGo is the sentinel
	Code    string
	Pattern *Pattern
	Detail  *Type
	Retry   string
	Wait    string
	Prov    Provenance
	Span    diag.Span
}
