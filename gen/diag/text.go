package diag

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// How much of the source an excerpt shows.
const (
	linesBefore = 2
	linesAfter  = 1
	maxExcerpt  = 140 // runes of a line
)

// TextPrinter prints findings for people. The zero value prints without colour.
type TextPrinter struct {
	Color bool // ANSI colours
}

// PrintText prints findings for people, without colour; see TextPrinter.Print.
func PrintText(w io.Writer, l List, src Sources) error {
	return TextPrinter{}.Print(w, l, src)
}

// Print writes each finding as file:line:col: RULE: message, followed by an
// excerpt of the source, the hint and the related places. src may be nil; a
// file that it does not know gets no excerpt. The error is that of w.
func (p TextPrinter) Print(w io.Writer, l List, src Sources) error {
	buf := bufio.NewWriter(w)
	lines := lineCache{src: src, files: map[string][]string{}}
	for i, d := range l {
		if i > 0 {
			buf.WriteByte('\n')
		}
		p.finding(buf, d, lines.of(d.Span.File))
	}
	return buf.Flush()
}

func (p TextPrinter) finding(w *bufio.Writer, d Diagnostic, lines []string) {
	code := codeError
	warning := ""
	if d.Severity == Warning {
		code, warning = codeWarning, "warning: "
	}
	fmt.Fprintf(w, "%s: %s%s: %s\n", p.paint(codeBold, d.Span.String()), p.paint(code, warning),
		p.paint(code, d.Rule), oneLine(d.Message))
	p.excerpt(w, d.Span, lines, code)
	if d.Hint != "" {
		fmt.Fprintf(w, "  %s %s\n", p.paint(codeHint, "hint:"), oneLine(d.Hint))
	}
	for _, r := range d.Related {
		fmt.Fprintf(w, "  %s: %s\n", r.Span, oneLine(r.Message))
	}
}

func (p TextPrinter) excerpt(w *bufio.Writer, s Span, lines []string, code string) {
	if s.Line < 1 || s.Line > len(lines) {
		return
	}
	first, last := max(1, s.Line-linesBefore), min(len(lines), s.Line+linesAfter)
	if last > s.Line && lines[last-1] == "" {
		last--
	}
	width := len(fmt.Sprint(last))
	from, col, length := window(lines[s.Line-1], s)
	for n := first; n <= last; n++ {
		shift := 0
		if n == s.Line {
			shift = from
		}
		text := strings.TrimRight(clip(lines[n-1], shift), " ")
		fmt.Fprintf(w, "%s\n", strings.TrimRight(fmt.Sprintf("  %*d | %s", width, n, text), " "))
		if n == s.Line && s.Col > 0 {
			mark := strings.Repeat(" ", col) + p.paint(code, strings.Repeat("^", length))
			fmt.Fprintf(w, "  %*s | %s\n", width, "", mark)
		}
	}
}

// window says from which rune a line is shown so that the span is in sight,
// at which shown column the mark begins, and how long it is.
func window(line string, s Span) (from, col, length int) {
	size := len([]rune(line))
	start := min(max(s.Col-1, 0), size)
	end := start + 1
	switch {
	case s.EndLine > s.Line:
		end = size
	case s.EndLine == s.Line && s.EndCol > s.Col:
		end = min(s.EndCol-1, size)
	}
	if start > maxExcerpt*2/3 && size > maxExcerpt {
		from = min(start-maxExcerpt/3, size-maxExcerpt)
	}
	length = max(1, min(end, from+maxExcerpt)-start)
	return from, start - from, length
}

// clip returns the shown part of a line; what is cut off is an ellipsis.
func clip(line string, from int) string {
	runes := []rune(line)
	for i, r := range runes {
		if !unicode.IsPrint(r) {
			runes[i] = ' ' // a tab or an escape would move the mark or the terminal
		}
	}
	if from >= len(runes) {
		return ""
	}
	cut := runes[from:min(len(runes), from+maxExcerpt)]
	if from > 0 && len(cut) > 0 {
		cut[0] = '…'
	}
	if from+maxExcerpt < len(runes) {
		cut[len(cut)-1] = '…'
	}
	return string(cut)
}

// oneLine keeps messages that quote a source on one line and free of terminal
// controls.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s)
}

// The ANSI codes of the coloured form.
const (
	codeBold    = "1"
	codeError   = "31;1"
	codeWarning = "33;1"
	codeHint    = "36"
)

func (p TextPrinter) paint(code, s string) string {
	if !p.Color || s == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// lineCache splits each file once.
type lineCache struct {
	src   Sources
	files map[string][]string
}

func (c lineCache) of(file string) []string {
	if c.src == nil {
		return nil
	}
	lines, ok := c.files[file]
	if !ok {
		if text, found := c.src.Source(file); found {
			lines = sourceLines(text)
		}
		c.files[file] = lines
	}
	return lines
}
