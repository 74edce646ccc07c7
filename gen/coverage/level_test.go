package coverage_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen/coverage"
	"github.com/venuewire/venuewire/gen/ir"
)

var (
	structType = &ir.Type{Kind: ir.KindStruct, Go: "Quote"}
	jsonType   = &ir.Type{Kind: ir.KindScalar, Scalar: "json"}
	source     = []ir.SourceRef{{ID: "ref", Place: "4"}}
)

func example(kind string, steps ...ir.Step) *ir.Example {
	return &ir.Example{Name: "one", Kind: kind, Source: source, Steps: steps}
}

var (
	sent     = ir.Step{Send: true, Frame: `{"name":"get"}`}
	received = ir.Step{Frame: `{"name":"got"}`}
)

func TestLevelNamesRoundTrip(t *testing.T) {
	t.Parallel()
	for _, l := range coverage.Levels() {
		text, err := l.MarshalText()
		require.NoError(t, err)
		var back coverage.Level
		require.NoError(t, back.UnmarshalText(text))
		require.Equal(t, l, back)
	}
	var l coverage.Level
	require.ErrorContains(t, l.UnmarshalText([]byte("perfect")), "perfect")
	_, err := coverage.Level(9).MarshalText()
	require.Error(t, err)
	require.Equal(t, "level(9)", coverage.Level(9).String())
}

func TestRPCLevel(t *testing.T) {
	t.Parallel()
	typed := func(change func(*ir.RPC)) *ir.RPC {
		r := &ir.RPC{Entry: ir.Entry{Wire: "get", Go: "Get"}, Response: &ir.Response{Type: structType}}
		if change != nil {
			change(r)
		}
		return r
	}
	for name, c := range map[string]struct {
		rpc  *ir.RPC
		want coverage.Level
	}{
		"shapes known":                     {typed(nil), coverage.Typed},
		"alias of a struct":                {typed(func(r *ir.RPC) { r.Response.Type = &ir.Type{Kind: ir.KindAlias, Elem: structType} }), coverage.Typed},
		"no reply to know":                 {typed(func(r *ir.RPC) { r.Reply, r.Response = ir.ReplyNone, nil }), coverage.Typed},
		"ack alone":                        {typed(func(r *ir.RPC) { r.Reply, r.Response = ir.ReplyAck, nil }), coverage.Typed},
		"replies only counted":             {typed(func(r *ir.RPC) { r.Response = &ir.Response{ItemNone: true} }), coverage.Typed},
		"skipped":                          {typed(func(r *ir.RPC) { r.Skip, r.Go = "marketing", "" }), coverage.Skipped},
		"skipped but with a method":        {typed(func(r *ir.RPC) { r.Skip = "marketing" }), coverage.Typed},
		"no response":                      {typed(func(r *ir.RPC) { r.Response = nil }), coverage.Named},
		"reply known by name only":         {typed(func(r *ir.RPC) { r.Response = &ir.Response{Name: "got"} }), coverage.Named},
		"bare JSON is no shape":            {typed(func(r *ir.RPC) { r.Response.Type = jsonType }), coverage.Named},
		"unknown request":                  {typed(func(r *ir.RPC) { r.Unknown = []string{"request"} }), coverage.Named},
		"unknown version is not the shape": {typed(func(r *ir.RPC) { r.Unknown = []string{"version"} }), coverage.Typed},
		"group":                            {typed(func(r *ir.RPC) { r.Group = &ir.Group{Rows: 3} }), coverage.Named},
		"documented example":               {typed(func(r *ir.RPC) { r.Examples = []*ir.Example{example("documented", received)} }), coverage.Exampled},
		"captured example":                 {typed(func(r *ir.RPC) { r.Examples = []*ir.Example{example("captured", sent, received)} }), coverage.Verified},
		"captured request proves no reply": {typed(func(r *ir.RPC) { r.Examples = []*ir.Example{example("captured", sent)} }), coverage.Typed},
		"captured request without a reply": {typed(func(r *ir.RPC) {
			r.Reply, r.Examples = ir.ReplyNone, []*ir.Example{example("captured", sent)}
		}), coverage.Verified},
		"example without source": {typed(func(r *ir.RPC) {
			r.Examples = []*ir.Example{{Kind: "captured", Steps: []ir.Step{received}}}
		}), coverage.Typed},
		"example of another version": {typed(func(r *ir.RPC) {
			ex := example("captured", received)
			ex.Version = "2.0"
			r.Version, r.Examples = "1.0", []*ir.Example{ex}
		}), coverage.Typed},
		"guessed is never verified": {typed(func(r *ir.RPC) {
			r.Prov.Confidence, r.Examples = ir.Guessed, []*ir.Example{example("captured", received)}
		}), coverage.Exampled},
		"inferred is never verified": {typed(func(r *ir.RPC) {
			r.Prov.Confidence, r.Examples = ir.Inferred, []*ir.Example{example("captured", received)}
		}), coverage.Exampled},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, coverage.RPCLevel(c.rpc))
		})
	}
}

