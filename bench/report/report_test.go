package main

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Two rounds of three contenders; the pages' figures are worked out by hand.
const output = `meta: 2026-01-02, go1.26.8
goos: linux
pkg: example.org/bench
BenchmarkDecode/10/ours-2         	 1000	 2000 ns/op	 0.05 allocs/event	 5000000 events/s	 200.0 ns/event
BenchmarkDecode/10/client-go-2    	 1000	 70000 ns/op	 18.2 allocs/event	 142857 events/s	 7000 ns/event
BenchmarkEndToEnd/10/ours-2       	 1000	 5000 ns/op	 200000 frames/s	 2000000 events/s	 400 cpu-ns/event
BenchmarkEndToEnd/10/read-message-2	 1000	 2500 ns/op	 400000 frames/s	 4000000 events/s	 100 cpu-ns/event
PASS
pkg: example.org/kraken/book
BenchmarkL2/depth-10-2            	 1000	 150 ns/op	 0 allocs/op
pkg: example.org/bench
BenchmarkDecode/10/ours-2         	 1000	 2500 ns/op	 0.05 allocs/event	 4000000 events/s	 250.0 ns/event
BenchmarkDecode/10/client-go-2    	 1000	 90000 ns/op	 18.2 allocs/event	 111111 events/s	 9000 ns/event
BenchmarkEndToEnd/10/ours-2       	 1000	 5000 ns/op	 100000 frames/s	 1000000 events/s	 500 cpu-ns/event
BenchmarkEndToEnd/10/read-message-2	 1000	 2500 ns/op	 500000 frames/s	 5000000 events/s	 100 cpu-ns/event
PASS
pkg: example.org/kraken/book
BenchmarkL2/depth-10-2            	 1000	 100 ns/op	 0 allocs/op
PASS
`

func TestPage(t *testing.T) {
	r, err := parse(strings.NewReader(output))
	require.NoError(t, err)
	page := string(markdown(r))
	for _, line := range []string{
		"\n2026-01-02, go1.26.8\n",
		"| events a frame | contender | ns an event | × | million events/s | allocations an event |",
		"| 10 | **venuewire** | 200 (200) | 1.00 (1.00) | 5.00 (5.00) | 0.05 (0.05) |",
		"| 10 | polygon-io/client-go | 7,000 (7,000) | 35.0 (35.0) | 0.14 (0.14) | 18.2 (18.2) |",
		"| 10 | **venuewire** | 200 (200) | 1.00 (1.00) | 2.00 (2.00) | 400 (400) | 1.00 (1.00) |",
		"| 10 | gorilla ReadMessage, decodes nothing | 500 (500) | 0.40 (0.40) | 5.00 (5.00) | 100 (100) | 0.25 (0.25) |",
		"| L2 depth-10 | 100 (100) | 0 (0) |",
	} {
		require.Contains(t, page, line)
	}
	require.NotContains(t, page, "## Latency", "no rows, no table")
}

func TestMedianIsTheMiddleRound(t *testing.T) {
	of := newRow("p", "X")
	of.figures["u"] = []float64{5, 1, 3, 9, 2}
	f, ok := of.figure(column{unit: "u"})
	require.True(t, ok)
	require.Equal(t, figure{best: 1, median: 3}, f)
	f, _ = of.figure(column{unit: "u", higher: true})
	require.Equal(t, figure{best: 9, median: 3}, f)
	_, ok = of.figure(column{unit: "other"})
	require.False(t, ok)
}

func TestNumberOfProcessors(t *testing.T) {
	one := []string{"BenchmarkL2/depth-10 \t1", "BenchmarkL2/depth-1000 \t1"}
	require.Empty(t, procs(one), "no suffix on one processor")
	require.Equal(t, "-2", procs([]string{"BenchmarkL2/depth-10-2 \t1", "BenchmarkAll-2 \t1"}))
}

func TestFailuresAreNoResults(t *testing.T) {
	for _, text := range []string{"--- FAIL: BenchmarkX", "FAIL", "panic: x", "BenchmarkX 1 y ns/op"} {
		_, err := parse(strings.NewReader(output + text + "\n"))
		require.Error(t, err, text)
	}
}

func TestPlotIsXMLWithABarForEachContender(t *testing.T) {
	r, err := parse(strings.NewReader(output))
	require.NoError(t, err)
	plot := svg(r)
	bars := 0
	for d := xml.NewDecoder(strings.NewReader(string(plot))); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		require.NoError(t, err)
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "rect" {
			bars++
		}
	}
	require.Equal(t, 4, bars)
	require.Contains(t, string(plot), "5 M")
}

func TestBarsGrowWithTheLogarithm(t *testing.T) {
	s := newScale([]bar{{value: 2e5}, {value: 5e6}})
	require.Equal(t, logScale{5, 7}, s)
	require.InDelta(t, barsLeft, s.x(1e5), 1e-9)
	require.InDelta(t, barsLeft+barsWidth/2, s.x(1e6), 1e-9)
	require.InDelta(t, barsLeft+barsWidth, s.x(1e7), 1e-9)
	require.Equal(t, 4, newScale([]bar{{value: 1e5}}).low, "a bar of no length is none")
}

func TestWritesBothFiles(t *testing.T) {
	page, plot := filepath.Join(t.TempDir(), "page.md"), filepath.Join(t.TempDir(), "plot.svg")
	require.NoError(t, run(strings.NewReader(output), page, plot))
	for _, name := range []string{page, plot} {
		info, err := os.Stat(name)
		require.NoError(t, err)
		require.NotZero(t, info.Size())
	}
	require.Error(t, run(strings.NewReader("PASS\n"), page, plot))
}
