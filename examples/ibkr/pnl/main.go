// Pnl prints profit and loss of the accounts, about once a second.
//
//	go run ./examples/ibkr/pnl
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
	flags := flag.NewFlagSet("pnl", flag.ContinueOnError)
	venue := ibkrvenue.Add(flags)
	n := flags.Int("n", 5, "updates to stop after")
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

	pnl, err := client.SubscribeProfitAndLoss(ctx)
	if err != nil {
		return err
	}
	for event, err := range pnl.Events(ctx) {
		if ctx.Err() != nil {
			return nil // interrupted, or the time is over
		}
		if err != nil {
			return err
		}
		for key, row := range event.Data.Value.All() {
			fmt.Fprintf(out, "%s  %s  today %s  open %s  net liquidation %s\n",
				event.Received.Format("15:04:05"), key, row.Daily, row.Unrealized, row.NetLiquidation)
		}
		if *n--; *n == 0 {
			break
		}
	}
	return pnl.Close(ctx)
}
