package coverage_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen/coverage"
	"github.com/venuewire/venuewire/gen/ir"
)

// leaf makes a template {member: text, "id": <id>}.
func leaf(member, text string) []*ir.Template {
	return []*ir.Template{{Root: &ir.TemplateNode{Members: []ir.TemplateMember{
		{Name: "id", Value: &ir.TemplateNode{Leaf: &ir.Leaf{Builtin: "id"}}},
		{Name: member, Value: &ir.TemplateNode{Leaf: &ir.Leaf{JSON: `"` + text + `"`}}},
	}}}}
}

func named(class *ir.Class, texts ...string) []*ir.Match {
	var values []ir.CondValue
	for _, s := range texts {
		values = append(values, ir.CondValue{JSON: `"` + s + `"`})
	}
	return []*ir.Match{{Conds: []ir.Cond{{Path: ir.Path{{Member: class.Key[0]}}, Values: values}}}}
}

// demo is a venue with one row of each sort.
func demo() *ir.Venue {
	class := &ir.Class{Name: "message", Key: []string{"name"}, ID: "id"}
	a, b := &ir.Connection{Name: "a"}, &ir.Connection{Name: "b"}
	both := []*ir.Connection{a, b}
	d := &ir.Domain{Name: "market", File: "market.yaml", Tags: []string{"trading"}}
	misc := &ir.Domain{Name: "misc", File: "misc.yaml"}
	entry := func(wire, goName string, e ir.Entry) ir.Entry {
		e.Wire, e.Go = wire, goName
		if e.Domain == nil {
			e.Domain, e.Tags = d, []string{"trading"}
		}
		if e.Connections == nil {
			e.Connections = both
		}
		e.Prov.Source = source
		return e
	}
	row := &ir.Row{Wire: "get"}
	reply := &ir.Response{Name: "got", Class: class, Type: structType}
	d.RPCs = []*ir.RPC{
		{Entry: entry("get", "Get", ir.Entry{Version: "1.0", Priority: "high", Examples: []*ir.Example{example("captured", ir.Step{Send: true, Frame: `{"name":"call"}`}, received)}}), Row: row, Response: reply, Effect: ir.EffectRead, EffectSet: true},
		{Entry: entry("get", "GetV2", ir.Entry{Version: "2.0", Priority: "high"}), Row: row, Response: reply, Effect: ir.EffectRead, EffectSet: true},
		{Entry: entry("login", "Login", ir.Entry{}), Row: &ir.Row{Wire: "login"}, Send: leaf("name", "login"), Reply: ir.ReplyAck, Effect: ir.EffectWrite, EffectSet: true},
		{Entry: entry("find", "Find", ir.Entry{Priority: "low", Unknown: []string{"response"}}), Row: &ir.Row{Wire: "find"}, Response: &ir.Response{Name: "found"}},
		{Entry: entry("seek", "Seek", ir.Entry{Priority: "high", VersionUnknown: true, Candidates: []string{"3.0"}, Unknown: []string{"version", "response"}}), Row: &ir.Row{Wire: "seek"}},
	}
	misc.RPCs = []*ir.RPC{
		{Entry: entry("chat.*", "", ir.Entry{Domain: misc, Skip: "no | trading", Group: &ir.Group{Rows: 6}}), Row: &ir.Row{Wire: "chat.*"}},
	}
	onA := &ir.Event{Go: "A", Class: class, On: named(class, "x"), Type: structType, Connections: []*ir.Connection{a}, Domain: d, Examples: []*ir.Example{example("captured", received)}}
	onB := &ir.Event{Go: "B", Class: class, On: named(class, "x", "y"), Type: structType, Connections: []*ir.Connection{b}, Domain: d}
	d.Events = []*ir.Event{onA, onB}
	d.Subscriptions = []*ir.Subscription{
		{Entry: entry("x", "Xs", ir.Entry{Connections: []*ir.Connection{a}}), Events: []*ir.Event{onA}},
		{Entry: entry("z", "Zs", ir.Entry{Unknown: []string{"event"}})},
	}
	return &ir.Venue{
		Name: "demo", Package: "demo", Connections: both,
		Sources: []*ir.Source{{ID: "ref", Kind: "capture", Title: "The reference", Authority: true}, {ID: "other"}},
		Wire: &ir.Wire{
			Classes: []*ir.Class{class}, Call: leaf("name", "call"), Subscribe: leaf("name", "subscribe"), Unsubscribe: leaf("name", "unsubscribe"),
			AckSubscribe: &ir.Ack{Mode: ir.AckReply, On: named(class, "result")},
		},
		Domains: []*ir.Domain{d, misc},
	}
}

func find(t *testing.T, list []coverage.Category, name string) coverage.Tally {
	t.Helper()
	for _, c := range list {
		if c.Name == name {
			return c.Tally
		}
	}
	require.Fail(t, "no category "+name)
	return coverage.Tally{}
}

