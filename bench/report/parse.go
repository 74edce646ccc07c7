package main

import (
	"bufio"
	"fmt"
	"io"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// results are the figures of all rounds.
type results struct {
	meta []string
	rows []*row // in the order of the first round
}

// row is one benchmark.
type row struct {
	pkg       string // last part of its package's path
	benchmark string // first part of its name
	param     string // parts between
	contender string // last part; empty if there is but one part
	figures   map[string][]float64
}

// parse reads the output of go test -bench, of any number of rounds and packages.
func parse(in io.Reader) (*results, error) {
	r, pkg := new(results), ""
	seen := map[string]*row{}
	lines := bufio.NewScanner(in)
	var all []string
	for lines.Scan() {
		all = append(all, lines.Text())
	}
	suffix := procs(all)
	for _, line := range all {
		switch {
		case strings.HasPrefix(line, "meta: "):
			r.meta = append(r.meta, strings.TrimPrefix(line, "meta: "))
		case strings.HasPrefix(line, "pkg: "):
			pkg = path.Base(strings.TrimPrefix(line, "pkg: "))
		case strings.HasPrefix(line, "Benchmark"):
			if err := r.add(seen, pkg, line, suffix); err != nil {
				return nil, err
			}
		case strings.HasPrefix(line, "--- FAIL"), strings.HasPrefix(line, "FAIL"), strings.HasPrefix(line, "panic:"):
			return nil, fmt.Errorf("a benchmark failed: %s", line)
		}
	}
	return r, lines.Err()
}

var procsSuffix = regexp.MustCompile(`-[0-9]+$`)

// procs is the number of processors that go test puts behind every name, or nothing for one processor.
func procs(lines []string) string {
	suffix := ""
	for _, line := range lines {
		if name, _, ok := strings.Cut(line, " "); ok && strings.HasPrefix(name, "Benchmark") {
			found := procsSuffix.FindString(strings.TrimSpace(name))
			if found == "" || suffix != "" && found != suffix {
				return ""
			}
			suffix = found
		}
	}
	return suffix
}

// add notes a line: a name, the number of runs, and pairs of figure and unit.
func (r *results) add(seen map[string]*row, pkg, line, suffix string) error {
	fields := strings.Fields(line)
	if len(fields) < 4 {
		return nil // the name alone, before a benchmark that prints something
	}
	name := strings.TrimSuffix(strings.TrimPrefix(fields[0], "Benchmark"), suffix)
	to := seen[pkg+" "+name]
	if to == nil {
		to = newRow(pkg, name)
		seen[pkg+" "+name] = to
		r.rows = append(r.rows, to)
	}
	for i := 2; i+1 < len(fields); i += 2 {
		v, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			return fmt.Errorf("%q: %w", line, err)
		}
		to.figures[fields[i+1]] = append(to.figures[fields[i+1]], v)
	}
	return nil
}

func newRow(pkg, name string) *row {
	parts := strings.Split(name, "/")
	r := &row{pkg: pkg, benchmark: parts[0], figures: map[string][]float64{}}
	if n := len(parts); n > 1 {
		r.param, r.contender = strings.Join(parts[1:n-1], "/"), parts[n-1]
	}
	return r
}

// figure is what all rounds say of one unit.
type figure struct{ best, median float64 }

// figure returns the best and the median round.
func (r *row) figure(c column) (figure, bool) {
	rounds := slices.Sorted(slices.Values(r.figures[c.unit]))
	if len(rounds) == 0 {
		return figure{}, false
	}
	f := figure{best: rounds[0], median: rounds[(len(rounds)-1)/2]}
	if c.higher {
		f = figure{best: rounds[len(rounds)-1], median: rounds[len(rounds)/2]}
	}
	return f, true
}

// find returns a row; nil if there is none.
func (r *results) find(pkg, benchmark, param, contender string) *row {
	for _, row := range r.rows {
		if row.pkg == pkg && row.benchmark == benchmark && row.param == param && row.contender == contender {
			return row
		}
	}
	return nil
}
