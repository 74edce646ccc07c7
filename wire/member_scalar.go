package wire

import "time"

// codec reads and writes scalars of a Go type, in the form that the member says.
type codec[T any] interface {
	read(m *Member, d *Decoder, b []byte, at int) (T, int)
	append(m *Member, dst []byte, v T) []byte
}

// scalar is the kind of members that a codec reads and writes.
type scalar[T any, C codec[T]] struct{}

func (scalar[T, C]) read(m *Member, d *Decoder, b []byte, at int) int {
	var c C
	v, next := c.read(m, d, b, at)
	if next >= 0 || m.state == nil {
		*m.at.(*T) = v
	}
	return next
}

func (scalar[T, C]) append(m *Member, dst []byte) []byte {
	var c C
	if m.form != Quoted {
		return c.append(m, dst, *m.at.(*T))
	}
	return append(c.append(m, append(dst, '"'), *m.at.(*T)), '"')
}

func (scalar[T, C]) clear(m *Member) { *m.at.(*T) = *new(T) }
func (scalar[T, C]) spoils() bool    { return false }

// Readers of one Go type, by form.
type readers[T any] [Numeric + 1]func(b []byte, i int) (T, int)

var (
	int64Readers   = readers[int64]{Usual: Int64, Quoted: Int64String, Flex: Int64Flex, Human: Int64Human}
	uint64Readers  = readers[uint64]{Usual: Uint64, Quoted: Uint64String, Flex: Uint64Flex, Human: Uint64Human}
	uint32Readers  = readers[uint32]{Usual: Uint32, Quoted: Uint32String, Flex: Uint32Flex, Human: Uint32Human}
	float64Readers = readers[float64]{Usual: Float64, Quoted: Float64String, Flex: Float64Flex, Human: Float64Human}
	decimalReaders = readers[Decimal]{Usual: ReadDecimal, Quoted: ReadDecimalString, Flex: ReadDecimalFlex, Human: ReadDecimalHuman}
	boolReaders    = readers[bool]{Usual: Bool, Quoted: BoolString, Flex: BoolFlex, Numeric: BoolNumber}
)

// read reads by the form of a member.
func (r *readers[T]) read(m *Member, b []byte, at int) (T, int) {
	if read := r[m.form]; read != nil {
		return read(b, at)
	}
	return *new(T), ErrKind
}

type int64Codec struct{}

func (int64Codec) read(m *Member, _ *Decoder, b []byte, at int) (int64, int) {
	return int64Readers.read(m, b, at)
}
func (int64Codec) append(_ *Member, dst []byte, v int64) []byte { return AppendInt64(dst, v) }

// Int64 adds an integer.
//
//go:noinline // see AppendName
func (m *Members) Int64(name string, p *int64) *Member {
	return m.add(name, p, scalar[int64, int64Codec]{}, nil)
}

// OptInt64 adds an integer that may be absent.
//
//go:noinline // see AppendName
func (m *Members) OptInt64(name string, p *Opt[int64]) *Member {
	return m.add(name, &p.v, scalar[int64, int64Codec]{}, &p.state)
}

type uint64Codec struct{}

func (uint64Codec) read(m *Member, _ *Decoder, b []byte, at int) (uint64, int) {
	return uint64Readers.read(m, b, at)
}
func (uint64Codec) append(_ *Member, dst []byte, v uint64) []byte { return AppendUint64(dst, v) }

// Uint64 adds an unsigned integer.
//
//go:noinline // see AppendName
func (m *Members) Uint64(name string, p *uint64) *Member {
	return m.add(name, p, scalar[uint64, uint64Codec]{}, nil)
}

// OptUint64 adds an unsigned integer that may be absent.
//
//go:noinline // see AppendName
func (m *Members) OptUint64(name string, p *Opt[uint64]) *Member {
	return m.add(name, &p.v, scalar[uint64, uint64Codec]{}, &p.state)
}

type uint32Codec struct{}

func (uint32Codec) read(m *Member, _ *Decoder, b []byte, at int) (uint32, int) {
	return uint32Readers.read(m, b, at)
}
func (uint32Codec) append(_ *Member, dst []byte, v uint32) []byte {
	return AppendUint64(dst, uint64(v))
}

// Uint32 adds an unsigned integer of 32 bits.
//
//go:noinline // see AppendName
func (m *Members) Uint32(name string, p *uint32) *Member {
	return m.add(name, p, scalar[uint32, uint32Codec]{}, nil)
}

// OptUint32 adds an unsigned integer of 32 bits that may be absent.
//
//go:noinline // see AppendName
func (m *Members) OptUint32(name string, p *Opt[uint32]) *Member {
	return m.add(name, &p.v, scalar[uint32, uint32Codec]{}, &p.state)
}

type float64Codec struct{}

func (float64Codec) read(m *Member, _ *Decoder, b []byte, at int) (float64, int) {
	return float64Readers.read(m, b, at)
}
func (float64Codec) append(_ *Member, dst []byte, v float64) []byte { return AppendFloat64(dst, v) }

