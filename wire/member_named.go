package wire

import "unsafe"

// What follows is for Opts of named types: *T and the pointer to what is under it differ in name only, which Go cannot
// say of a type parameter. Each is compiled once for each type, not for each member.

// AddOptInt adds an [Opt] of a named integer.
//
//go:noinline // see AppendName
func AddOptInt[T ~int64](m *Members, name string, p *Opt[T]) *Member {
	return m.add(name, (*int64)(unsafe.Pointer(&p.v)), scalar[int64, int64Codec]{}, &p.state)
}

// AddOptString adds an [Opt] of a named text.
//
//go:noinline // see AppendName
func AddOptString[T ~string](m *Members, name string, p *Opt[T]) *Member {
	return m.add(name, (*string)(unsafe.Pointer(&p.v)), scalar[string, stringCodec]{}, &p.state)
}

// AddOptSymbol adds an [Opt] of text that comes again and again, as [Decoder.Intern] reads it.
//
//go:noinline // see AppendName
func AddOptSymbol[T ~string](m *Members, name string, p *Opt[T]) *Member {
	return m.add(name, (*string)(unsafe.Pointer(&p.v)), scalar[string, symbolCodec]{}, &p.state)
}
