package coverage

import "slices"

// named is one client frame or server message, joined from the rows that write or read it.
type named struct {
	name        string
	connections []string // empty: all
	level       Level
	implemented bool
}

// joined gathers names. A name that is used on connections that have nothing in common is several messages.
type joined struct{ list []*named }

func (j *joined) add(name string, e *Entry, level Level) {
	n := j.find(name, e.Connections)
	if n == nil {
		n = &named{name: name, connections: e.Connections, level: level}
		j.list = append(j.list, n)
	}
	if len(e.Connections) == 0 {
		n.connections = nil
	} else if len(n.connections) > 0 {
		n.connections = distinct(append(slices.Clone(n.connections), e.Connections...))
	}
	n.level = max(n.level, level)
	n.implemented = n.implemented || e.Implemented()
}

func (j *joined) find(name string, connections []string) *named {
	for _, n := range j.list {
		if n.name == name && overlap(n.connections, connections) {
			return n
		}
	}
	return nil
}

func overlap(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 {
		return true
	}
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

func (j *joined) tally() Tally {
	var t Tally
	for _, n := range j.list {
		t.count(n.level, n.implemented, 1)
	}
	return t
}

// clientFrames counts the distinct frames that the selected rows are written in. The level of a frame that many rows
// share is that of its own row: a call that is proven by its reply proves nothing of the frame around it.
func clientFrames(all, rows []Entry) Tally {
	shared := map[string]Level{}
	for _, e := range all {
		if e.Kind == KindWire {
			for _, f := range e.Frames {
				shared[f] = e.Level
			}
		}
	}
	var j joined
	for i := range rows {
		e := &rows[i]
		for _, f := range e.Frames {
			level, ok := shared[f]
			if !ok {
				level = e.Level
			}
			j.add(f, &Entry{Kind: e.Kind, Level: e.Level, Go: e.Go}, level)
		}
	}
	return j.tally()
}

// serverMessages counts the distinct messages that the selected rows read, and those that confirm their frames.
func serverMessages(all, rows []Entry) Tally {
	var j joined
	used := framesOf(rows)
	for i := range rows {
		e := &rows[i]
		if e.Kind == KindWire {
			continue
		}
		for _, m := range e.Messages {
			j.add(m, e, e.Level)
		}
	}
	for i := range all {
		e := &all[i]
		if e.Kind != KindWire || !confirms(e, used) {
			continue
		}
		for _, m := range e.Messages {
			j.add(m, e, Typed) // its examples prove what is sent
		}
	}
	return j.tally()
}

// confirms reports whether a shared frame is one of those used. One that is named by its entry is used by all.
func confirms(e *Entry, used map[string]bool) bool {
	return len(e.Frames) == 0 || slices.ContainsFunc(e.Frames, func(f string) bool { return used[f] })
}

func framesOf(rows []Entry) map[string]bool {
	out := map[string]bool{}
	for _, e := range rows {
		for _, f := range e.Frames {
			out[f] = true
		}
	}
	return out
}
