// Depth shows the order book of a symbol in the terminal as it changes. Every message is verified by the venue's
// checksum; when one does not fit the book is fetched anew.
//
// It talks to a fake venue unless -live is given; market data needs no account:
//
//	go run ./examples/kraken/depth -live -symbol ETH/USD -duration 1m
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/venuewire/venuewire/kraken"
	"github.com/venuewire/venuewire/kraken/book"
	"github.com/venuewire/venuewire/kraken/krakentest"
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
	flags := flag.NewFlagSet("depth", flag.ContinueOnError)
	live := flags.Bool("live", false, "use the real venue")
	symbol := flags.String("symbol", "BTC/USD", "symbol to show")
	depth := flags.Int64("depth", 10, "prices to subscribe to on each side: 10, 25, 100, 500 or 1000")
	rows := flags.Int("rows", 10, "prices to show on each side")
	every := flags.Duration("every", 250*time.Millisecond, "least time between two pictures")
	plain := flags.Bool("plain", false, "write one picture below the other")
	duration := flags.Duration("duration", 10*time.Second, "time to stop after")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, *duration)
	defer cancel()

	var opts []stream.Option
	if !*live {
		fake := krakentest.New()
		defer fake.Close()
		opts = fake.Options()
	}
	client, err := kraken.DialPublic(ctx, opts...)
	if err != nil {
		return err
	}
	defer client.CloseNow()

	feed, err := client.FollowBook(ctx, []kraken.Symbol{kraken.Symbol(*symbol)}, kraken.Depth(*depth))
	if err != nil {
		return err
	}
	var drawn time.Time
	var gaps int
	for change, err := range feed.Changes(ctx) {
		if ctx.Err() != nil {
			return nil // interrupted, or the time is over
		}
		if err != nil {
			return err
		}
		if change.Gap != nil {
			gaps++
		}
		if time.Since(drawn) < *every {
			continue
		}
		drawn = time.Now()
		picture := draw(*symbol, change.Book, *rows) + fmt.Sprintf("%d gaps, %d new snapshots\n", gaps, feed.Resyncs())
		if !*plain {
			picture = "\x1b[H\x1b[2J" + picture // clear the screen
		}
		fmt.Fprint(out, picture)
	}
	return nil
}

// draw makes a picture of a book: asks above bids, the best prices in the middle.
func draw(symbol string, b *book.L2, rows int) string {
	var s strings.Builder
	fmt.Fprintf(&s, "%s\n", symbol)
	for i := min(rows, b.Len(book.Ask)) - 1; i >= 0; i-- {
		l := b.At(book.Ask, i)
		fmt.Fprintf(&s, "  ask %14s %18s\n", l.Price, l.Qty)
	}
	fmt.Fprintln(&s, "      --------------")
	for i := range min(rows, b.Len(book.Bid)) {
		l := b.At(book.Bid, i)
		fmt.Fprintf(&s, "  bid %14s %18s\n", l.Price, l.Qty)
	}
	return s.String()
}
