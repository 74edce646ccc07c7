package coverage

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// table writes aligned columns.
type table struct {
	buf bytes.Buffer
	tab *tabwriter.Writer
}

func newTable() *table {
	t := &table{}
	t.tab = tabwriter.NewWriter(&t.buf, 0, 0, 2, ' ', 0)
	return t
}

// row writes one line; the last cell must not be empty, or the line ends in spaces.
func (t *table) row(cells ...string) { fmt.Fprintln(t.tab, strings.Join(cells, "\t")) }

// flushTo writes the table without trailing spaces. The error is that of w.
func (t *table) flushTo(w io.Writer) error {
	t.tab.Flush() // writes into memory
	for line := range strings.Lines(t.buf.String()) {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}

// Text writes a table for the terminal: each venue by category and in total. The error is that of w.
func (r *Report) Text(w io.Writer) error {
	t := newTable()
	t.row("VENUE", "CATEGORY", "ROWS", "IMPLEMENTED", "", "VERIFIED", "EXAMPLED", "TYPED", "NAMED", "SKIPPED")
	var sum Tally
	for _, v := range r.Venues {
		for _, c := range r.Categories(v.Name, Everything) {
			t.row(append([]string{v.Name, c.Name}, cells(c.Tally)...)...)
		}
		total := r.Total(v.Name)
		sum = sum.Plus(total)
		t.row(append([]string{v.Name, "all RPCs, subscriptions, events"}, cells(total)...)...)
	}
	if len(r.Venues) > 1 {
		t.row(append([]string{"all", "all RPCs, subscriptions, events"}, cells(sum)...)...)
	}
	return t.flushTo(w)
}

func cells(t Tally) []string {
	out := []string{rowCount(t), fmt.Sprint(t.Implemented), t.Percent()}
	for _, l := range Levels() {
		out = append(out, fmt.Sprint(t.ByLevel[l]))
	}
	return out
}

// rowCount shows how many rows there are when groups are counted out, if that differs.
func rowCount(t Tally) string {
	if t.Expanded != t.Rows {
		return fmt.Sprintf("%d (%d)", t.Rows, t.Expanded)
	}
	return fmt.Sprint(t.Rows)
}

// Text writes what changed, row by row, and a count of each sort. The error is that of w.
func (d *Diff) Text(w io.Writer) error {
	t := newTable()
	for _, part := range []struct {
		word string
		list []Change
	}{{"gained", d.Gained}, {"lost", d.Lost}, {"changed", d.Changed}} {
		for _, c := range part.list {
			e := c.Entry()
			t.row(part.word, string(e.Kind), e.Venue+"/"+e.Name, c.summary())
		}
	}
	if err := t.flushTo(w); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "%d gained, %d lost, %d changed\n", len(d.Gained), len(d.Lost), len(d.Changed))
	return err
}

func (c Change) summary() string {
	switch {
	case c.Before == nil:
		return "new, " + c.After.Level.String()
	case c.After == nil:
		return "gone, was " + c.Before.Level.String()
	}
	return strings.Join(c.Details, "; ")
}
