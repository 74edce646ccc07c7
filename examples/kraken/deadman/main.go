// Deadman keeps a dead man's switch armed: while it runs it tells the venue so, and when it is gone without
// disarming, the venue cancels all orders of the account.
//
// It talks to a fake venue unless -live is given, where it places an order and, with -crash, shows what becomes of it. On
// the real venue it only arms the switch; the key is in KRAKEN_KEY and KRAKEN_SECRET:
//
//	go run ./examples/kraken/deadman -crash
//	go run ./examples/kraken/deadman -live -timeout 60s -duration 10m
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/kraken/krakenauth"
	"github.com/venuewire/venuewire/kraken/krakentest"
	"github.com/venuewire/venuewire/stream"
	"github.com/venuewire/venuewire/wire"
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
	flags := flag.NewFlagSet("deadman", flag.ContinueOnError)
	live := flags.Bool("live", false, "use the real venue")
	timeout := flags.Duration("timeout", 6*time.Second, "time that the venue waits")
	duration := flags.Duration("duration", 8*time.Second, "time to stop after")
	crash := flags.Bool("crash", false, "stop without disarming")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *live && *crash {
		return errors.New("-crash would cancel all orders of a real account")
	}
	src, opts, done, err := venue(*live)
	if err != nil {
		return err
	}
	defer done()
	client, err := kraken.DialPrivate(ctx, src, opts...)
	if err != nil {
		return err
	}
	defer client.CloseNow()
	orders, err := watch(ctx, client, out)
	if err != nil {
		return err
	}

	alive, die := context.WithTimeout(ctx, *duration)
	defer die()
	sw, err := client.ArmDeadMansSwitch(alive, *timeout)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "armed for", *timeout)
	if !*live {
		if err := placeOrder(ctx, client); err != nil {
			return err
		}
	}
	<-sw.Done()
	if *crash && ctx.Err() == nil {
		fmt.Fprintln(out, "gone without a word")
		select {
		case <-time.After(*timeout + 2*time.Second):
		case <-ctx.Done():
		}
		return orders.Close(ctx)
	}
	fmt.Fprintln(out, "disarming")
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	return sw.Disarm(last)
}

// venue returns what kraken.DialPrivate wants, and a function that ends the fake.
func venue(live bool) (krakenauth.TokenSource, []stream.Option, func(), error) {
	if !live {
		fake := krakentest.New()
		return fake.TokenSource(), fake.Options(), fake.Close, nil
	}
	src, err := krakenauth.New(stream.NewSecret(os.Getenv("KRAKEN_KEY")), stream.NewSecret(os.Getenv("KRAKEN_SECRET")))
	return src, nil, func() {}, err
}

// watch prints what happens to the orders of the account. A private connection needs a subscription anyway.
func watch(ctx context.Context, client *kraken.Private, out io.Writer) (*stream.Stream[kraken.ExecutionUpdate], error) {
	executions, err := client.SubscribeExecutions(ctx, kraken.ExecutionsParams{})
	if err != nil {
		return nil, err
	}
	var orders kraken.Orders
	executions.Handle(context.WithoutCancel(ctx), func(_ context.Context, event stream.Event[kraken.ExecutionUpdate]) {
		for _, o := range orders.Apply(&event.Data) {
			fmt.Fprintf(out, "order %s: %s %s %s @ %s is %s\n", o.OrderID, o.Side, o.OrderQty, o.Symbol, o.LimitPrice, o.OrderStatus)
		}
	})
	return executions, nil
}

func placeOrder(ctx context.Context, client *kraken.Private) error {
	_, err := client.AddOrder(ctx, kraken.AddOrderRequest{
		OrderType: kraken.OrderTypeLimit, Side: kraken.SideBuy, Symbol: "BTC/USD",
		OrderQty: wire.Some(wire.NewDecimal(1, 2)), LimitPrice: wire.Some(wire.NewDecimal(600_000, 1)),
	})
	return err
}
