package main

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// markdown renders the page.
func markdown(r *results) []byte {
	var out bytes.Buffer
	fmt.Fprintln(&out, "# Results")
	for _, line := range r.meta {
		fmt.Fprintf(&out, "\n%s\n", line)
	}
	fmt.Fprintf(&out, "\n![Events a second of each contender](results.svg)\n")
	fmt.Fprintf(&out, "\nOf all rounds: the best one, and the median in brackets. Columns with × compare with venuewire's direct handler: "+
		"2 is twice the time. [README.md](README.md) says what each contender does more or less.\n")
	for i := range tables {
		tables[i].render(&out, r)
	}
	return out.Bytes()
}

func (t *table) render(out *bytes.Buffer, r *results) {
	var rows []*row
	for _, row := range r.rows {
		if t.has(row) {
			rows = append(rows, row)
		}
	}
	if len(rows) == 0 {
		return
	}
	columns := t.units(rows)
	fmt.Fprintf(out, "\n## %s\n\n", t.title)
	if t.note != "" {
		fmt.Fprintf(out, "%s\n\n", t.note)
	}
	t.head(out, columns)
	for _, row := range rows {
		t.line(out, r, row, columns)
	}
}

// head writes the titles and says which columns hold figures.
func (t *table) head(out *bytes.Buffer, columns []column) {
	titles, under := []string{t.firstTitle()}, []string{"---"}
	if t.ours != "" {
		titles, under = append(titles, "contender"), append(under, "---")
	}
	for _, c := range columns {
		titles, under = append(titles, c.title), append(under, "---:")
		if c.ratio && t.ours != "" {
			titles, under = append(titles, "×"), append(under, "---:")
		}
	}
	fmt.Fprintf(out, "| %s |\n| %s |\n", strings.Join(titles, " | "), strings.Join(under, " | "))
}

func (t *table) firstTitle() string {
	if t.param != "" {
		return t.param
	}
	return "benchmark"
}

func (t *table) line(out *bytes.Buffer, r *results, of *row, columns []column) {
	cells := []string{t.first(of)}
	if t.ours != "" {
		cells = append(cells, label(of.contender))
	}
	base := r.find(of.pkg, of.benchmark, of.param, t.ours)
	for _, c := range columns {
		f, ok := of.figure(c)
		cells = append(cells, cell(f, ok, c.scale))
		if c.ratio && t.ours != "" {
			cells = append(cells, compare(base, of, c))
		}
	}
	fmt.Fprintf(out, "| %s |\n", strings.Join(cells, " | "))
}

// first is what stands in the first column.
func (t *table) first(r *row) string {
	switch {
	case t.param != "":
		return r.param
	case t.ours != "" && len(t.benchmarks) > 1:
		return r.pkg + " " + r.benchmark
	case t.ours == "" && r.contender != "":
		return r.benchmark + " " + strings.TrimPrefix(r.param+" "+r.contender, " ")
	}
	return r.benchmark
}

func cell(f figure, ok bool, scale float64) string {
	if !ok {
		return ""
	}
	if scale == 0 {
		scale = 1
	}
	return fmt.Sprintf("%s (%s)", number(f.best*scale), number(f.median*scale))
}

// compare is how many times as long the row takes as the base.
func compare(base, of *row, c column) string {
	if base == nil {
		return ""
	}
	a, ok := base.figure(c)
	b, ok2 := of.figure(c)
	if !ok || !ok2 {
		return ""
	}
	return fmt.Sprintf("%s (%s)", times(a.best, b.best, c.higher), times(a.median, b.median, c.higher))
}

func times(base, of float64, higher bool) string {
	if higher {
		base, of = of, base
	}
	if base == 0 {
		return "–"
	}
	return number(of / base)
}

// number writes three digits or so, with commas from a thousand on.
func number(v float64) string {
	switch {
	case v >= 1000:
		s := strconv.FormatFloat(v, 'f', 0, 64)
		for i := len(s) - 3; i > 0; i -= 3 {
			s = s[:i] + "," + s[i:]
		}
		return s
	case v >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case v == 0:
		return "0"
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}
