// Tape prints every trade of some stocks, as it happens.
//
// It talks to a fake venue unless -live is given:
//
//	go run ./examples/polygon/tape -symbols AAPL,BRK.B -n 20
//	POLYGON_API_KEY=… go run ./examples/polygon/tape -live -host delayed
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/venuewire/venuewire/examples/internal/polygonvenue"
	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/stream"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("tape", flag.ContinueOnError)
	venue := polygonvenue.Register(flags, "AAPL,MSFT,BRK.B")
	n := flags.Int("n", 20, "trades to stop after; 0 is no limit")
	duration := flags.Duration("duration", time.Minute, "time to stop after")
	if err := flags.Parse(args); err != nil {
		return err
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
	sub, err := client.SubscribeTrades(ctx, symbols)
	if err != nil {
		return err
	}
	for event, err := range sub.Events(ctx) {
		if ctx.Err() != nil {
			return nil // interrupted, or the time is over
		}
		if err != nil {
			return err
		}
		if event.Gap != nil {
			fmt.Fprintln(out, "trades were lost:", event.Gap.Reason)
		}
		t := &event.Data
		fmt.Fprintf(out, "%s  %-6s %10.3f x %-6g exchange %d\n", t.Time.UTC().Format("15:04:05.000"), t.Symbol, t.Price, t.Size, t.Exchange)
		if *n--; *n == 0 {
			return nil
		}
	}
	return nil
}
