package coverage

import (
	"fmt"
	"slices"
	"strings"
)

// Tally counts rows.
type Tally struct {
	Rows        int                  // a group counts once
	Expanded    int                  // a group counts for the rows that it stands for
	Implemented int                  // typed or better, with a method
	ByLevel     [len(levelNames)]int // by Level
}

// Percent is the share of implemented rows in whole percent; "-" when there are no rows. It says 100% only when
// nothing is missing and 0% only when nothing is there.
func (t Tally) Percent() string {
	if t.Rows == 0 {
		return "-"
	}
	p := (t.Implemented*200 + t.Rows) / (t.Rows * 2)
	switch {
	case t.Implemented < t.Rows:
		p = min(p, 99)
	}
	if t.Implemented > 0 {
		p = max(p, 1)
	}
	return fmt.Sprintf("%d%%", p)
}

// Plus returns the sum of two tallies.
func (t Tally) Plus(o Tally) Tally {
	t.Rows += o.Rows
	t.Expanded += o.Expanded
	t.Implemented += o.Implemented
	for l := range t.ByLevel {
		t.ByLevel[l] += o.ByLevel[l]
	}
	return t
}

func (t *Tally) count(l Level, implemented bool, weight int) {
	t.Rows++
	t.Expanded += weight
	t.ByLevel[l]++
	if implemented {
		t.Implemented++
	}
}

// Category is a named tally.
type Category struct {
	Name string
	Tally
}

// Filter selects rows.
type Filter func(*Entry) bool

// Everything selects all rows.
func Everything(*Entry) bool { return true }

// Reference selects the rows of the sources that are marked as the venue's reference.
func Reference(e *Entry) bool { return e.Authority }

// Categories counts the rows of a venue that a filter selects by what they are: client frames, calls and
// subscriptions (those that matter to trading, and all), the replies whose name is known, and server messages.
func (r *Report) Categories(venue string, in Filter) []Category {
	all := r.Of(venue)
	var rows []Entry
	for i := range all {
		if in(&all[i]) {
			rows = append(rows, all[i])
		}
	}
	kind := func(k Kind) Filter { return func(e *Entry) bool { return e.Kind == k } }
	trading := func(k Kind) Filter { return func(e *Entry) bool { return e.Kind == k && e.Trading() } }
	return []Category{
		{"Client frames", clientFrames(all, rows)},
		{"RPCs, trading", tally(rows, trading(KindRPC))},
		{"RPCs, all", tally(rows, kind(KindRPC))},
		{"Subscriptions, trading", tally(rows, trading(KindSubscription))},
		{"Subscriptions, all", tally(rows, kind(KindSubscription))},
		{"Server messages", serverMessages(all, rows)},
		{"Reply names, trading", replyNamesKnown(rows)},
	}
}

// Total counts calls, subscriptions and events of a venue.
func (r *Report) Total(venue string) Tally { return tally(r.Of(venue), counted) }

func counted(e *Entry) bool { return e.Kind != KindWire }

func tally(rows []Entry, in Filter) Tally {
	var t Tally
	for i := range rows {
		if e := &rows[i]; in(e) {
			t.count(e.Level, e.Implemented(), e.Weight())
		}
	}
	return t
}

// replyNamesKnown counts the trading calls that wait for data; one is implemented when the name of its reply is known.
func replyNamesKnown(rows []Entry) Tally {
	var t Tally
	for i := range rows {
		if e := &rows[i]; e.Kind == KindRPC && e.Replies && e.Trading() {
			t.count(e.Level, len(e.Messages) > 0, e.Weight())
		}
	}
	return t
}

// Dimensions are the ways in which Breakdown counts rows.
func Dimensions() []string { return []string{"domain", "priority", "tag", "source", "confidence"} }

// Breakdown counts the calls, subscriptions and events of a venue by one of the Dimensions. A row with several tags
// or sources counts for each. By priority only calls and subscriptions count: events have none.
func (r *Report) Breakdown(venue, by string) []Category {
	tallies := map[string]Tally{}
	rows := r.Of(venue)
	for i := range rows {
		e := &rows[i]
		if !counted(e) || by == "priority" && e.Kind == KindEvent {
			continue
		}
		for _, name := range valuesBy(e, by) {
			t := tallies[name]
			t.count(e.Level, e.Implemented(), e.Weight())
			tallies[name] = t
		}
	}
	var out []Category
	for name, t := range tallies {
		out = append(out, Category{name, t})
	}
	slices.SortFunc(out, func(a, b Category) int { return compareNames(by, a.Name, b.Name) })
	return out
}

const noValue = "(none)"

func valuesBy(e *Entry, by string) []string {
	var values []string
	switch by {
	case "domain":
		values = []string{e.Domain}
	case "priority":
		values = []string{e.Priority}
	case "tag":
		values = e.Tags
	case "source":
		values = e.Sources
	case "confidence":
		values = []string{e.Confidence}
	}
	if len(values) == 0 || values[0] == "" {
		return []string{noValue}
	}
	return values
}

// ranks order the words that have an order of their own.
var ranks = map[string][]string{
	"priority":   {"high", "medium", "low", "skip", noValue},
	"confidence": {"captured", "documented", "inferred", "guessed", noValue},
}

func compareNames(by, a, b string) int {
	if d := rank(by, a) - rank(by, b); d != 0 {
		return d
	}
	if none := (a == noValue); none != (b == noValue) {
		if none {
			return 1
		}
		return -1
	}
	return strings.Compare(a, b)
}

func rank(by, name string) int {
	words := ranks[by]
	if i := slices.Index(words, name); i >= 0 {
		return i
	}
	return max(len(words)-1, 0)
}

// Missing lists the trading calls and subscriptions of a venue that are not implemented, the most urgent first.
func (r *Report) Missing(venue string) []Entry {
	var out []Entry
	for _, e := range r.Of(venue) {
		if (e.Kind == KindRPC || e.Kind == KindSubscription) && e.Trading() && !e.Implemented() {
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b Entry) int {
		return rank("priority", orNone(a.Priority)) - rank("priority", orNone(b.Priority))
	})
	return out
}

func orNone(s string) string {
	if s == "" {
		return noValue
	}
	return s
}