func TestRowHasTheLevelOfItsBestVersion(t *testing.T) {
	t.Parallel()
	named := &ir.RPC{Entry: ir.Entry{Wire: "get", Go: "Get"}}
	typed := &ir.RPC{Entry: ir.Entry{Wire: "get", Go: "GetV2"}, Response: &ir.Response{Type: structType}}
	require.Equal(t, coverage.Typed, coverage.RowLevel([]*ir.RPC{named, typed}))
}

func TestSubscriptionLevel(t *testing.T) {
	t.Parallel()
	event := func(examples ...*ir.Example) *ir.Event {
		return &ir.Event{Go: "Quote", Type: structType, Payload: structType, Examples: examples}
	}
	raw := &ir.Event{Go: "Raw", Type: structType, Payload: jsonType}
	sub := func(e ir.Entry, events ...*ir.Event) *ir.Subscription {
		e.Go = "Quotes"
		return &ir.Subscription{Entry: e, Events: events}
	}
	captured, documented := example("captured", received), example("documented", received)
	for name, c := range map[string]struct {
		sub  *ir.Subscription
		want coverage.Level
	}{
		"no event":                        {sub(ir.Entry{}), coverage.Named},
		"typed event":                     {sub(ir.Entry{}, event()), coverage.Typed},
		"one of two events is bare JSON":  {sub(ir.Entry{}, event(captured), raw), coverage.Named},
		"event listed as unknown":         {sub(ir.Entry{Unknown: []string{"event"}}, event()), coverage.Named},
		"cancel listed as unknown":        {sub(ir.Entry{Unknown: []string{"cancel"}}, event()), coverage.Typed},
		"example of the event":            {sub(ir.Entry{}, event(documented)), coverage.Exampled},
		"captured example of the event":   {sub(ir.Entry{}, event(captured)), coverage.Verified},
		"captured example of its own":     {sub(ir.Entry{Examples: []*ir.Example{captured}}, event()), coverage.Verified},
		"guessed with a captured event":   {sub(ir.Entry{Prov: ir.Provenance{Confidence: ir.Guessed}}, event(captured)), coverage.Exampled},
		"a captured subscribe frame only": {sub(ir.Entry{Examples: []*ir.Example{example("captured", sent)}}, event()), coverage.Typed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, coverage.SubscriptionLevel(c.sub))
		})
	}
	skipped := &ir.Subscription{Entry: ir.Entry{Skip: "marketing"}}
	require.Equal(t, coverage.Skipped, coverage.SubscriptionLevel(skipped))
}

func TestEventLevel(t *testing.T) {
	t.Parallel()
	unknown := &ir.Event{Type: structType, Payload: structType, Unknown: []string{"shape"}}
	require.Equal(t, coverage.Named, coverage.EventLevel(unknown))
	fields := &ir.Event{Type: structType}
	require.Equal(t, coverage.Typed, coverage.EventLevel(fields), "the type stands in for a payload that is not set")
}
