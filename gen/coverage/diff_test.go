package coverage_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen/coverage"
	"github.com/venuewire/venuewire/gen/ir"
)

func TestCompare(t *testing.T) {
	t.Parallel()
	type lists struct{ gained, lost, changed []string }
	for name, c := range map[string]struct {
		change func(v *ir.Venue)
		want   lists
	}{
		"nothing":   {func(*ir.Venue) {}, lists{}},
		"row added": {func(v *ir.Venue) { add(v, "new") }, lists{gained: []string{"new: new, named"}}},
		"row removed": {func(v *ir.Venue) { v.Domains[0].RPCs = slices.Delete(v.Domains[0].RPCs, 3, 4) },
			lists{lost: []string{"find: gone, was named"}}},
		"level up": {func(v *ir.Venue) { v.Domains[0].RPCs[3].Unknown, v.Domains[0].RPCs[3].Response.Type = nil, structType },
			lists{gained: []string{"find: level: named -> typed; unknown: response -> (none)"}}},
		"level down": {func(v *ir.Venue) { v.Domains[0].RPCs[2].Unknown = []string{"request"} },
			lists{lost: []string{"login: level: typed -> named; unknown: (none) -> request"}}},
		"method renamed": {func(v *ir.Venue) { v.Domains[0].RPCs[2].Go = "LogIn" },
			lists{lost: []string{"login: go: Login -> LogIn"}}},
		"version added": {func(v *ir.Venue) {
			d := v.Domains[0]
			more := *d.RPCs[0]
			more.Go, more.Version = "GetV3", "3.0"
			d.RPCs = append(d.RPCs, &more)
		}, lists{gained: []string{"get: go: Get GetV2 -> Get GetV2 GetV3; versions: 1.0 2.0 -> 1.0 2.0 3.0"}}},
		"priority changed": {func(v *ir.Venue) { v.Domains[0].RPCs[3].Priority = "medium" },
			lists{changed: []string{"find: priority: low -> medium"}}},
		"moved to another domain": {func(v *ir.Venue) {
			from, to := v.Domains[0], v.Domains[1]
			r := from.RPCs[3]
			r.Domain = to
			from.RPCs, to.RPCs = slices.Delete(from.RPCs, 3, 4), append(to.RPCs, r)
		}, lists{changed: []string{"find: domain: market -> misc"}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := demo()
			c.change(v)
			d := coverage.Compare(coverage.New([]*ir.Venue{demo()}), coverage.New([]*ir.Venue{v}))
			require.Equal(t, c.want, lists{said(d.Gained), said(d.Lost), said(d.Changed)})
			require.Equal(t, name == "nothing", d.Empty())
		})
	}
}

// add adds a call of which only the name is known.
func add(v *ir.Venue, wire string) {
	d := v.Domains[0]
	d.RPCs = append(d.RPCs, &ir.RPC{Entry: ir.Entry{Wire: wire, Go: "New", Domain: d, Connections: v.Connections}, Row: &ir.Row{}})
}

// said returns what the text form says of each change.
func said(list []coverage.Change) []string {
	var out []string
	for _, c := range list {
		var b strings.Builder
		d := coverage.Diff{Changed: []coverage.Change{c}}
		_ = d.Text(&b) // a builder does not fail
		line, _, _ := strings.Cut(b.String(), "\n")
		_, summary, _ := strings.Cut(line, c.Entry().Name)
		out = append(out, c.Entry().Name+": "+strings.TrimLeft(summary, " "))
	}
	return out
}

func TestSameNameInTwoDomainsIsTwoRows(t *testing.T) {
	t.Parallel()
	older := &coverage.Report{Entries: []coverage.Entry{
		{Venue: "v", Kind: coverage.KindEvent, Name: "T", Domain: "stocks", Level: coverage.Typed},
		{Venue: "v", Kind: coverage.KindEvent, Name: "T", Domain: "crypto", Level: coverage.Typed},
	}}
	newer := &coverage.Report{Entries: []coverage.Entry{
		{Venue: "v", Kind: coverage.KindEvent, Name: "T", Domain: "forex", Level: coverage.Typed},
	}}
	d := coverage.Compare(older, newer)
	require.Len(t, d.Gained, 1, "which of the two moved cannot be told")
	require.Len(t, d.Lost, 2)
}

func TestDiffText(t *testing.T) {
	t.Parallel()
	v := demo()
	add(v, "new")
	var b strings.Builder
	require.NoError(t, coverage.Compare(coverage.New([]*ir.Venue{demo()}), coverage.New([]*ir.Venue{v})).Text(&b))
	require.Equal(t, "gained  rpc  demo/new  new, named\n1 gained, 0 lost, 0 changed\n", b.String())
}
