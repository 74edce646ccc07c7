// Quotes shows the latest quote of some stocks every second, however many there were in between: the queue keeps
// the newest of each symbol and counts what it replaced, so a slow screen costs no memory and shows no old price.
//
// It talks to a fake venue unless -live is given:
//
//	go run ./examples/polygon/quotes -symbols AAPL,MSFT -rounds 5
//	POLYGON_API_KEY=… go run ./examples/polygon/quotes -live
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
	flags := flag.NewFlagSet("quotes", flag.ContinueOnError)
	venue := polygonvenue.Register(flags, "AAPL,MSFT,BRK.B")
	every := flags.Duration("every", time.Second, "time between two looks")
	rounds := flags.Int("rounds", 5, "looks to stop after; 0 is no limit")
	if err := flags.Parse(args); err != nil {
		return err
	}
	client, symbols, done, err := venue.Stocks(func(key stream.Secret, opts ...stream.Option) (*polygon.Stocks, error) {
		return polygon.DialStocks(ctx, key, opts...)
	})
	if err != nil {
		return err
	}
	defer done()
	sub, err := client.SubscribeQuotes(ctx, symbols,
		stream.WithConflate(func(q *polygon.StockQuote) polygon.Symbol { return q.Symbol }))
	if err != nil {
		return err
	}
	ticker := time.NewTicker(*every)
	defer ticker.Stop()
	for n := 1; *rounds <= 0 || n <= *rounds; n++ {
		select {
		case at := <-ticker.C:
			if err := look(ctx, sub, at, out); err != nil {
				return err
			}
		case <-ctx.Done():
			return nil
		}
	}
	return nil
}

// look shows what is new since the last one, a quote for each symbol.
func look(ctx context.Context, sub *stream.Sub[polygon.Symbol, polygon.StockQuote], at time.Time, out io.Writer) error {
	for sub.Stats().Queued > 0 {
		event, err := sub.Next(ctx) // does not wait: nobody else takes from this queue
		if err != nil {
			return err
		}
		q := &event.Data
		fmt.Fprintf(out, "%s  %-6s bid %10.3f x %-5g ask %10.3f x %-5g  %4d older ones, %v old\n", at.UTC().Format("15:04:05"),
			q.Symbol, q.Bid, q.BidSize, q.Ask, q.AskSize, event.Conflated, at.Sub(event.Received).Round(time.Millisecond))
	}
	return nil
}
