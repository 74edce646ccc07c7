package main

import (
	"bytes"
	"strings"
	"text/tabwriter"
)

// columns lays rows out as a table whose lines end without spaces.
func columns(margin string, rows [][]string) string {
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, r := range rows {
		for i, cell := range r {
			if i > 0 {
				w.Write([]byte{'\t'})
			}
			w.Write([]byte(oneLine(cell)))
		}
		w.Write([]byte{'\n'})
	}
	w.Flush() // into memory
	var out strings.Builder
	for line := range strings.Lines(b.String()) {
		out.WriteString(margin + strings.TrimRight(line, " \n") + "\n")
	}
	return out.String()
}

// oneLine keeps a cell in its row.
func oneLine(s string) string {
	return strings.NewReplacer("\n", " ", "\t", " ", "\r", " ", "\v", " ", "\f", " ").Replace(s)
}
