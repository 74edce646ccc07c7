// Candles-async streams candles of two assets to handlers, each on a goroutine of its own. A handler may take its time
// and may call the venue: here it asks for the traders' mood whenever a candle has closed.
//
// It talks to a fake venue unless -live is given:
//
//	go run ./examples/iqoption/candles-async -size 5 -n 2
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
	flags := flag.NewFlagSet("candles-async", flag.ContinueOnError)
	live := flags.Bool("live", false, "use the real venue")
	size := flags.Int64("size", 1, "length of a candle in seconds")
	n := flags.Int("n", 4, "closed candles to stop after")
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

	lines := make(chan string)
	for _, active := range []iqoption.ActiveID{76, 816} {
		key := iqoption.CandlesKey{ActiveID: active, Size: iqoption.CandleSize(*size)}
		sub, err := client.SubscribeCandles(ctx, []iqoption.CandlesKey{key})
		if err != nil {
			return err
		}
		sub.Handle(ctx, func(ctx context.Context, event stream.Event[iqoption.LiveCandle]) {
			if event.Data.At.Before(event.Data.CloseTime) {
				return // still forming
			}
			select {
			case lines <- describe(ctx, client, event.Data):
			case <-ctx.Done():
			}
		})
	}
	for range *n {
		select {
		case line := <-lines:
			fmt.Fprintln(out, line)
		case <-client.Done():
			return client.Err()
		case <-ctx.Done():
			return nil // interrupted, or the time is over
		}
	}
	return client.Close(ctx)
}

// describe may wait for the venue: it runs in a handler.
func describe(ctx context.Context, client *iqoption.Client, c iqoption.LiveCandle) string {
	line := fmt.Sprintf("asset %d  %s  close %s", c.ActiveID, c.CloseTime.Format("15:04:05"), c.Close)
	mood, err := client.GetTradersMood(ctx, iqoption.GetTradersMoodRequest{
		Instrument: iqoption.InstrumentTypeTurbo, AssetID: c.ActiveID,
	})
	if err != nil {
		return line + "  mood unknown: " + err.Error()
	}
	return fmt.Sprintf("%s  %.0f%% expect it to rise", line, 100*mood.CallShare)
}
