package wire

// AddMap adds an ordered map. entry lists in e first the key and then the value of an entry; their names are not looked
// at. A key is the text that it is on the wire: numbers are [Quoted].
//
//go:noinline // see AppendName
func AddMap[K comparable, V any](m *Members, name string, p *Map[K, V], entry func(e *Members, key *K, value *V)) *Member {
	return m.add(name, &entries[K, V]{p, entry}, entriesKind{}, nil)
}

// AddOptMap is [AddMap] for a map that may be absent.
//
//go:noinline // see AppendName
func AddOptMap[K comparable, V any](m *Members, name string, p *Opt[Map[K, V]], entry func(e *Members, key *K, value *V)) *Member {
	return m.add(name, &entries[K, V]{&p.v, entry}, entriesKind{}, &p.state)
}

// entryList is an ordered map of types that only [entries] knows: what depends on them is compiled anew for each.
type entryList interface {
	// list lists key and value of entry i; it is false behind the last. To add one makes it a new one and the last, in
	// memory that is used again. Entry -1 is none, and then the map is empty.
	list(e *Members, i int, add bool) bool
}

type entries[K comparable, V any] struct {
	m     *Map[K, V]
	entry func(e *Members, key *K, value *V)
}

//go:noinline // see AppendName
func (l *entries[K, V]) list(e *Members, i int, add bool) bool {
	switch {
	case i < 0:
		*l.m = (*l.m)[:0]
		return false
	case add:
		*l.m = append((*l.m)[:i], make([]Pair[K, V], 1)...)
	case i >= len(*l.m):
		return false
	}
	p := &(*l.m)[i]
	l.entry(e, &p.Key, &p.Value)
	return true
}

// entriesKind is for ordered maps.
type entriesKind struct{}

func (entriesKind) read(m *Member, d *Decoder, b []byte, at int) int {
	list := m.at.(entryList)
	list.list(nil, -1, false)
	i, more := EnterObject(b, at)
	for n := 0; more; n++ {
		next := d.entry(b, i, list, n)
		if next < 0 {
			return next
		}
		i, more = NextMember(b, next)
	}
	return i
}

// entry reads entry n of a map, of which the key is at i.
func (d *Decoder) entry(b []byte, i int, list entryList, n int) int {
	_, at := d.Key(b, i)
	if at < 0 {
		return at
	}
	if d.open == MaxDepth {
		return ErrDepth
	}
	e := d.enter(nil)
	list.list(e, n, true)
	next, from := e.list[0].read(d, b, i), i
	if next >= 0 {
		next, from = e.list[1].read(d, b, at), at
	}
	d.leave(e)
	if next < 0 {
		key, _ := d.Key(b, i)
		return d.FailKey(next, b, from, d.CopyText(key))
	}
	return next
}

func (entriesKind) append(m *Member, dst []byte) []byte {
	list := m.at.(entryList)
	dst = append(dst, '{')
	e := Members{list: make([]Member, 0, 2)}
	for i := 0; list.list(&e, i, false); i++ {
		key, value := &e.list[0], &e.list[1]
		dst = append(key.kind.append(key, dst), ':')
		dst = append(value.kind.append(value, dst), ',')
		clear(e.list)
		e.list = e.list[:0]
	}
	return EndObject(dst)
}

func (entriesKind) clear(m *Member) { m.at.(entryList).list(nil, -1, false) }
func (entriesKind) spoils() bool    { return true }