func TestCategories(t *testing.T) {
	t.Parallel()
	r := coverage.New([]*ir.Venue{demo()})
	list := r.Categories("demo", coverage.Everything)
	for name, want := range map[string][3]int{ // rows, with groups counted out, implemented
		"Client frames":          {4, 4, 4}, // call login subscribe unsubscribe
		"RPCs, trading":          {4, 4, 2},
		"RPCs, all":              {5, 10, 2}, // two versions are one row, a group is one row that stands for six
		"Subscriptions, trading": {2, 2, 1},
		"Subscriptions, all":     {2, 2, 1},
		"Server messages":        {6, 6, 5}, // got found x(a) x(b) y result
		"Reply names, trading":   {3, 3, 2}, // get find seek; that of seek is unknown
	} {
		got := find(t, list, name)
		require.Equal(t, want, [3]int{got.Rows, got.Expanded, got.Implemented}, name)
	}
	frames := find(t, list, "Client frames")
	require.Equal(t, 1, frames.ByLevel[coverage.Verified], "only the call has a captured frame that was sent")
}

func TestReferenceCountsItsOwnRowsOnly(t *testing.T) {
	t.Parallel()
	v := demo()
	v.Domains[0].RPCs[2].Prov.Source = []ir.SourceRef{{ID: "other"}}
	list := coverage.New([]*ir.Venue{v}).Categories("demo", coverage.Reference)
	require.Equal(t, 4, find(t, list, "RPCs, all").Rows)
	require.Equal(t, 3, find(t, list, "Client frames").Rows, "login is not the reference's")
}

func TestTotalIsTheSumOfDomains(t *testing.T) {
	t.Parallel()
	r := coverage.New([]*ir.Venue{demo()})
	var sum coverage.Tally
	for _, c := range r.Breakdown("demo", "domain") {
		sum = sum.Plus(c.Tally)
	}
	require.Equal(t, r.Total("demo"), sum)
	require.Equal(t, 9, sum.Rows)
}

func TestBreakdownOrder(t *testing.T) {
	t.Parallel()
	r := coverage.New([]*ir.Venue{demo()})
	var names []string
	for _, c := range r.Breakdown("demo", "priority") {
		names = append(names, c.Name)
	}
	require.Equal(t, []string{"high", "low", "(none)"}, names)
}

func TestMissingIsSortedByPriority(t *testing.T) {
	t.Parallel()
	r := coverage.New([]*ir.Venue{demo()})
	var names []string
	for _, e := range r.Missing("demo") {
		names = append(names, e.Name)
	}
	require.Equal(t, []string{"seek", "find", "z"}, names)
}

func TestPercent(t *testing.T) {
	t.Parallel()
	for want, tally := range map[string]coverage.Tally{
		"-":    {},
		"0%":   {Rows: 3},
		"1%":   {Rows: 1000, Implemented: 1},
		"61%":  {Rows: 18, Implemented: 11},
		"19%":  {Rows: 58, Implemented: 11},
		"99%":  {Rows: 1000, Implemented: 999},
		"100%": {Rows: 5, Implemented: 5},
	} {
		require.Equal(t, want, tally.Percent())
	}
}

func TestJSONHasOneEntryALineAndReadsBack(t *testing.T) {
	t.Parallel()
	r := coverage.New([]*ir.Venue{demo()})
	data, err := r.JSON()
	require.NoError(t, err)
	require.Equal(t, len(r.Entries)+len(r.Venues)+5, strings.Count(string(data), "\n"))
	back, err := coverage.Parse(data)
	require.NoError(t, err)
	require.Equal(t, r, back)
	again, err := back.JSON()
	require.NoError(t, err)
	require.Equal(t, string(data), string(again))
}

func TestEmptyReport(t *testing.T) {
	t.Parallel()
	r := coverage.New(nil)
	data, err := r.JSON()
	require.NoError(t, err)
	back, err := coverage.Parse(data)
	require.NoError(t, err)
	require.True(t, coverage.Compare(r, back).Empty())
	require.Contains(t, string(r.Markdown()), "| **total** | 0 | 0 | - |")
}

func TestParseRefusesWhatIsNoReport(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "[]", "{", `{"format":2}`, `{"format":1,"entries":[{"level":"perfect"}]}`} {
		_, err := coverage.Parse([]byte(text))
		require.ErrorContains(t, err, "read coverage", text)
	}
}

func TestVenueWithoutWire(t *testing.T) {
	t.Parallel()
	v := &ir.Venue{Name: "bare"}
	require.Empty(t, coverage.New([]*ir.Venue{v}).Entries)
	require.Nil(t, v.Wire, "a report changes nothing of the model")
}

func TestMarkdownEscapesCells(t *testing.T) {
	t.Parallel()
	page := string(coverage.New([]*ir.Venue{demo()}).Markdown())
	require.True(t, strings.HasPrefix(page, coverage.MarkdownHeader+"\n"))
	require.Contains(t, page, "| `chat.*` | rpc | no \\| trading |")
	require.Contains(t, page, "### demo: against the reference ref")
	require.Contains(t, page, "| RPCs, all | 5 (10) | 2 | 40% |")
}

func TestText(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	require.NoError(t, coverage.New([]*ir.Venue{demo()}).Text(&b))
	require.Contains(t, b.String(), "RPCs, all")
	for line := range strings.Lines(b.String()) {
		require.Equal(t, strings.TrimRight(line, " \n"), strings.TrimSuffix(line, "\n"), "lines end without spaces")
	}
}
