package spec

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/venuewire/venuewire/gen/diag"
)

// Bounds on one file, so that a hostile one costs little.
const (
	maxFileSize = 1 << 18 // bytes
	maxDepth    = 64      // of nested maps and lists
	maxEntries  = 10000   // keys and list elements; the parser's work grows with their square
)

const byteOrderMark = "\xef\xbb\xbf"

// reader turns one YAML file into nodes.
type reader struct {
	file  string
	lines [][]rune
	diags *diag.Collector
}

// readYAML parses a file. It returns nil after a finding that leaves nothing
// to look at. Repeated keys are reported and the repetition kept aside.
func readYAML(file string, src []byte, diags *diag.Collector) *Node {
	r := &reader{file: file, diags: diags}
	src = bytes.TrimPrefix(src, []byte(byteOrderMark))
	src = bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n")) // the lexer counts two lines for one behind a comment
	if !r.checkBytes(src) {
		return nil
	}
	for line := range strings.SplitSeq(string(src), "\n") {
		r.lines = append(r.lines, []rune(line))
	}
	body := r.parse(string(src))
	if body == nil {
		return nil
	}
	root := r.node(body, false)
	if root.Kind != Map {
		r.form(root.Span, "a spec file is a map, this one is a %s", root.Kind)
		return nil
	}
	return root
}

func (r *reader) form(span diag.Span, format string, args ...any) *diag.Diagnostic {
	return r.diags.Errorf(RuleYAMLForm, span, format, args...)
}

func (r *reader) at(line, col int) diag.Span {
	return diag.Span{File: r.file, Line: line, Col: col, EndLine: line, EndCol: col}
}

// parse returns the body of the only document, nil after a finding.
func (r *reader) parse(src string) ast.Node {
	tokens, err := tokenize(src)
	if err != nil {
		r.form(diag.Span{File: r.file}, "cannot be read as YAML: %v", err)
		return nil
	}
	if !r.checkTokens(tokens) {
		return nil
	}
	file, err := parseTokens(tokens)
	if err != nil {
		r.syntaxError(err)
		return nil
	}
	return r.onlyDocument(file)
}

// tokenize is the lexer without its panics.
func tokenize(src string) (tokens token.Tokens, err error) {
	defer recoverAsError(&err)
	return lexer.Tokenize(src), nil
}

// parseTokens is the parser without its panics. Repeated keys are let through:
// the parser would report the first and stop.
func parseTokens(tokens token.Tokens) (file *ast.File, err error) {
	defer recoverAsError(&err)
	return parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
}

func recoverAsError(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("the text confuses the parser (%v)", p)
	}
}

func (r *reader) syntaxError(err error) {
	var at interface {
		GetToken() *token.Token
		GetMessage() string
	}
	if !errors.As(err, &at) || at.GetToken() == nil || at.GetToken().Position == nil {
		r.form(diag.Span{File: r.file}, "not YAML: %s", firstLine(err.Error()))
		return
	}
	pos := at.GetToken().Position
	r.form(r.at(pos.Line, pos.Column), "not YAML: %s", firstLine(at.GetMessage()))
}

func firstLine(s string) string {
	first, _, _ := strings.Cut(s, "\n")
	return first
}

func (r *reader) onlyDocument(file *ast.File) ast.Node {
	var body ast.Node
	for _, doc := range file.Docs {
		if isEmpty(doc.Body) && doc.Start == nil {
			continue
		}
		if body != nil {
			r.form(r.documentStart(doc), "a second YAML document begins here").
				WithHint("one document a file: move it to a file of its own")
			return nil
		}
		if !isEmpty(doc.Body) {
			body = doc.Body
		}
	}
	if body == nil {
		r.form(r.at(1, 1), "the file is empty").WithHint("begin with protogen: \"1\", or remove the file")
	}
	return body
}

func (r *reader) documentStart(doc *ast.DocumentNode) diag.Span {
	t := doc.Start
	if t == nil {
		t = doc.GetToken()
	}
	if t == nil || t.Position == nil {
		return diag.Span{File: r.file}
	}
	return r.at(t.Position.Line, t.Position.Column)
}

func isEmpty(n ast.Node) bool {
	if n == nil {
		return true
	}
	switch n.(type) {
	case *ast.CommentGroupNode, *ast.NullNode:
		return true
	}
	return false
}
