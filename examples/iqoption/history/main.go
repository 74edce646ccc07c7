// History downloads the candles of some hours as CSV. The candles go to the standard output, or to the file of -o; the
// progress goes to the standard error.
//
// It talks to a fake venue unless -live is given:
//
//	go run ./examples/iqoption/history -hours 48 -size 60 -o candles.csv
package main

import (
	"context"
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"time"

	"github.com/venuewire/venuewire/examples/internal/iqvenue"
	"github.com/venuewire/venuewire/iqoption"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out, progress io.Writer) error {
	flags := flag.NewFlagSet("history", flag.ContinueOnError)
	live := flags.Bool("live", false, "use the real venue")
	active := flags.Int64("active", 76, "id of the asset")
	size := flags.Int64("size", 60, "length of a candle in seconds")
	hours := flags.Int("hours", 24, "how far to go back")
	file := flags.String("o", "", "file to write; the standard output without it")
	n := flags.Int("n", 0, "candles to stop after; 0 is no limit")
	duration := flags.Duration("duration", 10*time.Minute, "time to give up after")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, *duration)
	defer cancel()
	if *file != "" {
		f, err := os.Create(*file)
		if err != nil {
			return err
		}
		defer f.Close()
		out = f
	}

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

	to := time.Now()
	from := to.Add(-time.Duration(*hours) * time.Hour)
	w := csv.NewWriter(out)
	_ = w.Write([]string{"time", "id", "open", "high", "low", "close", "volume"}) // Error tells at the end
	count := 0
	for c, err := range client.HistoryCandles(ctx, iqoption.ActiveID(*active), iqoption.CandleSize(*size), from, to) {
		if err != nil {
			return fmt.Errorf("after %d candles: %w", count, err)
		}
		_ = w.Write([]string{
			c.OpenTime.Format(time.RFC3339), strconv.FormatInt(c.ID, 10),
			c.Open.String(), c.High.String(), c.Low.String(), c.Close.String(), c.Volume.String(),
		})
		if count++; count%500 == 0 {
			share := float64(c.OpenTime.Sub(from)) / float64(to.Sub(from))
			fmt.Fprintf(progress, "%3.0f%%  %d candles, up to %s\n", 100*share, count, c.OpenTime.Format(time.DateTime))
		}
		if count == *n {
			break
		}
	}
	w.Flush()
	fmt.Fprintf(progress, "done, %d candles\n", count)
	return w.Error()
}
