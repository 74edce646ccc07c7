package stream

import (
	"fmt"

	"github.com/venuewire/venuewire/stream/protocol"
)

// mergeParams makes one set of params of those of all who share an item: members of Feed.Union get the union of
// their lists, of the others the first one given counts. Members of Feed.Same must agree.
func mergeParams(feed *protocol.Feed, uses []*use) (object, error) {
	var out object
	for i, u := range uses {
		if i == 0 {
			out = u.params
			continue
		}
		if err := sameParams(feed, out, u.params); err != nil {
			return nil, err
		}
		for _, m := range u.params {
			have, ok := out.get(m.name)
			switch {
			case !ok:
				out = out.with(m.name, m.value)
			case contains(feed.Union, m.name):
				out = out.with(m.name, union(have, m.value))
			}
		}
	}
	return out, nil
}

func sameParams(feed *protocol.Feed, a, b object) error {
	for _, name := range feed.Same {
		x, inA := a.get(name)
		y, inB := b.get(name)
		if (inA || inB) && x != y {
			return fmt.Errorf("%w: %s is %s there", ErrConflict, name, orAbsent(x))
		}
	}
	return nil
}

func orAbsent(v string) string {
	if v == "" {
		return "not set"
	}
	return v
}

func contains(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

// identity is the key without the members on which subscribers must agree: items of one identity are the same to
// the venue, whatever those members say.
func identity(feed *protocol.Feed, key object) string {
	return key.without(feed.Same...).sorted().String()
}
