// Trades prints the trades of two pairs, one after another: the synchronous way.
//
// It talks to a fake venue unless -live is given; market data needs no account:
//
//	go run ./examples/kraken/trades -live -n 20
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/venuewire/venuewire/kraken/krakentest"
	"github.com/venuewire/venuewire/kraken/krakenv1"
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
	flags := flag.NewFlagSet("trades", flag.ContinueOnError)
	live := flags.Bool("live", false, "use the real venue")
	pairs := flags.String("pairs", "XBT/USD,XRP/USD", "pairs to subscribe to")
	n := flags.Int("n", 5, "messages to stop after")
	duration := flags.Duration("duration", time.Minute, "time to stop after")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, *duration)
	defer cancel()

	var opts []stream.Option
	if !*live {
		fake := krakentest.NewV1()
		defer fake.Close()
		opts = fake.Options()
	}
	client, err := krakenv1.DialPublic(ctx, opts...)
	if err != nil {
		return err
	}
	defer client.CloseNow()

	var names []krakenv1.Pair
	for _, p := range strings.Split(*pairs, ",") {
		names = append(names, krakenv1.Pair(p))
	}
	sub, err := client.SubscribeTrades(ctx, names)
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
			fmt.Fprintln(out, "trades may be missing:", event.Gap.Reason)
		}
		for _, t := range event.Data.Value {
			fmt.Fprintf(out, "%s  %-8s %-4s %s @ %s\n", t.Time.Format("15:04:05.000000"), event.Data.Pair, side(t.Side), t.Volume, t.Price)
		}
		if *n--; *n == 0 {
			break
		}
	}
	return sub.Close(ctx)
}

func side(s krakenv1.TradeSide) string {
	if s == krakenv1.TradeSideSell {
		return "sell"
	}
	return "buy"
}
