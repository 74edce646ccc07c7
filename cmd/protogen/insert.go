package main

import (
	"slices"
	"strings"

	"github.com/venuewire/venuewire/gen/spec"
)

// sectionOrder is the order of sections in a domain file.
var sectionOrder = []string{"rpcs", "subscriptions", "events", "types", "enums"}

// insert adds the lines of an entry at the end of a section of a file and leaves all else as it is. It returns the new
// text and the line of the entry.
func insert(f *spec.File, section string, entry []string) ([]byte, int, error) {
	text := strings.TrimSuffix(string(f.Source), "\n")
	lines := strings.Split(text, "\n")
	eol := ""
	if strings.HasSuffix(lines[0], "\r") {
		eol = "\r"
	}
	at, step, head, err := place(f, lines, section)
	if err != nil {
		return nil, 0, err
	}
	added := slices.Clone(head)
	for _, l := range entry {
		added = append(added, strings.Repeat(" ", step)+l)
	}
	for i := range added {
		added[i] += eol
	}
	if at == len(lines) && eol != "" && !strings.HasSuffix(lines[at-1], eol) {
		lines[at-1] += eol
	}
	lines = slices.Insert(lines, at, added...)
	return []byte(strings.Join(lines, "\n") + "\n"), at + len(head) + 1, nil
}

// place says before which line (0-based) the entry goes, how far it is indented, and what stands before it when the
// section is not there yet.
func place(f *spec.File, lines []string, section string) (at, step int, head []string, err error) {
	e := f.Root.Entry(section)
	if e == nil {
		return newSection(f, lines, section), len(indent), []string{"", section + ":"}, nil
	}
	if e.Value.Kind != spec.Map || len(e.Value.Entries) == 0 || e.Value.Entries[0].Key.Span.Line == e.Key.Span.Line {
		return 0, 0, nil, bad("%s: section %s is not written with one entry a line; lay it out so first", e.Key.Span, section)
	}
	return endOf(f, lines, section), e.Value.Entries[0].Key.Span.Col - 1, nil, nil
}

// endOf returns the line after the last one of a section: before the next section, without the empty lines and
// comments that belong to that.
func endOf(f *spec.File, lines []string, section string) int {
	start := f.Root.Entry(section).Key.Span.Line
	end := len(lines)
	for _, other := range f.Root.Entries {
		if l := other.Key.Span.Line; l > start && l-1 < end {
			end = l - 1
		}
	}
	return beforeComments(lines, end)
}

// beforeComments steps back over empty lines and comments at the margin.
func beforeComments(lines []string, end int) int {
	for end > 0 {
		l := strings.TrimRight(lines[end-1], " \t\r")
		if l != "" && !strings.HasPrefix(l, "#") {
			break
		}
		end--
	}
	return end
}

// newSection returns the line where a missing section begins: before the first of those that come after it.
func newSection(f *spec.File, lines []string, section string) int {
	for _, later := range sectionOrder[slices.Index(sectionOrder, section)+1:] {
		if e := f.Root.Entry(later); e != nil {
			return beforeComments(lines, e.Key.Span.Line-1)
		}
	}
	return len(lines)
}
