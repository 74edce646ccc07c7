package spec

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"github.com/goccy/go-yaml/token"
)

// checkBytes reports what no parser should see.
func (r *reader) checkBytes(src []byte) bool {
	if len(src) > maxFileSize {
		r.form(r.at(1, 1), "the file has %d bytes, more than %d", len(src), maxFileSize).
			WithHint("split the domain over several files")
		return false
	}
	for i, line := range bytes.Split(src, []byte("\n")) {
		if col, what := badByte(line); col > 0 {
			r.form(r.at(i+1, col), "%s is not allowed in YAML", what)
			return false
		}
	}
	return true
}

// badByte returns the 1-based column of the first character that YAML forbids
// and what it is; 0 when there is none.
func badByte(line []byte) (col int, what string) {
	for i, n := 0, 1; i < len(line); n++ {
		c, size := utf8.DecodeRune(line[i:])
		switch {
		case c == utf8.RuneError && size == 1:
			return n, "a byte that is not UTF-8"
		case c == '\r':
			return n, "a carriage return without line feed"
		case c < ' ' && c != '\t', c == 0x7f, c >= 0x80 && c < 0xa0:
			return n, "a control character"
		case c == '\ufeff':
			return n, "a byte order mark inside the text"
		case c == '\u2028', c == '\u2029':
			return n, "a line or paragraph separator"
		}
		i += size
	}
	return 0, ""
}

// forbidden maps tokens that the language does not have to their names.
var forbidden = map[token.Type]struct{ name, hint string }{
	token.AnchorType:     {"an anchor (&)", "write the value out, or quote it if it is text"},
	token.AliasType:      {"an alias (*)", "write the value out, or quote it if it is text"},
	token.TagType:        {"a tag (!)", "remove it, or quote it if it is text"},
	token.MergeKeyType:   {"a merge key (<<)", `members of another type are put in place with "..."`},
	token.DirectiveType:  {"a directive (%)", "remove the line"},
	token.MappingKeyType: {"an explicit key (?)", "write key: value"},
}

// checkTokens refuses what the language does not have, and what is too deep or
// too much, before anything is built: the parser recurses, and a stack that
// overflows cannot be recovered.
func (r *reader) checkTokens(tokens token.Tokens) bool {
	var first *token.Token
	more := 0
	var size size
	for _, t := range tokens {
		if t.Position == nil {
			continue
		}
		if _, ok := forbidden[t.Type]; ok {
			if first == nil {
				first = t
			} else {
				more++
			}
			continue
		}
		size.count(t)
		switch {
		case size.depth > maxDepth || size.dashes > maxDepth:
			r.tooDeep(t.Position.Line, t.Position.Column)
			return false
		case size.entries > maxEntries:
			r.form(r.at(t.Position.Line, t.Position.Column), "the file has more than %d keys and list elements", maxEntries).
				WithHint("split the domain over several files")
			return false
		}
	}
	if first == nil {
		return true
	}
	r.forbid(first, more)
	return false
}

// forbid reports the first of what the language does not have; a file full of it is one mistake.
func (r *reader) forbid(t *token.Token, more int) {
	what, also := forbidden[t.Type], ""
	if more > 0 {
		also = fmt.Sprintf(", nor are %d more like it in this file", more)
	}
	r.form(r.at(t.Position.Line, t.Position.Column), "%s is not allowed%s", what.name, also).WithHint("%s", what.hint)
}

// size counts what makes parsing costly.
type size struct {
	depth        int // of open brackets
	entries      int
	line, dashes int // list marks on one line nest
}

func (s *size) count(t *token.Token) {
	if t.Position.Line != s.line {
		s.line, s.dashes = t.Position.Line, 0
	}
	switch t.Type {
	case token.MappingStartType, token.SequenceStartType:
		s.depth++
	case token.MappingEndType, token.SequenceEndType:
		s.depth--
	case token.SequenceEntryType:
		s.dashes++
		s.entries++
	case token.MappingValueType, token.CollectEntryType:
		s.entries++
	}
}

func (r *reader) tooDeep(line, col int) {
	r.form(r.at(line, col), "maps and lists nest deeper than %d levels", maxDepth)
}
