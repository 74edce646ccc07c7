// Package polygonvenue lets the examples choose between a fake Polygon.io, which needs neither account nor network, and
// the real one.
package polygonvenue

import (
	"errors"
	"flag"
	"os"
	"strings"
	"time"

	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/polygon/polygontest"
	"github.com/venuewire/venuewire/stream"
)

// Flags say which venue and which symbols.
type Flags struct {
	live    *bool
	host    *string
	symbols *string
}

// Register adds the flags that all examples have.
func Register(flags *flag.FlagSet, symbols string) *Flags {
	return &Flags{
		live:    flags.Bool("live", false, "use the real venue; the key is in POLYGON_API_KEY"),
		host:    flags.String("host", polygon.HostRealTime, "host of the real venue, e.g. "+polygon.HostDelayed),
		symbols: flags.String("symbols", symbols, "symbols, joined by commas; * is all"),
	}
}

// Stocks dials the stocks cluster of the chosen venue, and spells the symbols. done ends the client and the fake.
func (f *Flags) Stocks(dial func(stream.Secret, ...stream.Option) (*polygon.Stocks, error)) (c *polygon.Stocks, symbols []polygon.Symbol, done func(), err error) {
	key, opts, stop, err := f.pick()
	if err != nil {
		return nil, nil, nil, err
	}
	if c, err = dial(key, append(opts, polygon.WithUpperCase())...); err != nil {
		stop()
		return nil, nil, nil, err
	}
	done = func() {
		_ = c.CloseNow()
		<-c.Done()
		stop()
	}
	if symbols, err = c.Symbols(strings.Split(*f.symbols, ",")...); err != nil {
		done()
		return nil, nil, nil, err
	}
	return c, symbols, done, nil
}

// Live tells whether the real venue is used.
func (f *Flags) Live() bool { return *f.live }

func (f *Flags) pick() (key stream.Secret, opts []stream.Option, done func(), err error) {
	if !*f.live {
		fake := polygontest.New(polygontest.WithMarket(250 * time.Millisecond))
		return fake.Key(), fake.Options(), fake.Close, nil
	}
	key = stream.NewSecret(os.Getenv("POLYGON_API_KEY"))
	if key.IsZero() {
		return key, nil, nil, errors.New("-live needs POLYGON_API_KEY in the environment")
	}
	return key, []stream.Option{stream.WithHost(*f.host)}, func() {}, nil
}
