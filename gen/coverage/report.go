// Package coverage computes how much of each venue's protocol the specs know, type and prove.
//
// A report is a list of rows, one for each entry of the specs; every number in its tables is counted from the rows,
// so two reports differ exactly where their rows do.
package coverage

import (
	"cmp"
	"slices"
)

// Kind is the kind of a row.
type Kind string

// The kinds of rows. Client frames and server messages are not rows of their own: they are counted from what the
// rows write and read, see Report.Categories.
const (
	KindWire         Kind = "wire"         // a frame that all entries of a sort share: call, subscribe, unsubscribe
	KindRPC          Kind = "rpc"          // a call; its versions count as one row
	KindSubscription Kind = "subscription" // a stream that is asked for
	KindEvent        Kind = "event"        // a kind of pushed message
)

var kindOrder = []Kind{KindWire, KindRPC, KindSubscription, KindEvent}

// TradingTag marks entries that matter to somebody who trades.
const TradingTag = "trading"

// Report is the coverage of a set of venues.
type Report struct {
	Venues  []Venue
	Entries []Entry // sorted by venue, kind, name and domain
}

// Venue is what a report knows of a venue beside its rows.
type Venue struct {
	Name    string   `json:"venue"`
	Package string   `json:"package,omitempty"`
	Doc     string   `json:"doc,omitempty"`
	Sources []Source `json:"sources,omitempty"`
}

// Source is a source of a venue's specs.
type Source struct {
	ID        string `json:"id"`
	Kind      string `json:"kind,omitempty"`
	Title     string `json:"title,omitempty"`
	Authority bool   `json:"authority,omitempty"` // the reference whose rows must all exist
}

// Entry is one row.
type Entry struct {
	Venue       string   `json:"venue"`
	Kind        Kind     `json:"kind"`
	Name        string   `json:"name"` // wire name; of events the Go name
	Domain      string   `json:"domain,omitempty"`
	Level       Level    `json:"level"`
	Go          []string `json:"go,omitempty"` // methods; of events the type
	Versions    []string `json:"versions,omitempty"`
	Effect      string   `json:"effect,omitempty"`
	Connections []string `json:"connections,omitempty"` // empty: all of the venue
	Rows        int      `json:"rows,omitempty"`        // rows that a group stands for; 0: itself
	Tags        []string `json:"tags,omitempty"`
	Priority    string   `json:"priority,omitempty"`
	Sources     []string `json:"sources,omitempty"`   // source ids without places
	Authority   bool     `json:"authority,omitempty"` // one of the sources is the venue's reference
	Confidence  string   `json:"confidence,omitempty"`
	Unknown     []string `json:"unknown,omitempty"`
	Skip        string   `json:"skip,omitempty"`
	Note        string   `json:"note,omitempty"`
	Examples    int      `json:"examples,omitempty"`
	Frames      []string `json:"frames,omitempty"`   // names of the client frames that it is written in
	Messages    []string `json:"messages,omitempty"` // names of the server messages that it reads
	Replies     bool     `json:"replies,omitempty"`  // a call that waits for a data reply
}

// Implemented reports whether a user of the client can use the row with types: it is typed or better and has a
// method, or an event's type.
func (e *Entry) Implemented() bool {
	return e.Level >= Typed && (len(e.Go) > 0 || e.Kind == KindWire)
}

// Trading reports whether the row has the tag trading.
func (e *Entry) Trading() bool { return slices.Contains(e.Tags, TradingTag) }

// Weight is the number of rows that the entry stands for, at least 1.
func (e *Entry) Weight() int { return max(1, e.Rows) }

// Of returns the entries of one venue, in their order.
func (r *Report) Of(venue string) []Entry {
	var out []Entry
	for _, e := range r.Entries {
		if e.Venue == venue {
			out = append(out, e)
		}
	}
	return out
}

// sort brings venues and entries into the order in which they are written.
func (r *Report) sort() {
	slices.SortFunc(r.Venues, func(a, b Venue) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortStableFunc(r.Entries, func(a, b Entry) int {
		return cmp.Or(
			cmp.Compare(a.Venue, b.Venue),
			cmp.Compare(slices.Index(kindOrder, a.Kind), slices.Index(kindOrder, b.Kind)),
			cmp.Compare(a.Name, b.Name),
			cmp.Compare(a.Domain, b.Domain),
		)
	})
}
