package gen_test

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/venuewire/venuewire/gen"
	"github.com/venuewire/venuewire/gen/ir"
)

// BenchmarkGenerateAll renders every file of all venues of the repository.
func BenchmarkGenerateAll(b *testing.B) {
	venues := loadDir(b, specs)
	cpu := cpuTime()
	for b.Loop() {
		_, err := gen.Generate(venues, gen.Options{})
		require.NoError(b, err)
	}
	reportCPU(b, cpu)
}

// BenchmarkLoadAll reads and checks all specs of the repository, examples included.
func BenchmarkLoadAll(b *testing.B) {
	cpu := cpuTime()
	for b.Loop() {
		loadDir(b, specs)
	}
	reportCPU(b, cpu)
}

// BenchmarkGenerateSynthetic renders venues of many calls in domains of 50; the time of a call must not grow with
// their number.
func BenchmarkGenerateSynthetic(b *testing.B) {
	for _, n := range []int{500, 1000, 2000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			venues := synthetic(b, n)
			cpu := cpuTime()
			for b.Loop() {
				_, err := gen.Generate(venues, gen.Options{})
				require.NoError(b, err)
			}
			reportCPU(b, cpu)
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(n), "µs/rpc")
		})
	}
}

// BenchmarkLoadSynthetic reads and checks the same venues.
func BenchmarkLoadSynthetic(b *testing.B) {
	for _, n := range []int{500, 1000, 2000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			cpu := cpuTime()
			for b.Loop() {
				synthetic(b, n)
			}
			reportCPU(b, cpu)
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(n), "µs/rpc")
		})
	}
}

const rpcsOfDomain = 50

// synthetic loads a venue with n calls.
func synthetic(t testing.TB, n int) []*ir.Venue {
	t.Helper()
	files := readFiles(t, "testdata/integrator/specs")
	fsys := fstest.MapFS{
		"acme/venue.yaml":  {Data: files["acme/venue.yaml"]},
		"acme/market.yaml": {Data: files["acme/market.yaml"]},
	}
	for from := 0; from < n; from += rpcsOfDomain {
		var domain bytes.Buffer
		fmt.Fprintf(&domain, "protogen: \"1\"\ndomain: part%d\nrpcs:\n", from)
		for i := from; i < min(from+rpcsOfDomain, n); i++ {
			domain.WriteString(strings.ReplaceAll(syntheticRPC, "@", strconv.Itoa(i)))
		}
		fsys[fmt.Sprintf("acme/part%d.yaml", from)] = &fstest.MapFile{Data: domain.Bytes()}
	}
	m, found := gen.Load(fsys)
	require.NoError(t, found.Err())
	return m.Venues
}

// syntheticRPC is a call with the shapes that calls have on average.
const syntheticRPC = `
  get-thing-@:
    go: GetThing@
    doc: returns the things of an account.
    version: "1.0"
    request:
      account: {type: int64}
      from: {type: time.unix_s, optional: true}
      to: {type: time.unix_s, optional: true}
      limit: {type: int, default: 30, optional: true}
      symbols: {type: "[]string", optional: true}
    response:
      name: things-@
      fields:
        total: {type: int}
        name: {type: string}
        price: {type: decimal}
        at: {type: time.unix_ms}
        open: {type: bool, optional: true}
        prices: {type: "[]Price"}
    effect: read
    source: manual
    examples:
      - name: one
        kind: documented
        source: manual
        steps:
          - send: '{"name":"call","id":"1","msg":{"name":"get-thing-@","version":"1.0","body":{"account":7,"limit":10}}}'
          - recv: '{"name":"things-@","id":"1","msg":{"total":1,"name":"x","price":1.50,"at":1767311940000,"prices":[{"symbol":"GOLD","price":1.5}]},"status":200}'
`
