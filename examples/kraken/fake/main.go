// Fake serves a fake Kraken on a loopback port, for clients in any language: market data, books with checksums, tokens,
// and an account whose orders are filled as the market moves. It runs until it is interrupted.
//
//	go run ./examples/kraken/fake
//	go run ./examples/kraken/fake -api v1 -tick 20ms
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/venuewire/venuewire/examples/internal/serving"
	"github.com/venuewire/venuewire/kraken/krakentest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// venue is what the fakes of both APIs have.
type venue interface {
	Err() error
	Close()
	URL() string
	HTTPURL() string
	Problems() []string
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("fake", flag.ContinueOnError)
	api := flags.String("api", "v2", "v2 or v1")
	tick := flags.Duration("tick", 100*time.Millisecond, "time between two changes of the markets")
	seed := flags.Uint64("seed", 1, "chooses other prices")
	serve := serving.Register(flags, "127.0.0.1:0")
	serve.RegisterTLS(flags)
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, cancel := serve.Until(ctx)
	defer cancel()
	opts := []krakentest.Option{krakentest.WithServer(serve.Options()...), krakentest.WithTick(*tick), krakentest.WithSeed(*seed)}
	var server venue
	usage := usageV2
	switch *api {
	case "v2":
		server = krakentest.New(opts...)
	case "v1":
		server, usage = krakentest.NewV1(opts...), usageV1
	default:
		return fmt.Errorf("-api is v2 or v1, not %q", *api)
	}
	defer server.Close()
	if err := server.Err(); err != nil {
		return err
	}
	fmt.Fprintf(out, usage, server.URL(), server.HTTPURL(), krakentest.Key)
	<-ctx.Done()
	serving.Report(out, server)
	return nil
}

const (
	usageV2 = `A fake Kraken is listening, API v2.

  socket   %[1]s/v2
           {"method":"subscribe","params":{"channel":"book","symbol":["BTC/USD"],"depth":10},"req_id":1}
  token    POST %[2]s/0/private/GetWebSocketsToken, signed with
           key %[3]s and the secret of the venue's own example

In Go:

  client, err := kraken.DialPublic(ctx, stream.WithURL("%[1]s"))

`
	usageV1 = `A fake Kraken is listening, API v1.

  socket   %[1]s/
           {"event":"subscribe","pair":["XBT/USD"],"subscription":{"name":"trade"},"reqid":1}
  token    POST %[2]s/0/private/GetWebSocketsToken, signed with
           key %[3]s and the secret of the venue's own example

In Go:

  client, err := krakenv1.DialPublic(ctx, stream.WithURL("%[1]s"))

`
)
