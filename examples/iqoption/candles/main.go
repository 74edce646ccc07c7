// Candles streams the forming candle of an asset and prints every update.
//
// It talks to a fake venue unless -live is given:
//
//	go run ./examples/iqoption/candles -size 5 -n 20
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/venuewire/venuewire/examples/internal/iqvenue"
	"github.com/venuewire/venuewire/iqoption"
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
	flags := flag.NewFlagSet("candles", flag.ContinueOnError)
	live := flags.Bool("live", false, "use the real venue")
	active := flags.Int64("active", 76, "id of the asset")
	size := flags.Int64("size", 1, "length of a candle in seconds")
	n := flags.Int("n", 5, "updates to stop after")
	duration := flags.Duration("duration", time.Minute, "time to stop after")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, *duration)
	defer cancel()

	src, opts, done, err := iqvenue.Pick(*live)
	if err != nil {
		return err
	}
	defer done()
	client, err := iqoption.Dial(ctx, src, opts...)
	if err != nil {
		return err
	}
	defer client.CloseNow()

	key := iqoption.CandlesKey{ActiveID: iqoption.ActiveID(*active), Size: iqoption.CandleSize(*size)}
	sub, err := client.SubscribeCandles(ctx, []iqoption.CandlesKey{key})
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
			fmt.Fprintln(out, "updates were lost:", event.Gap.Reason)
		}
		c := event.Data
		fmt.Fprintf(out, "%s  #%d  open %s  high %s  low %s  close %s\n",
			c.At.Format("15:04:05.000"), c.ID, c.Open, c.High, c.Low, c.Close)
		if *n--; *n == 0 {
			break
		}
	}
	return sub.Close(ctx)
}
