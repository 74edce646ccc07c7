package coverage

import (
	"bytes"
	"fmt"

	json "github.com/goccy/go-json"
)

// format is the version of the JSON form. It changes when older readers would misread a report.
const format = 1

type document struct {
	Format  int     `json:"format"`
	Venues  []Venue `json:"venues"`
	Entries []Entry `json:"entries"`
}

// JSON returns the report with one venue and one entry a line, in a fixed order, so that a change of one entry is a
// change of one line.
func (r *Report) JSON() ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\"format\":%d,\n\"venues\":[", format)
	if err := lines(&b, r.Venues); err != nil {
		return nil, err
	}
	b.WriteString("],\n\"entries\":[")
	if err := lines(&b, r.Entries); err != nil {
		return nil, err
	}
	b.WriteString("]}\n")
	return b.Bytes(), nil
}

func lines[T any](b *bytes.Buffer, list []T) error {
	for i := range list {
		line, err := json.MarshalWithOption(&list[i], json.DisableHTMLEscape())
		if err != nil {
			return fmt.Errorf("write coverage: %w", err)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		b.Write(line)
	}
	if len(list) > 0 {
		b.WriteByte('\n')
	}
	return nil
}

// Parse reads what JSON wrote. A report of another format is an error.
func Parse(data []byte) (*Report, error) {
	var d document
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, fmt.Errorf("read coverage: %w", err)
	}
	if d.Format != format {
		return nil, fmt.Errorf("read coverage: format %d is not known (want %d)", d.Format, format)
	}
	r := &Report{Venues: d.Venues, Entries: d.Entries}
	r.sort()
	return r, nil
}

// EntriesJSON returns rows as a JSON array, one a line.
func EntriesJSON(entries []Entry) ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('[')
	if err := lines(&b, entries); err != nil {
		return nil, err
	}
	b.WriteString("]\n")
	return b.Bytes(), nil
}
