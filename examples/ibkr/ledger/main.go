// Ledger prints the account's ledger, one row for each currency, whenever it changes.
//
//	go run ./examples/ibkr/ledger
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
	flags := flag.NewFlagSet("ledger", flag.ContinueOnError)
	venue := ibkrvenue.Add(flags)
	n := flags.Int("n", 3, "updates to stop after")
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

	accounts, err := client.Accounts(ctx)
	if err != nil {
		return err
	}
	ledger, err := client.SubscribeLedger(ctx, accounts[:min(1, len(accounts))], ibkr.LedgerParams{})
	if err != nil {
		return err
	}
	known := map[string]*ibkr.LedgerRow{}
	for event, err := range ledger.Events(ctx) {
		if ctx.Err() != nil {
			return nil // interrupted, or the time is over
		}
		if err != nil {
			return err
		}
		for _, row := range event.Data.Rows {
			if known[row.Key] == nil {
				known[row.Key] = new(ibkr.LedgerRow)
			}
			// A currency without change comes with its key only: merged, not taken for zero.
			now := known[row.Key]
			now.Merge(&row)
			fmt.Fprintf(out, "%s  %-16s cash %s  net liquidation %s\n", now.Timestamp.Format("15:04:05"), now.Key, now.Cashbalance, now.NetLiquidationValue)
		}
		if *n--; *n == 0 {
			break
		}
	}
	return ledger.Close(ctx)
}
