// Quotes streams the last, bid and ask price of contracts, AAPL and IBM unless others are named.
//
// It talks to a fake gateway unless -gateway names a real one:
//
//	go run ./examples/ibkr/quotes -n 20 265598 8314@SMART
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
	flags := flag.NewFlagSet("quotes", flag.ContinueOnError)
	venue := ibkrvenue.Add(flags)
	n := flags.Int("n", 10, "ticks to stop after")
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

	targets := []ibkr.Target{ibkr.ConID(265598).Target(), ibkr.ConID(8314).Target()}
	if flags.NArg() > 0 {
		targets = nil
		for _, arg := range flags.Args() {
			targets = append(targets, ibkr.Target(arg))
		}
	}
	fields := []ibkr.TickField{ibkr.TickFieldLast, ibkr.TickFieldBid, ibkr.TickFieldAsk}
	quotes, err := client.SubscribeMarketData(ctx, targets, fields)
	if err != nil {
		return err
	}
	for event, err := range quotes.Events(ctx) {
		if ctx.Err() != nil {
			return nil // interrupted, or the time is over
		}
		if err != nil {
			return err
		}
		if event.Gap != nil {
			fmt.Fprintln(out, "ticks were lost:", event.Gap.Reason)
		}
		// A tick holds what changed; the view has the latest of everything.
		view, _, _ := quotes.LastTick(event.Data.Target)
		last, _ := view.Last().Get()
		bid, _ := view.Bid().Get()
		ask, _ := view.Ask().Get()
		fmt.Fprintf(out, "%s  %-10s last %s  bid %s  ask %s\n", event.Received.Format("15:04:05.000"), event.Data.Target, last, bid, ask)
		if *n--; *n == 0 {
			break
		}
	}
	return quotes.Close(ctx)
}
