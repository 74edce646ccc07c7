package wire

// stringCodec is for text that is copied.
type stringCodec struct{}

func (stringCodec) read(m *Member, d *Decoder, b []byte, at int) (string, int) {
	if m.form == Flex {
		return d.StringFlex(b, at)
	}
	return d.String(b, at)
}
func (stringCodec) append(_ *Member, dst []byte, v string) []byte { return AppendString(dst, v) }

// String adds text.
//
//go:noinline // see AppendName
func (m *Members) String(name string, p *string) *Member {
	return m.add(name, p, scalar[string, stringCodec]{}, nil)
}

// OptString adds text that may be absent.
//
//go:noinline // see AppendName
func (m *Members) OptString(name string, p *Opt[string]) *Member {
	return m.add(name, &p.v, scalar[string, stringCodec]{}, &p.state)
}

// symbolCodec is for text that is interned.
type symbolCodec struct{}

func (symbolCodec) read(m *Member, d *Decoder, b []byte, at int) (string, int) {
	if m.form == Flex {
		return d.InternFlex(b, at)
	}
	return d.Intern(b, at)
}
func (symbolCodec) append(_ *Member, dst []byte, v string) []byte { return AppendString(dst, v) }

// Symbol adds text that comes again and again, as [Decoder.Intern] reads it.
//
//go:noinline // see AppendName
func (m *Members) Symbol(name string, p *string) *Member {
	return m.add(name, p, scalar[string, symbolCodec]{}, nil)
}

// Raw adds a value that is kept as it came.
//
//go:noinline // see AppendName
func (m *Members) Raw(name string, p *Raw) *Member { return m.Value(name, p) }

// OptRaw adds a value that is kept as it came and may be absent.
//
//go:noinline // see AppendName
func (m *Members) OptRaw(name string, p *Opt[Raw]) *Member { return m.optValue(name, &p.v, &p.state) }

// Strings adds a list of texts.
//
//go:noinline // see AppendName
func (m *Members) Strings(name string, p *[]string) *Member {
	return m.Value(name, (*stringsValue)(p))
}

// OptStrings adds a list of texts that may be absent.
//
//go:noinline // see AppendName
func (m *Members) OptStrings(name string, p *Opt[[]string]) *Member {
	return m.optValue(name, (*stringsValue)(&p.v), &p.state)
}

// stringsValue is a list of texts as a Value.
type stringsValue []string

// DecodeJSON implements Value.
func (l *stringsValue) DecodeJSON(d *Decoder, b []byte, i int) (next int) {
	*l, next = List(d, b, i, *l, func(v *string, d *Decoder, b []byte, i int) (next int) {
		*v, next = d.String(b, i)
		return next
	})
	return next
}

// AppendJSON implements Value.
func (l *stringsValue) AppendJSON(dst []byte) []byte {
	return AppendList(dst, *l, func(v *string, dst []byte) []byte { return AppendString(dst, *v) })
}
