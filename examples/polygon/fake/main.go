// Fake serves a fake Polygon.io on a loopback port, for clients in any language. It runs until it is interrupted.
//
//	go run ./examples/polygon/fake -tick 100ms
//	go run ./examples/polygon/fake -tls -burst 100000
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/venuewire/venuewire/examples/internal/serving"
	"github.com/venuewire/venuewire/polygon"
	"github.com/venuewire/venuewire/polygon/polygontest"
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
	flags := flag.NewFlagSet("fake", flag.ContinueOnError)
	key := flags.String("key", "fake-key", "key that is accepted")
	tick := flags.Duration("tick", 250*time.Millisecond, "time between two events of a channel")
	burst := flags.Int("burst", 0, "events of a burst that is sent every 10 s to whoever is subscribed; 0 is none")
	rate := flags.Float64("rate", 0, "events a second of a burst; 0 is as fast as possible")
	serve := serving.Register(flags, "127.0.0.1:0")
	serve.RegisterTLS(flags)
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, cancel := serve.Until(ctx)
	defer cancel()
	server := polygontest.New(polygontest.WithServer(serve.Options()...), polygontest.WithKey(*key), polygontest.WithMarket(*tick))
	defer server.Close()
	if err := server.Err(); err != nil {
		return err
	}
	fmt.Fprintf(out, usage, server.URL(), *key)
	bursts(ctx, server, *burst, *rate)
	serving.Report(out, server)
	return nil
}

// bursts sends a burst to every cluster now and then, until ctx ends.
func bursts(ctx context.Context, server *polygontest.Server, events int, rate float64) {
	ticker := time.NewTicker(10 * time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		for _, c := range polygon.Clusters() {
			if events > 0 {
				_ = server.Burst(ctx, polygontest.Burst{Cluster: c, Events: events, Rate: rate}) // it fails with ctx alone
			}
		}
	}
}

const usage = `A fake Polygon.io is listening.

  stocks     %[1]s/stocks
             {"action":"auth","params":"%[2]s"}
             {"action":"subscribe","params":"T.AAPL,Q.*"}
  others     %[1]s/options /forex /crypto /indices /futures /futures/cme

In Go:

  client, err := polygon.DialStocks(ctx, stream.NewSecret("%[2]s"), stream.WithURL("%[1]s"))

`
