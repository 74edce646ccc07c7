package wire

import "reflect"

// ValueOf makes an object a [Value]. Reading it does not empty it.
//
//go:noinline // see AppendName
func ValueOf(v Object) Value { return objectValue{v} }

type objectValue struct{ Object }

// DecodeJSON implements Value.
func (v objectValue) DecodeJSON(d *Decoder, b []byte, i int) int { return d.Object(b, i, v.Object) }

// AppendJSON implements Value.
func (v objectValue) AppendJSON(dst []byte) []byte { return AppendObject(dst, v.Object) }

// Marshal writes a value, for a MarshalJSON method.
//
//go:noinline // see AppendName
func Marshal(v Object) ([]byte, error) { return AppendObject(nil, v), nil }

// Unmarshal reads all of b into a value of the named type; the error is a *FieldError.
//
//go:noinline // see AppendName
func Unmarshal(b []byte, typ string, v Value) error {
	var d Decoder
	return d.Finish(b, v.DecodeJSON(&d, b, 0), typ)
}

// UnmarshalObject reads all of b into an object and empties it before; the error is a *FieldError.
//
//go:noinline // see AppendName
func UnmarshalObject(b []byte, v Object) error {
	empty(v)
	var d Decoder
	return d.Finish(b, d.Object(b, 0, v), typeName(v))
}

func empty(v Object) { reflect.ValueOf(v).Elem().SetZero() }

// typeName is what Go calls the struct, for errors and counters.
func typeName(v Object) string { return reflect.TypeOf(v).Elem().Name() }

// objectKind is for structs that list their members. Opts of them keep their memory when they are null.
type objectKind struct{}

func (objectKind) read(m *Member, d *Decoder, b []byte, at int) int {
	v := m.at.(Object)
	if m.seen {
		empty(v) // a repeated member: the last one counts
	}
	return d.Object(b, at, v)
}
func (objectKind) append(m *Member, dst []byte) []byte { return AppendObject(dst, m.at.(Object)) }
func (objectKind) clear(*Member)                       {}
func (objectKind) spoils() bool                        { return true }

// Object adds a member that lists its own members.
//
//go:noinline // see AppendName
func (m *Members) Object(name string, p Object) *Member { return m.add(name, p, objectKind{}, nil) }

// ObjectPointer is the pointer to a struct that lists its members.
type ObjectPointer[T any] interface {
	*T
	Object
}

// ReadObject empties v and reads it by its list of members; it is a [Read].
func ReadObject[T any, P ObjectPointer[T]](v *T, d *Decoder, b []byte, i int) int {
	*v = *new(T)
	return d.Object(b, i, P(v))
}

// WriteObject is [AppendObject] for lists and maps of objects.
func WriteObject[T any, P ObjectPointer[T]](v *T, dst []byte) []byte { return AppendObject(dst, P(v)) }

// AddOptObject adds an [Opt] of a struct that lists its members.
//
//go:noinline // see AppendName
func AddOptObject[T any, P ObjectPointer[T]](m *Members, name string, p *Opt[T]) *Member {
	return m.add(name, P(&p.v), objectKind{}, &p.state)
}
