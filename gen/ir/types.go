package ir

import "github.com/venuewire/venuewire/gen/diag"

// Kind is the kind of a type.
type Kind int

// The kinds. A named alias, struct, tuple, text, union or enum has Go set; scalars and containers have not.
const (
	KindScalar Kind = iota // Scalar
	KindList               // Elem
	KindMap                // Key, Elem
	KindPair               // Key, Elem
	KindKeyOf              // Of: an open set of Of's wire names, a Go string
	KindAlias              // Go, Elem
	KindStruct             // Go, Fields, Partial
	KindTuple              // Go, Fields (items), RestAllow
	KindText               // Go, Fields (holes), Patterns, Flex
	KindUnion              // Go, Variants
	KindEnum               // Go, Scalar (string or int), Values, Closed
)

// Type is a resolved type.
type Type struct {
	Kind   Kind
	Spec   string // name in the spec; "" for anonymous ones
	Go     string
	Scalar string // bool int int64 uint32 uint64 float64 decimal string json time.unix_s … time.layout
	Elem   *Type
	Key    *Type
	Of     *Type
	Coding Coding // of an alias, merged into fields that use it (a field's own attributes win); Flex of a text type too

	Fields    []*Field
	Partial   Partial
	RestAllow bool
	Rules     []*Rule
	Patterns  []*Pattern
	Variants  []*Variant
	Values    []*EnumValue
	Closed    bool

	Hot      Hot  // reached from a hot event: strings are borrowed, no allocation
	Inbound  bool // decoded by the client
	Outbound bool // encoded by the client
	Refs     int  // places of the spec that name it, spreads and keyof included
	Domain   *Domain
	Prov     Provenance
	Span     diag.Span
}

// Partial says which members a struct may lack.
type Partial int

// The kinds of partial structs.
const (
	PartialNone Partial = iota
	PartialMask
	PartialSparse
)

// Coding is how a value looks on the wire.
type Coding struct {
	Wire      string   // "" number string flex human
	NullAs    []string // JSON literals that mean null; the first is written
	Nullable  bool
	Accept    []string // single empty-array
	Sep       *string  // list as one text joined by it
	Chars     string
	Layout    string
	Precision string
	Unit      string
	Unique    bool // text that hardly ever recurs
}

// Field is a member of a struct, an item of a tuple or a hole of a text type.
type Field struct {
	Wire         string // wire name
	Go           string
	Type         *Type
	Coding       Coding // resolved: own attributes over those of the alias
	Optional     bool   // Go type is wire.Opt[T] unless the owner is partial
	Also         []string
	Default      *string // JSON literal
	Const        *string // JSON literal
	Sensitive    bool
	SensitiveSet bool
	Must         bool // used by demux, merge, sequence, checksum, learn or item: absence is a field error
	Batch        *Batch
	Wildcard     string
	Shared       string // "", union or same
	FromEnvelope bool   // of an event or reply type: filled from the frame, not from the payload
	Prov         Provenance
	Span         diag.Span
}

// Opt reports whether the Go field is a wire.Opt of its type, in a struct of the given partiality.
// In partial structs presence is in the mask, so only nullable members need the third state. A default makes a field
// one that the caller may leave out.
func (f *Field) Opt(p Partial) bool {
	if p != PartialNone {
		return f.Coding.Nullable
	}
	return f.Optional || f.Coding.Nullable || f.Default != nil
}

// Batch says that one frame carries many values of a route field.
type Batch struct {
	Array    bool
	Sep      string
	MaxItems int
}

// Variant is one form of a union.
type Variant struct {
	Go         string
	Type       *Type
	At         string // unwrap this member; ""
	Has, Lacks []string
	JSON       string // object array string number bool null
	Is         *string
	Eq         []Cond // member equals
	Span       diag.Span
}

// EnumValue is one constant.
type EnumValue struct {
	Go   string // without the type's name
	Wire string // text of string enums, digits of int enums
	Prov Provenance
	Span diag.Span
}

// Path is a resolved path: member names from a root.
type Path []PathStep

// PathStep is one step of a path.
type PathStep struct {
	Member string
	Each   bool // every element of the list reached: "data[]"
	Key    bool // <key> of a map or pair
}

// String spells the path as in a spec.
func (p Path) String() string {
	s := ""
	for i, st := range p {
		if i > 0 {
			s += "."
		}
		if st.Key {
			s += "<key>"
			continue
		}
		s += st.Member
		if st.Each {
			s += "[]"
		}
	}
	return s
}

// Match is a conjunction of conditions; a list of matches is a disjunction.
type Match struct {
	Conds []Cond
	Has   []Path
	Lacks []Path
	Prov  Provenance
	Span  diag.Span
}

// Cond is one condition on a member of a frame.
type Cond struct {
	Path   Path
	Values []CondValue // any of them
}

// CondValue is a literal, a pattern or an integer range.
type CondValue struct {
	JSON     string   // JSON literal (`"ok"`, `true`, `0`); "" when Pattern or Range is set
	Pattern  *Pattern // text with holes
	Min, Max int64
	Range    bool
}

// Pattern is a parsed text with holes.
type Pattern struct {
	Text  string // as in the spec
	Parts []Part
	Span  diag.Span
}

// Part is a literal, a hole or an optional group.
type Part struct {
	Lit     string
	Hole    string // field name, "" when literal or group
	Builtin string // <id> etc. without brackets
	Chars   string
	Group   []Part
}

// Holes lists the field names in order.
func (p *Pattern) Holes() []string {
	var out []string
	var walk func([]Part)
	walk = func(ps []Part) {
		for _, q := range ps {
			if q.Hole != "" {
				out = append(out, q.Hole)
			}
			walk(q.Group)
		}
	}
	walk(p.Parts)
	return out
}

// Template is a frame to write: a tree for JSON frames, a pattern for text frames.
type Template struct {
	Text *Pattern
	Root *TemplateNode
	Span diag.Span
}

// TemplateNode is one value of a JSON frame.
type TemplateNode struct {
	Members []TemplateMember // object, in order; nil when Leaf is set
	Leaf    *Leaf
}

// TemplateMember is one member, or a spread when Spread is not empty.
type TemplateMember struct {
	Name   string
	Value  *TemplateNode
	Spread []string // builtins without brackets: request route params
}

// Leaf is a JSON literal, one hole (written as a JSON value) or a text with holes.
type Leaf struct {
	JSON    string // literal
	Hole    string // one field
	Builtin string // one builtin
	Text    *Pattern
}
