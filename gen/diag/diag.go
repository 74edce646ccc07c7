// Package diag is the one form of every finding about a spec: what rule was
// broken, where, and what to do about it. The phases of the generator collect
// findings; the printers turn them into text, JSON or annotations.
package diag

import (
	"errors"
	"fmt"
	"strconv"
)

// Position is a place in a source file.
type Position struct {
	File string // path as the user knows it, with forward slashes
	Line int    // 1-based; 0 when only the file is known
	Col  int    // 1-based, in runes (not bytes); 0 when only the line is known
}

// String returns file:line:col, without the parts that are unknown.
func (p Position) String() string {
	s := p.File
	if p.Line == 0 {
		return s
	}
	s += ":" + strconv.Itoa(p.Line)
	if p.Col == 0 {
		return s
	}
	return s + ":" + strconv.Itoa(p.Col)
}

// Span is a stretch of a source file. Lines and columns are 1-based, columns
// count runes; EndCol is the column after the last character. The zero end
// means a single place.
type Span struct {
	File            string
	Line, Col       int
	EndLine, EndCol int
}

// Start returns the first position of the span.
func (s Span) Start() Position { return Position{File: s.File, Line: s.Line, Col: s.Col} }

// String returns the start of the span as file:line:col.
func (s Span) String() string { return s.Start().String() }

// IsZero reports whether the span names no file.
func (s Span) IsZero() bool { return s == Span{} }

// Severity tells findings that stop generation from those that do not.
type Severity int

// The severities. The zero value is Error, so that a finding whose severity
// was forgotten stops generation.
const (
	Error Severity = iota
	Warning
)

// String returns "error" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "error"
}

// MarshalText returns "error" or "warning"; it never fails.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText accepts "error" and "warning".
func (s *Severity) UnmarshalText(text []byte) error {
	switch string(text) {
	case "error":
		*s = Error
	case "warning":
		*s = Warning
	default:
		return fmt.Errorf("unknown severity %q (want error or warning)", text)
	}
	return nil
}

// Related is a second place that explains a finding, such as the first use of
// a name that is used twice.
type Related struct {
	Span    Span
	Message string
}

// Diagnostic is one finding.
type Diagnostic struct {
	Rule     string // rule id, such as UNKNOWN_KEY
	Severity Severity
	Span     Span
	Message  string // one line, no full stop, starts in lower case
	Hint     string // what to do about it; may be empty
	Related  []Related
}

// WithHint sets the hint and returns the finding.
func (d *Diagnostic) WithHint(format string, args ...any) *Diagnostic {
	d.Hint = fmt.Sprintf(format, args...)
	return d
}

// WithRelated adds a second place and returns the finding.
func (d *Diagnostic) WithRelated(span Span, format string, args ...any) *Diagnostic {
	d.Related = append(d.Related, Related{Span: span, Message: fmt.Sprintf(format, args...)})
	return d
}

// String returns the finding in one line: place, rule, message.
func (d Diagnostic) String() string {
	return fmt.Sprintf("%s: %s: %s", d.Span, d.Rule, d.Message)
}

// ErrFindings is wrapped by the error that List.Err returns.
var ErrFindings = errors.New("spec has errors")
