package coverage

import (
	"fmt"
	"slices"
	"strings"
)

// Diff is what changed between two reports, row by row.
type Diff struct {
	Gained  []Change // new rows, higher levels, new methods
	Lost    []Change // rows that are gone, lower levels, methods that are gone
	Changed []Change // everything else
}

// Change is one row that differs. Before is nil for a new row, After for one that is gone.
type Change struct {
	Before, After *Entry
	Details       []string // "level: named -> typed"; empty for rows that are new or gone
}

// Entry returns the row as it is now, or as it was when it is gone.
func (c Change) Entry() *Entry {
	if c.After != nil {
		return c.After
	}
	return c.Before
}

// Empty reports whether nothing changed.
func (d *Diff) Empty() bool { return len(d.Gained)+len(d.Lost)+len(d.Changed) == 0 }

// Compare returns what changed from an older to a newer report. A row that only moved to another domain is the
// same row.
func Compare(older, newer *Report) *Diff {
	d := &Diff{}
	for _, p := range pairs(older.Entries, newer.Entries) {
		c := Change{Before: p.before, After: p.after}
		switch {
		case p.before == nil:
			d.Gained = append(d.Gained, c)
			continue
		case p.after == nil:
			d.Lost = append(d.Lost, c)
			continue
		}
		c.Details = details(p.before, p.after)
		switch {
		case len(c.Details) == 0:
		case worse(p.before, p.after):
			d.Lost = append(d.Lost, c)
		case worse(p.after, p.before):
			d.Gained = append(d.Gained, c)
		default:
			d.Changed = append(d.Changed, c)
		}
	}
	return d
}

// worse reports whether a row has a lower level than before or lacks a method that it had.
func worse(before, after *Entry) bool {
	return after.Level < before.Level || slices.ContainsFunc(before.Go, func(m string) bool {
		return !slices.Contains(after.Go, m)
	})
}

type pair struct{ before, after *Entry }

type rowKey struct {
	venue, name, domain string
	kind                Kind
}

func keyOf(e *Entry) rowKey { return rowKey{e.Venue, e.Name, e.Domain, e.Kind} }

// pairs joins the rows of two lists: those of one domain first, then those that moved.
func pairs(older, newer []Entry) []pair {
	was := map[rowKey]*Entry{}
	for i := range older {
		was[keyOf(&older[i])] = &older[i]
	}
	var out []pair
	for i := range newer {
		k := keyOf(&newer[i])
		out = append(out, pair{was[k], &newer[i]})
		delete(was, k)
	}
	for i := range out {
		if out[i].before == nil {
			out[i].before = moved(was, out[i].after)
		}
	}
	for i := range older {
		if was[keyOf(&older[i])] != nil {
			out = append(out, pair{before: &older[i]})
		}
	}
	return out
}

// moved takes the row of the same name that no other row claims, if there is exactly one.
func moved(was map[rowKey]*Entry, e *Entry) *Entry {
	var found *Entry
	for k, old := range was {
		if k.venue != e.Venue || k.kind != e.Kind || k.name != e.Name {
			continue
		}
		if found != nil {
			return nil
		}
		found = old
	}
	if found != nil {
		delete(was, keyOf(found))
	}
	return found
}

// details lists the members that differ, in the order in which they are written.
func details(a, b *Entry) []string {
	var out []string
	add := func(name, was, is string) {
		if was != is {
			out = append(out, fmt.Sprintf("%s: %s -> %s", name, orNone(was), orNone(is)))
		}
	}
	list := func(name string, was, is []string) { add(name, strings.Join(was, " "), strings.Join(is, " ")) }
	add("level", a.Level.String(), b.Level.String())
	add("domain", a.Domain, b.Domain)
	list("go", a.Go, b.Go)
	list("versions", a.Versions, b.Versions)
	add("effect", a.Effect, b.Effect)
	list("connections", a.Connections, b.Connections)
	add("rows", count(a.Rows), count(b.Rows))
	list("tags", a.Tags, b.Tags)
	add("priority", a.Priority, b.Priority)
	list("sources", a.Sources, b.Sources)
	add("confidence", a.Confidence, b.Confidence)
	list("unknown", a.Unknown, b.Unknown)
	add("skip", a.Skip, b.Skip)
	add("note", a.Note, b.Note)
	add("examples", count(a.Examples), count(b.Examples))
	list("frames", a.Frames, b.Frames)
	list("messages", a.Messages, b.Messages)
	add("replies", yes(a.Replies), yes(b.Replies))
	return out
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
