// Bars writes the bars of some stocks as CSV, as they come. The bars go to the standard output, or to the file of
// -o; the progress goes to the standard error. Bars of one minute come once a minute and only where there were trades.
//
// It talks to a fake venue unless -live is given:
//
//	go run ./examples/polygon/bars -n 30 -o bars.csv
//	POLYGON_API_KEY=… go run ./examples/polygon/bars -live -symbols '*' -duration 8h -n 0 -o bars.csv
package main

import (
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"time"

	"github.com/venuewire/venuewire/examples/internal/polygonvenue"
	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/stream"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out, progress io.Writer) error {
	flags := flag.NewFlagSet("bars", flag.ContinueOnError)
	venue := polygonvenue.Register(flags, "AAPL,MSFT,BRK.B")
	every := flags.String("every", "", "minute or second; minute with -live, else second unless it is given")
	n := flags.Int("n", 15, "bars to stop after; 0 is no limit")
	duration := flags.Duration("duration", 10*time.Minute, "time to stop after")
	file := flags.String("o", "", "file to write to instead of the standard output")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *every == "" {
		*every = "second"
		if venue.Live() {
			*every = "minute"
		}
	}
	if *file != "" {
		f, err := os.Create(*file)
		if err != nil {
			return err
		}
		defer f.Close()
		out = f
	}
	ctx, cancel := context.WithTimeout(ctx, *duration)
	defer cancel()
	client, symbols, done, err := venue.Stocks(func(key stream.Secret, opts ...stream.Option) (*polygon.Stocks, error) {
		return polygon.DialStocks(ctx, key, opts...)
	})
	if err != nil {
		return err
	}
	defer done()
	sub, err := subscribe(ctx, client, *every, symbols)
	if err != nil {
		return err
	}
	return write(ctx, sub, *n, out, progress)
}

// bars is a subscription of bars.
type bars = stream.Sub[polygon.Symbol, polygon.StockAggregate]

func subscribe(ctx context.Context, c *polygon.Stocks, every string, symbols []polygon.Symbol) (*bars, error) {
	// A bar that is lost is lost for good, so the queue is long and waits a while for the disk.
	opts := []stream.Option{stream.WithQueue(1<<16, stream.Block), stream.WithBlock(2 * time.Second)}
	switch every {
	case "minute":
		return c.SubscribeMinuteAggregates(ctx, symbols, opts...)
	case "second":
		return c.SubscribeSecondAggregates(ctx, symbols, opts...)
	}
	return nil, fmt.Errorf("-every is minute or second, not %q", every)
}

func write(ctx context.Context, sub *bars, n int, out, progress io.Writer) error {
	w := csv.NewWriter(out)
	defer w.Flush()
	if err := w.Write([]string{"start", "symbol", "open", "high", "low", "close", "volume", "vwap"}); err != nil {
		return err
	}
	written := 0
	for event, err := range sub.Events(ctx) {
		if ctx.Err() != nil {
			break // interrupted, or the time is over
		}
		if err != nil {
			return err
		}
		if event.Gap != nil {
			fmt.Fprintln(progress, "bars may be missing before", event.Data.Start.UTC().Format(time.RFC3339))
		}
		if err := w.Write(row(&event.Data)); err != nil {
			return err
		}
		if written++; written == n || sub.Stats().Queued == 0 {
			fmt.Fprintf(progress, "%d bars, up to %s\n", written, event.Data.End.UTC().Format(time.RFC3339))
			w.Flush()
		}
		if written == n {
			break
		}
	}
	w.Flush()
	return w.Error()
}

func row(b *polygon.StockAggregate) []string {
	volume := number(b.Volume)
	if exact, ok := b.ExactVolume.Get(); ok {
		volume = exact.String()
	}
	return []string{
		b.Start.UTC().Format(time.RFC3339), string(b.Symbol),
		number(b.Open), number(b.High), number(b.Low), number(b.Close), volume, number(b.VWAP),
	}
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
