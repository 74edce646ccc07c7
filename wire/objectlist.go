package wire

import "math"

// AddObjects adds a list of structs that list their members.
//
//go:noinline // see AppendName
func AddObjects[T any, P ObjectPointer[T]](m *Members, name string, p *[]T) *Member {
	return m.objects(name, (*objects[T, P])(p), nil)
}

// AddOptObjects is [AddObjects] for a list that may be absent.
//
//go:noinline // see AppendName
func AddOptObjects[T any, P ObjectPointer[T]](m *Members, name string, p *Opt[[]T]) *Member {
	return m.objects(name, (*objects[T, P])(&p.v), &p.state)
}

func (m *Members) objects(name string, list objectList, state *optState) *Member {
	return m.add(name, list, objectsKind{}, state)
}

// objectList is a list of objects of a type that only [objects] knows: what depends on the type is compiled anew for each.
type objectList interface {
	// element returns an element; the one behind the last is added, empty, in memory that is used again.
	element(i int) Object
	// cut makes the list n elements long, if it is longer, and returns how long it was.
	cut(n int) int
}

type objects[T any, P ObjectPointer[T]] []T

//go:noinline // see AppendName
func (l *objects[T, P]) element(i int) Object {
	if i == len(*l) {
		*l = append(*l, make([]T, 1)...)
	}
	return P(&(*l)[i])
}

//go:noinline // see AppendName
func (l *objects[T, P]) cut(n int) int {
	was := len(*l)
	*l = (*l)[:min(n, was)]
	return was
}

// objectsKind is for lists of objects.
type objectsKind struct{}

func (objectsKind) read(m *Member, d *Decoder, b []byte, at int) int {
	list := m.at.(objectList)
	list.cut(0)
	i, more := EnterArray(b, at)
	for n := 0; more; n++ {
		next := d.Object(b, i, list.element(n))
		if next < 0 {
			list.cut(n)
			return d.FailIndex(next, b, i, n)
		}
		i, more = NextElement(b, next)
	}
	return i
}

func (objectsKind) append(m *Member, dst []byte) []byte {
	list := m.at.(objectList)
	dst = append(dst, '[')
	for i := range list.cut(math.MaxInt) {
		dst = append(AppendObject(dst, list.element(i)), ',')
	}
	return EndArray(dst)
}

func (objectsKind) clear(*Member) {}
func (objectsKind) spoils() bool  { return true }