// Float64 adds a floating-point number.
//
//go:noinline // see AppendName
func (m *Members) Float64(name string, p *float64) *Member {
	return m.add(name, p, scalar[float64, float64Codec]{}, nil)
}

// OptFloat64 adds a floating-point number that may be absent.
//
//go:noinline // see AppendName
func (m *Members) OptFloat64(name string, p *Opt[float64]) *Member {
	return m.add(name, &p.v, scalar[float64, float64Codec]{}, &p.state)
}

type decimalCodec struct{}

func (decimalCodec) read(m *Member, _ *Decoder, b []byte, at int) (Decimal, int) {
	return decimalReaders.read(m, b, at)
}
func (decimalCodec) append(_ *Member, dst []byte, v Decimal) []byte { return AppendDecimal(dst, v) }

// Decimal adds an exact number.
//
//go:noinline // see AppendName
func (m *Members) Decimal(name string, p *Decimal) *Member {
	return m.add(name, p, scalar[Decimal, decimalCodec]{}, nil)
}

// OptDecimal adds an exact number that may be absent.
//
//go:noinline // see AppendName
func (m *Members) OptDecimal(name string, p *Opt[Decimal]) *Member {
	return m.add(name, &p.v, scalar[Decimal, decimalCodec]{}, &p.state)
}

type boolCodec struct{}

func (boolCodec) read(m *Member, _ *Decoder, b []byte, at int) (bool, int) {
	return boolReaders.read(m, b, at)
}

func (boolCodec) append(m *Member, dst []byte, v bool) []byte {
	if m.form == Numeric {
		return AppendBoolNumber(dst, v)
	}
	return AppendBool(dst, v)
}

// Bool adds a truth value.
//
//go:noinline // see AppendName
func (m *Members) Bool(name string, p *bool) *Member {
	return m.add(name, p, scalar[bool, boolCodec]{}, nil)
}

// OptBool adds a truth value that may be absent.
//
//go:noinline // see AppendName
func (m *Members) OptBool(name string, p *Opt[bool]) *Member {
	return m.add(name, &p.v, scalar[bool, boolCodec]{}, &p.state)
}

type timeCodec struct{}

func (timeCodec) read(m *Member, d *Decoder, b []byte, at int) (time.Time, int) {
	switch m.unit {
	case InRFC3339:
		return d.RFC3339(b, at)
	case InLayout:
		return Layout(b, at, m.layout())
	}
	return timeReaders[m.unit].read(m, b, at)
}

func (timeCodec) append(m *Member, dst []byte, v time.Time) []byte {
	switch m.unit {
	case InRFC3339:
		return append(AppendRFC3339(append(dst, '"'), v, m.layout()), '"')
	case InLayout:
		return append(AppendLayout(append(dst, '"'), v, m.layout()), '"')
	}
	return timeWriters[m.unit](dst, v)
}

func (m *Member) layout() string {
	if m.texts == nil {
		return ""
	}
	return m.texts.layout
}

// Time adds a point in time.
//
//go:noinline // see AppendName
func (m *Members) Time(name string, p *time.Time, unit TimeUnit) *Member {
	added := m.add(name, p, scalar[time.Time, timeCodec]{}, nil)
	added.unit = unit
	return added
}

// OptTime adds a point in time that may be absent.
//
//go:noinline // see AppendName
func (m *Members) OptTime(name string, p *Opt[time.Time], unit TimeUnit) *Member {
	added := m.add(name, &p.v, scalar[time.Time, timeCodec]{}, &p.state)
	added.unit = unit
	return added
}

// TimeUnit is how a point in time stands on the wire.
type TimeUnit uint8

// Units of time: Unix time in one of four units or in the one that its size tells, or text.
const (
	InUnixS TimeUnit = iota
	InUnixMs
	InUnixUs
	InUnixNs
	InUnixAuto
	InRFC3339 // see [Member.Layout] for its precision
	InLayout  // see [Member.Layout]
)

var (
	timeReaders = [InRFC3339]readers[time.Time]{
		InUnixS:    {Usual: UnixS, Quoted: UnixSString, Flex: UnixSFlex},
		InUnixMs:   {Usual: UnixMs, Quoted: UnixMsString, Flex: UnixMsFlex},
		InUnixUs:   {Usual: UnixUs, Quoted: UnixUsString, Flex: UnixUsFlex},
		InUnixNs:   {Usual: UnixNs, Quoted: UnixNsString, Flex: UnixNsFlex},
		InUnixAuto: {Usual: UnixAuto, Quoted: UnixAutoString, Flex: UnixAutoFlex},
	}
	timeWriters = [InRFC3339]func(dst []byte, t time.Time) []byte{
		InUnixS: AppendUnixS, InUnixMs: AppendUnixMs, InUnixUs: AppendUnixUs, InUnixNs: AppendUnixNs, InUnixAuto: AppendUnixAuto,
	}
)
