package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/venuewire/venuewire/gen/coverage"
	"github.com/venuewire/venuewire/gen/ir"
)

// item is one entry that can be shown. One of rpcs, sub, event is set.
type item struct {
	venue  *ir.Venue
	domain *ir.Domain
	kind   coverage.Kind
	rpcs   []*ir.RPC // the versions of one row
	sub    *ir.Subscription
	event  *ir.Event
}

// items lists all entries of venues.
func items(venues []*ir.Venue) []item {
	var out []item
	for _, v := range venues {
		for _, d := range v.Domains {
			for _, row := range coverage.RowsOf(d.RPCs) {
				out = append(out, item{venue: v, domain: d, kind: coverage.KindRPC, rpcs: row})
			}
			for _, s := range d.Subscriptions {
				out = append(out, item{venue: v, domain: d, kind: coverage.KindSubscription, sub: s})
			}
			for _, e := range d.Events {
				out = append(out, item{venue: v, domain: d, kind: coverage.KindEvent, event: e})
			}
		}
	}
	return out
}

// name is the wire name, or the Go name of an event.
func (it item) name() string {
	switch {
	case it.sub != nil:
		return it.sub.Wire
	case it.event != nil:
		return it.event.Go
	}
	return it.rpcs[0].Wire
}

// goNames are the names by which Go programs know the entry.
func (it item) goNames() []string {
	switch {
	case it.sub != nil:
		return methodsOf(it.sub.Go, "Subscribe", "Direct")
	case it.event != nil:
		return methodsOf(it.event.Go, "Listen")
	}
	var out []string
	for _, r := range it.rpcs {
		out = append(out, methodsOf(r.Go)...)
	}
	return out
}

func methodsOf(name string, prefixes ...string) []string {
	if name == "" {
		return nil
	}
	out := []string{name}
	for _, p := range prefixes {
		out = append(out, p+name)
	}
	return out
}

// spellings are all names under which an entry is found: alone, after the venue, and after venue and domain.
func (it item) spellings() []string {
	var out []string
	for _, name := range append([]string{it.name()}, it.goNames()...) {
		out = append(out, name, it.venue.Name+"/"+name, it.venue.Name+"/"+it.domain.Name+"/"+name)
	}
	return out
}

// full is the spelling that tells an entry from those of other domains, and its kind.
func (it item) full() string {
	return fmt.Sprintf("%s/%s/%s (%s)", it.venue.Name, it.domain.Name, it.name(), it.kind)
}

// find returns the one entry of a name. Several are an error that lists them, none one that lists what is near.
func find(all []item, name string) (item, error) {
	hits := matching(all, func(s string) bool { return s == name })
	if len(hits) == 0 {
		hits = matching(all, func(s string) bool { return strings.EqualFold(s, name) })
	}
	if len(hits) == 0 {
		hits = carrying(all, name)
	}
	hits = withoutOwnEvents(hits)
	switch len(hits) {
	case 0:
		return item{}, notFound(all, name)
	case 1:
		return hits[0], nil
	}
	lines := []string{fmt.Sprintf("%q is the name of several entries; say which:", name)}
	for _, it := range hits {
		lines = append(lines, "  "+it.full())
	}
	return item{}, bad("%s", strings.Join(lines, "\n"))
}

func matching(all []item, ok func(string) bool) []item {
	var out []item
	for _, it := range all {
		if slices.ContainsFunc(it.spellings(), ok) {
			out = append(out, it)
		}
	}
	return out
}

// carrying finds the events that a server message of this name carries.
func carrying(all []item, name string) []item {
	var out []item
	for _, it := range all {
		if it.event != nil && slices.Contains(coverage.MessagesOf(it.event), name) {
			out = append(out, it)
		}
	}
	return out
}

// withoutOwnEvents drops events beside a subscription that delivers them: its page shows them too.
func withoutOwnEvents(hits []item) []item {
	return slices.DeleteFunc(slices.Clone(hits), func(it item) bool {
		return it.event != nil && slices.ContainsFunc(hits, func(o item) bool {
			return o.sub != nil && slices.Contains(o.sub.Events, it.event)
		})
	})
}

func notFound(all []item, name string) error {
	var names []string
	for _, it := range all {
		names = append(append(names, it.name()), it.goNames()...)
	}
	bare := name[strings.LastIndexByte(name, '/')+1:]
	near := nearest(bare, names, 5)
	if len(near) == 0 {
		return bad("no entry is named %q; protogen ls lists all", name)
	}
	return bad("no entry is named %q; near are: %s", name, strings.Join(near, ", "))
}
