package main

import "slices"

// table is a table of the page.
type table struct {
	title, note string
	benchmarks  []string
	param       string // title of the column of parameters; empty for none
	ours        string // the contender that the others are compared with; empty for none
	columns     []column
}

// column is a unit of the benchmarks.
type column struct {
	unit, title string
	higher      bool    // more is better
	scale       float64 // 0 is 1
	ratio       bool    // with a column that compares
}

// tables is the page, in its order.
var tables = []table{{
	title:      "Decoding and dispatch",
	note:       "Stocks of Polygon.io: trades, quotes and minute bars of 500 symbols, to a handler of each kind.",
	benchmarks: []string{"Decode"}, param: "events a frame", ours: "ours",
	columns: []column{
		{unit: "ns/event", title: "ns an event", ratio: true},
		{unit: "events/s", title: "million events/s", higher: true, scale: 1e-6},
		{unit: "allocs/event", title: "allocations an event"},
	},
}, {
	title:      "End to end",
	note:       "The same frames over a WebSocket on the loopback interface, from a server in another process. Processor time and allocations are those of the client's process.",
	benchmarks: []string{"EndToEnd"}, param: "events a frame", ours: "ours",
	columns: []column{
		{unit: "frames/s", title: "thousand frames/s", higher: true, scale: 1e-3, ratio: true},
		{unit: "events/s", title: "million events/s", higher: true, scale: 1e-6},
		{unit: "cpu-ns/event", title: "CPU ns an event", ratio: true},
		{unit: "allocs/event", title: "allocations an event"},
	},
}, {
	title:      "Latency",
	note:       "From just before the server's write to the handler, at 500 frames of 10 events a second.",
	benchmarks: []string{"Latency"}, ours: "ours",
	columns: []column{{unit: "p50-µs", title: "p50 µs", ratio: true}, {unit: "p99-µs", title: "p99 µs", ratio: true}},
}, {
	title:      "One message of other venues",
	note:       "Decoding and dispatch of one frame to a direct handler.",
	benchmarks: []string{"Candles", "Ticks", "TickDeltas", "BookUpdate", "Trades"}, ours: "generated",
	columns: []column{{unit: "ns/op", title: "ns a frame", ratio: true}, {unit: "allocs/op", title: "allocations"}},
}, {
	title:      "Order books",
	note:       "One change: apply it, truncate, compute the checksum.",
	benchmarks: []string{"L2", "L3"},
	columns:    []column{{unit: "ns/op", title: "ns"}, {unit: "allocs/op", title: "allocations"}},
}, {
	title:      "Generator",
	benchmarks: []string{"GenerateAll", "LoadAll", "GenerateSynthetic", "LoadSynthetic"},
	columns: []column{
		{unit: "ns/op", title: "ms", scale: 1e-6}, {unit: "cpu-ms/op", title: "CPU ms"}, {unit: "µs/rpc", title: "µs a call"},
	},
}, {
	title:      "Building",
	note:       "`go build` of a venue's package, with its dependencies in the cache.",
	benchmarks: []string{"Build"},
	columns:    []column{{unit: "ns/op", title: "s", scale: 1e-9}, {unit: "cpu-ms/op", title: "CPU s", scale: 1e-3}},
}}

// labels are what contenders are called on the page and in the plot; others keep their names.
var labels = map[string]string{
	"ours":                "**venuewire**",
	"generated":           "**venuewire**",
	"ours-queued":         "**venuewire**, queue and iterator",
	"ours-new-ids":        "**venuewire**, trade ids that never recur",
	"goccy-peek-borrowed": "goccy/go-json, peek, strings borrowed",
	"goccy-peek":          "goccy/go-json, peek",
	"goccy-peek-float64":  "goccy/go-json, peek, float64",
	"goccy-peek-number":   "goccy/go-json, peek, json.Number",
	"goccy-peek-text":     "goccy/go-json, peek, numbers as text",
	"encoding-json":       "encoding/json, two passes",
	"std-two-pass":        "encoding/json, two passes",
	"client-go":           "polygon-io/client-go",
	"read-message":        "gorilla ReadMessage, decodes nothing",
}

func label(contender string) string {
	if l, ok := labels[contender]; ok {
		return l
	}
	return contender
}

func (t *table) has(r *row) bool { return slices.Contains(t.benchmarks, r.benchmark) }

// units are the columns that some row has figures for.
func (t *table) units(rows []*row) (out []column) {
	for _, c := range t.columns {
		if slices.ContainsFunc(rows, func(r *row) bool { return len(r.figures[c.unit]) > 0 }) {
			out = append(out, c)
		}
	}
	return out
}
