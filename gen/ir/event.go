package ir

import "github.com/venuewire/venuewire/gen/diag"

// Event is one kind of pushed message.
type Event struct {
	Go          string
	Connections []*Connection
	Class       *Class
	FrameSet    bool // the spec names the class
	On          []*Match
	At          Path // payload path from the frame; nil: the class's payload
	AtSet       bool
	Type        *Type    // Go type delivered to subscribers: a struct
	Payload     *Type    // what the payload decodes into: Type itself when the payload's fields lie in it, else the type of its field Value
	Wrapped     bool     // Type is a struct of the payload (field Value, or its fields) and envelope members
	Envelope    []*Field // members beside the payload, layout elements, holes of On
	Snapshot    bool
	SnapshotOn  []*Match
	Merge       *Merge
	Sequence    *Sequence
	Checksum    *Checksum
	Delivery    Delivery // resolved; for unsolicited events
	Hot         Hot
	Unknown     []string
	Examples    []*Example
	Subscribers []*Subscription // empty: unsolicited
	Domain      *Domain
	Prov        Provenance
	Span        diag.Span
}

// Hot is how much an event's decoder is tuned.
type Hot int

// The degrees of tuning.
const (
	Cold Hot = iota
	HotTrue
	HotOrdered
)

// Merge says how partial updates add up.
type Merge struct {
	Rows    Path
	By      Path // nil with ByKey or One
	ByKey   bool
	One     bool // one record for the connection
	Version Path
	Span    diag.Span
}

// Sequence is a counter within one subscription.
type Sequence struct {
	At          Path
	First, Step int64
	Span        diag.Span
}

// Checksum names a hand-written verifier.
type Checksum struct {
	At       Path
	Covers   []Path
	Verifier string
	Span     diag.Span
}

// Example is a sourced sequence of frames.
type Example struct {
	Name, Kind, Version string
	Source              []SourceRef
	Steps               []Step
	Span                diag.Span
}

// Step is one frame of an example.
type Step struct {
	Send  bool
	Frame string
	Span  diag.Span
}
