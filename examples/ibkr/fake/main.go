// Fake serves a fake gateway of Interactive Brokers on localhost:5000, for clients in any language. It runs until
// it is interrupted; README.md in its directory shows how to try it from Python.
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
	"github.com/venuewire/venuewire/ibkr"
	"github.com/venuewire/venuewire/ibkr/ibkrtest"
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
	tick := flags.Duration("tick", 500*time.Millisecond, "time between two ticks")
	trade := flags.Duration("trade", 5*time.Second, "time between two orders that somebody places; 0 is none")
	serve := serving.Register(flags, "localhost:5000")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, cancel := serve.Until(ctx)
	defer cancel()
	server := ibkrtest.New(ibkrtest.WithServer(serve.Options()...), ibkrtest.WithTick(*tick))
	defer server.Close()
	if err := server.Err(); err != nil {
		return err
	}
	pin, err := server.Pin()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, usage, server.HTTPURL(), server.URL(), pin)
	keepTrading(ctx, server, *trade)
	serving.Report(out, server)
	return nil
}

// keepTrading places orders until ctx ends: by turns one that is filled and one that is cancelled.
func keepTrading(ctx context.Context, server *ibkrtest.Server, every time.Duration) {
	if every <= 0 {
		<-ctx.Done()
		return
	}
	timer := time.NewTicker(every)
	defer timer.Stop()
	for n := 0; ; n++ {
		select {
		case <-timer.C:
		case <-ctx.Done():
			return
		}
		order := ibkrtest.Order{ConID: ibkrtest.AAPL, Side: ibkr.OrderSideBuy, Quantity: 1, Limit: "1.00"}
		order.Market = n%2 == 0
		id := server.PlaceOrder(order)
		server.CancelOrder(id) // false for what is filled
	}
}

const usage = `A fake gateway is listening; somebody has logged in.

  REST    %[1]s/v1/api/iserver/auth/status
  socket  %[2]s/v1/api/ws
  pin     %[3]s

In Go:

  client, err := ibkr.Dial(ctx, ibkr.WithGateway("%[1]s"), stream.WithPin("%[3]s"))

`
