package wire

// Value is what generated types are that read and write themselves. Both methods have pointer receivers. A struct that lists
// its members is one by [ValueOf].
type Value interface {
	// DecodeJSON reads the value at b[i:] and returns the offset behind it, or a negative code; d holds what failed.
	DecodeJSON(d *Decoder, b []byte, i int) int
	// AppendJSON appends the value as the venue writes it.
	AppendJSON(dst []byte) []byte
}

// Object is a struct that lists its members instead of reading and writing each of them itself. It is how generated
// code holds the many types that no busy feed is made of: one list serves [Decoder.Object] and [AppendObject].
type Object interface {
	// JSONMembers lists the members in the order in which they are written.
	JSONMembers(m *Members)
}

// Members is the list of an object's members while it is read or written. Each method adds one member of the type it is
// named after, under the name of the wire; pointers must stay valid for that long. A member is expected: that it did
// not come is counted. What differs is said by the methods of [Member].
type Members struct {
	of   Object
	list []Member
	next int      // where the key is expected that comes next
	mask []uint64 // which members there are; nil where that is not known
}

// Member is one member of a [Members].
type Member struct {
	name  string
	at    any  // pointer to the value
	kind  kind // how it is read and written
	state *optState
	texts *texts // nil: none

	number   uint16 // place among the members, names under Also left out
	form     Form
	unit     TimeUnit
	due      due
	nullable bool
	orEmpty  bool
	alias    bool
	seen     bool
}

// typ is the name of the type whose members these are.
func (m *Members) typ() string { return typeName(m.of) }

// texts are what few members have.
type texts struct {
	nulls  []string // texts that mean null; the first is written
	json   string   // of a constant or default
	layout string   // of a time
}

// words returns the texts of m to change them.
func (m *Member) words() *texts {
	if m.texts == nil {
		m.texts = new(texts)
	}
	return m.texts
}

// due says what the absence of a member means.
type due uint8

const (
	dueCounted due = iota
	dueOptional
	dueMust
	dueUntracked // may also come without anyone knowing
)

// Form is how a value differs on the wire from what its type is usually written as.
type Form uint8

// Forms. A value without a form is a JSON value of the type that Go has for it.
const (
	Usual   Form = iota
	Quoted       // in quotes
	Flex         // with or without quotes; written without
	Human        // as people are shown it, such as 1.2M; written as a number
	Numeric      // a bool as 0 or 1
)

// As says in which form the value stands on the wire.
//
//go:noinline // see AppendName
func (m *Member) As(f Form) *Member {
	m.form = f
	return m
}

// Layout is the layout of a time in [InLayout], as package time has it, or the precision of one in [InRFC3339], as
// [AppendRFC3339] has it.
//
//go:noinline // see AppendName
func (m *Member) Layout(s string) *Member {
	m.words().layout = s
	return m
}

// Optional says that nobody counts the absence, as is the rule for an [Opt].
//
//go:noinline // see AppendName
func (m *Member) Optional() *Member {
	m.due = dueOptional
	return m
}

// Expected says that the absence is counted, though the member is an [Opt].
//
//go:noinline // see AppendName
func (m *Member) Expected() *Member {
	m.due = dueCounted
	return m
}

// Must says that the object is refused without the member, or with null in its place.
//
//go:noinline // see AppendName
func (m *Member) Must() *Member {
	m.due = dueMust
	return m
}

// Null says that the member may be null, which also the given JSON texts mean; the first of them, or null, is written.
// A member that is Expected is then written where it is unset too.
//
//go:noinline // see AppendName
func (m *Member) Null(as ...string) *Member {
	m.nullable = true
	if len(as) > 0 {
		m.words().nulls = as
	}
	return m
}

// OrEmptyArray says that an empty array means a map or an object without members.
//
//go:noinline // see AppendName
func (m *Member) OrEmptyArray() *Member {
	m.orEmpty = true
	return m
}

// Default is the JSON that is written where there is no value.
//
//go:noinline // see AppendName
func (m *Member) Default(json string) *Member {
	m.words().json = json
	return m
}

// Mask says where it is kept which members there are: bit k of word w stands for the member that is listed as number
// 64*w+k. Only those are written, and the absence of others is not counted.
//
//go:noinline // see AppendName
func (m *Members) Mask(present []uint64) { m.mask = present }

// Also adds another name under which the member listed last may come.
//
//go:noinline // see AppendName
func (m *Members) Also(name string) {
	other := m.list[len(m.list)-1]
	other.name, other.alias = name, true
	m.list = append(m.list, other)
}

// Const adds a member that is always written so, and not looked at where it is read.
//
//go:noinline // see AppendName
func (m *Members) Const(name, json string) {
	c := m.add(name, nil, constKind{}, nil)
	c.texts, c.due = &texts{json: json}, dueUntracked
}

// Beside adds names that are not the object's own but stand beside its members in the frame.
//
//go:noinline // see AppendName
func (m *Members) Beside(names ...string) {
	for _, name := range names {
		m.add(name, nil, constKind{}, nil).due = dueUntracked
	}
}

//go:noinline // see AppendName
func (m *Members) add(name string, at any, k kind, state *optState) *Member {
	n := len(m.list)
	if n == cap(m.list) {
		m.list = append(m.list, Member{})
	}
	m.list = m.list[:n+1]
	added := &m.list[n] // empty, see Decoder.leave
	added.name, added.at, added.kind, added.state = name, at, k, state
	if n > 0 {
		added.number = m.list[n-1].number + 1
	}
	if state != nil {
		added.due = dueOptional
	}
	return added
}

// find returns the member of a name; nil is none. Names are expected in their order, with some left out.
func (m *Members) find(key []byte) *Member {
	for k := m.next; k < len(m.list); k++ {
		if m.list[k].name == string(key) {
			m.next = k + 1
			return &m.list[k]
		}
	}
	for k := range m.list[:m.next] {
		if m.list[k].name == string(key) {
			m.next = k + 1
			return &m.list[k]
		}
	}
	return nil
}

// mark remembers that a member came; under another name it is the member that is listed before that name.
func (m *Members) mark(one *Member) {
	one.seen = true
	if m.masks(one) {
		m.mask[one.number>>6] |= 1 << (one.number & 63)
	}
	if one.alias {
		for k := range m.list {
			m.list[k].seen = m.list[k].seen || m.list[k].number == one.number
		}
	}
}

// lacks reports whether the member is left out where a mask says what there is.
func (m *Members) lacks(one *Member) bool {
	return m.masks(one) && m.mask[one.number>>6]&(1<<(one.number&63)) == 0
}

// masks reports whether a mask says that the member is there.
func (m *Members) masks(one *Member) bool { return m.mask != nil && one.due != dueUntracked }
