// Trades-async prints the trades of two pairs from a handler while the main goroutine does something else: the
// asynchronous way.
//
// It talks to a fake venue unless -live is given; market data needs no account:
//
//	go run ./examples/kraken/trades-async -live -duration 30s
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync"
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
	flags := flag.NewFlagSet("trades-async", flag.ContinueOnError)
	live := flags.Bool("live", false, "use the real venue")
	pairs := flags.String("pairs", "XBT/USD,XRP/USD", "pairs to subscribe to")
	every := flags.Duration("every", 5*time.Second, "time between two lines of the main goroutine")
	duration := flags.Duration("duration", 12*time.Second, "time to stop after")
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
	defer client.Close(context.WithoutCancel(ctx))

	var names []krakenv1.Pair
	for _, p := range strings.Split(*pairs, ",") {
		names = append(names, krakenv1.Pair(p))
	}
	sub, err := client.SubscribeTrades(ctx, names)
	if err != nil {
		return err
	}
	var mu sync.Mutex // of out, which two goroutines write to
	say := func(format string, a ...any) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(out, format, a...)
	}
	sub.Handle(ctx, func(_ context.Context, event stream.Event[krakenv1.Trades]) {
		last := event.Data.Value[len(event.Data.Value)-1]
		say("handler: %s %s @ %s\n", event.Data.Pair, last.Volume, last.Price)
	})

	ticker := time.NewTicker(*every)
	defer ticker.Stop()
	for {
		select {
		case now := <-ticker.C:
			say("main: %s, %s\n", now.Format(time.TimeOnly), client.Status().State)
		case <-ctx.Done():
			return sub.Err()
		}
	}
}
