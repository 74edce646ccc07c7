// Orders follows the live orders of the account: those that are there, and every step of those that move. It
// places none; on the fake gateway it lets somebody else place and cancel some.
//
//	go run ./examples/ibkr/orders
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/venuewire/venuewire/examples/internal/ibkrvenue"
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
	flags := flag.NewFlagSet("orders", flag.ContinueOnError)
	venue := ibkrvenue.Add(flags)
	n := flags.Int("n", 13, "steps to stop after")
	duration := flags.Duration("duration", time.Minute, "time to stop after")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, *duration)
	defer cancel()
	at := venue.Pick()
	defer at.Close()
	client, err := ibkr.Dial(ctx, at.Options...)
	if err != nil {
		return err
	}
	defer client.CloseNow()

	orders, err := client.FollowOrders(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, len(orders.All()), "orders are there")
	if at.Fake != nil {
		go trade(at.Fake)
	}
	for change, err := range orders.Events(ctx) {
		if ctx.Err() != nil {
			break // interrupted, or the time is over
		}
		if err != nil {
			return err
		}
		o := change.Order
		fmt.Fprintf(out, "%d  %-30s %-14s %s of %s\n", change.ID(), o.OrderDesc, o.Status, o.FilledQuantity, o.TotalSize)
		if *n--; *n == 0 {
			break
		}
	}
	return orders.Close(context.WithoutCancel(ctx))
}

// trade is somebody at the fake gateway who places orders.
func trade(fake *ibkrtest.Server) {
	fake.PlaceOrder(ibkrtest.Order{ConID: ibkrtest.AAPL, Side: ibkr.OrderSideBuy, Quantity: 100, Market: true})
	id := fake.PlaceOrder(ibkrtest.Order{ConID: ibkrtest.IBM, Side: ibkr.OrderSideBuy, Quantity: 10, Limit: "100.00"})
	fake.CancelOrder(id)
}
