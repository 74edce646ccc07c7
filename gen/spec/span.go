package spec

import (
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/token"

	"github.com/venuewire/venuewire/gen/diag"
)

// The lexer tells where a token begins but not where it ends, so ends are
// found in the text itself.

// join returns the span from the start of a to the end of b.
func join(a, b diag.Span) diag.Span {
	a.EndLine, a.EndCol = b.EndLine, b.EndCol
	return a
}

// between returns the span from an opening to a closing bracket.
func (r *reader) between(start, end *token.Token) diag.Span {
	span := r.at(start.Position.Line, start.Position.Column)
	if end == nil || end.Position == nil {
		span.EndCol++
		return span
	}
	span.EndLine, span.EndCol = end.Position.Line, end.Position.Column+1
	return span
}

// cursor walks over the text rune by rune.
type cursor struct {
	lines     [][]rune
	line, col int // 0-based
}

func (r *reader) cursor(line, col int) *cursor {
	return &cursor{lines: r.lines, line: line - 1, col: col - 1}
}

// next returns the rune at the cursor, a line feed at the end of a line, and
// steps over it; false at the end of the text.
func (c *cursor) next() (rune, bool) {
	if c.line < 0 || c.line >= len(c.lines) {
		return 0, false
	}
	row := c.lines[c.line]
	if c.col < 0 || c.col >= len(row) {
		c.line, c.col = c.line+1, 0
		return '\n', true
	}
	c.col++
	return row[c.col-1], true
}

func (c *cursor) peek() rune {
	saved := *c
	defer func() { *c = saved }()
	ch, _ := c.next()
	return ch
}

// to closes the span that begins at line and col at the cursor.
func (r *reader) to(line, col int, c *cursor) diag.Span {
	span := r.at(line, col)
	span.EndLine, span.EndCol = c.line+1, c.col+1
	return span
}

// quotedSpan covers a quoted text with its quotes.
func (r *reader) quotedSpan(line, col int) diag.Span {
	c := r.cursor(line, col)
	quote, _ := c.next()
	for {
		ch, ok := c.next()
		switch {
		case !ok:
			return r.at(line, col)
		case quote == '"' && ch == '\\':
			c.next()
		case ch == quote && quote == '\'' && c.peek() == quote:
			c.next()
		case ch == quote:
			return r.to(line, col, c)
		}
	}
}

// plainSpan covers an unquoted text, which may be folded over several lines.
func (r *reader) plainSpan(line, col int, value string) diag.Span {
	c := r.cursor(line, col)
	for _, want := range value {
		if unicode.IsSpace(want) {
			for unicode.IsSpace(c.peek()) {
				if _, ok := c.next(); !ok {
					break
				}
			}
			continue
		}
		for unicode.IsSpace(c.peek()) { // a line break in place of nothing
			if _, ok := c.next(); !ok {
				break
			}
		}
		if ch, ok := c.next(); !ok || ch != want {
			return r.at(line, col)
		}
	}
	return r.to(line, col, c)
}

// blockSpan covers a block text from its header to its last line.
func (r *reader) blockSpan(line, col int) diag.Span {
	span := r.at(line, col)
	if line > len(r.lines) {
		return span
	}
	span.EndCol = len(r.lines[line-1]) + 1
	indent := -1
	for n := line; n < len(r.lines); n++ {
		text := string(r.lines[n])
		if strings.TrimSpace(text) == "" {
			continue
		}
		own := len(text) - len(strings.TrimLeft(text, " "))
		if indent < 0 {
			indent = own
		}
		if own < indent || own == 0 {
			break
		}
		span.EndLine, span.EndCol = n+1, len(r.lines[n])+1
	}
	return span
}
