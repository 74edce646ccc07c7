package wire

// Object reads the object at i into v, which was emptied before: members that do not come are left alone. Undeclared
// members are validated, skipped and counted, a null where a value is due is counted.
//
//go:noinline // see AppendName
func (d *Decoder) Object(b []byte, i int, v Object) int {
	if d.open == MaxDepth {
		return ErrDepth
	}
	m := d.enter(v)
	v.JSONMembers(m)
	next := d.members(b, i, m)
	d.leave(m)
	return next
}

// enter returns an empty list. Objects within objects have one each, which are used again.
func (d *Decoder) enter(v Object) *Members {
	if d.open == len(d.lists) {
		d.lists = append(d.lists, &Members{list: make([]Member, 0, 16)})
	}
	m := d.lists[d.open]
	d.open++
	m.of = v
	return m
}

// leave empties a list, so that it holds back nothing of what was read and is zero where it is used again.
func (d *Decoder) leave(m *Members) {
	clear(m.list)
	m.of, m.list, m.next, m.mask = nil, m.list[:0], 0, nil
	d.open--
}

func (d *Decoder) members(b []byte, i int, m *Members) int {
	i, more := EnterObject(b, i)
	for more {
		key, at := d.Key(b, i)
		if at < 0 {
			return d.Fail(at, b, i, m.typ(), "")
		}
		next := 0
		if one := m.find(key); one == nil {
			next = d.Unknown(b, at, m.typ(), key)
		} else {
			next = d.member(b, at, m, one)
		}
		if next < 0 {
			return next
		}
		i, more = NextMember(b, next)
	}
	if i < 0 {
		return d.Fail(i, b, len(b), m.typ(), "")
	}
	return d.absent(m, i)
}

// member reads the value at offset `at`. A null counts as having come, except where a value must or a mask says what there is.
func (d *Decoder) member(b []byte, at int, m *Members, one *Member) int {
	next := one.read(d, b, at)
	if next >= 0 {
		m.mark(one)
		return next
	}
	next = d.Null(b, at, next, m.typ(), one.name)
	if one.due != dueMust && m.mask == nil {
		m.mark(one)
	}
	return next
}

// absent counts the members that did not come; i is returned unless one of them must.
func (d *Decoder) absent(m *Members, i int) int {
	missing := false
	for k := range m.list {
		one := &m.list[k]
		if one.missed(dueMust) {
			return d.FailMissing(m.typ(), one.name)
		}
		missing = missing || one.missed(dueCounted)
	}
	if missing && m.mask == nil {
		d.countMissing(m)
	}
	return i
}

func (d *Decoder) countMissing(m *Members) {
	for k := range m.list {
		if one := &m.list[k]; one.missed(dueCounted) {
			d.Drift.Add(DriftMissing, m.typ(), one.name)
		}
	}
}

// missed reports whether a member that is due in this way did not come.
func (m *Member) missed(d due) bool { return !m.seen && !m.alias && m.due == d }

// read reads the value of a member; an Opt keeps its state where that fails.
func (m *Member) read(d *Decoder, b []byte, at int) int {
	if m.nullable {
		if next := m.readNull(b, at); next >= 0 {
			m.kind.clear(m)
			*m.state = optNull
			return next
		}
	}
	next := m.readValue(d, b, at)
	if m.state == nil {
		return next
	}
	if next >= 0 {
		*m.state = optValue
	} else if m.kind.spoils() {
		*m.state = optUnset
	}
	return next
}

func (m *Member) readValue(d *Decoder, b []byte, at int) int {
	if m.orEmpty {
		if next := EmptyArray(b, at); next >= 0 {
			m.kind.clear(m)
			return next
		}
	}
	return m.kind.read(m, d, b, at)
}

// readNull returns the offset behind what means null, else a negative code.
func (m *Member) readNull(b []byte, at int) int {
	if next := Null(b, at); next >= 0 {
		return next
	}
	if m.texts == nil {
		return ErrKind
	}
	for _, lit := range m.texts.nulls {
		if lit[0] == '"' && Is(b, at, lit[1:len(lit)-1]) {
			return Skip(b, at)
		}
		if next := Literal(b, at, lit); next >= 0 {
			return next
		}
	}
	return ErrKind
}

// AppendObject appends an object.
//
//go:noinline // see AppendName
func AppendObject(dst []byte, v Object) []byte {
	m := Members{list: make([]Member, 0, 16)}
	v.JSONMembers(&m)
	dst = append(dst, '{')
	for k := range m.list {
		if one := &m.list[k]; !one.alias && !m.lacks(one) {
			dst = one.append(dst, m.mask != nil)
		}
	}
	return CloseObject(dst)
}

// append appends name and value, if they are written or must be, since it is there.
func (m *Member) append(dst []byte, there bool) []byte {
	switch {
	case m.state == nil && m.at != nil || m.state != nil && *m.state == optValue:
		return m.kind.append(m, m.appendName(dst))
	case m.texts != nil && m.texts.json != "": // of a constant, or where there is no value
		return append(m.appendName(dst), m.texts.json...)
	case m.nullable && (*m.state == optNull || m.due != dueOptional || there):
		return append(m.appendName(dst), m.nullText()...)
	}
	return dst
}

// appendName appends the name, which need not be what stands between the quotes.
func (m *Member) appendName(dst []byte) []byte {
	for i := range len(m.name) {
		if !plain(m.name[i]) {
			quoted := AppendString(nil, m.name)
			return AppendName(dst, string(quoted[1:len(quoted)-1]))
		}
	}
	return AppendName(dst, m.name)
}

func (m *Member) nullText() string {
	if m.texts != nil && len(m.texts.nulls) > 0 {
		return m.texts.nulls[0]
	}
	return "null"
}

// Payload reads the payload of the named event into v. It stands at offset `at` of the frame, where the scan of the frame
// has found the member path; 0 is not found, but if path is empty the payload is the frame. It is false where the
// payload is missing or does not decode.
//
//go:noinline // see AppendName
func (d *Decoder) Payload(b []byte, at int, event, path string, v Value) bool {
	return d.hasPayload(at, event, path) && d.took(v.DecodeJSON(d, b, at), b, at, event)
}

// ObjectPayload is [Decoder.Payload] for a struct that lists its members, and that was emptied before.
//
//go:noinline // see AppendName
func (d *Decoder) ObjectPayload(b []byte, at int, event, path string, v Object) bool {
	return d.hasPayload(at, event, path) && d.took(d.Object(b, at, v), b, at, event)
}

func (d *Decoder) hasPayload(at int, event, path string) bool {
	if at <= 0 && path != "" {
		d.FailMissing(event, path)
		return false
	}
	return true
}

func (d *Decoder) took(next int, b []byte, at int, event string) bool {
	if next < 0 {
		d.Fail(next, b, at, event, "")
	}
	return next >= 0
}
