package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// List is a set of findings in the order they are shown.
type List []Diagnostic

// HasErrors reports whether a finding stops generation.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d Diagnostic) bool { return d.Severity == Error })
}

// Errors returns the findings that stop generation, in their order.
func (l List) Errors() List { return l.only(Error) }

// Warnings returns the findings that do not stop generation, in their order.
func (l List) Warnings() List { return l.only(Warning) }

func (l List) only(s Severity) List {
	var out List
	for _, d := range l {
		if d.Severity == s {
			out = append(out, d)
		}
	}
	return out
}

// Sort returns the findings ordered by file, line, column and rule, without
// repetitions. Findings that agree in all four keep their order. The receiver
// is not changed.
func (l List) Sort() List {
	out := slices.Clone(l)
	slices.SortStableFunc(out, compare)
	kept := out[:0]
	for i := range out {
		if !slices.ContainsFunc(sameKey(kept, out[i]), func(d Diagnostic) bool { return same(d, out[i]) }) {
			kept = append(kept, out[i])
		}
	}
	return slices.Clip(kept)
}

// sameKey returns the tail of l that compares equal to d.
func sameKey(l List, d Diagnostic) List {
	i := len(l)
	for i > 0 && compare(l[i-1], d) == 0 {
		i--
	}
	return l[i:]
}

func compare(a, b Diagnostic) int {
	return cmp.Or(
		cmp.Compare(a.Span.File, b.Span.File),
		cmp.Compare(a.Span.Line, b.Span.Line),
		cmp.Compare(a.Span.Col, b.Span.Col),
		cmp.Compare(a.Rule, b.Rule),
	)
}

func same(a, b Diagnostic) bool {
	return a.Severity == b.Severity && a.Span == b.Span && a.Message == b.Message &&
		a.Hint == b.Hint && slices.Equal(a.Related, b.Related)
}

// maxErrLines bounds the text of the error that Err returns.
const maxErrLines = 10

// Err returns nil when no finding stops generation, else an error that wraps
// ErrFindings and names the first of them, one a line.
func (l List) Err() error {
	errs := l.Errors()
	if len(errs) == 0 {
		return nil
	}
	var b strings.Builder
	for i, d := range errs {
		if i == maxErrLines {
			fmt.Fprintf(&b, "\nand %d more", len(errs)-i)
			break
		}
		b.WriteString("\n" + d.String())
	}
	return fmt.Errorf("%w:%s", ErrFindings, b.String())
}

// Collector gathers findings. The zero value is ready to use. It is not safe
// for concurrent use.
type Collector struct {
	found []*Diagnostic
}

// Errorf records a finding that stops generation. The returned pointer may be
// used to add a hint or related places until List is called.
func (c *Collector) Errorf(rule string, span Span, format string, args ...any) *Diagnostic {
	return c.add(rule, Error, span, fmt.Sprintf(format, args...))
}

// Warnf records a finding that does not stop generation. The returned pointer
// may be used to add a hint or related places until List is called.
func (c *Collector) Warnf(rule string, span Span, format string, args ...any) *Diagnostic {
	return c.add(rule, Warning, span, fmt.Sprintf(format, args...))
}

// Add records findings that were made elsewhere.
func (c *Collector) Add(l ...Diagnostic) {
	for i := range l {
		d := l[i]
		c.found = append(c.found, &d)
	}
}

func (c *Collector) add(rule string, s Severity, span Span, msg string) *Diagnostic {
	d := &Diagnostic{Rule: rule, Severity: s, Span: span, Message: msg}
	c.found = append(c.found, d)
	return d
}

// Len returns how many findings were recorded.
func (c *Collector) Len() int { return len(c.found) }

// List returns the findings, sorted and without repetitions.
func (c *Collector) List() List {
	l := make(List, len(c.found))
	for i, d := range c.found {
		l[i] = *d
	}
	return l.Sort()
}
