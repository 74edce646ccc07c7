package main

import (
	"io"
	"strings"

	"github.com/venuewire/venuewire/gen"
	"github.com/venuewire/venuewire/gen/coverage"
)

type lsCmd struct {
	Venue  string `placeholder:"NAME" help:"Only this venue."`
	Kind   string `enum:"rpc,subscription,event," default:"" help:"Only rpc, subscription or event."`
	Format string `enum:"text,json" default:"text" help:"text or json."`
}

func (lsCmd) Help() string {
	return `One line for each call, subscription and event, with its version, level of coverage and Go name. The events' names are
those of their Go types. A "?" marks a version that others than the reference prove.

Examples:

  protogen ls                                       everything
  protogen ls --venue kraken --kind subscription    the streams of one venue
  protogen ls --format json                         an array, for programs`
}

// Run lists entries.
func (c *lsCmd) Run(e *env) error {
	m, err := e.loadGood()
	if err != nil {
		return err
	}
	venues := m.Venues
	if c.Venue != "" {
		if venues, err = gen.Select(m, c.Venue); err != nil {
			return bad("%v", err)
		}
	}
	r := coverage.New(venues)
	r.Entries = c.selected(r.Entries)
	if c.Format == "json" {
		data, err := coverage.EntriesJSON(r.Entries)
		if err != nil {
			return bad("%v", err)
		}
		_, err = e.stdout.Write(data)
		return err
	}
	return printEntries(e, r.Entries)
}

func (c *lsCmd) selected(in []coverage.Entry) []coverage.Entry {
	var out []coverage.Entry
	for _, entry := range in {
		if entry.Kind != coverage.KindWire && (c.Kind == "" || string(entry.Kind) == c.Kind) {
			out = append(out, entry)
		}
	}
	return out
}

func printEntries(e *env, list []coverage.Entry) error {
	rows := [][]string{{"VENUE", "KIND", "NAME", "VERSION", "LEVEL", "DOMAIN", "GO"}}
	for _, x := range list {
		rows = append(rows, []string{x.Venue, string(x.Kind), x.Name, dash(strings.Join(x.Versions, ",")), x.Level.String(),
			x.Domain, dash(strings.Join(x.Go, ","))})
	}
	_, err := io.WriteString(e.stdout, columns("", rows))
	return err
}

func dash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
