package wiretest

import (
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Option tunes [RoundTrip].
type Option func(*comparison)

// Tolerate lists members whose text may differ or that may be lost, by path, such
// as data.bids[].time; "[]" stands for every element, and a path takes all below
// it along.
func Tolerate(paths ...string) Option {
	return func(c *comparison) { c.tolerated = append(c.tolerated, paths...) }
}

// Exact lists members whose numbers must be written digit by digit as in the
// sample, which declared decimals are; other numbers are compared by value.
func Exact(paths ...string) Option {
	return func(c *comparison) { c.exact = append(c.exact, paths...) }
}

// RoundTrip checks that everything in a sample is in its encoding too, and
// reports the path of every member that was lost or changed. The encoding may have
// more members.
func RoundTrip(t *testing.T, sample, encoded string, opts ...Option) {
	t.Helper()
	for _, loss := range Losses(sample, encoded, opts...) {
		t.Error(loss)
	}
}

// Losses lists what [RoundTrip] reports.
func Losses(sample, encoded string, opts ...Option) []string {
	want, err := parse(sample)
	if err != nil {
		return []string{"sample: " + err.Error()}
	}
	got, err := parse(encoded)
	if err != nil {
		return []string{"encoding: " + err.Error()}
	}
	var c comparison
	for _, opt := range opts {
		opt(&c)
	}
	c.compare("", want, got)
	return c.losses
}

type comparison struct {
	tolerated, exact []string
	losses           []string
}

var elementIndex = regexp.MustCompile(`\[\d+\]`)

// listed tells whether a path is one of paths or below it.
func listed(path string, paths []string) bool {
	path = elementIndex.ReplaceAllString(path, "[]")
	return slices.ContainsFunc(paths, func(p string) bool {
		rest, found := strings.CutPrefix(path, p)
		return found && (rest == "" || rest[0] == '.' || rest[0] == '[')
	})
}

func (c *comparison) lose(path, format string, args ...any) {
	if path == "" {
		path = "the value"
	}
	c.losses = append(c.losses, path+": "+fmt.Sprintf(format, args...))
}

func (c *comparison) compare(path string, want, got *node) {
	switch {
	case listed(path, c.tolerated):
	case got == nil:
		c.lose(path, "lost %s", want.render(style{}))
	case want.kind != got.kind:
		c.lose(path, "was %s, is written as %s", want.render(style{}), got.render(style{}))
	case want.kind == '{':
		for i, key := range want.keys {
			c.compare(strings.TrimPrefix(path+"."+key, "."), want.items[i], got.member(key))
		}
	case want.kind == '[':
		c.compareItems(path, want, got)
	case !c.equal(path, want, got):
		c.lose(path, "was %s, is written as %s", want.render(style{}), got.render(style{}))
	}
}

func (c *comparison) compareItems(path string, want, got *node) {
	if len(want.items) != len(got.items) {
		c.lose(path, "had %d elements, has %d", len(want.items), len(got.items))
		return
	}
	for i := range want.items {
		c.compare(fmt.Sprintf("%s[%d]", path, i), want.items[i], got.items[i])
	}
}

// equal compares scalars of one kind.
func (c *comparison) equal(path string, want, got *node) bool {
	if want.text == got.text {
		return true
	}
	if want.kind != '0' || listed(path, c.exact) {
		return false
	}
	a, okA := new(big.Rat).SetString(want.text)
	b, okB := new(big.Rat).SetString(got.text)
	return okA && okB && a.Cmp(b) == 0
}
