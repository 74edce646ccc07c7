package wire

// kind reads and writes the value of a member.
type kind interface {
	read(m *Member, d *Decoder, b []byte, at int) int
	append(m *Member, dst []byte) []byte
	// clear makes the value that of a null.
	clear(m *Member)
	// spoils reports whether a read that fails may leave something behind.
	spoils() bool
}

// constKind is for members that are skipped.
type constKind struct{}

func (constKind) read(_ *Member, _ *Decoder, b []byte, at int) int { return Skip(b, at) }
func (constKind) append(_ *Member, dst []byte) []byte              { return dst }
func (constKind) clear(*Member)                                    {}
func (constKind) spoils() bool                                     { return false }

// valueKind is for what reads and writes itself. An Opt of it keeps its memory when it is null.
type valueKind struct{}

func (valueKind) read(m *Member, d *Decoder, b []byte, at int) int {
	return m.at.(Value).DecodeJSON(d, b, at)
}
func (valueKind) append(m *Member, dst []byte) []byte { return m.at.(Value).AppendJSON(dst) }
func (valueKind) clear(*Member)                       {}
func (valueKind) spoils() bool                        { return true }

// Value adds a member of a type that reads and writes itself.
//
//go:noinline // see AppendName
func (m *Members) Value(name string, p Value) *Member { return m.add(name, p, valueKind{}, nil) }

//go:noinline // see AppendName
func (m *Members) optValue(name string, p Value, state *optState) *Member {
	return m.add(name, p, valueKind{}, state)
}

// Pointer is the pointer to a type that reads and writes itself.
type Pointer[T any] interface {
	*T
	Value
}

// AddOpt adds an [Opt] of a type that reads and writes itself.
//
//go:noinline // see AppendName
func AddOpt[T any, P Pointer[T]](m *Members, name string, p *Opt[T]) *Member {
	return m.optValue(name, P(&p.v), &p.state)
}

// AddList adds a list of values that read and write themselves.
//
//go:noinline // see AppendName
func AddList[T any, P Pointer[T]](m *Members, name string, p *[]T) *Member {
	return m.Value(name, (*listValue[T, P])(p))
}

// AddOptList is [AddList] for a list that may be absent.
//
//go:noinline // see AppendName
func AddOptList[T any, P Pointer[T]](m *Members, name string, p *Opt[[]T]) *Member {
	return m.optValue(name, (*listValue[T, P])(&p.v), &p.state)
}

// listValue is a list of values as a Value.
type listValue[T any, P Pointer[T]] []T

// DecodeJSON implements Value.
func (l *listValue[T, P]) DecodeJSON(d *Decoder, b []byte, i int) int {
	s := (*l)[:0]
	i, more := EnterArray(b, i)
	for more {
		s = grow(s)
		next := P(&s[len(s)-1]).DecodeJSON(d, b, i)
		if next < 0 {
			*l = s[:len(s)-1]
			return d.FailIndex(next, b, i, len(s)-1)
		}
		i, more = NextElement(b, next)
	}
	*l = s
	return i
}

// AppendJSON implements Value.
func (l *listValue[T, P]) AppendJSON(dst []byte) []byte {
	dst = append(dst, '[')
	for i := range *l {
		dst = append(P(&(*l)[i]).AppendJSON(dst), ',')
	}
	return EndArray(dst)
}

// AddFunc adds a member by functions that read and write it.
//
//go:noinline // see AppendName
func AddFunc[T any](m *Members, name string, p *T, read Read[T], write func(v *T, dst []byte) []byte) *Member {
	return m.Value(name, &funcValue[T]{p, read, write})
}

// AddOptFunc is [AddFunc] for an [Opt].
//
//go:noinline // see AppendName
func AddOptFunc[T any](m *Members, name string, p *Opt[T], read Read[T], write func(v *T, dst []byte) []byte) *Member {
	return m.optValue(name, &funcValue[T]{&p.v, read, write}, &p.state)
}

// funcValue is anything as a Value.
type funcValue[T any] struct {
	p     *T
	read  Read[T]
	write func(v *T, dst []byte) []byte
}

// DecodeJSON implements Value.
func (f *funcValue[T]) DecodeJSON(d *Decoder, b []byte, i int) int { return f.read(f.p, d, b, i) }

// AppendJSON implements Value.
func (f *funcValue[T]) AppendJSON(dst []byte) []byte { return f.write(f.p, dst) }

// AddInts adds a list of integers.
//
//go:noinline // see AppendName
func AddInts[T ~int64](m *Members, name string, p *[]T) *Member {
	return m.Value(name, (*intsValue[T])(p))
}

// AddOptInts is [AddInts] for a list that may be absent.
//
//go:noinline // see AppendName
func AddOptInts[T ~int64](m *Members, name string, p *Opt[[]T]) *Member {
	return m.optValue(name, (*intsValue[T])(&p.v), &p.state)
}

// intsValue is a list of integers as a Value.
type intsValue[T ~int64] []T

// DecodeJSON implements Value.
func (l *intsValue[T]) DecodeJSON(d *Decoder, b []byte, i int) (next int) {
	*l, next = Ints(d, b, i, *l)
	return next
}

// AppendJSON implements Value.
func (l *intsValue[T]) AppendJSON(dst []byte) []byte {
	dst = append(dst, '[')
	for _, n := range *l {
		dst = append(AppendInt64(dst, int64(n)), ',')
	}
	return EndArray(dst)
}
