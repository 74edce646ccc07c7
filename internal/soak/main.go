// Soak runs clients of two fake venues for minutes: a thousand subscriptions over loopback TCP, bursts, a slow consumer for
// every overflow policy, and a session that is cut every few seconds. All events are numbered. It proves, and prints, that
//
//   - every event reached its consumer, or was lost where a gap says so, or was conflated into one that says so;
//   - the counts of gaps, of Stats and of HookDrop are what was lost, exactly;
//   - memory and goroutines stay where they are, and no goroutine is left at the end.
//
// It ends with status 1 if any of that does not hold.
//
//	go run ./internal/soak -duration 3m
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// config is how hard the soak is.
type config struct {
	duration      time.Duration
	kick          time.Duration // between two sessions that are cut
	pause         time.Duration // between two bursts
	subscriptions int
	burst         int // events of a session
}

func parse(args []string) (config, error) {
	var cfg config
	flags := flag.NewFlagSet("soak", flag.ContinueOnError)
	flags.DurationVar(&cfg.duration, "duration", 2*time.Minute, "how long events come and sessions are cut")
	flags.DurationVar(&cfg.kick, "kick", 4*time.Second, "time between two sessions that are cut")
	flags.DurationVar(&cfg.pause, "pause", 200*time.Millisecond, "time between two bursts")
	flags.IntVar(&cfg.subscriptions, "subscriptions", 1000, "subscriptions, each with a handle of its own")
	flags.IntVar(&cfg.burst, "burst", 400, "events of a burst, for each session")
	return cfg, flags.Parse(args)
}

func run(ctx context.Context, args []string, out io.Writer) error {
	cfg, err := parse(args)
	if err != nil {
		return err
	}
	return soak(ctx, cfg, out)
}
