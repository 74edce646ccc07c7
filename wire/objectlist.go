package wire

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
	// element returns element i, nil behind the last. To add one makes it a new one and the last, in memory that is used
	// again. Element -1 is none, and then the list is empty.
	element(i int, add bool) Object
}

type objects[T any, P ObjectPointer[T]] []T

//go:noinline // see AppendName
func (l *objects[T, P]) element(i int, add bool) Object {
	switch {
	case i < 0:
		*l = (*l)[:0]
		return nil
	case add:
		*l = append((*l)[:i], make([]T, 1)...)
	case i >= len(*l):
		return nil
	}
	return P(&(*l)[i])
}

// objectsKind is for lists of objects.
type objectsKind struct{}

func (objectsKind) read(m *Member, d *Decoder, b []byte, at int) int {
	list := m.at.(objectList)
	list.element(-1, false)
	i, more := EnterArray(b, at)
	for n := 0; more; n++ {
		next := d.Object(b, i, list.element(n, true))
		if next < 0 {
			return d.FailIndex(next, b, i, n)
		}
		i, more = NextElement(b, next)
	}
	return i
}

func (objectsKind) append(m *Member, dst []byte) []byte {
	list := m.at.(objectList)
	dst = append(dst, '[')
	for i := 0; ; i++ {
		v := list.element(i, false)
		if v == nil {
			return EndArray(dst)
		}
		dst = append(AppendObject(dst, v), ',')
	}
}

func (objectsKind) clear(m *Member) { m.at.(objectList).element(-1, false) }
func (objectsKind) spoils() bool    { return true }
