package diag

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	json "github.com/goccy/go-json"
)

// jsonPlace is a span as PrintJSON writes it; unknown parts are left out.
type jsonPlace struct {
	File    string `json:"file,omitempty"`
	Line    int    `json:"line,omitempty"`
	Col     int    `json:"col,omitempty"`
	EndLine int    `json:"endLine,omitempty"`
	EndCol  int    `json:"endCol,omitempty"`
}

type jsonRelated struct {
	jsonPlace
	Message string `json:"message"`
}

type jsonFinding struct {
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	jsonPlace
	Message string        `json:"message"`
	Hint    string        `json:"hint,omitempty"`
	Related []jsonRelated `json:"related,omitempty"`
}

// PrintJSON writes findings as one JSON array of objects with rule, severity,
// file, line, col, endLine, endCol, message, hint and related; members without
// value are left out. No findings are an empty array. The error is that of w.
func PrintJSON(w io.Writer, l List) error {
	out := make([]jsonFinding, len(l))
	for i, d := range l {
		out[i] = jsonFinding{
			Rule: d.Rule, Severity: d.Severity.String(), jsonPlace: place(d.Span),
			Message: d.Message, Hint: d.Hint,
		}
		for _, r := range d.Related {
			out[i].Related = append(out[i].Related, jsonRelated{place(r.Span), r.Message})
		}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(out)
}

func place(s Span) jsonPlace {
	return jsonPlace(s)
}

// PrintGitHub writes findings as workflow commands, one a line, which GitHub
// shows beside the changed lines. The error is that of w.
func PrintGitHub(w io.Writer, l List) error {
	buf := bufio.NewWriter(w)
	for _, d := range l {
		msg := oneLine(d.Message)
		if d.Hint != "" {
			msg += "\nhint: " + oneLine(d.Hint)
		}
		fmt.Fprintf(buf, "::%s %stitle=%s::%s\n", d.Severity, githubPlace(d.Span), githubProperty.Replace(d.Rule), githubData.Replace(msg))
	}
	return buf.Flush()
}

func githubPlace(s Span) string {
	if s.File == "" {
		return ""
	}
	out := "file=" + githubProperty.Replace(s.File) + ","
	if s.Line > 0 {
		out += fmt.Sprintf("line=%d,", s.Line)
	}
	if s.Col > 0 {
		out += fmt.Sprintf("col=%d,", s.Col)
	}
	return out
}

// The characters that would end a workflow command or one of its properties.
var (
	githubData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	githubProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
